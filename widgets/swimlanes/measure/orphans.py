"""What is left of a process group whose leader has ended."""

from __future__ import annotations

import contextlib
import os
import signal
import time
from pathlib import Path


def end_group(group: int, grace_s: float) -> None:
    """Wait for a process group to end as it was asked to; kill what does not hear in `grace_s`.

    The standard library's resource tracker never hears. It ends after all others, and removes the
    semaphores that spawned workers have shared.
    """
    for spared in (b"resource_tracker", None):
        if _ends(group, grace_s):
            return
        for pid in _members(group):
            if spared is None or spared not in _read_proc(pid, "cmdline"):
                _kill(pid)


def _ends(group: int, grace_s: float) -> bool:
    """Return whether a process group ends within a moment."""
    deadline = time.monotonic() + grace_s
    while _members(group):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.01)
    return True


def _members(group: int) -> list[int]:
    """Return the ids of a group's processes; one that has ended may wait to be reaped for long."""
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return []
    pids = (int(name) for name in os.listdir("/proc") if name.isdigit())
    return [pid for pid in pids if _group_of(pid) == group and not _has_ended(pid)]


def _group_of(pid: int) -> int | None:
    try:
        return os.getpgid(pid)
    except ProcessLookupError:
        return None


def _has_ended(pid: int) -> bool:
    # The state stands behind the name, which may hold anything.
    state = _read_proc(pid, "stat").rpartition(b")")[2].split()[:1]
    return state in ([], [b"Z"], [b"X"])


def _read_proc(pid: int, name: str) -> bytes:
    try:
        return Path(f"/proc/{pid}/{name}").read_bytes()
    except OSError:
        return b""


def _kill(pid: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)
