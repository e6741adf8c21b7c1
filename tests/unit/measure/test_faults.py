"""A fault in a task or a worker ends the run with one sentence, whatever the mode."""

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from swimlanes import kin, modes, run
from swimlanes.errors import (
    RequestError,
    RunCancelled,
    RunError,
    TaskError,
    TaskTimeout,
    WorkerDied,
)
from swimlanes.measure import launch
from swimlanes.measure.watch import KEPT_BYTES

pytestmark = pytest.mark.usefixtures("nothing_left")


def test_a_task_raises(way, faulty):
    with pytest.raises(TaskError) as caught:
        run(faulty.invert, [2, 1, 0], **way)
    assert str(caught.value) == (
        "Task 2, with the input 0, raised ZeroDivisionError: division by zero. "
        "Correct the function and run it again."
    )
    line, source, error = caught.value.detail.splitlines()
    assert line.endswith("in invert (faulty.py)")
    assert source == "    return 1 / x"
    assert error == "ZeroDivisionError: division by zero"


def test_a_task_raises_deep_in_a_library(way):
    with pytest.raises(TaskError, match=r"Task 1, with the input None, raised TypeError") as caught:
        run("textwrap:dedent", ["a", None], **way)
    assert len(caught.value.detail.splitlines()) <= 3  # the last of the library's lines alone


def test_an_exception_that_cannot_be_pickled(own_way):
    class OddError(Exception):
        def __init__(self, a, b):
            super().__init__("odd")

    def fail(_):
        raise OddError(1, 2)

    with pytest.raises(TaskError, match=r"raised .*OddError: odd"):
        run(fail, [1], **own_way)


def test_a_task_ends_its_process(way, faulty):
    # A fork server tells an exit code once, and the pool asks for it as well as we do.
    untold = "|ended while" if way.get("start_method") == "forkserver" else ""
    with pytest.raises(RunError, match=f"exit code 7{untold}"):
        run(faulty.leave, [7, 7], **way)


def test_a_task_calls_exit(way, faulty):
    with pytest.raises(TaskError, match=r"Task 0, .*SystemExit: 7. A task ends by returning"):
        run(faulty.stop, [7, 7], **way, chunksize=2)


def test_a_task_asks_a_question(way, faulty):
    with pytest.raises(TaskError, match=r"EOF.* Nobody can answer a task"):
        run(faulty.ask, [1], **way)


def test_a_killed_worker(long_run):
    lane = long_run.timeline().lanes[-1]
    os.kill(lane.pid, signal.SIGKILL)
    in_processes = modes.of(long_run.plan.mode).starts_processes
    untold = "|ended" if long_run.plan.start_method == "forkserver" else ""
    wanted = (
        rf"^Worker \d \(process {lane.pid}\) (was ended by SIGKILL .*{untold}) while it ran task "
        r"\d. A plain Pool would wait for its result for ever; this run was ended and nothing is "
        "left.$"
        if in_processes
        else r"^The run broke off: the runner was ended by SIGKILL \(as when memory runs out"
    )
    with pytest.raises(WorkerDied if in_processes else RunError, match=wanted):
        long_run.result()
    assert not Path(f"/proc/{lane.pid}").exists()


def test_a_killed_runner(long_run, runners_of):
    (runner,) = runners_of(os.getpid())
    os.kill(runner, signal.SIGKILL)
    with pytest.raises(RunError, match="the runner was ended by SIGKILL"):
        long_run.result()


FORKS = """
import collections, os, signal, sys, time
from swimlanes.runner.guard import end_with_caller
read, lifeline = os.pipe()
end_with_caller(sys.argv[1], read)
ends = collections.Counter()
for _ in range(300):
    child = os.fork()
    if not child:
        time.sleep(60)
        os._exit(0)
    os.kill(child, signal.SIGTERM)
    ends[os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])] += 1
print(dict(ends))
"""


def test_a_child_that_is_ended_as_it_begins_ends_alone(tmp_path):
    """As a pool does with its workers when the system lets it start no more of them."""
    runner = subprocess.run(
        [sys.executable, "-c", FORKS, str(tmp_path)], capture_output=True, text=True, timeout=60,
        env={**os.environ, kin.NAME: str(tmp_path)},
    )  # fmt: skip
    assert runner.stdout == f"{{{-signal.SIGTERM}: 300}}\n", runner.stderr


def test_a_worker_that_does_not_end_when_asked(process_way, faulty):
    assert run(faulty.be_deaf, [1, 2], **process_way).results == (None, None)


# What cannot travel


def test_a_function_that_cannot_travel(own_way, tmp_path):
    with open(tmp_path / "file", "w") as file, pytest.raises(RequestError) as caught:
        run(lambda _: file, [1], **own_way)
    assert str(caught.value) == (
        "The function '<lambda>' cannot be sent to another process, where every run happens: the "
        "variable 'file', which '<lambda>' uses, holds an open file. Use its name "
        "instead, and open it in the function."
    )


def test_an_input_that_cannot_travel(own_way):
    lock = threading.Lock()
    with pytest.raises(RequestError, match=r"The input of task 1, <unlocked .*cannot be sent"):
        run(repr, [0, lock, 2], **own_way)


