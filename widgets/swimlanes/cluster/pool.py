"""Dask's workers, used as a pool is."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import CancelledError
from functools import partial
from itertools import chain
from types import TracebackType
from typing import Any, Self

from distributed import Client, Future, KilledWorker, as_completed, wait

from swimlanes.cluster import trouble
from swimlanes.cluster.connect import workers_of
from swimlanes.cluster.events import key_of
from swimlanes.cluster.meeting import Lane
from swimlanes.cluster.on_worker import Job, get_ready, run_chunk, warm_up
from swimlanes.modes.pools import chunks
from swimlanes.warmup import Warmed
from swimlanes.worker import Unsendable, in_one_line

# Dask alone would wait for ever when nobody is left to do a task.
LOOK_S = 0.5


class DaskPool:
    """Dask's workers, which map as a pool does.

    Parameters
    ----------
    client : Client
        A connection to the scheduler.
    job : Job
        What workers have to know.
    address : str
        The scheduler's.
    only : list of str or None
        Addresses of the workers that take part; None for all.
    lanes : sequence of Lane
        Those that take part, by number.
    """

    def __init__(
        self,
        client: Client,
        job: Job,
        address: str,
        only: list[str] | None,
        lanes: Sequence[Lane],
    ) -> None:
        self._client = client
        self._job = job
        self._address = address
        self._only = only
        self._lanes = lanes

    def __enter__(self) -> Self:
        """Return the pool."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Leave the connection to whoever made it."""

    def get_ready(self) -> None:
        """Have each lane load the function and call the initializer."""
        self._on_each(get_ready)

    def warm_up(self, values: list[Any]) -> list[Warmed]:
        """Have each lane call the function with each value, once all lanes are ready."""
        self.get_ready()
        spans = self._on_each(warm_up, values)
        return [
            Warmed(0, 0, lane.clock.here_ns(start_ns), lane.clock.here_ns(end_ns), number)
            for number, (lane, (start_ns, end_ns)) in enumerate(
                zip(self._lanes, spans, strict=True), start=1
            )
        ]

    def map(self, function: Callable[..., Any], inputs: Iterable[Any], chunksize: int) -> list[Any]:
        """Return the results in the order of the inputs, when all are there."""
        futures = self._submit(function, inputs, chunksize)
        self._wait(futures)
        return list(chain.from_iterable(self._get(futures)))

    def imap(
        self, function: Callable[..., Any], inputs: Iterable[Any], chunksize: int
    ) -> Iterator[Any]:
        """Yield the results in the order of the inputs, each when its turn has come."""
        for future in self._submit(function, inputs, chunksize):
            self._wait([future])
            yield from self._get([future])[0]

    def imap_unordered(
        self, function: Callable[..., Any], inputs: Iterable[Any], chunksize: int
    ) -> Iterator[Any]:
        """Yield the results as their chunks are ready."""
        open_ = as_completed(self._submit(function, inputs, chunksize), timeout=LOOK_S)
        while not open_.is_empty():
            try:
                future = next(open_)
            except TimeoutError:
                self._look_for_workers()
                open_ = as_completed(list(open_.futures), timeout=LOOK_S)
            else:
                yield from self._get([future])[0]

    def _submit(
        self, function: Callable[..., Any], inputs: Iterable[Any], chunksize: int
    ) -> list[Future[Any]]:
        parts = list(chunks(inputs, chunksize))
        futures: list[Future[Any]] = self._client.map(
            partial(run_chunk, self._job, function),
            parts,
            key=[key_of(self._job.topic, number) for number in range(len(parts))],
            workers=self._only,
            pure=False,
        )
        return futures

    def _on_each(self, function: Callable[..., Any], *arguments: Any) -> list[Any]:  # noqa: ANN401
        """Return what a function returns on each lane, in their order."""
        futures = [
            # Not with the topic in front, for it is no task.
            self._client.submit(
                function, self._job, *arguments, workers=[lane.address], pure=False,
                key=f"{function.__name__}-{self._job.topic}-{number}",
            )
            for number, lane in enumerate(self._lanes, start=1)
        ]  # fmt: skip
        self._wait(futures)
        return self._get(futures)

    def _wait(self, futures: list[Future[Any]]) -> None:
        """Wait until all are done, or one cannot be."""
        while any(not future.done() for future in futures):
            failed = [future for future in futures if future.status in ("error", "cancelled")]
            if failed:
                self._get(failed[:1])
            try:
                wait(futures, timeout=LOOK_S)
            except TimeoutError:
                self._look_for_workers()
            except CancelledError:
                raise trouble.scheduler_lost(self._address) from None

    def _get(self, futures: list[Future[Any]]) -> list[Any]:
        try:
            results: list[Any] = self._client.gather(futures)
        except CancelledError:
            raise trouble.scheduler_lost(self._address) from None
        except KilledWorker as error:
            raise trouble.workers_lost(error) from None
        except TypeError as error:  # tasks that raise are told otherwise
            raise Unsendable(None, "still on its worker", in_one_line(error)) from error
        return results

    def _look_for_workers(self) -> None:
        if self._client.status != "running":
            raise trouble.scheduler_lost(self._address)
        present = workers_of(self._client)
        if not present or (self._only and not present.keys() & set(self._only)):
            raise trouble.nobody_left(self._address)
