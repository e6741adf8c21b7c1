"""What lanes stood for between tasks, from moments made by hand (ns)."""

import pytest

from swimlanes import sheet
from swimlanes.records.journeys import Journeys


def slot(start, end, came=(0, 0, 0, 0), went=(0, 0, 0, 0)):
    words = [0] * sheet.SLOT_WORDS
    words[sheet.START], words[sheet.END] = start, end
    words[sheet.INPUT_TRIP : sheet.INPUT_TRIP + 4] = came
    words[sheet.RESULT_TRIP : sheet.RESULT_TRIP + 4] = went
    return words


FIRST = slot(100, 200, came=(10, 20, 80, 95), went=(205, 240, 300, 350))


@pytest.mark.parametrize(
    ("second", "inputs", "results"),
    [
        # Free from 300 on, when the result had gone; its input had been pickled before.
        (slot(400, 500, came=(20, 30, 390, 398)), 10, 100),
        # Its input was pickled only while it waited, for 60.
        (slot(400, 500, came=(310, 370, 390, 398)), 60 + 10, 100),
        # Only a part of the pickling fell into the waiting.
        (slot(400, 500, came=(250, 370, 390, 398)), 70 + 10, 100),
        # The next task began before the result had arrived: then that was no reason to wait.
        (slot(260, 500, came=(20, 30, 250, 255)), 0, 60),
    ],
)
def test_a_gap_is_shared_out_by_what_was_under_way(second, inputs, results):
    standing = Journeys([FIRST, second], 1).standing([0, 1], ready_ns=0)
    before_the_first = 10 + 20  # pickled for 10 (20 to 30 belongs to the other), unpickled for 20
    assert standing.results_ns == results
    assert standing.inputs_ns - inputs in range(before_the_first, before_the_first + 12)


def test_tasks_of_one_chunk_travel_together():
    slots = [
        slot(100, 200, came=(10, 20, 80, 85), went=(305, 310, 330, 335)),
        slot(201, 300, came=(20, 30, 85, 95), went=(310, 320, 335, 340)),
    ]
    standing = Journeys(slots, 2).standing([0, 1], ready_ns=90)
    assert (standing.inputs_ns, standing.results_ns, standing.sent_ns) == (10, 0, 330)


def test_a_batch_of_a_nested_process_goes_when_its_last_task_has_ended():
    # Two threads; the lane of task 0 waits for task 1 until 300, which is nobody's journey.
    slots = [
        slot(100, 200, came=(1, 2, 3, 4), went=(301, 305, 320, 330)),
        slot(100, 300, came=(2, 3, 4, 5), went=(305, 310, 330, 340)),
        slot(350, 400, came=(5, 6, 340, 345)),
    ]
    standing = Journeys(slots, 2).standing([0, 2], ready_ns=100)
    assert standing.results_ns == 20


def test_what_stays_in_one_process_makes_no_journey():
    assert Journeys([slot(1, 2), slot(3, 4)], 1).standing([0, 1], 0) == (0, 0, 0)


def test_the_last_result_is_there_when_it_is_unpickled():
    assert Journeys([FIRST], 1).last_result_ns == 350
