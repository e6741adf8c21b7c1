"""From what the lanes of watched pools wrote down to a timeline of them."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from swimlanes import sheet
from swimlanes.modes import WATCHED
from swimlanes.records import REPLACEMENT, Lane, LoadSample, Tasks, Timeline
from swimlanes.watching import log

Words = NDArray[np.int64]


@dataclass(frozen=True)
class SeenPool:
    """A pool, an executor, or a bare process or thread.

    Attributes
    ----------
    name : str
        Its name in the folder of the watch.
    kind : str
        What made it, such as ``Pool`` or ``ThreadPoolExecutor``.
    pid : int
        The process that started it.
    asked_ns : int
        When its first worker was started.
    """

    name: str
    kind: str
    pid: int
    asked_ns: int


class SeenLane(NamedTuple):
    """A worker of a pool, with its calls.

    Attributes
    ----------
    pool : SeenPool
        Whose worker it is.
    pid, thread_id : int
        Its process and its thread.
    header : ndarray
        What it wrote at the head of its file.
    calls : ndarray
        Its calls, shape (n_calls, words), see `swimlanes.watching.log`.
    end_ns : int or None
        When it ended, or was found to be gone; None if it is still there.
    """

    pool: SeenPool
    pid: int
    thread_id: int
    header: Words
    calls: Words
    end_ns: int | None

    @property
    def asked_ns(self) -> int:
        """When it was asked for."""
        return int(self.header[log.ASKED])

    @property
    def ready_ns(self) -> int:
        """When it asked for its first call."""
        return int(self.header[log.READY])

    @property
    def last_ns(self) -> int:
        """The last moment that it has written down."""
        last = int(max(self.header[[log.READY, log.RUN_START, log.ENDED]]))
        return int(self.ends.max(initial=last))

    @property
    def starts(self) -> Words:
        """When each of its calls began, shape (n_calls,)."""
        return self.calls[:, log.START]

    @property
    def ends(self) -> Words:
        """When each of its calls ended, shape (n_calls,)."""
        return self.starts + self.calls[:, log.LENGTH]

    @property
    def run_start_ns(self) -> int:
        """When the call began that goes on; 0 if none does."""
        return int(self.header[log.RUN_START])

    @property
    def running(self) -> bool:
        """Whether a call goes on."""
        return bool(self.run_start_ns)

    @property
    def succeeds(self) -> bool:
        """Whether it has taken the place of a worker that had ended."""
        return bool(self.header[log.SUCCEEDS])


class Fault(NamedTuple):
    """Something that went wrong in a pool, and what was told of it.

    A call has ``raised``; a function was ``lost`` on the way; a worker ``died`` in a call; from new
    processes this package was ``hidden``.
    """

    pool: SeenPool
    what: str
    told: Mapping[str, Any]


@dataclass(frozen=True)
class Seen:
    """All that was written down so far.

    Attributes
    ----------
    start_ns, now_ns : int
        From when on, and until when it was seen.
    pools, lanes, faults : tuple
        The pools in the order in which they were started; their lanes; what went wrong.
    core_load : tuple of LoadSample
        How busy the usable cores were.
    unseen : int
        How many workers had no room to write down all that they did.
    inner_s : float
        CPU time of threads that workers' processes had beside their lanes, seconds.
    exit_codes : mapping of int to int
        The exit codes of processes that are gone, as far as they are known.
    unread : str
        Why what was written down could not be read at the last look; empty if it could.
    """

    start_ns: int
    now_ns: int
    pools: tuple[SeenPool, ...]
    lanes: tuple[SeenLane, ...]
    faults: tuple[Fault, ...]
    core_load: tuple[LoadSample, ...] = ()
    unseen: int = 0
    inner_s: float = 0.0
    exit_codes: Mapping[int, int] = field(default_factory=dict)
    unread: str = ""

    @property
    def calls(self) -> int:
        """How many calls have begun."""
        return self.total(log.CALLS) + sum(lane.running for lane in self.lanes)

    @property
    def tells(self) -> bool:
        """Whether calls were seen, and of no worker only a part."""
        return self.calls > 0 and not self.unseen and not self.unread

    def has_died(self, lane: SeenLane) -> bool:
        """Return whether a worker ended in the middle of a call, while its pool went on."""
        return any(each.what == "died" and each.told["pid"] == lane.pid for each in self.faults)

    def total(self, word: int) -> int:
        """Return the sum of what all lanes wrote at a place of their heads."""
        return sum(int(lane.header[word]) for lane in self.lanes)


def read(folder: Path, start_ns: int, now_ns: int, gone_ns: Mapping[int, int]) -> Seen:
    """Return what the lanes have written down so far.

    Parameters
    ----------
    folder : Path
        Where they write.
    start_ns, now_ns : int
        From when on, and until when.
    gone_ns : mapping of int to int
        When each process that is gone was found to be so.
    """
    files = [file for file in folder.glob("*.lane") if _is_begun(file)]
    names = os.listdir(folder)  # after them: a pool is told of before it has lanes
    gone = _told_gone(folder, names)
    gone_ns = {**gone_ns, **{told["of"]: told["at_ns"] for told in gone}}
    pools = sorted(_pools(folder, names), key=lambda pool: pool.asked_ns)
    by_name = {pool.name: pool for pool in pools}
    lanes = [_lane(file, by_name, gone_ns) for file in files]
    # A pool may end a worker before that has written when it was ready, its first words.
    lanes = [lane for lane in lanes if lane.ready_ns]
    # Workers that go on have written while this was read: all of that is seen.
    now_ns = max([now_ns, *(lane.last_ns for lane in lanes)])
    order = {pool.name: number for number, pool in enumerate(pools)}
    lanes.sort(key=lambda lane: (order[lane.pool.name], lane.ready_ns))
    faults = (
        Fault(by_name[name.split(".")[0]], what, json.loads((folder / name).read_text()))
        for what in ("raised", "lost", "hidden")
        for name in names
        if name.endswith(f".{what}")
    )
    in_order = sorted(faults, key=lambda fault: fault.told["at_ns"])
    unseen = sum(name.endswith(".full") for name in names)
    return Seen(
        start_ns,
        now_ns,
        tuple(pools),
        tuple(lanes),
        tuple(in_order),
        unseen=unseen,
        exit_codes={told["of"]: told["code"] for told in gone},
    )


def lane_pids(folder: Path) -> set[int]:
    """Return the processes that have, or had, lanes."""
    return {int(name.split(".")[1]) for name in os.listdir(folder) if name.endswith(".lane")}


def _told_gone(folder: Path, names: Sequence[str]) -> list[dict[str, int]]:
    """Return what processes told of others that they had started and found to have ended."""
    files = (folder / name for name in names if name.endswith(".gone"))
    return [json.loads(file.read_text(encoding="utf-8")) for file in files]


def died(seen: Seen) -> Iterator[Fault]:
    """Yield the workers of a `Pool` that were gone in a call, while their pool went on.

    Then it has started more successors than workers have ended otherwise. Ask while it goes on: at
    its end, all are gone.
    """
    for pool in seen.pools:
        lanes = [lane for lane in seen.lanes if lane.pool is pool and pool.kind == "Pool"]
        gone = [lane for lane in lanes if lane.end_ns is not None]
        successors = sum(lane.succeeds for lane in lanes)
        if successors > sum(not lane.running for lane in gone):
            for lane in gone:
                if lane.running:
                    yield Fault(pool, "died", {"pid": lane.pid, "at_ns": lane.end_ns})


def _pools(folder: Path, names: Sequence[str]) -> Iterator[SeenPool]:
    for name in names:
        if name.endswith(".pool"):
            told = json.loads((folder / name).read_text(encoding="utf-8"))
            yield SeenPool(name.split(".")[0], told["kind"], told["pid"], told["at_ns"])


def _is_begun(file: Path) -> bool:
    return file.stat().st_size > log.HEADER_WORDS * sheet.WORD


def _lane(file: Path, pools: Mapping[str, SeenPool], gone_ns: Mapping[int, int]) -> SeenLane:
    pool, pid, thread_id, _ = file.name.split(".")
    words = np.fromfile(file, dtype=np.int64)
    header = words[: log.HEADER_WORDS]
    calls = words[log.HEADER_WORDS :].reshape(-1, log.CALL_WORDS)
    end_ns = int(header[log.ENDED]) or gone_ns.get(int(pid))
    calls = calls[calls[:, log.COUNT] > 0]
    return SeenLane(pools[pool], int(pid), int(thread_id), header, calls, end_ns)


def timeline(seen: Seen, ended: bool = False) -> Timeline:
    """Return the lanes with their calls as a timeline, which goes on or has ended.

    Its calls are numbered in the order in which they began. Very short calls that were written down
    together are one task of it.
    """
    zero_ns = seen.start_ns
    rows = [_slots(seen, lane, number, ended) for number, lane in enumerate(seen.lanes, start=1)]
    slots = np.concatenate([np.zeros((0, sheet.SLOT_WORDS), np.int64), *rows])
    slots = slots[np.argsort(slots[:, sheet.START], kind="stable")]
    startup_s, map_s, wall_time_s = _moments_s(seen) if ended else (None, None, None)
    return Timeline(
        WATCHED,
        workers=max(1, len(seen.lanes)),
        tasks_count=max(1, seen.calls),
        chunksize=1,
        elapsed_s=(seen.now_ns - zero_ns) / 1e9,
        startup_s=startup_s,
        map_s=map_s,
        wall_time_s=wall_time_s,
        lanes=tuple(_row(seen, lane, number) for number, lane in enumerate(seen.lanes, start=1)),
        tasks=Tasks(slots.tobytes(), zero_ns),
        core_load=seen.core_load,
        failed=_failed(seen, slots),
    )


def _failed(seen: Seen, slots: Words) -> tuple[int, ...]:
    """Return the numbers of the calls that raised, or whose worker ended.

    Calls that share a place are left out.
    """
    starts = [fault.told["start_ns"] for fault in seen.faults if fault.what == "raised"]
    starts += [lane.run_start_ns for lane in seen.lanes if lane.running and seen.has_died(lane)]
    return tuple(np.flatnonzero(np.isin(slots[:, sheet.START], starts)).tolist())


def _moments_s(seen: Seen) -> tuple[float, float, float]:
    """Return start-up, time with calls, and all of it: from and to when workers had calls."""
    ready = [lane.ready_ns for lane in seen.lanes] or [seen.start_ns]
    ends = [int(lane.ends.max(initial=lane.ready_ns)) for lane in seen.lanes]
    first, last = min(ready) - seen.start_ns, max([*ends, *ready]) - seen.start_ns
    return first / 1e9, (last - first) / 1e9, (seen.now_ns - seen.start_ns) / 1e9


def _row(seen: Seen, lane: SeenLane, number: int) -> Lane:
    def seconds(at_ns: int) -> float:
        return max(0, at_ns - seen.start_ns) / 1e9

    several = f" {seen.pools.index(lane.pool) + 1}" if len(seen.pools) > 1 else ""
    name = lane.pool.kind + several
    if seen.has_died(lane):
        name += ", ended"
    elif lane.succeeds:
        name = REPLACEMENT + several
    return Lane(
        number,
        lane.pid,
        lane.thread_id,
        seconds(lane.ready_ns),
        name=name,
        asked_s=seconds(lane.asked_ns),
        gone_s=None if lane.end_ns is None else seconds(lane.end_ns),
    )


def _slots(seen: Seen, lane: SeenLane, number: int, ended: bool) -> Words:
    """Return the lane's calls as a sheet has them, the one that goes on as the last.

    It ends with its worker, or with what was watched.
    """
    calls = lane.calls
    slots = np.zeros((len(calls) + lane.running, sheet.SLOT_WORDS), np.int64)
    slots[:, sheet.WORKER] = number
    complete = slots[: len(calls)]
    complete[:, sheet.START], complete[:, sheet.END] = lane.starts, lane.ends
    complete[:, sheet.CPU], complete[:, sheet.WAITING] = calls[:, log.CPU], calls[:, log.WAITING]
    if lane.running:
        start_ns = lane.run_start_ns
        slots[-1, sheet.START] = start_ns
        if ended or lane.end_ns is not None:
            slots[-1, sheet.END] = max(start_ns, lane.end_ns or seen.now_ns)
    return slots
