"""Figures for notebooks and files: the pictures of the panel, each able to stand alone."""

import io
import json
import re
import subprocess
import sys
from dataclasses import replace
from xml.etree import ElementTree

import pytest
from PIL import Image

import swimlanes
from swimlanes import figures
from swimlanes.drawing import look
from swimlanes.errors import RequestError, SwimlanesError
from swimlanes.records import Comparison, LoadSample, ScalingStudy

OF_RUNS = (figures.lanes, figures.account, figures.core_load)
OF_STUDIES = (figures.speedup, figures.efficiency, figures.account)
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(params=[*OF_RUNS, *OF_STUDIES, figures.comparison])
def figure(request, make_run, make_study, make_comparison):
    """Return a figure of each kind."""
    if request.param is figures.comparison:
        return figures.comparison(make_comparison(disturbed=[2]))
    of_a_run = request.param_index < len(OF_RUNS)
    return request.param(make_run(tasks=16) if of_a_run else make_study(disturbed=(2,)))


@pytest.fixture
def saved(tmp_path):
    """Return a function that saves something and reads the file."""

    def save(what, ending):
        swimlanes.save(what, tmp_path / f"figure{ending}")
        return (tmp_path / f"figure{ending}").read_bytes()

    return save


def texts(svg):
    found = ("".join(element.itertext()) for element in ElementTree.fromstring(svg).iter())
    return [text.replace("\N{NO-BREAK SPACE}", " ") for text in found]


def test_a_notebook_shows_a_figure_in_the_colours_of_its_theme(figure):
    (picture,) = ElementTree.fromstring(figure._repr_html_())
    assert picture.tag == f"{SVG}svg"
    assert picture.get("aria-label")
    assert look.INK in figure._repr_html_()


def test_where_no_picture_can_be_shown_a_figure_is_its_sentence(figure):
    assert repr(figure) == ElementTree.fromstring(figure.svg).get("aria-label")


def test_two_figures_on_a_page_share_no_id(make_run):
    run = make_run()
    ids = [set(re.findall(' id="([^"]+)"', figures.lanes(run).svg)) for _ in range(2)]
    assert ids[0]
    assert not ids[0] & ids[1]


def test_a_saved_figure_needs_nothing_from_a_page(figure, saved):
    svg = saved(figure, ".svg").decode()
    assert "var(" not in svg
    assert "color-mix" not in svg
    if "stroke:#CC79A7" in svg:  # three quarters of it, and one of ink
        assert ";stroke:#a16386;" in svg
    root = ElementTree.fromstring(svg)
    left, top, width, height = map(float, root.get("viewBox").split())
    assert (root.get("width"), root.get("height")) == (f"{width:g}", f"{height:g}")
    paper = root.find(f"{SVG}rect")
    assert {**paper.attrib, "fill": ""} == {
        "x": f"{left:g}", "y": f"{top:g}", "width": f"{width:g}", "height": f"{height:g}",
        "fill": "",
    }  # fmt: skip
    assert root.get("aria-label") == ElementTree.fromstring(figure.svg).get("aria-label")


def test_text_that_looks_like_a_style_stays_as_it_is(make_study, saved):
    odd = 'style="fill:var(--x, y)" var(--x, y) color-mix(a)'
    study = make_study()
    serial, runs = (
        tuple(replace(run, workload=odd) for run in runs)
        for runs in (study.serial_runs, study.runs)
    )
    record = Comparison(serial, (ScalingStudy(serial, runs),))
    assert any(odd in text for text in texts(saved(record, ".svg")))


def test_a_saved_figure_as_png_has_paper_and_ink(figure, saved):
    picture = Image.open(io.BytesIO(saved(figure, ".png"))).convert("L")
    width = float(ElementTree.fromstring(figure.svg).get("viewBox").split()[2])
    assert picture.width > 2.5 * width
    assert picture.getpixel((1, 1)) == 255
    dark, light = picture.getextrema()
    assert (dark < 60, light) == (True, 255)


