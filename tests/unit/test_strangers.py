"""Records may come from anybody: whatever text they hold is shown as text, wherever it is shown.

The fields are those that the files hold, so that a new one is covered by itself.
"""

import json
import re
from dataclasses import fields, is_dataclass, replace
from xml.etree import ElementTree

import pytest

import swimlanes.records
from swimlanes import ControlPanel, keep
from swimlanes.checks import Verdict
from swimlanes.cli.table import print_table, progress
from swimlanes.cli.words import print_comparison, print_run, print_study
from swimlanes.drawing.svg import notice
from swimlanes.drawing.tables import line, note, table
from swimlanes.errors import SwimlanesError
from swimlanes.keep import record as records
from swimlanes.markup import legible
from swimlanes.panel import choices, messages
from swimlanes.panel.state import Phase, State
from swimlanes.quizzes import cards
from swimlanes.quizzes.kinds import Option
from swimlanes.records import Comparison, LeftOut, LoadSample, Run, ScalingStudy
from swimlanes.shown import Shown

HARMLESS = "Xy"
HOSTILE = {
    "element": "<img src=x onerror=alert(1)></title></text><script>alert(2)</script>",
    "attribute": "\"><svg onload='alert(3)'>' onmouseover='alert(4)",
    "reference": "]]>--><!--&lt;b&gt;&#60;b&#62;{0}{x}%s%(x)s",
    "control": "\0\x1b[31m\x9b2J\ud800\ufffe\u202e",
    "console": "[red]x[/blue] :boom: $\\frac{ $x^2$",
}
KINDS = ("run", "study", "comparison")
TOLD = ("aria-label", "title")
"""Attributes that tell what is shown; no other holds anything of a record's."""


@pytest.fixture(params=KINDS)
def record(request, make_run, make_study, make_comparison):
    """Return a record of each kind, with something in every field."""
    made = {"run": make_run, "study": make_study, "comparison": make_comparison}[request.param]()
    return read(written(remarked(made), lambda name, text: text or "something"))


def remarked(record):
    """Return a record with a remark; of a study and a comparison it is saved as `remarks`, too."""
    return replace(record, **{"remarks" if isinstance(record, Run) else "noted": ("something",)})


@pytest.fixture
def panel():
    """Return a panel with all its folds open."""
    panel = ControlPanel()
    for fold in (panel.session.tables.fold, panel.session.archive.fold):
        fold.button.value = True
    yield panel
    panel.close()


def written(record, replaced):
    """Return a record as JSON, each text by the name of its field replaced."""

    def walk(value, name=""):
        if isinstance(value, dict):
            return {key: walk(part, key) for key, part in value.items()}
        if isinstance(value, list):
            return [walk(part, name) for part in value]
        return replaced(name, value) if isinstance(value, str) else value

    return json.dumps(walk(json.loads(records.write(record))))


def read(text):
    return records.read(text, "record.json")


def test_what_names_things_is_shown(record, panel, tmp_path):
    shown = {
        name
        for name in fields_for(record, HARMLESS)
        for page in pages(panel, with_text(record, name, HARMLESS), tmp_path)
        if HARMLESS in text_of(page)
    }
    compared = isinstance(record, Comparison)
    of_a_comparison = {"interpreter", "way", "reason"}
    assert shown >= {"workload", "name"} | (of_a_comparison if compared else {"printed"})


def names(record):
    found = set()
    written(record, lambda name, text: found.add(name) or text)
    return sorted(found)


def filled(record, text):
    """Return the record with this text in every field that may hold any."""
    for field in fields_for(record, text):
        record = with_text(record, field, text)
    return record


def fields_for(record, text):
    return [name for name in names(record) if with_text(record, name, text) is not None]


def with_text(record, field, text):
    """Return the record with this text in a field, or None if no file may hold it there."""
    try:
        return read(written(record, lambda name, old: text if name == field else old))
    except SwimlanesError:
        return None


def pages(panel, record, folder):
    """Return everything that a panel shows of a saved record, taken apart as XML."""
    panel.session.clear()
    (folder / "record.json").write_bytes(records.write(record))
    panel.open(folder / "record.json")
    places = [widget for widget in family(panel) if isinstance(widget, Shown)]
    return [ElementTree.fromstring(f"<div>{place.value}</div>") for place in places]


def family(widget):
    return [widget, *(w for child in getattr(widget, "children", ()) for w in family(child))]


def structure(page):
    return [
        (element.tag, {name: value for name, value in element.items() if name not in TOLD})
        for element in page.iter()
    ]


def text_of(page):
    told = [value for element in page.iter() for name, value in element.items() if name in TOLD]
    return "\n".join([*page.itertext(), *told])


def of_the_same_room(hostile):
    """Return a text without any meaning that a picture breaks into lines at the same places."""
    return re.sub(r"\S", "x", legible(hostile))


def times(text, page):
    """Return how often a text is shown, on one line or on several."""
    shown, searched = ("".join(each.split()) for each in (text_of(page), text))
    return shown.count(searched)


def test_every_text_of_a_record_is_in_its_file(make_run, make_study, make_comparison):
    made = tuple(map(remarked, (make_run(), make_study(), make_comparison())))
    known = {name for record in made for name in names(record)}
    kinds = [kind for kind in vars(swimlanes.records).values() if is_dataclass(kind)]
    texts = {field.name for kind in kinds for field in fields(kind) if "str" in str(field.type)}
    assert texts - {"noted"} | {*LeftOut._fields} <= known


