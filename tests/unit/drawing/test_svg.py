from xml.etree import ElementTree

from swimlanes import drawing
from swimlanes.drawing.svg import duration, notice, spread, ticks


def test_two_pictures_do_not_share_ids(make_run):
    timeline = make_run().timeline
    ids = [
        {e.get("id") for e in ElementTree.fromstring(drawing.lanes(timeline, name)).iter()} - {None}
        for name in ("one", "two")
    ]
    assert ids[0]
    assert not ids[0] & ids[1]


def test_empty_states_say_what_to_do(picture):
    assert "Press Run to see your workers." in picture(drawing.lanes(None)).texts
    assert "Press Sweep to measure 1 to 5 workers." in picture(drawing.speedup([], 2)).texts


def test_a_long_sentence_fits_into_a_picture_without_data(picture):
    sentence = "Programs outside the serial run kept 1.55 cores busy meanwhile: measure again."
    lines = picture(notice("name", (320, 250), "Speedup", sentence)).texts[1:]
    assert " ".join(lines) == sentence
    assert max(map(len, lines)) * 6 < 320
    assert len(lines) == 2


def test_pictures_are_told_to_those_who_cannot_see_them(make_run, make_study):
    for svg in (drawing.lanes(make_run().timeline), drawing.speedup([make_study()], 2)):
        root = ElementTree.fromstring(svg)
        assert root.get("role") == "img"
        assert "2" in root.get("aria-label")


def test_spread_keeps_labels_apart_and_within_limits():
    placed = spread([50, 51, 52], [10, 20, 10], lowest=0, highest=60)
    assert placed == [20, 30, 50]


def test_ticks_are_round_and_reach_as_far_as_the_axis():
    assert ticks(5, at_most=6) == [0, 1, 2, 3, 4, 5]
    assert ticks(0.013, at_most=7) == [0, 0.002, 0.004, 0.006, 0.008, 0.01, 0.012]


def test_less_than_a_nanosecond_is_none():
    assert duration(1.37e-17) == "0\xa0ms"
