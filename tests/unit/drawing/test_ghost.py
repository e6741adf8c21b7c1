"""The run before: outlines below the lanes, along the same axis."""

import re
from dataclasses import replace

from swimlanes import drawing
from swimlanes.records import LoadSample


def outlines(svg):
    """Return the left edge and the width of each outline of the run before, px."""
    (path,) = re.findall(r'<path class="a" d="([^"]*)"><title>the run before', svg)
    boxes = re.findall(r"M([\d.]+) [\d.]+h([\d.]+)v", path)
    return [tuple(map(float, box)) for box in boxes]


def test_the_run_before_is_drawn_below_and_named_for_eyes_and_ears(make_run, picture):
    before, run = make_run("serial"), make_run()
    svg = drawing.lanes(run.timeline, before=before, work="count-down")
    assert len(outlines(svg)) == 4
    told = "count-down, serial: 4 tasks in 0.43 s"
    texts = [text.replace("\xa0", " ") for text in picture(svg).texts]
    assert f"the run before: {told}" in texts
    assert any(text.startswith("count-down: 4 tasks on 2 workers") for text in texts)
    label = re.search('aria-label="(.*?)"', svg)[1].replace("\xa0", " ")
    assert label.endswith(f"Below it, as outlines, the run before: {told}.")
    assert "before" not in drawing.lanes(run.timeline)


def test_both_have_the_same_axis_also_the_load_of_the_cores(make_run):
    before, run = make_run("serial"), make_run()
    (first, _), *_, (last, width) = outlines(drawing.lanes(run.timeline, before=before))
    span_s, left, right = before.timeline.elapsed_s, 78, 452
    scale = (right - left) / span_s
    assert abs(first - left - before.tasks[0].start_s * scale) < 0.1
    assert abs(last + width + 1 - left - before.tasks[-1].end_s * scale) < 0.1
    loaded = replace(run.timeline, core_load=make_load(run.timeline.elapsed_s))
    alone, beside = (
        max(map(float, re.findall(r"H([\d.]+)", drawing.core_load(loaded, [0], until_s=until))))
        for until in (None, span_s)
    )
    assert abs((beside - left) / (alone - left) - run.timeline.elapsed_s / span_s) < 0.01


def make_load(until_s):
    return (LoadSample(until_s, (0.5,)),)


def test_many_tasks_are_one_outline_for_each_worker_and_a_far_longer_run_is_left_out(make_run):
    run, many = make_run(), make_run(tasks=400, task_s=0.001)
    assert len(outlines(drawing.lanes(run.timeline, before=many))) == 2
    assert len(drawing.lanes(run.timeline, before=many)) < 30_000
    long = make_run(tasks=4, task_s=60)
    assert "before" not in drawing.lanes(run.timeline, before=long)


def test_without_chunks_nothing_is_said_of_them(make_run):
    timeline = make_run(tasks=16).timeline
    assert "chunk" in drawing.lanes(timeline)
    assert "chunk" not in drawing.lanes(timeline, chunks=False)
