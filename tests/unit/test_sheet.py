import os
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


def test_a_task_that_raises_has_no_end_until_that_is_told(made, path):
    writer = sheet.SheetWriter(str(path), 3)
    with pytest.raises(ZeroDivisionError):
        writer.record(0, lambda x: 1 / x, 0)
    assert slot_of(made, 0)[sheet.START] > slot_of(made, 0)[sheet.END] == 0
    assert [running.task for running in made.running()] == [0]


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


class Machine:
    """Clocks that stand still until they are moved; they take the place of `time` and `os`."""

    O_RDONLY, O_CLOEXEC = os.O_RDONLY, os.O_CLOEXEC

    def __init__(self):
        self.now_ns, self.cpu_ns, self.delay_ns = 10**12, 10**9, 10**8
        self.tells = True

    def pass_by(self, now_ns, cpu_ns=0, delay_ns=0):
        self.now_ns += now_ns
        self.cpu_ns += cpu_ns
        self.delay_ns += delay_ns

    def monotonic_ns(self):
        return self.now_ns

    def thread_time_ns(self):
        return self.cpu_ns

    def open(self, path, flags):
        if not self.tells:
            raise FileNotFoundError(path)
        return 0  # the lowest number a file may have

    def pread(self, file, size, offset):
        assert (file, self.tells) == (0, True)
        return f"7 {self.delay_ns} 3\n".encode()[offset : offset + size]


@pytest.fixture
def machine(monkeypatch):
    machine = Machine()
    monkeypatch.setattr(sheet, "monotonic_ns", machine.monotonic_ns)
    monkeypatch.setattr(sheet, "thread_time_ns", machine.thread_time_ns)
    monkeypatch.setattr(sheet, "os", machine)
    return machine


@pytest.fixture
def recorded(machine):
    """Return a function: a task takes so long, and what is written in its slot comes back."""
    words = memoryview(bytearray(8 * (sheet.HEADER_WORDS + 3 * sheet.SLOT_WORDS))).cast("q")
    writers = []

    def record(task=0, worker=2, **passing):
        if not writers:
            writers.append(sheet.SlotWriter(words, worker))
        writers[0].record(task, lambda _: machine.pass_by(**passing), None)
        at = sheet.slot_at(task)
        return words[at : at + sheet.SLOT_WORDS]

    return record


def test_a_slot_holds_worker_moments_computing_and_waiting(machine, recorded):
    start_ns = machine.now_ns
    slot = recorded(task=2, now_ns=5_000_000, cpu_ns=2_000_000, delay_ns=1_500_000)
    assert (slot[sheet.WORKER], slot[sheet.START], slot[sheet.END]) == (
        2, start_ns, start_ns + 5_000_000,
    )  # fmt: skip
    assert (slot[sheet.CPU], slot[sheet.WAITING]) == (2_000_000, 1_500_000)


@pytest.mark.parametrize(
    ("cpu_ns", "delay_ns", "computing_ns", "waiting_ns"),
    [
        # A clock that is read a little later may have gone further than the task was long.
        (5_000_700, 0, 5_000_000, 0),
        (5_000_700, 900, 5_000_000, 0),
        (2_000_000, 3_000_400, 2_000_000, 3_000_000),
        (2_000_000, -400, 2_000_000, 0),
    ],
)
def test_computing_and_waiting_are_never_more_than_the_task(
    recorded, cpu_ns, delay_ns, computing_ns, waiting_ns
):
    slot = recorded(now_ns=5_000_000, cpu_ns=cpu_ns, delay_ns=delay_ns)
    assert (slot[sheet.CPU], slot[sheet.WAITING]) == (computing_ns, waiting_ns)


@pytest.mark.parametrize(("pause_ns", "counted_ns"), [(9_999, 700), (10_000, 500), (10**6, 500)])
def test_tasks_that_follow_at_once_share_a_reading_of_the_cpu_time(
    machine, recorded, pause_ns, counted_ns
):
    recorded(now_ns=1_000, cpu_ns=500)
    machine.pass_by(pause_ns, cpu_ns=200)
    assert recorded(now_ns=1_000, cpu_ns=500)[sheet.CPU] == counted_ns


@pytest.mark.parametrize(("length_ns", "waited_ns"), [(1_000_000, 0), (1_000_001, 600)])
def test_the_delay_is_read_once_in_a_millisecond(recorded, length_ns, waited_ns):
    assert recorded(now_ns=length_ns, delay_ns=600)[sheet.WAITING] == waited_ns


def test_a_delay_that_was_read_late_counts_for_the_task_then_under_way(recorded):
    first = recorded(0, now_ns=900_000, delay_ns=600)[sheet.WAITING]
    second = recorded(1, now_ns=900_000, delay_ns=50)[sheet.WAITING]
    assert (first, second) == (0, 650)


def test_where_the_system_tells_no_delay_nothing_has_waited(machine, recorded):
    machine.tells = False
    slot = recorded(now_ns=5_000_000, cpu_ns=2_000_000, delay_ns=1_000_000)
    assert (slot[sheet.CPU], slot[sheet.WAITING]) == (2_000_000, 0)


def test_a_worker_reports_who_it_is_and_when_it_was_ready(made, path):
    before = time.monotonic_ns()
    sheet.SheetWriter(str(path), 3)
    (row,) = made.workers()
    assert (row.pid, row.thread_id) == (os.getpid(), threading.get_native_id())
    assert before <= row.ready_ns <= time.monotonic_ns()


def test_half_a_row_is_not_read_yet(made, path):
    sheet.SheetWriter(str(path), 3)
    with path.open("ab") as file:
        file.write(b"\1" * 5)
    assert [row.pid for row in made.workers()] == [os.getpid()]


def test_each_running_task_is_seen_with_its_own_worker(made, path):
    words = sheet.map_words(str(path), 3)
    for task, worker in ((0, 3), (2, 1)):
        words[sheet.slot_at(task) + sheet.WORKER] = worker
        words[sheet.slot_at(task) + sheet.START] = 7
    assert [tuple(running) for running in made.running()] == [(0, 3, 7), (2, 1, 7)]


def test_a_sheet_has_slots_for_its_tasks_and_they_are_where_they_are_read(made, path):
    words = sheet.map_words(str(path), 3)
    assert list(range(sheet.tasks_on(words))) == [0, 1, 2]
    words[sheet.slot_at(2) + sheet.CPU] = 5
    assert slot_of(made, 2)[sheet.CPU] == 5


def test_a_word_of_a_slot_has_one_meaning():
    single = [
        sheet.WORKER, sheet.START, sheet.END, sheet.CPU, sheet.WAITING, sheet.ARRIVED,
        sheet.TRANSFER,
    ]  # fmt: skip
    # Pickling began and ended, unpickling began and ended.
    assert sheet.TRIP_WORDS == 4
    trips = [at + moment for at in (sheet.INPUT_TRIP, sheet.RESULT_TRIP) for moment in range(4)]
    assert len({*single, *trips}) == 7 + 2 * 4
    assert {*single, *trips} <= {*range(sheet.SLOT_WORDS)}


def test_whoever_has_the_path_reads_the_same_workers(made, path):
    for _ in range(2):
        sheet.SheetWriter(str(path), 3)
    assert sheet.workers_on(str(path), 3) == list(made.workers())


def test_two_workers_never_write_to_the_same_cache_line():
    assert sheet.SLOT_BYTES % 64 == 0
    assert sheet.slot_at(0) * sheet.WORD % 64 == 0


def test_a_closed_sheet_holds_no_memory(made):
    made.close()
    with pytest.raises(ValueError, match="closed"):
        made.slots()
