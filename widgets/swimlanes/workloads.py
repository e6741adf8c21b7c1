"""The work: functions of one input that a task calls, and inputs that give tasks their size."""

from __future__ import annotations

import os
import random
import time
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

BLOCK_BYTES = 65_536
MATRIX_ROWS = 256


def count_down(steps: float) -> float:
    """Count from `steps` to 0 in steps of 1.0 in pure Python: all computing, no waiting."""
    while steps > 0:
        steps -= 1.0
    return steps


def query(seconds: float) -> float:
    """Wait for `seconds`, as for the answer of a server, and return them: no computing."""
    time.sleep(seconds)
    return seconds


def hash_blocks(blocks: int) -> str:
    """Return the SHA-256 of so many blocks of 64 KiB; ``hashlib`` lets go of the GIL meanwhile."""
    import hashlib  # slow to import, and needed nowhere else

    digest, block = hashlib.sha256(), bytes(BLOCK_BYTES)
    for _ in range(blocks):
        digest.update(block)
    return digest.hexdigest()


def multiply_matrices(products: int) -> float:
    """Multiply matrices of 256 × 256 so many times; NumPy's BLAS may use threads of its own.

    The entries are small whole numbers, so that the result is exact however BLAS adds.
    """
    import numpy as np

    a = np.arange(MATRIX_ROWS**2, dtype=float).reshape(MATRIX_ROWS, -1) % 7
    trace = 0.0
    for _ in range(products):
        trace = float(np.trace(a @ a))
    return trace


def carry(data: bytes) -> bytes:
    """Return what was sent: only the journey there and back takes time."""
    return data


def read_files(count: int) -> int:
    """Read so many of the standard library's own files, over and over, and return their bytes."""
    folder = os.path.dirname(os.__file__)
    names = sorted(name for name in os.listdir(folder) if name.endswith(".py"))
    total = 0
    for number in range(count):
        with open(os.path.join(folder, names[number % len(names)]), "rb") as file:
            total += len(file.read())
    return total


def sample_pi(seed_and_samples: tuple[int, int]) -> float:
    """Estimate π from random points; the task's own seed gives the same result everywhere."""
    seed, samples = seed_and_samples
    draw = random.Random(seed).random
    inside = 0
    for _ in range(samples):
        inside += draw() ** 2 + draw() ** 2 <= 1.0
    return 4 * inside / samples


_held: list[bytearray] = []


def grow(size: int) -> int:
    """Take `size` bytes of memory, keep them for the worker's life, and return the size."""
    memory = bytearray(size)
    # Memory is given out page by page, when it is first written to.
    memory[:: os.sysconf("SC_PAGE_SIZE")] = b"x" * len(range(0, size, os.sysconf("SC_PAGE_SIZE")))
    _held.append(memory)
    return size


class Workload(NamedTuple):
    """A kind of work whose tasks can be made as large as one likes.

    Attributes
    ----------
    name, label : str
        Name for the command line; name for people.
    function : callable
        What a task calls with its input.
    make_input : callable
        ``make_input(task, size)`` returns the input of a task number and a size: a number of
        the function's own steps, or of seconds for work that waits, or of bytes.
    compute_bound : bool
        Whether a task keeps a core busy, so that more cores can help.
    probe : int or None
        Size of a probe by which a task's length is calibrated; None where the size is the
        length in seconds, or counts bytes.
    in_bytes : bool
        Whether the size of a task is a number of bytes instead of a length.
    """

    name: str
    label: str
    function: Callable[[Any], Any]
    make_input: Callable[[int, float], Any]
    compute_bound: bool = True
    probe: int | None = None
    in_bytes: bool = False

    @property
    def waits(self) -> bool:
        """Whether a task waits for something else than a core, so that many may go on at once."""
        return not (self.compute_bound or self.in_bytes)

    def size(self, seconds: float, probe_s: float) -> float:
        """Return the size of a task that takes `seconds` if the probe takes `probe_s`."""
        return seconds if self.probe is None else self.probe * seconds / probe_s


def _whole(_: int, size: float) -> int:
    return max(1, round(size))


WORKLOADS = {
    workload.name: workload
    for workload in (
        Workload(
            "count-down", "count down · pure Python", count_down,
            lambda task, size: float(_whole(task, size)), probe=200_000,
        ),
        Workload(
            "query", "query · waits for a server", query, lambda _, size: size,
            compute_bound=False,
        ),
        Workload("hashing", "hashing · releases the GIL", hash_blocks, _whole, probe=64),
        Workload(
            "matrix-product", "matrix product · BLAS threads", multiply_matrices, _whole, probe=8
        ),
        Workload(
            "payload", "payload · sends bytes there and back", carry,
            lambda task, size: bytes(_whole(task, size)), compute_bound=False, in_bytes=True,
        ),
        Workload("file-reading", "file reading · many small files", read_files, _whole, probe=200),
        Workload(
            "sampling-pi", "sampling π · random numbers", sample_pi,
            lambda task, size: (task, _whole(task, size)), probe=20_000,
        ),
        Workload(
            "memory", "memory · grows each worker", grow, _whole, in_bytes=True
        ),
    )
}  # fmt: skip

LENGTHS = ("equal", "ramp-up", "ramp-down", "random")
"""Names of the task lengths; a list of factors is one, too, such as ``1,8,1.5,2``."""


def weights(lengths: str, tasks: int) -> list[float]:
    """Return the length of each task as a factor of the length asked for.

    Parameters
    ----------
    lengths : str
        ``equal`` (all 1), ``ramp-up``, ``ramp-down``, ``random`` (from 0.1 to 1.9, the same in
        every call), whose mean is 1 or close to it; or factors separated by commas, repeated
        until there are enough.
    tasks : int
        Number of tasks, at least 1.

    Returns
    -------
    list of float
        Shape (tasks,), each above 0.

    Raises
    ------
    ValueError
        If `lengths` is none of these.

    Examples
    --------
    >>> weights("1,8,1.5,2", tasks=5)
    [1.0, 8.0, 1.5, 2.0, 1.0]
    >>> weights("ramp-up", tasks=3)
    [0.5, 1.0, 1.5]
    """
    if lengths == "equal":
        return [1.0] * tasks
    if lengths in ("ramp-up", "ramp-down"):
        ramp = [2 * (task + 1) / (tasks + 1) for task in range(tasks)]
        return ramp if lengths == "ramp-up" else ramp[::-1]
    if lengths == "random":
        generator = random.Random(0)
        return [generator.uniform(0.1, 1.9) for _ in range(tasks)]
    return _repeated([float(factor) for factor in lengths.split(",")], tasks)


def _repeated(factors: Sequence[float], tasks: int) -> list[float]:
    if not all(0 < factor < float("inf") for factor in factors):
        raise ValueError(f"factors must be above 0, not {list(factors)}")
    return [factors[task % len(factors)] for task in range(tasks)]


# CPython 3.11 runs a function slower until its eighth call, in every new process anew. Without
# this, two workers would have twice the slow calls of one and the speedup would pay for it.
for _ in range(8):
    count_down(1.0)
    sample_pi((0, 1))
