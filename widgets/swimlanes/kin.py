"""The mark of a run: in the environment of every process that comes from it, wherever it went."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import shutil
import signal
import time
from typing import Any

NAME = "SWIMLANES_RUNNER"
"""The environment variable that holds the path of the run's folder."""
TRACKER = b"resource_tracker"
SEMAPHORES = "/dev/shm"
"""Where Linux keeps them, as files."""
ROUNDS, PAUSE_S = 100, 0.01
"""How often to look for those that were started meanwhile; a process may be stuck in the system."""


def marked(folder: str) -> set[int]:
    """Return the ids of a run's processes; those of another user cannot be read.

    It looks twice: a process that was listed the first time may have forked, and may have ended
    before its environment was read. The first look always finds the process that asks, and the
    resource tracker, so its result says nothing about the others.
    """
    return _look(folder) | _look(folder)


def _look(folder: str) -> set[int]:
    return {pid for pid in processes() if _has(pid, folder)}


def processes() -> list[int]:
    """Return the ids of all processes."""
    return [int(name) for name in os.listdir("/proc") if name.isdigit()]


def kill(pid: int, folder: str) -> None:
    """Kill a process of a run, if it is one: its id may belong to another one by now.

    The file descriptor keeps meaning the process that was looked at.
    """
    with contextlib.suppress(OSError):
        process = os.pidfd_open(pid)
        try:
            if _has(pid, folder):
                signal.pidfd_send_signal(process, signal.SIGKILL)
        finally:
            os.close(process)


def kill_all(folder: str) -> None:
    """Kill all of a run's processes but this one, and those that they start meanwhile.

    The standard library's resource tracker is spared: it ends after all others, and removes the
    semaphores that spawned workers have shared.
    """
    for _ in range(ROUNDS):
        pids = {pid for pid in marked(folder) - {os.getpid()} if not is_tracker(pid)}
        if not pids:
            return
        for pid in pids:
            kill(pid, folder)
        time.sleep(PAUSE_S)


def name_semaphores(folder: str) -> None:
    """Give the semaphores of this process and of its children the run's name."""
    process: Any = multiprocessing.current_process()
    process._config["semprefix"] = f"/mp-{os.path.basename(folder)}"


def remove(folder: str) -> None:
    """Remove a run's folder, and what its processes have left when they were killed.

    A semaphore that no child has to find has a name for a moment only, and the system's library
    gives it another one first, for the same file. A process that is killed just then leaves both
    names, or the first. The first could be anybody's, so it goes only if no process has the file.
    """
    for _ in range(ROUNDS):
        shutil.rmtree(folder, ignore_errors=True)
        # A pool replaces workers that were killed: a new one may write into a folder half removed.
        if not os.path.exists(folder):
            break
        time.sleep(PAUSE_S)
    with contextlib.suppress(OSError):
        there = list(os.scandir(SEMAPHORES))
        prefix = f"sem.mp-{os.path.basename(folder)}-"
        ours = {file.inode() for file in there if file.name.startswith(prefix)}
        for file in there:
            if file.inode() in ours or (_is_first_name(file.name) and _is_left(file)):
                with contextlib.suppress(FileNotFoundError):
                    os.unlink(file)


def _is_first_name(name: str) -> bool:
    """Return whether it is one that the C library chooses: six letters or digits."""
    return name.startswith("sem.") and len(name) == len("sem.") + 6 and name[4:].isalnum()


def _is_left(file: os.DirEntry[str]) -> bool:
    """Return whether a file is this user's, and no process has it."""
    with contextlib.suppress(FileNotFoundError):
        if file.stat(follow_symlinks=False).st_uid != os.getuid():
            return False
        return not any(_has_file(pid, file.inode()) for pid in processes())
    return False


def _has_file(pid: int, inode: int) -> bool:
    """Return whether a process has a file of shared memory, open or in its memory.

    A process that makes a semaphore opens the file, maps it, and closes it. Asked in this order, no
    process is missed.
    """
    with contextlib.suppress(OSError):
        for descriptor in os.listdir(f"/proc/{pid}/fd"):
            with contextlib.suppress(OSError):
                if os.stat(f"/proc/{pid}/fd/{descriptor}").st_ino == inode:
                    return True
    mapped = (line.split(maxsplit=5) for line in read(pid, "maps").splitlines() if b"/sem." in line)
    return any(int(fields[4]) == inode for fields in mapped)


def is_tracker(pid: int) -> bool:
    """Return whether a process is a resource tracker of the standard library's."""
    return TRACKER in read(pid, "cmdline")


def read(pid: int, name: str) -> bytes:
    """Return what the system tells of a process; nothing if it is gone or another user's."""
    try:
        with open(f"/proc/{pid}/{name}", "rb") as file:
            return file.read()
    except OSError:
        return b""


def _has(pid: int, folder: str) -> bool:
    # A process that has ended and was not reaped yet has no environment.
    return f"{NAME}={folder}\0".encode() in read(pid, "environ")
