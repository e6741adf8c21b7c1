"""Measure one run: start a runner, watch it, end it, return its record."""

from __future__ import annotations

import contextlib
import hashlib
import os
import pickle
import platform
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from numbers import Integral, Real
from pathlib import Path
from statistics import median
from typing import Any

from swimlanes import core_load, metrics, modes, runner, sheet, wording
from swimlanes.cores import UsableCores, usable_cores
from swimlanes.errors import RequestError, RunCancelled, RunError
from swimlanes.records import Conditions, Lane, Run, TaskRecord, Timeline
from swimlanes.workloads import WORKLOADS

MAX_WORKERS = 256
MAX_TASKS = 1_000_000
MAX_TASK_MS = 60_000.0
PROBES = 16
# How long workers may take to end when asked, before they are killed, seconds.
GRACE_S = 0.3


@dataclass(frozen=True)
class Work:
    """What is to be done, whatever the mode: a function and its inputs."""

    name: str
    task_ms: float | None
    function: Callable[[Any], Any]
    inputs: tuple[Any, ...]


@dataclass(frozen=True)
class Plan:
    """How it is to be done: on how many workers of which mode, in which chunks."""

    mode: str
    workers: int
    chunksize: int
    start_method: str | None


def run(
    workload: str | Callable[[Any], Any] = "count-down",
    inputs: Iterable[Any] | None = None,
    *,
    mode: str = "processes",
    workers: int | None = None,
    tasks: int = 16,
    task_ms: float = 50.0,
    chunksize: int | None = None,
    start_method: str | None = None,
) -> Run:
    """Run tasks on a pool and return what happened, task by task.

    Parameters
    ----------
    workload : str or callable
        Name of a workload (``count-down``, ``query``), or your own function of one argument.
    inputs : iterable, optional
        Inputs of your own function, one per task.
    mode : str
        ``serial`` (the builtin ``map``), ``threads`` (``ThreadPool.map``) or ``processes``
        (``Pool.map``).
    workers : int, optional
        Number of workers, 1 to 256; by default as many as there are usable cores.
    tasks : int
        Number of equal tasks of a named workload, 1 to 1 000 000.
    task_ms : float
        Length of each task of a named workload, ms of serial work on this machine.
    chunksize : int, optional
        Tasks that a worker takes at a time; the default is that of ``Pool.map``.
    start_method : str, optional
        ``fork``, ``forkserver`` or ``spawn``; the default is Python's.

    Returns
    -------
    Run
        Times, lanes, tasks and results.

    Raises
    ------
    RequestError
        If a value makes no sense; nothing was started.
    TaskError, WorkerDied, RunError
        If the run did not end well; nothing of it is left.

    Examples
    --------
    >>> run(abs, [-1, 2, -3], mode="threads", workers=2).results
    (1, 2, 3)
    """
    return launch(
        workload,
        inputs,
        mode=mode,
        workers=workers,
        tasks=tasks,
        task_ms=task_ms,
        chunksize=chunksize,
        start_method=start_method,
    ).result()


def launch(
    workload: str | Callable[[Any], Any] = "count-down",
    inputs: Iterable[Any] | None = None,
    *,
    mode: str = "processes",
    workers: int | None = None,
    tasks: int = 16,
    task_ms: float = 50.0,
    chunksize: int | None = None,
    start_method: str | None = None,
) -> RunInProgress:
    """Start a run and return at once; the parameters are those of `run`."""
    plan = make_plan(mode, workers, chunksize, start_method)
    return RunInProgress(make_work(workload, inputs, tasks, task_ms), plan)


def make_work(
    workload: str | Callable[[Any], Any],
    inputs: Iterable[Any] | None,
    tasks: int,
    task_ms: float,
) -> Work:
    """Check and settle what is to be done; the parameters are those of `run`.

    The first time, tasks of a named workload are calibrated, which takes some tenths of a second.
    """
    if callable(workload):
        return _own_work(workload, inputs)
    if workload not in WORKLOADS:
        raise RequestError(
            f"There is no workload {workload!r}. Choose one of {wording.listing(WORKLOADS)}."
        )
    if inputs is not None:
        raise RequestError(
            f"Inputs were given, but the workload {workload!r} makes its own. "
            "Leave them out, or give your own function."
        )
    check_whole("tasks", tasks, MAX_TASKS)
    check_task_ms(task_ms)
    kind = WORKLOADS[workload]
    probe_s = 0.0 if kind.probe is None else _probe_s(workload)
    task_input = kind.task_input(task_ms / 1000, probe_s)
    return Work(workload, float(task_ms), kind.function, (task_input,) * tasks)


