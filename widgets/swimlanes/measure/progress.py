"""One run from its start to its end: start a runner, watch it, end it, return its record."""

from __future__ import annotations

import contextlib
import pickle
import shutil
import threading
import time
from dataclasses import replace

from swimlanes import cgroup, core_load, heritage, hiding, kin, modes, sharing, wording
from swimlanes.cores import UsableCores, usable_cores
from swimlanes.errors import RunCancelled, RunError
from swimlanes.measure.place import Interpreter, make_folder
from swimlanes.measure.plan import Plan
from swimlanes.measure.process import GRACE_S, RunnerProcess
from swimlanes.measure.remarks import on_changes, on_edited, on_forks
from swimlanes.measure.report import make_run, read_timeline, with_times_of
from swimlanes.measure.waits import MOST_LANES, WaitsLog
from swimlanes.measure.watch import CoreLoadLog
from swimlanes.measure.work import Work
from swimlanes.records import Run, Timeline
from swimlanes.runner.protocol import Breakdown, Order, Outcome, Success
from swimlanes.sheet import MAP_START, WARMUP_START
from swimlanes.worker import BEGUN, Unloadable

STOPPED = "The run was stopped."
DEAF_S = 0.25
"""How long to wait at a time for the end, seconds: Python does not hear a signal that comes just
before a thread waits for a lock until that wait is over."""
LOOK_S = 0.2
"""How often to look for tasks that take too long, unless the limit is shorter, seconds."""
SHORTEST_LOOK_S = 0.015
"""Shortest pause between two looks, seconds, however few lanes there are."""
LANE_LOOK_S = 0.0075
"""Pause for each lane between two looks, seconds: a look takes 15 µs, so 0.2 % of a core."""
RECORDING_BEARS = 0.02
"""Share of the tasks' and of the lanes' time from which on recording weighs too much.

Recording a task takes 2 to 10 µs. Where that is more than this share, the run is repeated bare, in
a runner of its own, and its times are those.
"""
BARE_PATIENCE_S = 10.0
"""How much longer than the recorded run the bare one may take, seconds: it should be shorter."""


