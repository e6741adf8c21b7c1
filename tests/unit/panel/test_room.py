"""Room for pictures: what stands below does not move."""

import re

from swimlanes.panel.pictures import Room


def svg(height):
    return f'<svg viewBox="0 0 560 {height}"></svg>'


def height_of(placed):
    return int(re.search("aspect-ratio:[0-9]+/([0-9]+)", placed)[1])


def test_room_grows_and_does_not_shrink_by_itself():
    room = Room(100)
    assert [height_of(room.put(svg(height))) for height in (80, 150, 120)] == [100, 150, 150]


def test_room_is_kept_for_what_comes_and_given_back():
    room = Room(100)
    room.keep_for(svg(300))
    assert height_of(room.put(svg(80))) == 300
    room.keep_for(svg(50))
    assert height_of(room.put(svg(80))) == 100


def test_room_of_a_panel_does_not_change_during_a_sweep(make_panel):
    panel = make_panel(workload="query", mode="threads", tasks=4, task_ms=5, repeats=1)
    lanes, heights = panel.session.view.pictures.lanes, set()
    lanes.observe(lambda change: heights.add(height_of(change.new)), "value")
    panel.controls.sweep.click()
    assert panel.wait(120)
    assert len(heights) == 1
