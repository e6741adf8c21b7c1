"""One run from its start to its end: start a runner, watch it, end it, return its record."""

from __future__ import annotations

import contextlib
import os
import pickle
import platform
import selectors
import shutil
import signal
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path

from swimlanes import cgroup, core_load, runner, sheet, travel, wording
from swimlanes.cores import UsableCores, usable_cores
from swimlanes.errors import RunCancelled, RunError
from swimlanes.measure.interpreter import Interpreter
from swimlanes.measure.plan import Plan
from swimlanes.measure.watch import CoreLoadLog, Printed, overdue_task
from swimlanes.measure.work import Work
from swimlanes.records import Conditions, Lane, Run, Tasks, Timeline

# How long workers may take to end when asked, before they are killed, seconds.
GRACE_S = 0.3
LOOK_S = 0.2


class RunInProgress:
    """A run that goes on in a runner process.

    Any thread may look at it. It is a run's whole life: when the runner has ended, for whatever
    reason, its process group and its files are gone before `done` says so.

    Parameters
    ----------
    work, plan
        What is to be done, and how.

    Raises
    ------
    RequestError
        If the function or the inputs cannot travel; nothing was started.
    RunError
        If there is no room for the records.
    """

    def __init__(self, work: Work, plan: Plan) -> None:
        self.work = work
        self.plan = plan
        self.chunksize = plan.settled_chunksize(len(work.inputs))
        self.usable_cores: UsableCores = usable_cores()
        self._interpreter = Interpreter(plan.python)
        self._interpreter.check(work)
        self._cancelled = False
        self._overdue: RunError | None = None
        self._ended = threading.Event()
        self._reading = threading.Lock()
        self._signalling = threading.Lock()
        self._outcome = bytearray()
        self._printed = Printed()
        self._core_load = CoreLoadLog(self.usable_cores.cpus)
        self._oom_kills = cgroup.oom_kills()
        self._result: Run | RunError
        self._sheet: sheet.Sheet | None
        self._folder, self._sheet = _make_sheet(len(work.inputs))
        try:
            self._timeline = self._read_timeline(self._sheet)
            self._start()
        except BaseException:
            shutil.rmtree(self._folder, ignore_errors=True)
            raise
        threading.Thread(target=self._attend, name="swimlanes-attend", daemon=True).start()

    @property
    def done(self) -> bool:
        """Whether the run has ended, well or not."""
        return self._ended.is_set()

    def wait(self, timeout_s: float | None = None) -> bool:
        """Wait for the end and return True, or return False after `timeout_s` seconds."""
        return self._ended.wait(timeout_s)

    def timeline(self) -> Timeline:
        """Return the lanes and tasks as they are at this moment."""
        with self._reading:
            if self._sheet is not None:
                self._timeline = self._read_timeline(self._sheet)
            return self._timeline

    def cancel(self) -> None:
        """End the run, with all its processes; harmless when it has ended already."""
        for signal_ in (signal.SIGTERM, signal.SIGKILL):
            self._cancelled |= self._signal_group(signal_)
            if self._ended.wait(GRACE_S):
                return
        self._ended.wait()

    def result(self) -> Run:
        """Wait for the end and return the record.

        Raises
        ------
        RunError
            If the run did not end well. An interrupt ends the run, too.
        """
        try:
            self._ended.wait()
        except BaseException:
            self.cancel()
            raise
        if isinstance(self._result, RunError):
            raise self._result
        return self._result

    def _start(self) -> None:
        """Start the runner in a process group of its own and send it the request."""
        self._outcome_end, outcome = os.pipe()
        self._printed_end, printed = os.pipe()
        try:
            self._runner = subprocess.Popen(
                [self._interpreter.path, "-c", "from swimlanes.runner import main; main()"],
                stdin=subprocess.PIPE,
                stdout=printed,
                stderr=printed,
                pass_fds=[outcome],
                start_new_session=True,
                env=self._interpreter.environment(self._folder),
            )
        except BaseException:
            os.close(self._outcome_end)
            os.close(self._printed_end)
            raise
        finally:
            os.close(outcome)
            os.close(printed)
        assert self._runner.stdin is not None
        with contextlib.suppress(BrokenPipeError):
            self._runner.stdin.write(pickle.dumps(self._request(outcome)))
            self._runner.stdin.flush()

    def _request(self, outcome: int) -> runner.Request:
        return runner.Request(
            folder=str(self._folder),
            outcome=outcome,
            mode=self.plan.mode,
            workers=self.plan.workers,
            threads=self.plan.threads,
            start_method=self.plan.start_method,
            schedule=self.plan.schedule,
            chunksize=self.chunksize,
            function=self.work.sent_function,
            inputs=self.work.sent_inputs,
            tasks_count=len(self.work.inputs),
            cpus=self.usable_cores.cpus,
            sys_path=self._interpreter.search_path(self._folder),
        )

    def _attend(self) -> None:
        """Listen to the runner until it has ended, clean up after it, settle the result."""
        try:
            self._listen()
            self._signal_group(signal.SIGTERM)
            with self._signalling:
                self._runner.wait()
            _end_orphans(self._runner.pid)
            assert self._runner.stdin is not None
            with contextlib.suppress(BrokenPipeError):
                self._runner.stdin.close()
            self._result = self._settle()
        except Exception as error:
            self._result = RunError(f"The run's record could not be read: {error!r}.")
        finally:
            shutil.rmtree(self._folder, ignore_errors=True)
            self._ended.set()

    def _listen(self) -> None:
        """Take in what the runner sends and what tasks print, and look after the run meanwhile.

        A task may have left somebody behind who holds the pipes open, so the runner's end counts,
        not theirs.
        """
        ears = {self._outcome_end: self._outcome.extend, self._printed_end: self._printed.add}
        ended = os.pidfd_open(self._runner.pid)
        with selectors.DefaultSelector() as selector:
            for file in (ended, *ears):
                os.set_blocking(file, False)
                selector.register(file, selectors.EVENT_READ)
            while ended not in (ready := [key.fd for key, _ in selector.select(LOOK_S)]):
                for file in ready:
                    if not _drain(file, ears[file]):
                        selector.unregister(file)
                self._look_after()
        for file, take in ears.items():
            _drain(file, take)
        self._core_load.look()
        for file in (ended, *ears):
            os.close(file)

    def _look_after(self) -> None:
        """Note the cores' load; end the run when a task takes too long."""
        self._core_load.look()
        if self.plan.limit_s is None or self._overdue:
            return
        task = overdue_task(self.timeline(), self.plan.limit_s)
        if task is not None:
            self._overdue = wording.overdue(task, self.work.inputs[task.task], self.plan.limit_s)
            self._signal_group(signal.SIGTERM)
            threading.Timer(GRACE_S, self._signal_group, [signal.SIGKILL]).start()

    def _signal_group(self, signal_: int) -> bool:
        """Signal the runner and all its workers; return whether there was anyone to hear."""
        with self._signalling:
            # Until the runner is reaped, its process group's id cannot belong to anyone else.
            if self._runner.returncode is not None:
                return False
            os.killpg(self._runner.pid, signal_)
            return True

    def _settle(self) -> Run | RunError:
        timeline = self.timeline()
        with self._reading:
            assert self._sheet is not None
            self._sheet.close()
            self._sheet = None
        if self._cancelled:
            return RunCancelled("The run was stopped.")
        if self._overdue is not None:
            return self._overdue
        outcome = self._read_outcome()
        if isinstance(outcome, runner.Success):
            return self._make_run(outcome, timeline)
        out_of_memory = cgroup.oom_kills() != self._oom_kills
        return wording.explain(outcome, timeline, out_of_memory=out_of_memory)

    def _read_outcome(self) -> runner.Outcome:
        try:
            outcome: runner.Outcome = pickle.loads(self._outcome)
        except (EOFError, pickle.UnpicklingError):
            return runner.Breakdown(wording.ending(self._runner.returncode), self._printed.text)
        return outcome

    def _make_run(self, success: runner.Success, timeline: Timeline) -> Run:
        return Run(
            workload=self.work.name,
            task_ms=self.work.task_ms,
            start_method=self.plan.start_method,
            inputs_digest=self.work.inputs_digest,
            results_digest=success.results_digest,
            cpu_time_s=success.cpu_time_s,
            others_load=_others_load(success, timeline.wall_time_s or 0.0),
            conditions=Conditions(
                usable_cores=int(self.usable_cores),
                interpreter=success.interpreter,
                machine=f"{platform.node()} {platform.machine()}",
            ),
            timeline=timeline,
            results=tuple(travel.unpack(pickle.loads(result)) for result in success.results),
            lengths=self.work.lengths,
            task_bytes=self.work.task_bytes,
            schedule=self.plan.schedule,
            throttled_s=success.throttled_s,
            printed=self._printed.text,
        )

    def _read_timeline(self, sheet_: sheet.Sheet) -> Timeline:
        start, map_start, map_end, end = map(
            sheet_.mark_ns, (sheet.POOL_START, sheet.MAP_START, sheet.MAP_END, sheet.POOL_END)
        )
        now = end or (time.monotonic_ns() if start else 0)
        return Timeline(
            mode=self.plan.mode,
            workers=self.plan.workers,
            tasks_count=len(self.work.inputs),
            chunksize=self.chunksize,
            elapsed_s=_seconds(now, start),
            startup_s=_seconds(map_start, start) if map_start else None,
            map_s=_seconds(map_end, map_start) if map_end else None,
            wall_time_s=_seconds(end, start) if end else None,
            lanes=tuple(
                Lane(row.worker, row.pid, row.thread_id, _seconds(row.ready_ns, start))
                for row in sheet_.workers()
            ),
            tasks=Tasks(sheet_.slots(), start),
            threads=self.plan.threads,
            core_load=self._core_load.samples(start, end),
        )