class RunInProgress:
    """A run that goes on in a runner process.

    Any thread may look at it. It is a run's whole life: when the runner has ended, for whatever
    reason, its process group and its files are gone before `done` says so. Before that,
    `runner_gone` says that nothing of it is left but results, which are read here.

    Raises
    ------
    RequestError
        If the function or the inputs cannot travel; nothing was started.
    RunError
        If there is no room for the records, or no process to be had.
    """

    def __init__(self, work: Work, plan: Plan) -> None:
        Interpreter.refuse_within_a_runner()
        self.work = work
        self.plan = plan
        self.chunksize = plan.settled_chunksize(len(work.inputs))
        self.usable_cores: UsableCores = usable_cores()
        self._interpreter = Interpreter(plan.python)
        self._interpreter.check(work)
        self._edited = on_edited(work.module)
        work.check_shared(plan.mode)
        self._cancelled = False
        self._overdue: RunError | None = None
        self._kill_at_s = self._next_overdue_s = 0.0
        self._ended = threading.Event()
        self._reading = threading.Lock()
        self._core_load = CoreLoadLog(self.usable_cores.cpus)
        self._waits = WaitsLog()
        self._bare: RunInProgress | None = None
        self._oom_kills = cgroup.oom_kills()
        self._throttle_clocks_s = cgroup.throttle_clocks_s()
        self.runner_gone = False
        self._settled = False
        self._result: Run | RunError
        with hiding.Told():
            self._start()

    @property
    def done(self) -> bool:
        """Whether the run has ended, well or not."""
        return self._ended.is_set()

    def wait(self, timeout_s: float | None = None) -> bool:
        """Wait for the end and return True, or return False after `timeout_s` seconds."""
        return self._ended.wait(timeout_s)

    @property
    def printed(self) -> str:
        """What the tasks have printed so far; the end of it if it is very long."""
        return self._runner.printed.text

    @property
    def cpu_time_s(self) -> float:
        """CPU time of the run's processes so far, seconds; 0 when they are gone."""
        return core_load.family_cpu_time_s(self._runner.pid)

    @property
    def wants_core(self) -> bool:
        """Whether one of the run's threads is on a core, or waits for one, at this moment."""
        return core_load.family_wants_core(self._runner.pid)

    def timeline(self) -> Timeline:
        """Return the lanes and tasks as they are at this moment."""
        with self._reading:
            if not self._settled:
                self._timeline = self._read_timeline()
            return self._timeline

    def cancel(self) -> None:
        """End the run, with all its processes; harmless when it has ended already."""
        for end in (self._runner.ask_to_end, self._runner.kill):
            self._cancelled |= end()
            if self._ended.wait(GRACE_S):
                return
            if self._bare is not None:
                self._bare.cancel()
        if self.runner_gone:  # only a result's own code goes on, here, and nobody can end that
            self._result = RunCancelled(STOPPED)
            self._ended.set()
        self._ended.wait()

    def result(self) -> Run:
        """Wait for the end; return the record, or raise the error. An interrupt ends the run."""
        try:
            while not self._ended.wait(DEAF_S):
                pass
        except BaseException:
            self.cancel()
            raise
        if isinstance(self._result, RunError):
            raise self._result
        return self._result

    def _start(self) -> None:
        """Start the runner and the thread that attends to it, or nothing at all."""
        with contextlib.ExitStack() as undo:
            self._folder, self._sheet = make_folder(len(self.work.inputs))
            undo.callback(shutil.rmtree, self._folder, ignore_errors=True)
            undo.callback(self._sheet.close)
            self._timeline = self._read_timeline()
            self._runner = RunnerProcess(
                self._interpreter.path,
                self._interpreter.environment(self._folder),
                self._folder,
            )
            undo.callback(self._runner.end)
            undo.callback(self._runner.kill)
            self._runner.send(pickle.dumps(self._order()))
            threading.Thread(target=self._attend, name="swimlanes-attend", daemon=True).start()
            undo.pop_all()

    def _order(self) -> Order:
        return Order(
            folder=str(self._folder),
            outcome=self._runner.answer_to,
            mode=self.plan.mode,
            workers=self.plan.workers,
            threads=self.plan.threads,
            start_method=self.plan.start_method,
            schedule=self.plan.schedule,
            chunksize=self.chunksize,
            function=self.work.sent_function.payload,
            inputs=self.work.sent_inputs.data,
            own_classes=self.work.brings_classes,
            tasks_count=len(self.work.inputs),
            cpus=self.usable_cores.cpus,
            sys_path=self._interpreter.search_path(self._folder),
            cluster=self.plan.cluster,
            bare=self.plan.bare,
            heritage=heritage.take(),
            initializes=self.work.initializer is not None,
            warmup=self.work.warmup,
        )

    def _attend(self) -> None:
        """Listen to the runner until it has ended, clean up after it, settle the result."""
        try:
            self._runner.listen(self._look_after)
            self._core_load.look(None)
            self._runner.end()
            result = self._with_bare(self._settle())
            if not self.done:  # else it has been given up
                self._result = result
        except Unloadable as told:
            self._result = wording.unloadable(told)
        except BaseException as error:  # nobody else is there to hear of it
            hidden = hiding.told_by_error(error)
            self._result = RunError(hidden or f"The run's record could not be read: {error!r}.")
            self._runner.kill()
            self._runner.end()
        finally:
            kin.remove(str(self._folder))
            self._ended.set()

    def _look_after(self) -> float:
        """Note what the run does; end it when a task takes too long. Return when to look again."""
        workers = list(self._sheet.workers())
        self._core_load.look({self._runner.pid, *(row.pid for row in workers)})
        self._waits.look(workers)
        now_s = time.monotonic()
        if self._overdue is not None:
            if now_s > self._kill_at_s:
                self._runner.kill()
        elif self.plan.limit_s is not None and now_s >= self._next_overdue_s:
            self._overdue = self._find_overdue(self.plan.limit_s)
            self._next_overdue_s = now_s + min(LOOK_S, self.plan.limit_s)
            if self._overdue is not None:
                self._runner.ask_to_end()
                self._kill_at_s = now_s + GRACE_S
        return max(SHORTEST_LOOK_S, LANE_LOOK_S * min(len(workers), MOST_LANES))

    def _find_overdue(self, limit_s: float) -> RunError | None:
        """Return the error for the first task that has been running for longer than the limit."""
        now = time.monotonic_ns()
        for task, worker, start_ns in self._sheet.running():
            ran_s = (now - start_ns) / 1e9
            if ran_s > limit_s:
                return wording.overdue(task, worker, self.work.inputs[task], ran_s, limit_s)
        return self._overdue_before(now, limit_s)

    def _overdue_before(self, now: int, limit_s: float) -> RunError | None:
        """Return the error for an initializer, or a warm-up, that takes too long."""
        for begun in self._folder.glob(f"*{BEGUN}.*"):
            if (now - int(begun.name.split(".")[2])) / 1e9 > limit_s:
                return wording.overdue_initializer(limit_s)
        start, end = self._sheet.mark_ns(WARMUP_START), self._sheet.mark_ns(MAP_START)
        if start and not end and (now - start) / 1e9 > limit_s * self.work.warmup:
            return wording.overdue_warmup(limit_s)
        return None

    def _find_overrun(self, timeline: Timeline) -> RunError | None:
        """Return the error for the first task that has ended by itself, but over the limit."""
        limit_s = self.plan.limit_s
        if limit_s is None:
            return None
        for task in timeline.tasks:
            ran_s = (task.end_s or task.start_s) - task.start_s
            if ran_s > limit_s:
                value = self.work.inputs[task.task]
                return wording.overrun(task.task, task.worker, value, ran_s, limit_s)
        return None

    def _settle(self) -> Run | RunError:
        timeline = self.timeline()
        with self._reading:
            self._settled = True
            self._sheet.close()
        if self._cancelled:
            return RunCancelled(STOPPED)
        if self._overdue is not None:
            return self._overdue
        outcome, printed = self._read_outcome(), self._runner.printed.text
        if isinstance(outcome, Success):
            overrun = self._find_overrun(timeline)
            if overrun is not None:
                return overrun
            if not self.plan.bare:  # the work has been done once already
                sharing.take_back(self.work.sent_function.shared, outcome.shared)
            throttled_s = cgroup.throttled_s(self._throttle_clocks_s)
            on_work = on_changes(self._folder, self.plan.mode) + on_forks(self._folder)
            # Putting results together calls code of theirs, which may end this very process, or
            # never end itself. So what the run has left is removed before.
            kin.remove(str(self._folder))
            self.runner_gone = True
            run = make_run(self.work, self.plan, self.usable_cores, outcome, timeline)
            waits, gaps = self._waits.told(run.timeline.all_tasks)
            return replace(
                run,
                throttled_s=throttled_s,
                printed=printed,
                remarks=self._edited + on_work,
                evidence=replace(run.evidence, waits=waits, gaps=gaps),
            )
        out_of_memory = cgroup.oom_kills() != self._oom_kills
        return wording.explain(outcome, timeline, out_of_memory=out_of_memory, printed=printed)

    def _with_bare(self, run: Run | RunError) -> Run | RunError:
        """Return a run with the times of a bare one, where recording took too much of its own."""
        if isinstance(run, RunError) or self.plan.bare or modes.of(self.plan.mode).elsewhere:
            return run
        recording_s = run.evidence.record_cost_s * len(run.tasks)
        if min(run.recording_share, recording_s / run.account.area_s) <= RECORDING_BEARS:
            return run
        self._bare = RunInProgress(self.work, replace(self.plan, bare=True, limit_s=None))
        if not self._bare.wait(run.timeline.elapsed_s + BARE_PATIENCE_S):
            self._bare.cancel()
        try:
            bare = self._bare.result()
        except RunError:  # then there is nothing better than what was recorded
            return RunCancelled(STOPPED) if self._cancelled else run
        return with_times_of(run, bare)

    def _read_outcome(self) -> Outcome:
        try:
            outcome: Outcome = pickle.loads(self._runner.outcome)
        except (EOFError, pickle.UnpicklingError):
            why = wording.ending(self._runner.exitcode)
            return Breakdown(why, self._runner.printed.text)
        self._runner.outcome.clear()
        return outcome

    def _read_timeline(self) -> Timeline:
        return read_timeline(self._sheet, self.plan, len(self.work.inputs), self._core_load)
