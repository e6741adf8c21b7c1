import threading
import time

import pytest

from swimlanes import sheet


@pytest.fixture
def path(tmp_path):
    return tmp_path / "sheet"


@pytest.fixture
def made(path):
    made = sheet.Sheet(path, tasks_count=3)
    yield made
    made.close()


def test_an_empty_sheet(made):
    assert list(made.started_tasks()) == []
    assert list(made.workers()) == []
    assert made.mark_ns(sheet.POOL_START) == 0


def test_a_task_is_recorded(made, path):
    before = time.monotonic_ns()
    writer = sheet.SheetWriter(str(path), 3)
    assert writer.record(1, lambda x: x + 1, 41) == 42
    (slot,) = made.started_tasks()
    assert (slot.task, slot.worker) == (1, 1)
    assert before <= slot.start_ns <= slot.end_ns <= time.monotonic_ns()
    assert 0 <= slot.cpu_ns + slot.waiting_ns <= slot.end_ns - slot.start_ns


def test_a_running_task_can_be_seen(made, path):
    writer = sheet.SheetWriter(str(path), 3)
    slot = writer.record(2, lambda _: next(made.started_tasks()), None)
    assert slot.start_ns > 0
    assert slot.end_ns == 0


def test_the_end_is_recorded_when_a_task_raises(made, path):
    writer = sheet.SheetWriter(str(path), 3)
    with pytest.raises(ZeroDivisionError):
        writer.record(0, lambda x: 1 / x, 0)
    (slot,) = made.started_tasks()
    assert slot.end_ns >= slot.start_ns


def test_sleeping_is_neither_computing_nor_waiting_for_a_core(made, path):
    sheet.SheetWriter(str(path), 3).record(0, time.sleep, 0.02)
    (slot,) = made.started_tasks()
    assert slot.cpu_ns + slot.waiting_ns < (slot.end_ns - slot.start_ns) / 2


def test_workers_get_numbers_of_their_own(made, path):
    barrier = threading.Barrier(8)

    def work():
        barrier.wait()
        numbers.append(sheet.SheetWriter(str(path), 3).worker)

    numbers = []
    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(numbers) == list(range(1, 9))
    assert [row.worker for row in made.workers()] == list(range(1, 9))
    assert len({row.thread_id for row in made.workers()}) == 8


def test_no_room(path):
    with pytest.raises(OSError, match=r"space|large"):
        sheet.Sheet(path, tasks_count=10**14)
