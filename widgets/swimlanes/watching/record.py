"""The record of a block that was watched: a run like others, whose workers are somebody else's."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import NamedTuple, Self

from swimlanes import core_load
from swimlanes.brief import plural
from swimlanes.cores import UsableCores, usable_cores
from swimlanes.errors import RequestError
from swimlanes.measure import MAX_TASKS, MAX_WORKERS
from swimlanes.measure.report import conditions_here, others
from swimlanes.records import Evidence, Run
from swimlanes.runner.usage import Usage
from swimlanes.watching import advice, log
from swimlanes.watching.seen import Seen, timeline


class Clocks(NamedTuple):
    """The cores there are, and what of them was used up to a moment."""

    cores: UsableCores
    usage: Usage

    @classmethod
    def now(cls) -> Self:
        """Read them. A fork server is left alone: it is the participant's."""
        cores = usable_cores()
        busy_s = core_load.busy_s(cores.cpus)
        return cls(cores, Usage(time.monotonic(), core_load.own_cpu_time_s(), busy_s))

    def since(self, before: Self) -> Usage:
        """Return what was used since an earlier reading."""
        return self.usage.since(before.usage)


def run_of(seen: Seen, cores: UsableCores, usage: Usage, name: str) -> Run:
    """Return what was seen as the record of a run.

    Parameters
    ----------
    seen : Seen
        All that was seen, to its end.
    cores : UsableCores
        The cores there are.
    usage : Usage
        What was used of them meanwhile.
    name : str
        What was watched.

    Raises
    ------
    RequestError
        If no call was seen, or not all of them, or more than a record holds.
    """
    if seen.unseen or seen.unread:
        raise RequestError(f"There is no run. {advice.only_a_part(seen)}")
    if not seen.calls:
        raise RequestError(
            "There is no run: no call was seen. Start a pool, an executor, a process or a thread "
            "while it is watched, and give it work."
        )
    if len(seen.lanes) > MAX_WORKERS or seen.calls > MAX_TASKS:
        raise RequestError(
            f"There is no run: {plural(seen.calls, 'call')} on "
            f"{plural(len(seen.lanes), 'worker')} were seen, and a record has at most {MAX_TASKS} "
            f"on {MAX_WORKERS}. Watch a part of the work."
        )
    load, error = others(usage, len(cores.cpus))
    return Run(
        workload=name,
        task_ms=None,
        start_method=None,
        inputs_digest="",
        results_digest="",
        cpu_time_s=usage.own_s,
        others_load=load,
        conditions=conditions_here(cores),
        timeline=replace(timeline(seen, ended=True), cpus=tuple(cores.cpus)),
        lengths="",
        evidence=Evidence(
            others_error=error,
            inner_cpu_s=seen.inner_s,
            input_bytes=seen.total(log.BYTES_IN),
            result_bytes=seen.total(log.BYTES_OUT),
        ),
    )
