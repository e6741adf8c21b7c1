"""What is left of a run whose runner has ended: its process group, and who left that."""

from __future__ import annotations

import contextlib
import os
import signal
import time

from swimlanes import kin


def end_all(group: int, folder: str, grace_s: float) -> None:
    """Wait for a run's processes to end as they were asked to; kill what does not hear.

    The standard library's resource tracker never hears. It ends after all others, and removes the
    semaphores that spawned workers have shared.

    Parameters
    ----------
    group : int
        The process group.
    folder : str
        The run's folder, by which those are known that have left the group.
    grace_s : float
        How long they may take, seconds.
    """
    for spares_tracker in (True, False):
        if _end(group, folder, grace_s):
            return
        for pid in _members(group):
            if not (spares_tracker and kin.is_tracker(pid)):
                _kill(pid)
        kin.kill_all(folder)


def _end(group: int, folder: str, grace_s: float) -> bool:
    """Return whether all end within a moment."""
    deadline = time.monotonic() + grace_s
    while _members(group) or kin.marked(folder):
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
    state = kin.read(pid, "stat").rpartition(b")")[2].split()[:1]
    return state in ([], [b"Z"], [b"X"])


def _kill(pid: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)
