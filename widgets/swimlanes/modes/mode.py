"""What belongs to a mode: its workers as a pool, its plain code, and its look.

::

    with of(mode).make_pool(staff) as pool:
        results = pool.map(function, inputs, chunksize)
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from types import TracebackType
from typing import Any, NamedTuple, Protocol, Self

Function = Callable[[Any], Any]
Initializer = Callable[..., None]
FROM_THREADS = "from multiprocessing.pool import ThreadPool"


class Trouble(Exception):
    """The workers cannot do the run; the sentence says why, and what to do."""


class UnreadableResult(Exception):
    """A result has come, and cannot be unpickled; the cause says why."""


class Pool(Protocol):
    """What is used of ``multiprocessing.pool.Pool``; a pool of our own begins with this."""

    def __enter__(self) -> Self:
        """Return the pool."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """End the workers."""

    def map(self, function: Function, inputs: Iterable[Any], chunksize: int) -> list[Any]:
        """Return the results in the order of the inputs, when all are there."""

    def imap(self, function: Function, inputs: Iterable[Any], chunksize: int) -> Iterable[Any]:
        """Yield the results in the order of the inputs, each when its turn has come."""

    def imap_unordered(
        self, function: Function, inputs: Iterable[Any], chunksize: int
    ) -> Iterable[Any]:
        """Yield the results in the order in which they are ready."""


class Wanted(NamedTuple):
    """What is to be written: names of functions, and how the work is done."""

    function: str
    initializer: str
    initargs: tuple[Any, ...]
    workers: int
    threads: int
    schedule: str
    chunksize: int
    start_method: str | None
    cluster: str

    @property
    def first_call(self) -> str:
        """The call of the initializer, if there is one."""
        return self.initializer and f"{self.initializer}({', '.join(map(repr, self.initargs))})"

    @property
    def pool(self) -> str:
        """What makes a pool of processes."""
        return f'get_context("{self.start_method}").Pool'

    @property
    def pool_import(self) -> str:
        """The import for that: the start method is named, for another Python has another one."""
        return "from multiprocessing import get_context"

    def made(self, kind: str) -> str:
        """Return how a pool is made, with the initializer among the arguments if there is one."""
        arguments = [str(self.workers)]
        if self.initializer:
            arguments.append(f"initializer={self.initializer}")
            arguments += [f"initargs={self.initargs!r}"] * bool(self.initargs)
        return f"{kind}({', '.join(arguments)})"

    def call(self, function: str, inputs: str, chunksize: int) -> str:
        """Return how a pool is given the work."""
        call = f"pool.{self.schedule}({function}, {inputs}, chunksize={chunksize})"
        return call if self.schedule == "map" else f"list({call})"

    @property
    def usual_call(self) -> str:
        """The call that hands out the inputs."""
        return self.call(self.function, "inputs", self.chunksize)


class Way(NamedTuple):
    """How a mode is written: its imports, its pool if it has one, and what gives the results.

    ``first`` is what is called before them.
    """

    imports: Sequence[str]
    pool: str
    results: str
    definitions: str = ""
    preparation: str = ""
    first: str = ""


class Staff(NamedTuple):
    """The workers that are wanted, and how many threads each has.

    What starts processes has a start method, else None. Each worker, or each of its threads, calls
    the initializer first; `in_each_process` is called before a process starts its threads.
    """

    workers: int
    threads: int
    start_method: str | None
    initializer: Initializer
    initargs: tuple[Any, ...]
    in_each_process: Callable[[], None] | None = None


class Mode:
    """A way in which tasks are mapped onto workers, with everything in which modes differ.

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
    planned : bool
        Whether all workers are asked for at once, for tasks in chunks that one call hands out; a
        program that was watched does as it likes.
    task : str
        What its tasks are called, in the singular.
    around_s : float
        What starting and ending a run takes beside its tasks, about, seconds.
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
    planned = True
    task = "task"
    around_s = 0.15

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


def chunks(inputs: Iterable[Any], size: int) -> Iterator[list[Any]]:
    """Yield the inputs in lists of `size`; the last one may be shorter.

    Examples
    --------
    >>> list(chunks("abc", 2))
    [['a', 'b'], ['c']]
    """
    iterator = iter(inputs)
    while chunk := list(islice(iterator, size)):
        yield chunk


def lines(parts: Iterable[str]) -> str:
    """Return those parts that are not empty, one below the other."""
    return "\n".join(filter(None, parts))


def indented(text: str) -> str:
    """Return text as the body of a statement."""
    return "\n".join("    " + line for line in text.splitlines())
