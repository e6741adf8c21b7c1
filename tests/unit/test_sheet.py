import threading
import time

import pytest

from swimlanes import sheet


@pytest.fixture
def path(tmp_path):
    return tmp_path / "sheet"


def slot_of(made, task):
    """Return the words of a task's slot."""
    words = memoryview(made.slots()).cast("q")
    return words[task * sheet.SLOT_WORDS : (task + 1) * sheet.SLOT_WORDS]


@pytest.fixture
def made(path):
    made = sheet.Sheet(path, tasks_count=3)
    yield made
    made.close()


def test_an_empty_sheet(made):
    assert made.slots() == bytes(3 * sheet.SLOT_BYTES)
    assert list(made.running()) == []
    assert list(made.workers()) == []
    assert made.mark_ns(sheet.POOL_START) == 0


def test_a_mark_is_read(made, path):
    sheet.map_words(str(path), 3)[sheet.MAP_END] = 7
    assert made.mark_ns(sheet.MAP_END) == 7


def test_a_task_is_recorded(made, path):
    before = time.monotonic_ns()
    writer = sheet.SheetWriter(str(path), 3)
    assert writer.record(1, lambda x: x + 1, 41) == 42
    slot = slot_of(made, 1)
    assert slot[sheet.WORKER] == 1
    assert before <= slot[sheet.START] <= slot[sheet.END] <= time.monotonic_ns()
    assert 0 <= slot[sheet.CPU] + slot[sheet.WAITING] <= slot[sheet.END] - slot[sheet.START]
    assert not any(slot_of(made, 0))
    assert not any(slot_of(made, 2))


def test_a_running_task_can_be_seen(made, path):
    writer = sheet.SheetWriter(str(path), 3)
    writer.record(0, abs, 1)
    (running,) = writer.record(2, lambda _: list(made.running()), None)
    assert (running.task, running.worker) == (2, 1)
    assert 0 < running.start_ns <= time.monotonic_ns()
    assert list(made.running()) == []


def test_the_end_is_recorded_when_a_task_raises(made, path):
    writer = sheet.SheetWriter(str(path), 3)
    with pytest.raises(ZeroDivisionError):
        writer.record(0, lambda x: 1 / x, 0)
    assert slot_of(made, 0)[sheet.END] >= slot_of(made, 0)[sheet.START] > 0


def test_sleeping_is_neither_computing_nor_waiting_for_a_core(made, path):
    sheet.SheetWriter(str(path), 3).record(0, time.sleep, 0.02)
    slot = slot_of(made, 0)
    assert slot[sheet.CPU] + slot[sheet.WAITING] < (slot[sheet.END] - slot[sheet.START]) / 2


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
