"""The Docker engine as the class uses it: seats, networks and homes, each with a name on it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from ipaddress import IPv4Network
from typing import Any

import docker
from docker.errors import APIError, DockerException, NotFound
from docker.types import IPAMConfig, IPAMPool

from classroom.cpus import parse_cpus
from classroom.errors import ClassroomError
from classroom.subnets import free_subnet

CLASS_LABEL = "swimlanes.class"
PARTICIPANT_LABEL = "swimlanes.participant"
NEIGHBOURS: dict[str, list[str]] = {"hub": [], "proxy": [], "door": ["hub"]}
"""The services of the Compose file that join each participant's network, with their names there."""
INTERNET = {"internet": ["internet"]}
"""The service that also joins if participants may reach the internet."""


@dataclass(frozen=True)
class Seat:
    """A participant's container, and the cores it is pinned to."""

    name: str
    container: str
    cores: frozenset[int]
    running: bool


class Engine:
    """What the hub asks of the engine. Every call blocks: call from a thread.

    Raises
    ------
    ClassroomError
        If no engine answers.
    """

    def __init__(self, class_name: str, *, internet: bool) -> None:
        self.class_name = class_name
        self._neighbours = NEIGHBOURS | (INTERNET if internet else {})
        self._subnets = threading.Lock()
        try:
            self.client = docker.from_env()
            self.client.ping()
        except DockerException as error:
            raise ClassroomError(
                "The hub reaches no Docker engine; /var/run/docker.sock has to be mounted from a "
                f"host where one runs ({_root_cause(error)})."
            ) from error

    def labels(self, name: str) -> dict[str, str]:
        """Return what marks all that belongs to a participant."""
        return {CLASS_LABEL: self.class_name, PARTICIPANT_LABEL: name}

    def seats(self) -> list[Seat]:
        """Return the participants' containers, running or not."""
        found = self.client.api.containers(all=True, filters={"label": self._mine()})
        inspected = (self._inspect(entry["Id"]) for entry in found)
        return [_seat(container) for container in inspected if container]

    def home_volume(self, name: str) -> str:
        """Return the name of a participant's volume."""
        return f"{self.class_name}-home-{name}"

    @property
    def course_volume(self) -> str:
        """The name of the volume with the course's originals."""
        return f"{self.class_name}-course"

    def homes(self) -> dict[str, str]:
        """Return the volumes of all participants who ever had one, by name."""
        volumes = self.client.volumes.list(filters={"label": self._mine()})
        return {volume.attrs["Labels"][PARTICIPANT_LABEL]: volume.name for volume in volumes}

    def make_home(self, name: str, size: str = "") -> None:
        """Make a participant's volume, unless it is there."""
        options = {"size": size} if size else {}
        try:
            self.client.volumes.create(
                self.home_volume(name), driver_opts=options, labels=self.labels(name)
            )
        except APIError as error:
            raise ClassroomError(
                f"The home of {name} cannot be made ({error.explanation}); HOME_SIZE needs an "
                "engine whose data lie on XFS with project quotas."
            ) from error

    def try_home_size(self, size: str) -> None:
        """Raise ClassroomError where no limit of `size` can be kept."""
        trial = f"{self.class_name}-trial-of-a-size"
        try:
            self.client.volumes.create(trial, driver_opts={"size": size}).remove()
        except APIError as error:
            raise ClassroomError(
                f"HOME_SIZE={size} cannot be kept ({error.explanation}); it needs an engine whose "
                "data lie on XFS with project quotas."
            ) from error

    def open_network(self, name: str, pool: IPv4Network) -> str:
        """Return a participant's network, which hub, proxy and door have joined.

        No address of the host's is on it and no way leads out of it.
        """
        network_name = f"{self.class_name}-net-{name}"
        with self._subnets:
            if not self.client.networks.list(names=[f"^{network_name}$"]):
                self._make_network(network_name, name, pool)
        self._join(network_name)
        return network_name

    def close_network(self, name: str) -> None:
        """Remove a participant's network, if it is there."""
        network_name = f"{self.class_name}-net-{name}"
        try:
            network = self.client.api.inspect_network(network_name)
        except NotFound:
            return
        for container in network["Containers"]:
            self.client.api.disconnect_container_from_network(container, network_name, force=True)
        self.client.api.remove_network(network_name)

    def rejoin_networks(self) -> None:
        """Join every participant's network again, after one of these was made anew."""
        for network in self.client.api.networks(filters={"label": self._mine()}):
            self._join(network["Name"])

    def _make_network(self, network_name: str, name: str, pool: IPv4Network) -> None:
        subnet = free_subnet(pool, self._subnets_in_use())
        self.client.api.create_network(
            network_name,
            internal=True,
            labels=self.labels(name),
            ipam=IPAMConfig(pool_configs=[IPAMPool(subnet=str(subnet))]),
            options={"com.docker.network.bridge.inhibit_ipv4": "true"},
        )

    def _subnets_in_use(self) -> Iterator[IPv4Network]:
        for network in self.client.api.networks():
            for config in network["IPAM"]["Config"] or []:
                if ":" not in config["Subnet"]:
                    yield IPv4Network(config["Subnet"])

    def _join(self, network_name: str) -> None:
        joined = self.client.api.inspect_network(network_name)["Containers"]
        for service, aliases in self._neighbours.items():
            for container in self._service(service):
                if container not in joined:
                    self.client.api.connect_container_to_network(
                        container, network_name, aliases=aliases
                    )

    def _service(self, service: str) -> list[str]:
        """Return the containers of one of the class's own services."""
        labels = [
            f"com.docker.compose.project={self.class_name}",
            f"com.docker.compose.service={service}",
        ]
        found = self.client.api.containers(filters={"label": labels})
        return [entry["Id"] for entry in found]

    def _mine(self) -> str:
        return f"{CLASS_LABEL}={self.class_name}"

    def _inspect(self, container: str) -> dict[str, Any] | None:
        try:
            return self.client.api.inspect_container(container)
        except NotFound:
            return None


def _seat(container: dict[str, Any]) -> Seat:
    return Seat(
        name=container["Config"]["Labels"][PARTICIPANT_LABEL],
        container=container["Name"].removeprefix("/"),
        cores=parse_cpus(container["HostConfig"]["CpusetCpus"]),
        running=container["State"]["Running"],
    )


def _root_cause(error: BaseException) -> str:
    while error.__context__:
        error = error.__context__
    return str(error)