def make_plan(
    mode: str, workers: int | None, chunksize: int | None, start_method: str | None
) -> Plan:
    """Check and settle how it is to be done; a chunk size of 0 stands for the pool's own."""
    if mode not in modes.MODES:
        raise RequestError(f"There is no mode {mode!r}. Choose {wording.listing(modes.MODES)}.")
    workers = int(usable_cores()) if workers is None else workers
    check_whole("workers", workers, MAX_WORKERS)
    if chunksize is not None:
        check_whole("tasks in a chunk", chunksize, MAX_TASKS)
    if mode != "processes":
        start_method = None
    elif start_method is None:
        start_method = modes.start_methods()[0]
    elif start_method not in modes.start_methods():
        raise RequestError(
            f"There is no start method {start_method!r} here. "
            f"Choose {wording.listing(modes.start_methods())}."
        )
    return Plan(mode, 1 if mode == "serial" else int(workers), chunksize or 0, start_method)


class RunInProgress:
    """A run that goes on in a runner process.

    Any thread may look at it. It is a run's whole life: when the runner has ended, for whatever
    reason, its process group and its files are gone before `done` says so.
    """

    def __init__(self, work: Work, plan: Plan) -> None:
        self.work = work
        self.plan = plan
        self.chunksize = plan.chunksize or metrics.default_chunksize(len(work.inputs), plan.workers)
        self.usable_cores: UsableCores = usable_cores()
        self._cancelled = False
        self._ended = threading.Event()
        self._reading = threading.Lock()
        self._signalling = threading.Lock()
        self._result: Run | RunError
        self._folder = Path(tempfile.mkdtemp(prefix="swimlanes-", dir=_memory_folder()))
        try:
            request = self._request()
            self._sheet: sheet.Sheet | None = _make_sheet(Path(request.sheet), len(work.inputs))
            self._timeline = self._read_timeline(self._sheet)
            self._runner = self._start(request)
        except BaseException:
            shutil.rmtree(self._folder, ignore_errors=True)
            raise
        threading.Thread(target=self._attend, name="swimlanes-attend", daemon=True).start()

    @property
    def done(self) -> bool:
        """Whether the run has ended, well or not."""
        return self._ended.is_set()

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

    def _request(self) -> runner.Request:
        return runner.Request(
            folder=str(self._folder),
            mode=self.plan.mode,
            workers=self.plan.workers,
            start_method=self.plan.start_method,
            chunksize=self.chunksize,
            function=_pickle_function(self.work.function),
            inputs=_pickle(self.work.inputs, "The inputs"),
            tasks_count=len(self.work.inputs),
            cpus=self.usable_cores.cpus,
            sys_path=tuple(sys.path),
        )

    def _start(self, request: runner.Request) -> subprocess.Popen[bytes]:
        """Start the runner in a process group of its own and send it the request."""
        environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])}
        with open(self._folder / "output", "wb") as output:
            process = subprocess.Popen(
                [sys.executable, "-c", "from swimlanes.runner import main; main()"],
                stdin=subprocess.PIPE,
                stdout=output,
                stderr=output,
                start_new_session=True,
                env=environment,
            )
        assert process.stdin is not None
        with contextlib.suppress(BrokenPipeError):
            process.stdin.write(pickle.dumps(request))
            process.stdin.flush()
        return process

    def _attend(self) -> None:
        """Wait for the runner's end, clean up after it and settle the result."""
        os.waitid(os.P_PID, self._runner.pid, os.WEXITED | os.WNOWAIT)
        self._signal_group(signal.SIGTERM)
        with self._signalling:
            self._runner.wait()
        _end_orphans(self._runner.pid)
        assert self._runner.stdin is not None
        with contextlib.suppress(BrokenPipeError):
            self._runner.stdin.close()
        try:
            self._result = self._settle()
        except Exception as error:
            self._result = RunError(f"The run's record could not be read: {error}.")
        finally:
            shutil.rmtree(self._folder, ignore_errors=True)
            self._ended.set()

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
        outcome = self._read_outcome()
        if isinstance(outcome, runner.Success):
            return self._make_run(outcome, timeline)
        return wording.explain(outcome, timeline)

    def _read_outcome(self) -> runner.Outcome:
        try:
            with open(self._folder / "outcome", "rb") as file:
                outcome: runner.Outcome = pickle.load(file)
                return outcome
        except FileNotFoundError:
            output = (self._folder / "output").read_text(errors="replace")
            return runner.Breakdown(wording.ending(self._runner.returncode), output[-4000:])

    def _make_run(self, success: runner.Success, timeline: Timeline) -> Run:
        return Run(
            workload=self.work.name,
            task_ms=self.work.task_ms,
            start_method=self.plan.start_method,
            inputs_digest=hashlib.sha256(pickle.dumps(self.work.inputs)).hexdigest(),
            results_digest=success.results_digest,
            cpu_time_s=success.cpu_time_s,
            others_load=_others_load(success, timeline.wall_time_s or 0.0),
            conditions=_conditions(self.usable_cores),
            timeline=timeline,
            results=tuple(map(pickle.loads, success.results)),
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
            tasks=tuple(_task_record(slot, start) for slot in sheet_.started_tasks()),
        )


