"""How long a lane stood for what travels; moments are made by hand, in nanoseconds."""

import pytest

from swimlanes import sheet
from swimlanes.records.standing import Journeys, Standing


def slot(start, end, inputs=(0, 0, 0, 0), result=(0, 0, 0, 0)):
    """Return a task's words; a journey is: pickling, pickled, unpickling, unpickled."""
    words = [0] * sheet.SLOT_WORDS
    words[sheet.START], words[sheet.END] = start, end
    words[sheet.INPUT_TRIP : sheet.INPUT_TRIP + 4] = inputs
    words[sheet.RESULT_TRIP : sheet.RESULT_TRIP + 4] = result
    return words


FIRST = slot(150, 200, inputs=(110, 130, 140, 150), result=(200, 210, 230, 235))


def test_before_its_first_task_a_lane_stands_while_inputs_are_pickled_and_unpickled():
    journeys = Journeys([FIRST], batch=1)
    assert journeys.standing([0], ready_ns=100) == Standing(20 + 10, 0, sent_ns=230)
    # It was not ready before pickling was half done, or not even before the input had come.
    assert journeys.standing([0], ready_ns=120).inputs_ns == 10 + 10
    assert journeys.standing([0], ready_ns=145).inputs_ns == 5


def test_between_two_tasks_a_lane_stands_for_the_result_and_then_for_the_next_input():
    second = slot(260, 300, inputs=(220, 240, 250, 260), result=(300, 310, 315, 320))
    journeys = Journeys([FIRST, second], batch=1)
    standing = journeys.standing([0, 1], ready_ns=100)
    assert standing.results_ns == 230 - 200
    assert standing.inputs_ns == 30 + (240 - 230) + (260 - 250)
    assert standing.sent_ns == 315
    assert journeys.last_result_ns == 320


def test_a_result_that_is_read_late_holds_up_no_task_that_has_begun():
    second = slot(205, 300, inputs=(110, 120, 202, 205), result=(300, 310, 315, 320))
    standing = Journeys([FIRST, second], batch=1).standing([0, 1], ready_ns=100)
    assert standing.results_ns == 205 - 200
    assert standing.sent_ns == 315


def test_what_travels_together_is_stood_for_once():
    second = slot(200, 240, inputs=(130, 135, 145, 149), result=(240, 250, 260, 265))
    third = slot(280, 290, inputs=(140, 144, 270, 280), result=(290, 291, 292, 293))
    first = slot(150, 200, inputs=(110, 130, 140, 145), result=(240, 245, 250, 258))
    standing = Journeys([first, second, third], batch=2).standing([0, 1, 2], ready_ns=100)
    # Both inputs were pickled from 110 to 135 and unpickled from 140 on; both results went at 240.
    assert standing.inputs_ns == 25 + 10 + 10
    assert standing.results_ns == 250 - 240
    assert standing.sent_ns == 292


def test_inputs_of_others_hold_up_a_lane_too():
    other = slot(140, 160, inputs=(100, 110, 130, 140))
    journeys = Journeys([FIRST, other], batch=1)
    assert journeys.standing([0], ready_ns=100).inputs_ns == 10 + 20 + 10


@pytest.mark.parametrize("tasks", [[], [0]])
def test_where_nothing_travels_nobody_stands(tasks):
    journeys = Journeys([slot(150, 200)], batch=1)
    assert journeys.standing(tasks, ready_ns=100) == Standing(0, 0, 0)
    assert journeys.last_result_ns == 0


def test_no_tasks_have_no_last_result():
    assert Journeys([], batch=1).last_result_ns == 0


def test_tasks_of_one_chunk_travel_together():
    slots = [
        slot(100, 200, inputs=(10, 20, 80, 85), result=(305, 310, 330, 335)),
        slot(201, 300, inputs=(20, 30, 85, 95), result=(310, 320, 335, 340)),
    ]
    assert Journeys(slots, batch=2).standing([0, 1], ready_ns=90) == Standing(10, 0, sent_ns=330)


def test_a_batch_of_a_nested_process_goes_when_its_last_task_has_ended():
    """The lane of task 0 waits for task 1 until 300, which is nobody's journey."""
    slots = [
        slot(100, 200, inputs=(1, 2, 3, 4), result=(301, 305, 320, 330)),
        slot(100, 300, inputs=(2, 3, 4, 5), result=(305, 310, 330, 340)),
        slot(350, 400, inputs=(5, 6, 340, 345)),
    ]
    assert Journeys(slots, batch=2).standing([0, 2], ready_ns=100).results_ns == 20


def test_pickling_while_the_result_was_still_on_its_way_is_counted_once():
    first = slot(100, 200, inputs=(10, 20, 80, 95), result=(205, 240, 300, 350))
    second = slot(400, 500, inputs=(250, 370, 390, 398))
    standing = Journeys([first, second], batch=1).standing([0, 1], ready_ns=100)
    assert standing.results_ns == 300 - 200
    assert standing.inputs_ns == (370 - 300) + (400 - 390)  # it begins once it has its input
