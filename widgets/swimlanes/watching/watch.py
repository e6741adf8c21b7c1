"""A watched block: workers write down what they do, and somebody looks at it now and then."""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import TracebackType
from typing import Self

from swimlanes.core_load import stat_of
from swimlanes.errors import RequestError
from swimlanes.measure.place import IN_MEMORY
from swimlanes.watching import seen, starts
from swimlanes.watching.seen import Seen

LOOK_EVERY_S = 0.1
SHARE = 0.02
"""Share of the time that looking may take."""
_PREFIX = "swimlanes-watch-"
_one_at_a_time = threading.Lock()


class Watch:
    """Sees the pools, executors, processes and threads that are started within ``with Watch():``.

    Parameters
    ----------
    on_look : callable, optional
        Called now and then with what was seen so far, on a thread of its own.

    Attributes
    ----------
    seen : Seen
        What was seen at the last look; all of it after the end.
    """

    def __init__(self, on_look: Callable[[Seen], None] | None = None) -> None:
        self._on_look = on_look
        self._over = threading.Event()
        self.seen = Seen(0, 0, (), (), ())

    def __enter__(self) -> Self:
        """Begin to watch.

        Raises
        ------
        RequestError
            If something is watched already.
        """
        if not _one_at_a_time.acquire(blocking=False):
            raise RequestError(
                "Something is being watched already, and one block is watched at a time. Put this "
                "work into that block, or wait for its end."
            )
        _remove_orphans()
        place = IN_MEMORY if os.access(IN_MEMORY, os.W_OK) else None
        self._folder = Path(tempfile.mkdtemp(prefix=f"{_PREFIX}{os.getpid()}-", dir=place))
        self._gone_ns: dict[int, int] = {}
        # Made before anything is watched: it is no thread of the participant's.
        self._looking = threading.Thread(target=self._look_on, name="swimlanes-watch", daemon=True)
        self._looking.start()
        self._start_ns = time.monotonic_ns()
        starts.watch_starts(str(self._folder))
        return self

    def __exit__(
        self, _: type[BaseException] | None, __: BaseException | None, ___: TracebackType | None
    ) -> None:
        """Look for the last time, and leave nothing behind."""
        starts.forget_starts()
        end_ns = time.monotonic_ns()
        try:
            self._over.set()
            self._looking.join()
            self._look(end_ns)
        finally:
            shutil.rmtree(self._folder, ignore_errors=True)
            _one_at_a_time.release()

    def _look_on(self) -> None:
        pause_s = LOOK_EVERY_S
        while not self._over.wait(pause_s):
            began_s = time.thread_time()
            with contextlib.suppress(OSError, ValueError):  # a file was only begun
                self._look(time.monotonic_ns())
            if self._on_look is not None:
                self._on_look(self.seen)
            pause_s = max(LOOK_EVERY_S, (time.thread_time() - began_s) / SHARE)

    def _look(self, now_ns: int) -> None:
        for pid in {lane.pid for lane in self.seen.lanes} - self._gone_ns.keys():
            if not _lives(pid):
                self._gone_ns[pid] = now_ns
        self.seen = seen.read(self._folder, self._start_ns, now_ns, self._gone_ns)


def _lives(pid: int) -> bool:
    """Return whether a process is there; one that has ended and was not asked for is not."""
    _, fields = stat_of(f"/proc/{pid}")
    return bool(fields) and fields[0] != "Z"


def _remove_orphans() -> None:
    """Remove the folders of watches whose process was killed."""
    for folder in _folders():
        pid = folder.name.removeprefix(_PREFIX).partition("-")[0]
        if pid.isdigit() and not _lives(int(pid)):
            shutil.rmtree(folder, ignore_errors=True)


def _folders() -> Iterator[Path]:
    for place in {IN_MEMORY, tempfile.gettempdir()}:
        yield from Path(place).glob(f"{_PREFIX}*")
