"""What is to be known of a mode, wherever it makes a difference."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from swimlanes.modes.pools import Initializer, Pool
from swimlanes.modes.written import Wanted, Way


class Staff(NamedTuple):
    """The workers that are wanted.

    Attributes
    ----------
    workers, threads : int
        Number of workers, and of the threads that each has.
    start_method : str or None
        ``fork``, ``forkserver`` or ``spawn``, for modes that start processes; else None.
    initializer, initargs : callable, tuple
        What each worker, or each of its threads, calls first.
    in_each_process : callable or None
        What a process with threads calls before it starts them.
    """

    workers: int
    threads: int
    start_method: str | None
    initializer: Initializer
    initargs: tuple[Any, ...]
    in_each_process: Callable[[], None] | None = None


class Mode:
    """A way in which tasks are mapped onto workers.

    Attributes
    ----------
    name : str
        What `swimlanes.run` calls it.
    worker : str
        What one of its workers is called in a sentence.
    counted : str
        What its workers are called where they are counted.
    colour, marker : str
        Its look in a picture: a colour of `swimlanes.drawing.look.COLOURS`, a shape of `MARKERS`.
    dash : str
        Lengths of the dashes and gaps of its curve, px; ``none`` for a line without.
    identity : tuple of str
        What tells its lanes apart: ``process``, ``thread``, or both.
    parallel : bool
        Whether there may be more than one worker.
    compared : bool
        Whether a comparison measures it.
    in_one_process : bool
        Whether the runner's own threads do the work, so that values need not travel.
    starts_processes : bool
        Whether it starts processes, and so has a start method.
    has_threads : bool
        Whether each worker has threads of its own.
    shares_gil : bool
        Whether several lanes have one GIL.
    elsewhere : bool
        Whether its workers may be on other machines.
    other_python : bool
        Whether it runs on another Python, which takes long to find.
    """

    name: str
    worker: str
    counted: str
    colour: str
    dash: str
    marker: str
    identity: tuple[str, ...] = ("process",)
    parallel = True
    compared = True
    in_one_process = False
    starts_processes = False
    has_threads = False
    shares_gil = False
    elsewhere = False
    other_python = False

    def why_unavailable(self) -> str:
        """Return a sentence that says why it does not work here, or nothing if it does."""
        return ""

    def python(self) -> str | None:
        """Return the path of the interpreter that it needs; None for this one."""
        return None

    def make_pool(self, staff: Staff) -> Pool:
        """Start the workers."""
        raise NotImplementedError

    def plain(self, wanted: Wanted) -> Way:
        """Return the plain code that does the same."""
        raise NotImplementedError