def _make_sheet(tasks_count: int) -> tuple[Path, sheet.Sheet]:
    """Make the run's folder and the sheet in it, in memory if there is room."""
    error: OSError | None = None
    places = [place for place in ("/dev/shm", tempfile.gettempdir()) if os.path.isdir(place)]
    for place in places:
        try:
            folder = Path(tempfile.mkdtemp(prefix="swimlanes-", dir=place))
        except OSError as refusal:
            error = refusal
            continue
        try:
            return folder, sheet.Sheet(folder / "sheet", tasks_count)
        except OSError as refusal:
            error = refusal
            shutil.rmtree(folder, ignore_errors=True)
    assert error is not None
    raise RunError(
        f"There is no room for the records of {tasks_count} tasks in {wording.listing(places)} "
        f"({error.strerror}). Free some space there, or run fewer tasks."
    )


def _drain(file: int, take: Callable[[bytes], object]) -> bool:
    """Read all that is there; return whether more may come."""
    with contextlib.suppress(BlockingIOError):
        while data := os.read(file, 1 << 20):
            take(data)
        return False
    return True


def _others_load(success: runner.Success, wall_time_s: float) -> float | None:
    if success.busy_s is None or wall_time_s < core_load.TICKS_TO_TELL_S:
        return None
    return max(0.0, success.busy_s - success.cpu_time_s) / wall_time_s


def _seconds(at_ns: int, zero_ns: int) -> float:
    return (at_ns - zero_ns) / 1e9


def _end_orphans(group: int) -> None:
    """Wait for what is left of a group to end as it was asked to; kill what does not hear.

    The group's leader has been reaped by now, so its id is free once the last member is gone.
    """
    with contextlib.suppress(ProcessLookupError):
        deadline = time.monotonic() + GRACE_S
        while time.monotonic() < deadline:
            os.killpg(group, 0)
            time.sleep(0.005)
        os.killpg(group, signal.SIGKILL)
