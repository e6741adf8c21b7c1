"""What a class needs of a cluster: the arithmetic behind the table of README.md.

    python image/hub/kubernetes/capacity.py          for 30, 300 and 3,000 participants
    python image/hub/kubernetes/capacity.py 45       for 45

What one participant gets is read from values.yaml, so that table and values cannot disagree.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from math import ceil, log2
from pathlib import Path

import yaml

GIB_OF = {"M": 2**-10, "G": 1.0, "Mi": 2**-10, "Gi": 1.0}
"""KubeSpawner's units of memory, and Kubernetes' of storage, in GiB."""


@dataclass(frozen=True)
class Share:
    """What one participant gets."""

    cores: int
    memory_gib: float
    storage_gib: float


@dataclass(frozen=True)
class Node:
    """A node of the class; the kubelet keeps the reserved part for the system and its own pods."""

    cores: int = 16
    memory_gib: float = 64
    reserved_cores: int = 2
    reserved_memory_gib: float = 4
    pods: int = 110
    system_pods: int = 8

    def participants(self, share: Share) -> int:
        """Return how many fit, by whichever of cores, memory and pods runs out first."""
        return min(
            (self.cores - self.reserved_cores) // share.cores,
            int((self.memory_gib - self.reserved_memory_gib) / share.memory_gib),
            self.pods - self.system_pods,
        )


@dataclass(frozen=True)
class Hub:
    """What there is one of, however many participants."""

    pods: int = 4
    spawns_at_once: int = 64
    spawn_s: float = 3
    report_every_s: float = 300
    sockets_each: int = 4


@dataclass(frozen=True)
class Plan:
    """What `participants` of `share` need on nodes of one kind."""

    participants: int
    share: Share
    node: Node = Node()
    hub: Hub = Hub()
    image_gb: float = 0.175

    @property
    def nodes(self) -> int:
        """Nodes of the class, the hub's not counted."""
        return ceil(self.participants / self.node.participants(self.share))

    @property
    def pods(self) -> int:
        """Pods, each with an address."""
        return self.participants + self.nodes * self.node.system_pods + self.hub.pods

    @property
    def network_prefix(self) -> int:
        """Prefix of the smallest network that has a /24 for each node and for one of the hub."""
        return 24 - ceil(log2(self.nodes + 1))

    @property
    def all_started_s(self) -> float:
        """Seconds until all have started, if the cluster starts as many at once as the hub may."""
        return ceil(self.participants / self.hub.spawns_at_once) * self.hub.spawn_s

    def rows(self) -> dict[str, str]:
        """Return what the table says: a quantity with its formula, and its value."""
        n, share, node = self.participants, self.share, self.node
        return {
            "cores of their own: n × c": f"{n * share.cores:,}",
            "memory, GiB: n × m": f"{n * share.memory_gib:,.0f}",
            "storage, GiB: n × s": f"{n * share.storage_gib:,.0f}",
            "participants on a node: p = min((C − Cr) / c, (M − Mr) / m, P − d)": (
                f"{node.participants(share):,}"
            ),
            "nodes: k = n / p, rounded up": f"{self.nodes:,}",
            "cores of these nodes: k × C": f"{self.nodes * node.cores:,}",
            "pods and addresses: n + k × d + h": f"{self.pods:,}",
            "network of the pods: 24 − log₂(k + 1), rounded up": f"/{self.network_prefix}",
            "image pulled, GB: k × i": f"{self.nodes * self.image_gb:,.1f}",
            "all started, s: n / a, rounded up, × t": f"{self.all_started_s:,.0f}",
            "reports of activity to the hub, per second: n / r": (
                f"{n / self.hub.report_every_s:,.1f}"
            ),
            "sockets through the proxy: n × w": f"{n * self.hub.sockets_each:,}",
        }


def read_share(values: Path) -> Share:
    """Return what `values` gives a participant; GiB, as KubeSpawner reads its units."""
    singleuser = yaml.safe_load(values.read_text())["singleuser"]
    return Share(
        cores=singleuser["cpu"]["guarantee"],
        memory_gib=_gib(singleuser["memory"]["guarantee"]),
        storage_gib=_gib(singleuser["storage"]["capacity"]),
    )


def table(plans: list[Plan]) -> str:
    """Return the plans as a Markdown table, one column each."""
    heads = [f"{plan.participants:,}" for plan in plans]
    columns = [plan.rows() for plan in plans]
    lines = [["participants: n", *heads], ["---", *["---:"] * len(plans)]]
    lines += [[name, *(column[name] for column in columns)] for name in columns[0]]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _gib(quantity: str) -> float:
    number = quantity.rstrip("MGi")
    return float(number) * GIB_OF[quantity[len(number) :]]


def main() -> None:
    """Print the table."""
    share = read_share(Path(__file__).with_name("values.yaml"))
    sizes = [int(word) for word in sys.argv[1:]] or [30, 300, 3000]
    print(table([Plan(size, share) for size in sizes]))


if __name__ == "__main__":
    main()
