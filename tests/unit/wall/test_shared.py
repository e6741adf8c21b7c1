import json
from dataclasses import replace

import msgspec
import pytest

from swimlanes.drawing import Guess
from swimlanes.errors import RequestError
from swimlanes.records import ScalingStudy
from swimlanes.wall import shared

SECRET = "bob@laptop-7/home/bob"


def told_everywhere(run):
    """Return a run that tells whose it is wherever it can."""
    return replace(
        run,
        workload=SECRET,
        lengths="",
        printed=SECRET,
        remarks=(SECRET,),
        results_digest=SECRET,
        inputs_digest=SECRET,
        function_digest=SECRET,
        conditions=replace(
            run.conditions, machine=SECRET, settings=SECRET, interpreter=f"CPython {SECRET}"
        ),
    )


def test_a_study_is_shared_with_its_numbers(make_study):
    study = make_study(disturbed=[2])
    item = shared.share_of(study)
    assert (item.workload, item.mode, item.tasks_count, item.cores) == (
        "count-down", "processes", 16, 2,
    )  # fmt: skip
    assert item.interpreter == "CPython 3.13.5"
    assert [point.workers for point in item.points] == [1, 2, 3, 4, 5]
    assert [point.disturbed for point in item.points] == [False, True, False, False, False]
    for point, measured in zip(item.points, study.points, strict=True):
        assert point.speedup == pytest.approx(measured.speedup, abs=1e-4)
        assert (point.low, point.high) == pytest.approx(measured.speedup_spread, abs=1e-4)
        assert point.possible == pytest.approx(measured.ceiling, abs=1e-4)


def test_nothing_that_tells_whose_it_is_leaves_the_lab(make_study):
    study = make_study()
    study = ScalingStudy(
        tuple(map(told_everywhere, study.serial_runs)), tuple(map(told_everywhere, study.runs))
    )
    item = shared.share_of(study)
    sent = shared.encoded(item).decode()
    assert "bob" not in sent
    assert (item.workload, item.lengths, item.interpreter) == ("own",) * 3


@pytest.mark.parametrize(
    ("lengths", "sent"),
    [
        ("equal", "equal"),
        ("ramp-up", "ramp-up"),
        ("1, 8,1.5", "1,8,1.5"),
        ("١,٢", "own"),
        ("1,2\n", "own"),
    ],
)
def test_lengths_are_names_or_numbers(make_study, lengths, sent):
    study = make_study()
    runs = (
        tuple(replace(run, lengths=lengths) for run in r) for r in (study.serial_runs, study.runs)
    )
    assert shared.share_of(ScalingStudy(*runs)).lengths == sent


def test_the_owner_sees_all_that_is_sent(make_study):
    item = shared.share_of(make_study())
    rows = dict(shared.rows_of(item))
    sent = json.loads(shared.encoded(item))
    points = sent.pop("points")
    assert {name.replace("_", " ") for name in sent} == {n for n in rows if "point" not in n}
    for number, point in enumerate(points, start=1):
        row = rows[f"point {number}"]
        for value in point.values():
            assert isinstance(value, bool) or str(value) in row


def test_what_was_sent_is_what_is_received(make_study):
    for item in (shared.share_of(make_study()), shared.share_of(Guess("threads", 4, 3.5))):
        assert shared.decoded(shared.encoded(item)) == item


def test_a_study_without_a_curve_says_what_to_do(make_study):
    study = make_study()
    with pytest.raises(RequestError, match="press Sweep first"):
        shared.share_of(ScalingStudy(study.serial_runs))


def changed(**changes):
    return lambda study: study | changes


def with_point(**changes):
    return lambda study: study | {"points": [study["points"][0] | changes]}


HOSTILE = {
    "a field more": (changed(name="Bob"), "unknown field"),
    "a name": (changed(workload="<script>"), "workload is '<script>'"),
    "a mode with a line": (changed(mode="threads\n"), "mode is"),
    "no points": (changed(points=[]), "points"),
    "too many points": (lambda s: s | {"points": s["points"] * 13}, "points"),
    "points in disorder": (lambda s: s | {"points": s["points"][::-1]}, "do not ascend"),
    "too much speedup": (with_point(speedup=1e9, high=1e9), "speedup is 1000000000.0"),
    "below nothing": (with_point(low=-1.0), "low is -1.0"),
    "outside of its spread": (with_point(speedup=0.1), "does not lie"),
    "a field less": (with_point(disturbed=None), "disturbed is None"),
    "a text as a number": (with_point(workers="2"), "workers is '2'"),
    "no kind": (changed(kind="poll"), "kind"),
    "a machine": (changed(interpreter="CPython 3.13.5 on bob"), "interpreter"),
    "no work": (changed(serial_s=0), "serial_s is 0"),
}


@pytest.mark.attack("share a record that is none", "refused in one sentence, nothing is kept")
@pytest.mark.parametrize("what", HOSTILE)
def test_a_hostile_record_is_refused(make_study, what):
    spoil, sentence = HOSTILE[what]
    values = spoil(msgspec.to_builtins(shared.share_of(make_study())))
    with pytest.raises(RequestError) as refusal:
        shared.decoded(json.dumps(values).encode())
    assert sentence in str(refusal.value)
    assert len(str(refusal.value)) < 500


GUESSING = '{"kind":"guess","mode":"threads","workers":1,"speedup":%s}'
NO_RECORDS = {
    "nothing": b"",
    "no text": b"\xff",
    "deep": b"[" * 60_000,
    "long": b"x" * 100_000,
    "not a number": (GUESSING % "NaN").encode(),
    "infinite": (GUESSING % "1e999").encode(),
    "null": b"null",
}


@pytest.mark.parametrize("text", NO_RECORDS.values(), ids=NO_RECORDS)
def test_what_is_no_record_is_refused(text):
    with pytest.raises(RequestError):
        shared.decoded(text)
