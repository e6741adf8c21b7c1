import pytest

from swimlanes import checks, run

pytestmark = pytest.mark.usefixtures("nothing_left")


@pytest.mark.parametrize(("waiting_share", "enough"), [(0.1, False), (0.5, False), (0.6, True)])
def test_crowded_looks_at_shares(waiting_share, enough, make_run):
    shares = {"cpu_share": 1 - waiting_share, "waiting_share": waiting_share}
    verdict = checks.crowded(make_run(workers=4, **shares))
    assert verdict.ok == enough
    said = f"With 4 workers on 2 cores, {waiting_share:.0%} of the time in tasks was waiting"
    assert said in verdict.message
    assert ("take more workers" in verdict.message) != enough


def test_crowded_praises_no_cause_that_the_run_calls_disturbed(make_run):
    run = make_run(workers=4, cpu_share=0.4, waiting_share=0.6, others_load=1.2)
    verdict = checks.crowded(run)
    assert verdict.ok
    assert "kept 1.20 cores busy at the same time. This run cannot tell" in verdict.message


def test_crowded_by_others_alone_is_not_crowded(make_run):
    run = make_run(workers=2, cpu_share=0.4, waiting_share=0.6, others_load=1.2)
    assert "although there is a core for each worker" in checks.crowded(run).message


def test_workers_without_a_task_crowd_nobody(make_run):
    run = make_run(workers=4, tasks=2, cpu_share=0.4, waiting_share=0.6, others_load=1.2)
    said = checks.crowded(run).message
    assert "although only 2 workers had a task, and there is a core for each of them." in said
    assert "Give several tasks for each worker." in said


@pytest.mark.parametrize(
    ("workload", "mode", "hint"),
    [
        ("query", "processes", "the workload 'query'. Take 'count-down'"),
        ("count-down", "threads", "the mode 'threads'. Leave `mode` out"),
        ("count-down", "serial", "the mode 'serial'. Leave `mode` out"),
    ],
)
def test_crowded_with_something_else(workload, mode, hint):
    verdict = checks.crowded(run(workload, mode=mode, workers=2, tasks=2, task_ms=1))
    assert not verdict.ok
    assert hint in verdict.message
