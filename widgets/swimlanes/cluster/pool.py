"""A pool whose workers are Dask's: of a cluster that is there, or of one started for the run."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import CancelledError
from functools import partial
from itertools import chain
from typing import Any, NamedTuple, Self

import dask
from distributed import Client, Future, KilledWorker, LocalCluster, as_completed

from swimlanes import sheet
from swimlanes.cluster import trouble
from swimlanes.cluster.clocks import Clock, over_a_run, read_clock
from swimlanes.cluster.far import Job, look_around, run_chunk
from swimlanes.cluster.scribe import Scribe
from swimlanes.modes.pools import chunks

CONNECT_S = 10.0
LOOK_S = 1.0
EVENTS_S = 5.0
# What both sides must have alike, since functions and results travel by pickle.
_ALIKE = ("swimlanes", "distributed", "cloudpickle")


class Lane(NamedTuple):
    """A Dask worker that takes part."""

    name: str
    number: int
    clock: Clock


class ClusterPool:
    """Dask workers, used as a pool is.

    Parameters
    ----------
    address : str
        The scheduler's; empty: a cluster on this machine is started and ended.
    workers : int
        How many Dask workers take part, a lane each.
    job : Job
        What they have to know.
    sheet_path, tasks_count
        The record sheet.
    folder : str
        Where workers started here may keep files.
    """

    def __init__(
        self, address: str, workers: int, job: Job, sheet_path: str, tasks_count: int, folder: str
    ) -> None:
        self._job = job
        self._tasks_count = tasks_count
        with contextlib.ExitStack() as undo:
            self._client = undo.enter_context(_connect(address, workers, folder, undo))
            self.address = address or "this machine"
            self.lanes = [
                self._open_lane(name, sheet_path) for name in self._choose(workers)
            ]
            numbers = {lane.name: (lane.number, lane.clock) for lane in self.lanes}
            self._scribe = Scribe(sheet.map_words(sheet_path, tasks_count), numbers)
            self._client.subscribe_topic(job.topic, self._scribe.take)
            self._close = undo.pop_all()

    def __enter__(self) -> Self:
        """Return the pool."""
        return self

    def __exit__(self, *_: object) -> None:
        """Leave the cluster, and end it if it was started here."""
        self._scribe.wait_for(self._tasks_count, EVENTS_S)
        self.lanes = [
            lane._replace(clock=over_a_run(lane.clock, self._read_clock(lane.name)))
            for lane in self.lanes
        ]
        self._close.close()

    def map(self, function: Callable[..., Any], inputs: Iterable[Any], chunksize: int) -> list[Any]:
        """Return the results in the order of the inputs, when all are there."""
        return list(self.imap(function, inputs, chunksize))

    def imap(
        self, function: Callable[..., Any], inputs: Iterable[Any], chunksize: int
    ) -> Iterator[Any]:
        """Yield the results in the order of the inputs, each when its turn has come."""
        futures = self._submit(function, inputs, chunksize)
        return chain.from_iterable(map(self._wait, futures))

    def imap_unordered(
        self, function: Callable[..., Any], inputs: Iterable[Any], chunksize: int
    ) -> Iterator[Any]:
        """Yield the results as their chunks are ready."""
        futures = as_completed(self._submit(function, inputs, chunksize))
        return chain.from_iterable(map(self._wait, futures))

    def _submit(
        self, function: Callable[..., Any], inputs: Iterable[Any], chunksize: int
    ) -> list[Future]:
        run = partial(run_chunk, self._job, function)
        names = [lane.name for lane in self.lanes]
        futures: list[Future] = self._client.map(
            run, list(chunks(inputs, chunksize)), workers=names, pure=False
        )
        return futures

    def _wait(self, future: Future) -> Any:  # noqa: ANN401 - a task returns anything
        """Return a chunk's results; Dask alone would wait for ever when nobody is left."""
        while True:
            try:
                return future.result(timeout=LOOK_S)
            except TimeoutError:
                self._look_for_workers()
            except CancelledError:
                raise trouble.scheduler_lost(self.address) from None
            except KilledWorker:
                raise trouble.workers_lost("A task") from None

    def _look_for_workers(self) -> None:
        present = {str(worker["name"]) for worker in _workers(self._client).values()}
        if not present & {lane.name for lane in self.lanes}:
            raise trouble.nobody_left(self.address)

    def _choose(self, workers: int) -> list[str]:
        found = _workers(self._client)
        names = [str(worker["name"]) for worker in found.values() if worker["nthreads"] == 1]
        if len(names) < workers:
            raise trouble.too_few(self.address, len(names), workers)
        chosen = sorted(names)[:workers]
        ours, asked = _versions(_ALIKE)(), [self._address(name) for name in chosen]
        for address, theirs in self._client.run(_versions(_ALIKE), workers=asked).items():
            _compare(address, theirs, ours)
        return chosen

    def _open_lane(self, name: str, sheet_path: str) -> Lane:
        clock = self._read_clock(name)
        pid, now_ns = self._ask(name)
        ready_ns = clock.here_ns(now_ns)
        number = sheet.append_row(sheet_path, self._tasks_count, pid, 0, ready_ns)
        return Lane(name, number, clock)

    def _read_clock(self, name: str) -> Clock:
        return read_clock(lambda: self._ask(name)[1])

    def _ask(self, name: str) -> tuple[int, int]:
        (answer,) = self._client.run(look_around, workers=[self._address(name)]).values()
        pid, clock_ns = answer
        return pid, clock_ns

    def _address(self, name: str) -> str:
        found = _workers(self._client).items()
        return next(address for address, worker in found if str(worker["name"]) == name)


def _connect(
    address: str, workers: int, folder: str, undo: contextlib.ExitStack
) -> Client:
    # What Dask says of failures is told in our words.
    dask.config.set({"logging": {"distributed": "critical"}})
    if address:
        try:
            return Client(address, timeout=CONNECT_S, set_as_default=False)
        except (OSError, ValueError, TimeoutError) as error:
            raise trouble.no_scheduler(address, error) from error
    cluster = undo.enter_context(
        LocalCluster(
            n_workers=workers,
            threads_per_worker=1,
            host="127.0.0.1",
            dashboard_address=None,
            local_directory=folder,
        )
    )
    return Client(cluster, set_as_default=False)


def _workers(client: Client) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = client.scheduler_info(n_workers=-1)["workers"]
    return found


def _compare(worker: str, theirs: dict[str, str], ours: dict[str, str]) -> None:
    for package in ours:
        if theirs.get(package) != ours[package]:
            raise trouble.other_versions(worker, package, theirs.get(package, ""), ours[package])


def _versions(packages: tuple[str, ...]) -> Callable[[], dict[str, str]]:
    """Return a function that tells the versions; it travels whole, to where we may be missing."""

    def tell() -> dict[str, str]:
        import sys
        from importlib.metadata import PackageNotFoundError, version

        found = {"Python": "{}.{}".format(*sys.version_info)}
        for package in packages:
            try:
                found[package] = version(package)
            except PackageNotFoundError:
                continue
        return found

    return tell
