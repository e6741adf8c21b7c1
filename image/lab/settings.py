"""What the user of `make lab` may choose, checked before anything starts."""

from __future__ import annotations

import re
import socket
from collections.abc import Collection
from pathlib import Path

DEFAULT_PORT = 8888
DEFAULT_CORES = 2


class SettingError(Exception):
    """CORES, PORT or COURSE cannot be used; the message says why and what to do."""


def choose_cores(text: str, available: Collection[int]) -> list[int]:
    """Return the ids of the CPUs that `text` names, by default the first two available.

    Raises
    ------
    SettingError
        If `text` is no list of ids, or names one that is not available.

    Examples
    --------
    >>> choose_cores("0,2-3", available=range(4))
    [0, 2, 3]
    >>> choose_cores("", available={5, 6, 7})
    [5, 6]
    """
    if not text:
        return sorted(available)[:DEFAULT_CORES]
    chosen = parse_cores(text)
    missing = sorted(chosen - set(available))
    if missing:
        raise SettingError(
            f"CORES={text} asks for core {missing[0]}, which is not here; "
            f"choose among {format_cores(available)}."
        )
    return sorted(chosen)


def format_cores(cores: Collection[int]) -> str:
    """Write CPU ids as the list that `parse_cores` reads.

    Examples
    --------
    >>> format_cores([0, 1, 2, 5])
    '0-2,5'
    """
    starts = [core for core in sorted(cores) if core - 1 not in cores]
    ends = [core for core in sorted(cores) if core + 1 not in cores]
    return ",".join(
        str(start) if start == end else f"{start}-{end}"
        for start, end in zip(starts, ends, strict=True)
    )


def parse_cores(text: str) -> set[int]:
    """Return the ids in a list such as ``0-1,4``, which is how Docker writes a cpuset.

    Raises
    ------
    SettingError
        If `text` is no such list.
    """
    cores: set[int] = set()
    for part in text.split(","):
        match = re.fullmatch(r"([0-9]{1,4})(?:-([0-9]{1,4}))?", part)
        first, last = (int(match[1]), int(match[2] or match[1])) if match else (1, 0)
        if last < first:
            raise SettingError(
                f"CORES={text} is no list of cores; write it like CORES=0 or CORES=0-1."
            )
        cores.update(range(first, last + 1))
    return cores


def choose_course(text: str) -> str:
    """Return the path of the folder that `text` names; empty for the course of the image.

    Raises
    ------
    SettingError
        If there is no such folder.
    """
    if text and not Path(text).is_dir():
        raise SettingError(
            f"COURSE={text} is no folder; name one that holds notebooks, or make one with: "
            "make course-template"
        )
    return str(Path(text).resolve()) if text else ""


def choose_port(text: str) -> int:
    """Return the port that `text` names, by default 8888, if it can be listened on.

    Raises
    ------
    SettingError
        If `text` is no port, or the port is taken.
    """
    if text and not (text.isdecimal() and 1 <= int(text) <= 65535):
        raise SettingError(f"PORT={text} is no port; write it like PORT={DEFAULT_PORT}.")
    port = int(text or DEFAULT_PORT)
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            raise SettingError(
                f"Port {port} cannot be used ({error.strerror}); end the lab that may still run "
                f"there, or choose another port: make lab PORT={port + 1}."
            ) from error
    return port
