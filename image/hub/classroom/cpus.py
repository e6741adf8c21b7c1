"""CPU ids: as Docker writes them, and as the host groups them into physical cores."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from pathlib import Path

SYSTEM = Path("/sys/devices/system/cpu")


def parse_cpus(text: str) -> frozenset[int]:
    """Return the ids in a list such as ``0-1,4``.

    Raises
    ------
    ValueError
        If `text` is no such list.

    Examples
    --------
    >>> sorted(parse_cpus("0-1,4"))
    [0, 1, 4]
    """
    cpus: set[int] = set()
    for part in text.split(","):
        match = re.fullmatch(r"([0-9]{1,4})(?:-([0-9]{1,4}))?", part.strip())
        first, last = (int(match[1]), int(match[2] or match[1])) if match else (1, 0)
        if last < first:
            raise ValueError(f"{text!r} is no list of cores")
        cpus.update(range(first, last + 1))
    return frozenset(cpus)


def format_cpus(cpus: Collection[int]) -> str:
    """Write ids as the list that `parse_cpus` reads.

    Examples
    --------
    >>> format_cpus({0, 1, 2, 5})
    '0-2,5'
    """
    starts = [cpu for cpu in sorted(cpus) if cpu - 1 not in cpus]
    ends = [cpu for cpu in sorted(cpus) if cpu + 1 not in cpus]
    return ",".join(
        str(start) if start == end else f"{start}-{end}"
        for start, end in zip(starts, ends, strict=True)
    )


def host_cpus(system: Path = SYSTEM) -> frozenset[int]:
    """Return the ids of the host's CPUs; a container sees them, whatever it may use."""
    return parse_cpus((system / "online").read_text().strip())


def sibling_groups(cpus: Iterable[int], system: Path = SYSTEM) -> list[frozenset[int]]:
    """Group `cpus` by physical core; hardware threads of one core stand together."""
    wanted = frozenset(cpus)
    groups = {_siblings(cpu, system) & wanted for cpu in wanted}
    return sorted(groups, key=min)


def _siblings(cpu: int, system: Path) -> frozenset[int]:
    """Return the hardware threads of the core of `cpu`; just itself where the host says nothing."""
    path = system / f"cpu{cpu}" / "topology" / "thread_siblings_list"
    try:
        return parse_cpus(path.read_text().strip()) | {cpu}
    except (OSError, ValueError):
        return frozenset({cpu})
