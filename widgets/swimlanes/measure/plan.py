"""How it is to be done: the mode, the workers, the schedule. Bad values are refused here."""

from __future__ import annotations

import os
from collections.abc import Collection
from dataclasses import dataclass
from numbers import Integral, Real
from typing import TypeGuard, Unpack

from swimlanes import metrics, modes, wording
from swimlanes.brief import shown
from swimlanes.cores import usable_cores
from swimlanes.errors import RequestError
from swimlanes.modes.cluster import SETTING as CLUSTER_SETTING
from swimlanes.options import PoolOptions, takes

MAX_WORKERS = 256
MAX_TASKS = 1_000_000
# A core goes round among its threads in turns of some ms. A limit that is shorter than a turn would
# tell of them, and not of the task.
MIN_LIMIT_S = 0.001
MAX_LIMIT_S = 86_400.0


@dataclass(frozen=True)
class Plan:
    """How the work is to be done: the options of `run`, settled.

    Attributes
    ----------
    threads : int
        Of each worker.
    chunksize : int
        Tasks that a lane takes at a time; 0 stands for the pool's own choice.
    python : str or None
        Path of the interpreter that does it; None for this one. The serial run that a speedup is
        taken against runs on the same one: interpreters differ in speed.
    cluster : str
        Address of the Dask scheduler, for the mode cluster; empty: one is started for the run.
    bare : bool
        Whether the times alone are wanted: tasks are not recorded, results not returned.
    """

    mode: str
    workers: int = 1
    threads: int = 1
    schedule: str = "map"
    chunksize: int = 0
    start_method: str | None = None
    limit_s: float | None = None
    python: str | None = None
    cluster: str = ""
    bare: bool = False

    def settled_chunksize(self, tasks: int) -> int:
        """Return the chunk size for so many tasks: ``map`` chooses one, ``imap`` takes 1."""
        if self.chunksize:
            return self.chunksize
        if modes.of(self.mode).elsewhere:
            return 1
        lanes = self.workers * self.threads
        return metrics.default_chunksize(tasks, lanes) if self.schedule == "map" else 1


@takes(PoolOptions)
def make_plan(mode: str, workers: int | None = None, **options: Unpack[PoolOptions]) -> Plan:
    """Check and settle how it is to be done; the parameters are those of `run`."""
    check_mode(mode)
    kind = modes.of(mode)
    workers = min(usable_cores(), MAX_WORKERS) if workers is None else workers
    check_whole("workers", workers, MAX_WORKERS)
    chunksize, limit_s = options["chunksize"], options["limit_s"]
    check_choice("schedule", options["schedule"], modes.SCHEDULES)
    if chunksize is not None:
        check_whole("tasks in a chunk", chunksize, MAX_TASKS)
    if limit_s is not None:
        check_limit(limit_s)
    return Plan(
        mode=mode,
        workers=int(workers) if kind.parallel else 1,
        threads=_settled_threads(kind, options["threads"]),
        schedule=options["schedule"],
        chunksize=int(chunksize or 0),
        start_method=_settled_start_method(kind, options["start_method"]),
        limit_s=None if limit_s is None else float(limit_s),
        python=kind.python(),
        cluster=_settled_cluster(kind, options["cluster"]),
    )


def check_mode(mode: str) -> None:
    """Refuse a mode that does not exist, or not here."""
    check_choice("mode", mode, modes.MODES)
    reason = modes.why_unavailable(mode)
    if reason:
        raise RequestError(f"The mode {mode!r} is not available: {reason}")


def check_choice(name: str, value: object, choices: Collection[str]) -> None:
    """Refuse a value that is not among the choices."""
    if not (isinstance(value, str) and value in choices):
        raise RequestError(
            f"There is no {name} {shown(value)} here. Choose {wording.listing(choices)}."
        )


def check_whole(name: str, value: object, largest: int) -> None:
    """Refuse a number of things that is not a whole number from 1 to `largest`."""
    if not is_whole(value, largest):
        raise RequestError(
            f"The number of {name} must be a whole number from 1 to {largest}, not {shown(value)}."
        )


def is_whole(value: object, largest: int, least: int = 1) -> TypeGuard[int]:
    """Return whether a value is a whole number from `least` to `largest`; True is none."""
    whole = isinstance(value, Integral) and not isinstance(value, bool)
    return whole and least <= int(value) <= largest  # type: ignore[call-overload]


def is_number(value: object, most: float) -> TypeGuard[float]:
    """Return whether a value is a number above 0 and up to `most`; True is none."""
    if not isinstance(value, Real) or isinstance(value, bool):
        return False
    return bool(0 < value <= most)  # type: ignore[operator]


def check_limit(value: object) -> None:
    """Refuse a time limit that is not a number of seconds in range."""
    if not is_number(value, MAX_LIMIT_S) or value < MIN_LIMIT_S:
        raise RequestError(
            f"The time limit of a task must be a number of seconds above 0, at least "
            f"{MIN_LIMIT_S:g} and at most {MAX_LIMIT_S:g}, not {shown(value)}."
        )


def named_cluster() -> str:
    """Return the address of the cluster that the settings name; empty for none."""
    return os.environ.get(CLUSTER_SETTING, "")


def check_cluster(address: object) -> None:
    """Refuse an address of a cluster that is no text."""
    if address is not None and not isinstance(address, str):
        raise RequestError(
            f"The address of a cluster is text such as 'tcp://10.0.0.2:8786', not {shown(address)}."
        )


def _settled_threads(mode: modes.Mode, threads: int | None) -> int:
    if mode.has_threads:
        threads = 2 if threads is None else threads
        check_whole("threads", threads, MAX_WORKERS)
        return int(threads)
    if threads is not None and not is_whole(threads, 1):
        what = f"Threads for each worker ({shown(threads)}) make sense in the mode 'nested'"
        raise _out_of_place(what, mode, "'nested', or leave them out")
    return 1


def _settled_cluster(mode: modes.Mode, address: str | None) -> str:
    check_cluster(address)
    if mode.elsewhere:
        return named_cluster() if address is None else address.strip()
    if address:
        what = f"The address of a cluster ({shown(address)}) makes sense in the mode 'cluster'"
        raise _out_of_place(what, mode, "'cluster', or leave it out")
    return ""


def _settled_start_method(mode: modes.Mode, start_method: str | None) -> str | None:
    if start_method is None:
        return modes.start_methods()[0] if mode.starts_processes else None
    if not mode.starts_processes:
        what = f"A start method ({shown(start_method)}) makes sense in modes that start processes"
        choices = wording.listing(modes.starting_processes())
        raise _out_of_place(what, mode, f"{choices}, or leave it out")
    check_choice("start method", start_method, modes.start_methods())
    return start_method


def _out_of_place(what: str, mode: modes.Mode, choice: str) -> RequestError:
    return RequestError(f"{what} only, not in {mode.name!r}. Choose {choice}.")
