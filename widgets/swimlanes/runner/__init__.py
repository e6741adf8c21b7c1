"""The runner: a child process that performs one run and ends.

Protocol: the run's folder is the only argument. The order comes pickled on standard input, which
then stays open as a lifeline: when it closes, the caller is gone and the runner ends itself with
all its workers. While the run goes on, tasks write into the sheet. What came out, good or bad,
goes pickled to the order's file descriptor ``outcome``.

Only the standard library is imported here, so that any interpreter can run it, and little of that,
because every run waits for it.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import pickle
import signal
import sys
import threading
import traceback
from collections.abc import Callable
from functools import partial
from time import monotonic_ns
from typing import TYPE_CHECKING, Any, cast

from swimlanes import heritage, kin, modes, sheet, travel, warmup
from swimlanes.brief import shown
from swimlanes.runner.guard import Guard, end_with_caller
from swimlanes.runner.protocol import Breakdown, Order, Outcome, Success
from swimlanes.runner.tasks import BareTasks, RecordedTasks, Tasks, record_cost_s
from swimlanes.runner.usage import InnerThreads, Usage
from swimlanes.worker import (
    InitializerFailure,
    NotLoaded,
    TaskFailure,
    Unloadable,
    Unsendable,
    in_one_line,
    keep_output,
    load_once,
    send,
    start_process,
)

if TYPE_CHECKING:
    from swimlanes.cluster import Cluster
    from swimlanes.cluster.pool import DaskPool


def main() -> None:
    """Perform the run that standard input asks for."""
    order = _read_order(folder=sys.argv[1])
    kin.name_semaphores(order.folder)
    lifeline = _keep_lifeline()
    end_with_caller(order.folder, lifeline)
    _be_first_to_go()
    _be_like_the_caller(order)
    outcome: Outcome
    try:
        outcome = _perform(order, lifeline)
    except (
        TaskFailure, NotLoaded, InitializerFailure, Unsendable, Unloadable, modes.Trouble,
    ) as told:  # fmt: skip
        outcome = told
    except KeyboardInterrupt:  # a task has sent it to its parent: end as anybody does, in silence
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        signal.raise_signal(signal.SIGINT)
        raise
    except Exception as error:
        outcome = Breakdown(in_one_line(_first(error)), traceback.format_exc())
    try:
        _answer(order, outcome)
    except BrokenPipeError:  # the caller is gone
        kin.remove(order.folder)
    if order.function.shared:
        from swimlanes import sharing  # slow to import

        sharing.let_go()
    # Threads that a task may have left behind must not keep the process.
    keep_output()
    os._exit(0)


def _read_order(folder: str) -> Order:
    try:
        order: Order = pickle.load(sys.stdin.buffer)
    except (EOFError, pickle.UnpicklingError):  # the caller was gone before it could say more
        kin.remove(folder)
        os._exit(1)
    return order


def _first(error: BaseException) -> BaseException:
    """Return the error that all began with; a pool that cannot start stumbles over the pieces."""
    while error.__context__ is not None:
        error = error.__context__
    return error


def _keep_lifeline() -> int:
    """Return the lifeline under another number; a task that asks for input finds none."""
    lifeline = os.dup(0)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    return lifeline


def _be_first_to_go() -> None:
    """When memory runs out, have Linux end this run and not the notebook that asked for it.

    The workers inherit this.
    """
    with contextlib.suppress(OSError), open("/proc/self/oom_score_adj", "w") as file:
        file.write("1000")


def _be_like_the_caller(order: Order) -> None:
    """Have all that workers inherit from their parent in this process."""
    # What this interpreter brings itself comes last: another one has other packages.
    own = [entry for entry in sys.path if entry not in order.sys_path]
    sys.path[:] = [*order.sys_path, *own]
    heritage.give(order.heritage, order.folder)


def _load_for_children(order: Order) -> None:
    """Load the function here if workers get it from here, as those of a plain pool do."""
    if order.inherits:
        heritage.share_memory_with(order.heritage.tracker)
        load_once(order.function)
        heritage.give_states(order.heritage, order.function.data)
        keep_output()


def _perform(order: Order, lifeline: int) -> Success:
    """Perform the run in this process and its workers."""
    context = multiprocessing.get_context(order.start_method)
    order = order._replace(function=order.function.made(context))
    _load_for_children(order)
    words = sheet.map_words(order.sheet, order.tasks_count)
    travel.write_marks_to(words)
    tasks: BareTasks | RecordedTasks
    tasks = BareTasks(order) if order.bare else RecordedTasks(order, words)
    if not order.kind.parallel:  # plain code calls it before it looks at the clock
        _start_process(order)()
    with _cluster(order) as cluster:
        before = Usage.now(order.cpus)
        words[sheet.POOL_START] = monotonic_ns()
        with cluster.pool() if cluster else _make_pool(order, tasks) as pool:
            # Dask looks after the workers that it starts.
            workers = [] if cluster else multiprocessing.active_children()
            guard = Guard(order.folder, lifeline, workers, partial(_answer, order))
            try:
                warmups = _warm_up(pool, order, tasks.inputs)
                if warmups:
                    words[sheet.WARMUP_START] = min(warmed.start_ns for warmed in warmups)
                inner = InnerThreads()
                words[sheet.MAP_START] = monotonic_ns()
                results = tasks.collect(pool)
            finally:
                guard.workers_may_go()
            words[sheet.MAP_END] = monotonic_ns()
            rows = sheet.workers_on(order.sheet, order.tasks_count)
            inner_cpu_s = None if cluster else inner.cpu_s(rows)
        words[sheet.POOL_END] = monotonic_ns()
        usage = Usage.now(order.cpus).since(before)
        far = cluster.tell() if cluster else None
    return Success(
        results=_pickle_results(results, order.own_classes and order.kind.in_one_process),
        interpreter=travel.interpreter(),
        usage=usage,
        inner_cpu_s=inner_cpu_s,
        record_cost_s=0.0 if order.bare else record_cost_s(order.marked),
        far=far,
        warmups=warmups,
        shared=_shared_results(order.function.shared),
    )


def _shared_results(shared: tuple[Any, ...]) -> list[Any]:
    """Return the present values of the numbers that workers share."""
    if not shared:
        return []
    from swimlanes import sharing

    return sharing.results_of(shared)


def _cluster(order: Order) -> contextlib.AbstractContextManager[Cluster | None]:
    """Return the cluster that does the run, in the mode that has one."""
    if not order.kind.elsewhere:
        return contextlib.nullcontext()
    from swimlanes.cluster import Cluster, Job, Target  # takes long

    topic = os.path.basename(order.folder)
    job = Job(topic, order.function, order.packs, order.initializes)
    target = Target(order.sheet, order.tasks_count, order.chunksize)
    return Cluster(order.cluster, order.workers, job, target, order.folder)


def _make_pool(order: Order, tasks: Tasks) -> modes.Pool:
    threading.excepthook = partial(_thread_failed, order)
    staff = modes.Staff(
        order.workers,
        order.threads,
        order.start_method,
        *tasks.preparation,
        _start_process(order) if order.kind.has_threads else None,
    )
    return order.kind.make_pool(staff)


def _thread_failed(order: Order, failure: threading.ExceptHookArgs) -> None:
    """End the run if the pool's thread that takes in results has failed: none would come."""
    places = [frame.name for frame in traceback.extract_tb(failure.exc_traceback)]
    if "_handle_results" in places and failure.exc_value is not None:
        _answer(order, Unloadable("A result", in_one_line(failure.exc_value)))
        os._exit(1)
    threading.__excepthook__(failure)


