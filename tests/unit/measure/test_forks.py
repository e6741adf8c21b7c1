"""A task that forks: one process comes back from the function, and only one."""

import pytest

from swimlanes import run

pytestmark = pytest.mark.usefixtures("nothing_left")

TOLD = "A task forked, and its child came back from the function, too: it was ended there."


@pytest.mark.parametrize("name", ["fork_and_return", "fork_and_raise"])
def test_a_child_that_comes_back_is_ended_and_told(inheriting_way, faulty, name):
    record = run(getattr(faulty, name), [1, 2, 3], **inheriting_way, limit_s=30)
    assert record.results == (1, 2, 3)
    assert record.remarks[0].startswith(TOLD)
    assert all(task.cpu_s >= 0 for task in record.tasks)
    assert record.cpu_time_s > 0


def test_a_child_that_ends_itself_does_so(inheriting_way, faulty):
    record = run(faulty.fork_and_exit, [0, 3], **inheriting_way, limit_s=30)
    assert record.results == (0, 3)
    assert not record.remarks


def test_nobody_waits_for_a_process_that_a_task_leaves(inheriting_way, faulty, tmp_path):
    file = tmp_path / "late"
    record = run(faulty.leave_a_daemon, [str(file)], **inheriting_way, limit_s=30)
    assert record.results == (str(file),)
    assert not file.exists()
