"""A mode as plain Python, for participants to copy."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from multiprocessing import get_all_start_methods
from typing import Any, NamedTuple

FROM_THREADS = "from multiprocessing.pool import ThreadPool"


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
        return "Pool" if self._by_default else f'get_context("{self.start_method}").Pool'

    @property
    def pool_import(self) -> str:
        """The import for that."""
        return f"from multiprocessing import {'Pool' if self._by_default else 'get_context'}"

    @property
    def _by_default(self) -> bool:
        return self.start_method == get_all_start_methods()[0]

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


def lines(parts: Iterable[str]) -> str:
    """Return those parts that are not empty, one below the other."""
    return "\n".join(filter(None, parts))


def indented(text: str) -> str:
    """Return text as the body of a statement."""
    return "\n".join("    " + line for line in text.splitlines())
