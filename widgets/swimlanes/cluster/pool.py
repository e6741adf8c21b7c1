"""The cluster of a run, one that is there or is started here, and its workers used as a pool."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import CancelledError
from functools import partial
from itertools import chain
from typing import Any, Self

from distributed import Client, Future, KilledWorker, as_completed, wait

from swimlanes import sheet
from swimlanes.cluster.connect import (
    be_quiet,
    connection,
    scheduler_lost,
    started_here,
    workers_of,
)
from swimlanes.cluster.events import key_of
from swimlanes.cluster.meeting import Lane, Meeting, Target
from swimlanes.cluster.on_worker import Job, get_ready, run_chunk, warm_up
from swimlanes.modes import Pool, Trouble
from swimlanes.modes.mode import Function, chunks
from swimlanes.warmup import Warmed
from swimlanes.worker import Unsendable, in_one_line

# Dask alone would wait for ever when nobody is left to do a task.
LOOK_S = 0.5


class DaskPool(Pool):
    """Dask's workers, which map as a pool does.

    The lanes are those that take part, by number; `only` holds their addresses, or is None for all.
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

    def __exit__(self, *_: object) -> None:
        """Leave the connection open: its maker closes it."""

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

    def map(self, function: Function, inputs: Iterable[Any], chunksize: int) -> list[Any]:
        """Return the results in the order of the inputs, when all are there."""
        futures = self._submit(function, inputs, chunksize)
        self._wait(futures)
        return list(chain.from_iterable(self._get(futures)))

    def imap(self, function: Function, inputs: Iterable[Any], chunksize: int) -> Iterator[Any]:
        """Yield the results in the order of the inputs, each when its turn has come."""
        for future in self._submit(function, inputs, chunksize):
            self._wait([future])
            yield from self._get([future])[0]

    def imap_unordered(
        self, function: Function, inputs: Iterable[Any], chunksize: int
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
        self, function: Function, inputs: Iterable[Any], chunksize: int
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
                raise scheduler_lost(self._address) from None

    def _get(self, futures: list[Future[Any]]) -> list[Any]:
        try:
            results: list[Any] = self._client.gather(futures)
        except CancelledError:
            raise scheduler_lost(self._address) from None
        except KilledWorker as error:
            raise Trouble(
                "Every worker that began a certain task was lost (as when memory runs out), so "
                f"Dask gave it up: {str(error).partition('.')[0]}. Look at its input, or give "
                "workers more memory."
            ) from None
        except TypeError as error:  # tasks that raise are told otherwise
            raise Unsendable(None, "still on its worker", in_one_line(error)) from error
        return results

    def _look_for_workers(self) -> None:
        if self._client.status != "running":
            raise scheduler_lost(self._address)
        present = workers_of(self._client)
        if not present or (self._only and not present.keys() & set(self._only)):
            raise Trouble(
                f"All workers of this run at {self._address} are gone, so the rest of the tasks "
                "would wait for ever. Start them again and repeat."
            )


class Cluster:
    """A Dask cluster as a run needs it.

    At an empty address none is there: one on this machine is started and ended with the pool, as
    the workers of any pool are, and may keep files in `folder`.
    """

    def __init__(self, address: str, workers: int, job: Job, target: Target, folder: str) -> None:
        self._address = address
        self._workers = workers
        self._job = job
        self._target = target
        self._folder = folder
        self._far = sheet.ClusterTold((), (), 0)

    def __enter__(self) -> Self:
        """Meet the workers of a cluster that is there, which is not to be measured."""
        be_quiet()
        with contextlib.ExitStack() as undo:
            if self._address:
                self._meeting = undo.enter_context(self._meet(self._address))
            self._close = undo.pop_all()
        return self

    def __exit__(self, *error: Any) -> None:  # noqa: ANN401 - passed on as it comes
        """Leave the cluster as it was."""
        self._close.__exit__(*error)

    def pool(self) -> contextlib.AbstractContextManager[DaskPool]:
        """Return the workers as a pool, ready when it is entered."""
        return self._pool_there() if self._address else self._pool_here()

    def tell(self) -> sheet.ClusterTold:
        """Return what the sheet does not hold, when the pool is gone."""
        return self._meeting.tell() if self._address else self._far

    @contextlib.contextmanager
    def _pool_there(self) -> Iterator[DaskPool]:
        with self._pool_of(self._address, self._meeting) as pool:
            yield pool
        self._meeting.hear_all()

    @contextlib.contextmanager
    def _pool_here(self) -> Iterator[DaskPool]:
        with (
            started_here(self._workers, self._folder) as address,
            self._meet(address) as meeting,
            self._pool_of(address, meeting) as pool,
        ):
            yield pool
            meeting.hear_all()
            self._far = meeting.tell()

    @contextlib.contextmanager
    def _pool_of(self, address: str, meeting: Meeting) -> Iterator[DaskPool]:
        with connection(address) as client, client.as_current():
            meeting.open_rows()
            # Dask hands out tasks better if every worker may have any.
            only = None if meeting.everybody else [lane.address for lane in meeting.lanes]
            pool = DaskPool(client, self._job, address, only, meeting.lanes)
            if self._job.initializes:
                pool.get_ready()
            yield pool

    def _meet(self, address: str) -> Meeting:
        here = not self._address
        return Meeting(address, self._workers, self._job, self._target, here=here)