def check_whole(name: str, value: object, largest: int) -> None:
    """Refuse a number of things that is not a whole number from 1 to `largest`."""
    whole = isinstance(value, Integral) and not isinstance(value, bool)
    if not whole or not 1 <= int(value) <= largest:  # type: ignore[call-overload]
        raise RequestError(
            f"The number of {name} must be a whole number from 1 to {largest}, not {value!r}."
        )


def check_task_ms(value: object) -> None:
    """Refuse a task length that is not a number of milliseconds in range."""
    if not isinstance(value, Real) or not 0 < float(value) <= MAX_TASK_MS:
        raise RequestError(
            f"The task length must be a number of ms above 0 and up to {MAX_TASK_MS:g}, "
            f"not {value!r}."
        )


def _own_work(function: Callable[[Any], Any], inputs: Iterable[Any] | None) -> Work:
    if inputs is None:
        raise RequestError("Your own function needs inputs: run(function, [1, 2, 3]).")
    values = tuple(inputs)
    check_whole("inputs", len(values), MAX_TASKS)
    return Work(getattr(function, "__name__", repr(function)), None, function, values)


@lru_cache
def _probe_s(workload: str) -> float:
    """Return how long the workload's probe computes on this machine, seconds.

    The probes run where tasks run, in a runner, and count their own CPU time, which a neighbour
    on the same core does not stretch.
    """
    kind = WORKLOADS[workload]
    work = Work(workload, None, kind.function, (kind.probe,) * PROBES)
    record = RunInProgress(work, Plan("serial", 1, 1, None)).result()
    return median(task.cpu_s for task in record.tasks)


def _pickle_function(function: Callable[[Any], Any]) -> bytes:
    return _pickle(function, f"The function {getattr(function, '__name__', function)!r}")


def _pickle(value: object, what: str) -> bytes:
    """Pickle for the runner: what a notebook defined travels whole, the rest by its name."""
    import cloudpickle

    try:
        return bytes(cloudpickle.dumps(value))
    except Exception as error:
        raise RequestError(
            f"{what} cannot be sent to another process: {error}. "
            "Open files, locks and connections inside the function instead."
        ) from error


def _make_sheet(path: Path, tasks_count: int) -> sheet.Sheet:
    try:
        return sheet.Sheet(path, tasks_count)
    except OSError as error:
        raise RunError(
            f"There is no room for the records of {tasks_count} tasks in {path.parent.parent} "
            f"({error.strerror}). Free some space there, or run fewer tasks."
        ) from error


def _memory_folder() -> str | None:
    """Return a folder that lives in memory where there is one."""
    return "/dev/shm" if os.access("/dev/shm", os.W_OK | os.X_OK) else None


def _conditions(cores: UsableCores) -> Conditions:
    return Conditions(
        usable_cores=int(cores),
        interpreter=f"{platform.python_implementation()} {platform.python_version()}",
        machine=f"{platform.node()} {platform.machine()}",
    )


def _others_load(success: runner.Success, wall_time_s: float) -> float | None:
    if success.busy_s is None or wall_time_s < core_load.TICKS_TO_TELL_S:
        return None
    return max(0.0, success.busy_s - success.cpu_time_s) / wall_time_s


def _task_record(slot: sheet.TaskSlot, zero_ns: int) -> TaskRecord:
    return TaskRecord(
        task=slot.task,
        worker=slot.worker,
        start_s=_seconds(slot.start_ns, zero_ns),
        end_s=_seconds(slot.end_ns, zero_ns) if slot.end_ns else None,
        cpu_s=slot.cpu_ns / 1e9,
        waiting_s=slot.waiting_ns / 1e9,
    )


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