def test_a_result_that_cannot_travel(way, faulty):
    with pytest.raises(RunError, match=r"result.*<unlocked .* cannot be sent .*pickle"):
        run(faulty.make_lock, [1, 2], **way)


@pytest.mark.parametrize("mode", ["serial", "threads"])
def test_which_result_cannot_travel_is_known_in_one_process(mode, faulty):
    with pytest.raises(RunError, match="The result of task 0, <unlocked"):
        run(faulty.make_lock, [1, 2], mode=mode)


@pytest.mark.parametrize("task", ["make_refusal", "make_moody"])
def test_a_result_that_cannot_be_put_together(way, faulty, task):
    with pytest.raises(RunError, match=r"^(A|The) result .* could not be put together"):
        run(getattr(faulty, task), [1, 2], **way)


def test_an_input_that_cannot_be_put_together(own_way, faulty):
    with pytest.raises(RunError, match=r"^An input .* could not be put together .*no, not here"):
        run(repr, [1, faulty.make_moody(None)], **own_way)


def test_a_function_of_two_arguments(way, faulty):
    with pytest.raises(TaskError, match=r"here a tuple.*starmap\(\).*f\(\*pair\)"):
        run(faulty.add, [(1, 2)], **way)
    with pytest.raises(TaskError, match=r"one argument, its input: give a function that takes one"):
        run(faulty.add, [1], **way)


def test_a_function_that_calls_itself_for_ever(own_way, faulty):
    with pytest.raises(TaskError, match=r"RecursionError.*calls itself too many times") as caught:
        run(faulty.fall_deep, [1], **own_way)
    assert len(caught.value.detail.splitlines()) < 30


# What tasks do besides


def test_a_task_prints_much(way, faulty):
    record = run(faulty.print_much, [25_000_000] * 4, **way)
    assert record.results == (25_000_000,) * 4
    assert len(record.printed) < KEPT_BYTES + 100
    assert record.printed.startswith("[the first ")
    assert record.printed.endswith("x\n")


def test_what_tasks_print_is_kept(way):
    record = run(print, ["one", "two", "three", "four"], **way)
    assert sorted(record.printed) == sorted("one\ntwo\nthree\nfour\n")


def test_lines_of_processes_do_not_mix():
    record = run(print, range(200), mode="processes", workers=2, start_method="fork")
    assert sorted(map(int, record.printed.splitlines())) == list(range(200))


def test_a_task_leaves_a_process_behind(way, faulty):
    assert run(faulty.leave_a_child, [3600, 3600], **way).tasks_count == 2


def test_a_task_leaves_a_process_that_prints_for_ever(way, faulty):
    assert run(faulty.leave_a_chatterbox, [1], **way).tasks_count == 1


def test_a_task_with_a_pool_of_its_own(way, faulty):
    if way["mode"] in (*modes.starting_processes(), "interpreters"):
        with pytest.raises(TaskError, match=r"daemon(ic processes| threads) are .*'nested'"):
            run(faulty.have_a_worker, [1], **way)
    else:
        assert run(faulty.have_a_worker, [1], **way).results == ([2],)


def test_a_result_that_exits_where_it_is_read(own_way, faulty):
    with pytest.raises(RunError, match=r"could not be put together there .SystemExit: 4"):
        run(faulty.odd_exit, [4], **own_way)


@pytest.mark.parametrize("mode", ["serial", "threads"])
def test_a_run_whose_result_is_read_for_ever_can_be_stopped(faulty, mode, eventually):
    running = launch(faulty.odd_sleep, [30], mode=mode)
    eventually(lambda: running.runner_gone)
    running.cancel()
    with pytest.raises(RunCancelled):
        running.result()


@pytest.mark.parametrize("mode", ["serial", "threads"])
def test_nothing_of_a_run_is_left_when_results_are_read(faulty, mode):
    assert run(faulty.odd_look, [1], mode=mode).results == (False,)


def test_an_error_that_is_told_slowly_takes_too_long(own_way, faulty):
    with pytest.raises(TaskTimeout, match=r"longer than the limit of 0\.5 s"):
        run(faulty.fail_slowly, [1], **own_way, limit_s=0.5)


def test_a_runner_that_a_task_interrupts_ends_in_one_sentence(faulty):
    with pytest.raises(RunError, match="was ended by SIGINT") as caught:
        run(faulty.interrupt_the_parent, [1], mode="processes", workers=1)
    assert "Traceback" not in caught.value.detail


@pytest.mark.parametrize("mode", ["serial", "processes"])
def test_a_task_may_stop_the_clocks(faulty, mode):
    for task in run(faulty.stop_the_clocks, [1, 2], mode=mode).tasks:
        assert 0 < task.start_s <= task.end_s


def test_an_input_that_exits_where_it_is_read(own_way, faulty):
    with pytest.raises(RunError, match=r"An input was sent .* .SystemExit: 4"):
        run(abs, [faulty.Odd(sys.exit, 4)], **own_way)
