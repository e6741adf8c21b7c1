"""The measurement's own connection to a cluster: who takes part, with which clocks, what is told.

The measured part does what anybody would do with Dask: connect, map, gather. The rest is here.
"""

from __future__ import annotations

import contextlib
import re
import time
from typing import NamedTuple, Self

from distributed import Client

from swimlanes import sheet
from swimlanes.cluster.clocks import OURS, Clock, over_a_run, read_clock
from swimlanes.cluster.connect import check_versions, connection, knock, workers_of
from swimlanes.cluster.events import EventWriter
from swimlanes.cluster.on_worker import Job, Receipts, cores, look_around
from swimlanes.cluster.stamps import Stamps
from swimlanes.modes import Trouble

# Events take another way than results, and may come later.
TOLD_WITHIN_S = 5.0


class Target(NamedTuple):
    """The record sheet, and how tasks are put into chunks."""

    path: str
    tasks_count: int
    chunksize: int


class Lane(NamedTuple):
    """A Dask worker that takes part; its process id only if it is on this machine, else 0."""

    address: str
    name: str
    pid: int
    clock: Clock


class Meeting:
    """The workers of a run, met before it begins: so many of the scheduler's, a lane each.

    If the cluster is on this machine for sure (`here`), its clock is ours.
    """

    def __init__(self, address: str, workers: int, job: Job, target: Target, *, here: bool) -> None:
        self._address = address
        self._job = job
        self._target = target
        self._here = here
        knock(address)
        with contextlib.ExitStack() as undo:
            self._client: Client = undo.enter_context(connection(address))
            chosen = self._choose(workers)
            check_versions(self._client, [lane for lane, _ in chosen])
            self.lanes = [self._make_lane(*worker) for worker in chosen]
            self._cores = 0 if here else len(set().union(*self._client.run(cores).values()))
            words = sheet.map_words(target.path, target.tasks_count)
            self._writer = EventWriter(words, target.chunksize, self._scheduler_clock())
            self._listen()
            self._close = undo.pop_all()

    def __enter__(self) -> Self:
        """Return the meeting."""
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        """Leave the cluster as it was; after an error it may not hear."""
        if kind is None:
            self._close.close()

    @property
    def everybody(self) -> bool:
        """Whether all workers of the cluster take part."""
        return len(workers_of(self._client)) <= len(self.lanes)

    def open_rows(self) -> None:
        """Report the workers ready."""
        for lane in self.lanes:
            self._open_row(lane)

    def hear_all(self) -> None:
        """Wait until all has been told, and take in who came later."""
        self._writer.wait_for_all(TOLD_WITHIN_S)
        known = workers_of(self._client)
        for address in list(self._writer.strangers):
            if address not in known:
                raise Trouble(
                    f"The Dask worker {address} came in the middle of the run and was gone at its "
                    "end, so its clock could not be compared. Run again while no worker comes or "
                    "goes."
                )
            lane = self._make_lane(address, str(known[address]["name"]))
            self.lanes.append(lane)
            self._open_row(lane)

    def tell(self) -> sheet.ClusterTold:
        """Return what the sheet does not hold, once all has been heard."""
        self._writer.sum_up()
        present = workers_of(self._client)
        clocks = [self._checked(lane) if lane.address in present else lane for lane in self.lanes]
        lanes = (sheet.FarLane(lane.name, lane.clock.uncertainty_ns) for lane in clocks)
        return sheet.ClusterTold(tuple(lanes), tuple(self._writer.lost), self._cores)

    def _choose(self, workers: int) -> list[tuple[str, str]]:
        """Return address and name of those who take part: of one thread each, by name."""
        known = workers_of(self._client).items()
        fit = [(address, str(w["name"])) for address, w in known if w["nthreads"] == 1]
        if len(fit) < workers:
            raise Trouble(
                f"The number of workers with one thread at {self._address} is {len(fit)}, and the "
                f"run needs {workers}. Ask for fewer, or start more: dask worker --nthreads 1."
            )
        return sorted(fit, key=lambda worker: _natural(worker[1]))[:workers]

    def _make_lane(self, address: str, name: str) -> Lane:
        pid = self._ask(address)[0] if self._here else 0
        return Lane(address, name, pid, self._clock_of(address))

    def _clock_of(self, address: str) -> Clock:
        return OURS if self._here else read_clock(lambda: self._ask(address)[1])

    def _scheduler_clock(self) -> Clock:
        if self._here:
            return OURS
        return read_clock(lambda: self._client.run_on_scheduler(time.monotonic_ns))

    def _checked(self, lane: Lane) -> Lane:
        """Return a lane whose clock has been read once more, for it may have drifted."""
        return lane._replace(clock=over_a_run(lane.clock, self._clock_of(lane.address)))

    def _ask(self, address: str) -> tuple[int, int]:
        (answer,) = self._client.run(look_around, workers=[address]).values()
        pid, clock_ns = answer
        return pid, clock_ns

    def _listen(self) -> None:
        topic = self._job.topic
        self._client.subscribe_topic(topic, self._writer.take)
        for plugin in (Stamps(topic, self._client.id), Receipts(topic)):
            self._client.register_plugin(plugin)

    def _open_row(self, lane: Lane) -> None:
        path, tasks_count, _ = self._target
        number = sheet.append_row(path, tasks_count, (lane.pid, 0, time.monotonic_ns(), 0, 0))
        self._writer.introduce(lane.address, number, lane.clock)


def _natural(name: str) -> list[tuple[int, str]]:
    """Return a key that sorts worker-10 behind worker-9.

    Examples
    --------
    >>> sorted(["w-10", "w-9"], key=_natural)
    ['w-9', 'w-10']
    """
    parts = re.split(r"(\d+)", name)
    return [(int(part), "") if part.isdigit() else (0, part) for part in parts]
