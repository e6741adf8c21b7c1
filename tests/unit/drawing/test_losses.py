import dataclasses
import re

import pytest

from swimlanes.drawing import describe_loss, describe_run, explain


def figures(sentence):
    """Return what was possible, what was reached, and the sum of what went elsewhere."""
    possible, reached, *lost = map(float, re.findall(r"\d+\.\d\d(?= |:|,)", sentence))
    won = [float(figure) for figure in re.findall(r"(\d+\.\d\d) was gained", sentence)]
    return possible, reached, sum(lost) - 2 * sum(won)


@pytest.mark.parametrize("workers", [1, 2, 3, 5])
@pytest.mark.parametrize("cpu_share", [1.0, 0.5, 0.0])
def test_the_figures_add_up(make_run, workers, cpu_share):
    serial = make_run("serial", tasks=7)
    run = make_run("threads", workers, tasks=7, cpu_share=cpu_share, slower=1.2)
    possible, reached, lost = figures(describe_loss(serial, run))
    assert possible == workers
    if lost:
        assert possible - reached == pytest.approx(lost, abs=1e-9)


def test_imbalance_names_the_task_that_ran_alone(make_run):
    sentence = describe_loss(make_run("serial", tasks=3), make_run(workers=2, tasks=3, task_s=0.1))
    assert "to imbalance (task 2 ran alone for 0.1" in sentence


def test_threads_that_are_blocked_wait_for_the_gil(make_run):
    serial, threads = make_run("serial"), make_run("threads", cpu_share=0.5, slower=2.0)
    assert "to waiting for the GIL" in describe_loss(serial, threads)
    waits = make_run("serial", cpu_share=0.0)
    blocked = make_run("threads", cpu_share=0.0, slower=2.0)
    assert "to waiting inside tasks" in describe_loss(waits, blocked)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"others_load": 0.0}, r"to waiting for a core \(2 lanes on 2 cores\)"),
        ({"others_load": 0.7}, r"to other programs \(they kept 0\.70 cores busy\)"),
        ({"others_load": None}, r"to other programs[,.]"),
        ({"others_load": 0.0, "throttled_s": 0.2}, r"to the quota \(throttled for 0\.2"),
    ],
)
def test_waiting_for_a_core_has_one_of_three_causes(make_run, changes, words):
    run = make_run(cpu_share=0.5, waiting_share=0.5, slower=2.0)
    sentence = describe_loss(make_run("serial"), dataclasses.replace(run, **changes))
    assert re.search(words, sentence), sentence


def test_next_to_nothing_was_lost(make_run):
    serial = make_run("serial", tasks=400)
    assert describe_loss(serial, make_run(tasks=400)).endswith("next to nothing was lost.")


@pytest.mark.parametrize(
    ("others_load", "slower", "doubted"), [(0.5, 2.0, True), (0.0, 2.0, False), (0.5, 1.0, False)]
)
def test_more_than_possible_is_laid_to_a_disturbed_serial_run(
    others_load, slower, doubted, make_run
):
    serial = make_run("serial", others_load=others_load, slower=slower)
    assert ("more than there is" in explain(make_run(), serial)) == doubted


def test_a_run_is_explained_without_saying_its_speedup_twice(make_run):
    serial, run = make_run("serial"), make_run()
    said = explain(run, serial)
    assert said.replace("\xa0", " ").startswith("2 processes: 4 tasks in 0.23 s. Of 2.00 possible ")
    assert said.count("1.87") == 1
    assert explain(run, None) == describe_run(run)
    assert explain(serial, serial) == describe_run(serial)
