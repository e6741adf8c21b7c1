"""The cluster of a run: one that is there, or one that is started on this machine."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any, Self

from swimlanes import sheet
from swimlanes.cluster.connect import be_quiet, connection, started_here
from swimlanes.cluster.meeting import Meeting, Target
from swimlanes.cluster.on_worker import Job
from swimlanes.cluster.pool import DaskPool


class Cluster:
    """A Dask cluster as a run needs it.

    Parameters
    ----------
    address : str
        The scheduler's. Empty: a cluster on this machine is started and ended with the pool, as
        the workers of any pool are.
    workers : int
        How many Dask workers take part, a lane each.
    job : Job
        What they have to know.
    target : Target
        Where what they tell is written down.
    folder : str
        Where workers started here may keep files.

    Raises
    ------
    Trouble
        If the cluster cannot do the run.
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