@pytest.mark.parametrize("hostile", HOSTILE.values(), ids=HOSTILE)
def test_a_panel_shows_text_as_text(record, panel, tmp_path, hostile):
    harmless = of_the_same_room(hostile)
    assert fields_for(record, hostile) == fields_for(record, harmless)
    expected, found = (pages(panel, filled(record, text), tmp_path) for text in (harmless, hostile))
    assert list(map(structure, found)) == list(map(structure, expected))
    for page, harmless_page in zip(found, expected, strict=True):
        assert times(legible(hostile), page) == times(harmless, harmless_page)


@pytest.mark.parametrize("hostile", HOSTILE.values(), ids=HOSTILE)
def test_the_terminal_shows_text_as_text(record, capsys, hostile, monkeypatch):
    monkeypatch.setenv("COLUMNS", "1000")
    tell = {Run: print_run, ScalingStudy: print_study, Comparison: print_comparison}[type(record)]
    tell(filled(record, HARMLESS))
    expected = capsys.readouterr().out
    tell(filled(record, hostile))
    found = capsys.readouterr().out
    assert "\x1b" not in found
    assert found.count(legible(hostile)) == expected.count(HARMLESS)


@pytest.mark.parametrize("hostile", HOSTILE.values(), ids=HOSTILE)
@pytest.mark.parametrize("ending", [".svg", ".csv", ".json"])
def test_files_hold_text_as_text(record, tmp_path, ending, hostile):
    odd, file = filled(record, hostile), tmp_path / f"record{ending}"
    keep.save(odd, file)
    if ending == ".svg":
        tags = {element.tag.split("}")[1] for element in ElementTree.parse(file).iter()}
        assert not tags & {"script", "img", "image", "foreignObject"}
    if ending == ".json":
        assert keep.load(file) == odd


MADE_OF_TEXT = {
    "status": messages.status,
    "remark": messages.remark,
    "alert": messages.alert,
    "meaning": lambda text: messages.meaning([text, text]),
    "left out": lambda text: messages.left_out([LeftOut(text, text)]),
    "fold": lambda text: messages.fold(text, text),
    "failure": lambda text: messages.failure(State(Phase.FAILED, text, text)),
    "modes": lambda text: choices.missing_modes({text: text}),
    "marks": lambda text: choices.mode_marks([text, text]),
    "verdict": lambda text: Verdict(True, text)._repr_html_(),
    "code in a verdict": lambda text: Verdict(False, f"a `{text}`")._repr_html_(),
    "question": lambda text: cards.heading(text, text, text),
    "options": lambda text: cards.others([Option(text, text, True)]),
    "line of code": cards.line_of_code,
    "table": lambda text: table(text, [text], [line([text, text], text), note(text, 2)]),
    "notice": lambda text: notice("name", (999, 99), text, text),
}


@pytest.mark.parametrize("hostile", HOSTILE.values(), ids=HOSTILE)
@pytest.mark.parametrize("make", MADE_OF_TEXT.values(), ids=MADE_OF_TEXT)
def test_whatever_is_made_of_text_holds_it_as_text(make, hostile):
    expected, found = (
        ElementTree.fromstring(f"<div>{make(text)}</div>".replace("<br>", "<br/>"))
        for text in (HARMLESS, hostile)
    )
    assert structure(found) == structure(expected)
    assert text_of(found).count(legible(hostile)) == text_of(expected).count(HARMLESS) > 0


def test_a_trace_is_json_whatever_a_lane_is_called(make_run, tmp_path):
    odd = filled(make_run(), HOSTILE["control"])
    keep.save(odd, tmp_path / "run.trace.json")
    events = json.loads((tmp_path / "run.trace.json").read_text())["traceEvents"]
    assert any(HOSTILE["control"] in str(event["args"].get("name")) for event in events[:9])


def test_a_spreadsheet_takes_no_text_for_a_formula(make_comparison, tmp_path):
    odd = make_comparison()
    for sign in "=+-@":
        text = sign + "cmd()"
        object.__setattr__(odd.studies[2].runs[0].timeline, "mode", text)
        keep.save(odd, tmp_path / "ways.csv")
        cells = (tmp_path / "ways.csv").read_text()
        assert f"'{text}" in cells
        assert f",{text}" not in cells


def test_a_bar_of_progress_and_a_head_are_text(capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.setenv("FORCE_COLOR", "1")
    with progress() as shown:
        shown.add_task("[/odd] [red]name", total=None)
    print_table(["[/odd]", "[red]head"], [["[/odd]", ":boom:"]])
    told = capsys.readouterr()
    assert "[/odd] [red]name" in told.err
    assert "[red]head" in told.out
    assert ":boom:" in told.out


def test_a_megabyte_for_a_name_makes_no_megabyte_of_a_picture(make_run, panel, tmp_path):
    run = make_run("cluster")
    lanes = tuple(replace(lane, name="<b>" * 400_000) for lane in run.timeline.lanes)
    load = (LoadSample(0.1, (1.0, 1.0)),)
    odd = replace(run, timeline=replace(run.timeline, lanes=lanes, core_load=load))
    shown = pages(panel, replace(odd, workload="w" * 1_000_000), tmp_path)
    assert sum(len(text_of(page)) for page in shown) < 100_000