def test_the_words_of_a_png_are_drawn(make_run, saved):
    """Without its font nothing is left of the heading."""
    picture = Image.open(io.BytesIO(saved(figures.lanes(make_run()), ".png"))).convert("L")
    heading = picture.crop((0, 0, picture.width // 2, 75))
    assert sum(heading.histogram()[:100]) > 500


def test_a_font_that_a_file_hides_is_told(make_run, tmp_path):
    """A participant's matplotlib.py must not cost the picture its words."""
    (tmp_path / "matplotlib.py").write_text("")
    swimlanes.save(make_run(), tmp_path / "run.json")
    code = "import swimlanes; swimlanes.save(swimlanes.load('run.json'), 'run.png')"
    answer = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert "matplotlib.py" in answer.stderr.splitlines()[-1]
    assert not (tmp_path / "run.png").exists()


def test_a_record_has_a_figure_that_stands_for_it(make_run, make_study, make_comparison, saved):
    assert "serial: 4 tasks on 1 worker" in texts(saved(make_run("serial"), ".svg"))[0]
    assert "times as fast as serial" in texts(saved(make_study(), ".svg"))[0]
    assert "All modes" in texts(saved(make_comparison(), ".svg"))[0]


def test_a_figure_is_saved_as_a_picture_only(make_run, tmp_path):
    with pytest.raises(SwimlanesError, match=r"let it end in \.svg or \.png"):
        swimlanes.save(figures.lanes(make_run()), tmp_path / "figure.json")


def test_what_cannot_be_drawn_is_told(make_run, tmp_path):
    run = make_run()
    broken = replace(run, timeline=replace(run.timeline, elapsed_s=float("nan")))
    with pytest.raises(SwimlanesError, match="The picture cannot be drawn"):
        swimlanes.save(broken, tmp_path / "run.svg")
    assert not list(tmp_path.iterdir())


def test_lanes_tell_mode_length_and_chunks(make_run):
    run = make_run(tasks=4)
    heading = "processes: 4 tasks on 2 workers · 0.23 s · chunks of 1"
    assert heading in texts(figures.lanes(run).svg)


def test_two_runs_can_share_an_axis(make_run):
    long, short = make_run(tasks=8), make_run(tasks=4)
    svg = figures.lanes(short, long).svg
    widths = [float(w) for w in re.findall(r'class="u" d="M[\d.]+ [\d.]+h([\d.]+)', svg)]
    assert widths[0] == widths[2]  # behind each comes the swatch of its legend
    alone = figures.lanes(short, until_s=long.timeline.elapsed_s).svg
    assert f"h{widths[0]:.1f}v" in alone
    label = ElementTree.fromstring(svg).get("aria-label")
    assert "4 tasks" in label
    assert "8 tasks" in label
    assert svg.count("<style>") == 1


@pytest.mark.parametrize("until_s", [0, -1, float("nan"), float("inf"), "1", True, 10**400])
def test_an_axis_ends_at_a_moment(make_run, until_s):
    with pytest.raises(RequestError, match="until_s says where the axis of time ends"):
        figures.lanes(make_run(), until_s=until_s)


def test_an_axis_reaches_at_least_as_far_as_the_run(make_run):
    run = make_run()
    short, whole = (
        re.sub("figure-[0-9a-f]+", "", figures.lanes(run, until_s=s).svg) for s in (0.01, None)
    )
    assert short == whole


def test_what_a_figure_cannot_show_is_told(make_run, make_study, make_comparison):
    run, study, comparison = make_run(), make_study(), make_comparison()
    for draw, wrong, wanted in (
        (figures.lanes, study, "shows a run, and this is"),
        (figures.core_load, None, "shows a run, and this is None"),
        (figures.account, comparison, "shows a run or a study, and this is"),
        (figures.speedup, run, "shows a study, and this is"),
        (figures.speedup, [study], "shows a study, and this is"),
        (figures.comparison, run, "shows a comparison, and this is"),
    ):
        with pytest.raises(RequestError, match=wanted):
            draw(wrong)
    with pytest.raises(RequestError, match="shows a study, and this is None"):
        figures.speedup()
    with pytest.raises(RequestError, match="shows a run, and this is None"):
        figures.lanes()
    with pytest.raises(RequestError, match=r"shows a run, and this is 0\.5"):
        figures.lanes(run, 0.5)
    with pytest.raises(RequestError, match="There is no show 'bogus' here"):
        figures.speedup(study, show="bogus")


def test_efficiency_is_the_speedup_per_lane(make_study):
    assert "share of the ideal" in texts(figures.efficiency(make_study()).svg)


def test_several_studies_have_a_curve_each(make_study):
    svg = figures.speedup(make_study(), make_study("threads", cpu_share=0.1)).svg
    assert {"processes", "threads"} <= set(texts(svg))


def test_a_study_without_points_can_be_drawn(make_run, saved):
    study = ScalingStudy((make_run("serial"),))
    for draw in OF_STUDIES:
        assert saved(draw(study), ".png")


def test_the_account_of_a_run_has_a_bar_for_each_lane(make_run):
    run = make_run(workers=3, tasks=7, cpu_share=0.5, waiting_share=0.2)
    svg = figures.account(run).svg
    bars = re.findall("<title>(worker .*?)</title>", svg)
    assert [bar[:8] for bar in bars] == ["worker 1", "worker 2", "worker 3"]
    for bar, lane in zip(bars, run.account.lanes, strict=True):
        assert f" ({lane.useful / run.wall_time_s:.0%})" in bar
        assert "this run cannot tell why" in bar


def test_the_account_names_the_states_that_are_there(make_run):
    svg = figures.account(make_run(cpu_share=0.5)).svg
    named = [
        e.text for e in ElementTree.fromstring(svg).iter(f"{SVG}text") if e.get("class") == "s"
    ]
    assert named == ["useful", "blocked", "start-up", "shut-down"]


def test_core_load_shows_a_row_per_core(make_run):
    run = make_run(tasks=16)
    load = (LoadSample(0.2, (1.0, 0.5)), LoadSample(0.4, (0.5, 0.0)))
    run = replace(run, timeline=replace(run.timeline, core_load=load))
    assert {"core 0", "core 1"} <= set(texts(figures.core_load(run).svg))


def test_cores_are_called_alike_in_picture_and_trace(make_run, saved):
    run = make_run()
    load = (LoadSample(0.2, (1.0, 0.5)),)
    run = replace(run, timeline=replace(run.timeline, core_load=load, cpus=(4, 7)))
    assert {"core 4", "core 7"} <= set(texts(figures.core_load(run).svg))
    events = json.loads(saved(run, ".trace.json"))["traceEvents"]
    named = {event["name"] for event in events if event["ph"] == "C"}
    assert named == {"load of core 4", "load of core 7"}


def test_core_load_of_a_short_run_says_so(make_run):
    assert "This run was too short to tell." in texts(figures.core_load(make_run()).svg)


def test_nothing_heavy_is_loaded_before_a_file_is_asked_for():
    code = "import sys, swimlanes.figures; print(*sys.modules)"
    loaded = subprocess.run(
        [sys.executable, "-c", code], check=True, capture_output=True, text=True
    )
    assert not {"matplotlib", "resvg_py"} & set(loaded.stdout.split())
