"""How often is drawn, on a clock that is set by hand."""

from swimlanes.panel.conductor import Pace


class Clock:
    def __init__(self):
        self.now_s = 0.0

    def __call__(self):
        return self.now_s


def draws(cost_s, moments):
    """Return at which of the moments, s, a picture that takes `cost_s` is drawn."""
    clock = Clock()
    pace, drawn = Pace(clock), []

    def picture():
        drawn.append(clock.now_s)
        clock.now_s += cost_s

    for moment in moments:
        clock.now_s = max(clock.now_s, moment)
        pace.draw(picture)
    return drawn


def test_five_times_a_second():
    assert draws(0.001, [0, 0.1, 0.19, 0.2, 0.3, 0.41]) == [0, 0.2, 0.41]


def test_a_slow_picture_is_drawn_less_often():
    assert draws(0.05, [0, 0.2, 0.9, 1.1, 1.5, 2.0, 2.2]) == [0, 1.1, 2.2]


def test_the_end_is_drawn_at_once():
    drawn, pace = [], Pace(Clock())
    pace.draw(lambda: drawn.append("live"))
    pace.hurry()
    pace.draw(lambda: drawn.append("end"))
    assert drawn == ["live", "end"]


def test_a_picture_with_nothing_in_it_yet_is_soon_drawn_again():
    clock = Clock()
    pace, drawn = Pace(clock), []

    def empty():
        drawn.append(clock.now_s)
        clock.now_s += 0.001
        pace.hurry()

    for moment in (0, 0.01, 0.05):
        clock.now_s = moment
        pace.draw(empty)
    assert drawn == [0, 0.05]
