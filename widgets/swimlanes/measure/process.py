"""The runner as its caller sees it: a process group of its own, what it says, and its end."""

from __future__ import annotations

import contextlib
import os
import selectors
import subprocess
import threading
import time
from collections.abc import Callable
from pathlib import Path
from signal import SIGKILL, SIGTERM

from swimlanes import core_load, kin
from swimlanes.errors import RunError
from swimlanes.measure.watch import Printed

# How long processes may take to end when asked, before they are killed, seconds.
GRACE_S = 0.3
# More than a pipe holds, so that one reading empties it.
READ_BYTES = 1 << 20
COMMAND = "from swimlanes.runner import main; main()"


class RunnerProcess:
    """A runner and all that it starts; when its caller is gone, it removes the run's folder.

    Results and what tasks print come through pipes, not files: shared memory may be small, and a
    task may print a lot.

    Attributes
    ----------
    answer_to : int
        The file descriptor, in the runner, that is read here.
    outcome : bytearray
        What came from there so far.
    printed : Printed
        What the runner and its workers have printed.
    """

    def __init__(self, python: str, environment: dict[str, str], folder: Path) -> None:
        self.outcome = bytearray()
        self._folder = str(folder)
        self.printed = Printed()
        self._signalling = threading.Lock()
        with contextlib.ExitStack() as undo, contextlib.ExitStack() as theirs:
            outcome_end, self.answer_to = _pipe(undo, theirs)
            printed_end, printed = _pipe(undo, theirs)
            command = [python, "-c", COMMAND, str(folder)]
            self._process = _start(command, environment, self.answer_to, printed)
            self.pid = self._process.pid
            undo.callback(self._abandon)
            self._ended = _watch(self.pid)
            undo.callback(os.close, self._ended)
            self._ears = {outcome_end: self.outcome.extend, printed_end: self.printed.add}
            for file in self._ears:
                os.set_blocking(file, False)
            self._close = undo.pop_all()

    @property
    def exitcode(self) -> int | None:
        """The runner's exit code, or minus the number of the signal that ended it."""
        return self._process.returncode

    def send(self, request: bytes) -> None:
        """Send the request; the pipe stays open as the runner's lifeline."""
        assert self._process.stdin is not None
        with contextlib.suppress(BrokenPipeError):
            self._process.stdin.write(request)
            self._process.stdin.flush()

    def listen(self, look: Callable[[], float]) -> None:
        """Take in what is said until the runner has ended, and call `look` every now and then.

        What it returns is after how many seconds to look again.

        A task may have left somebody behind who holds the pipes open, so the runner's end counts,
        not theirs.
        """
        pause_s = next_look_s = 0.0
        with selectors.DefaultSelector() as selector:
            for file in (self._ended, *self._ears):
                selector.register(file, selectors.EVENT_READ)
            while self._ended not in (ready := [key.fd for key, _ in selector.select(pause_s)]):
                for file in ready:
                    if not _read(file, self._ears[file]):
                        selector.unregister(file)
                if time.monotonic() >= next_look_s:
                    pause_s = look()
                    next_look_s = time.monotonic() + pause_s
        for file, take in self._ears.items():
            _read(file, take)

    def ask_to_end(self) -> bool:
        """Ask the whole process group to end; return whether the runner was there to hear it.

        The resource tracker ignores this signal, so it lives to remove the workers' semaphores.
        """
        return self._signal(os.killpg, SIGTERM)

    def kill(self) -> bool:
        """Kill the runner; return whether it was there. `end` sees to the rest."""
        return self._signal(os.kill, SIGKILL)

    def end(self) -> None:
        """End what the runner has left, in its process group or not; afterwards nothing is there.

        Once the runner has been reaped, its id is free when the last member of the group is gone.
        """
        if not self.ask_to_end():
            return
        with self._signalling:
            self._process.wait()
        _end_all(self.pid, self._folder)
        self._close.close()

    def _signal(self, send: Callable[[int, int], None], number: int) -> bool:
        with self._signalling:
            # Until the runner is reaped, its process group's id cannot belong to anyone else.
            if self._process.returncode is not None:
                return False
            send(self.pid, number)
            return True

    def _abandon(self) -> None:
        """End the runner, if it is still there, and let go of its lifeline."""
        if self.kill():
            self._process.wait()
        assert self._process.stdin is not None
        with contextlib.suppress(BrokenPipeError):
            self._process.stdin.close()


def _pipe(ours: contextlib.ExitStack, theirs: contextlib.ExitStack) -> tuple[int, int]:
    """Return the ends of a pipe, which close with their stacks."""
    read, write = os.pipe()
    ours.callback(os.close, read)
    theirs.callback(os.close, write)
    return read, write


def _start(
    command: list[str], environment: dict[str, str], outcome: int, printed: int
) -> subprocess.Popen[bytes]:
    try:
        return subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=printed,
            stderr=printed,
            pass_fds=[outcome],
            # A process group of its own, which can be ended as a whole.
            start_new_session=True,
            env=environment,
        )
    except OSError as error:
        raise RunError(
            f"No process could be started for the run ({error.strerror}). End some programs, or "
            "ask for more processes and memory."
        ) from error


def _watch(pid: int) -> int:
    """Return a file descriptor that is ready to be read when the process has ended."""
    try:
        return os.pidfd_open(pid)
    except OSError as error:
        raise RunError(
            f"A process cannot be watched here: the system refuses pidfd_open ({error.strerror}). "
            "This needs Linux 5.3 and a container engine that allows the call; update the engine."
        ) from error


def _read(file: int, take: Callable[[bytes], object]) -> bool:
    """Read what is there; return whether more may come."""
    try:
        data = os.read(file, READ_BYTES)
    except BlockingIOError:
        return True
    take(data)
    return bool(data)


def _end_all(group: int, folder: str) -> None:
    """Wait for a run's processes to end as they were asked to; kill what does not hear.

    They are known by their process group, and those that have left it by the run's folder. The
    standard library's resource tracker never hears. It ends after all others, and removes the
    semaphores that spawned workers have shared.
    """
    for spares_tracker in (True, False):
        if _end_in_time(group, folder):
            return
        for pid in _members(group):
            if not (spares_tracker and kin.is_tracker(pid)):
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, SIGKILL)
        kin.kill_all(folder)


def _end_in_time(group: int, folder: str) -> bool:
    """Return whether all of them end in the time that they may take."""
    deadline = time.monotonic() + GRACE_S
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
    return [pid for pid in kin.processes() if _group_of(pid) == group and not _has_ended(pid)]


def _group_of(pid: int) -> int | None:
    try:
        return os.getpgid(pid)
    except ProcessLookupError:
        return None


def _has_ended(pid: int) -> bool:
    _, fields = core_load.stat_of(f"/proc/{pid}")
    return fields[:1] in ([], ["Z"], ["X"])