def _start_process(order: Order) -> Callable[[], None]:
    """Return what calls the initializer once for all workers of a process."""
    return partial(start_process, order.sheet, order.function, order.heritage.tracker)


def _warm_up(pool: modes.Pool | DaskPool, order: Order, inputs: list[Any]) -> list[warmup.Warmed]:
    """Have every lane call the function on the first inputs, if that is asked for."""
    if not order.warmup:
        return []
    values = [inputs[number % len(inputs)] for number in range(order.warmup)]
    if order.kind.elsewhere:
        return cast("DaskPool", pool).warm_up(values)
    lanes = order.workers * order.threads
    errand = warmup.Errand(order.sheet, order.tasks_count, lanes, values)
    return warmup.warm_up(pool, errand)


def _pickle_results(results: list[Any], packs: bool) -> list[bytes]:
    """Pickle each result for itself, and let go of it, because there may be little memory."""
    pickled = []
    for task in range(len(results)):
        result, results[task] = results[task], None
        try:
            pickled.append(pickle.dumps(send(task, result, packs)))
        except Unsendable:
            raise
        except Exception as error:
            raise Unsendable(task, shown(result), in_one_line(error)) from error
    return pickled


def _answer(order: Order, outcome: Outcome) -> None:
    with open(order.outcome, "wb", closefd=False) as file:
        pickle.dump(outcome, file)
