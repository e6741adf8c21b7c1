"""Names of files next to the notebook."""

import os

from swimlanes.panel.folds import MOST_RECORDS, free_name, records_in


def test_names_are_counted_and_never_taken_twice(tmp_path):
    for number in (1, 2, 3):
        path = free_name(tmp_path, "run", ".svg")
        assert path.name == f"swimlanes-run-{number}.svg"
        path.touch()
    assert free_name(tmp_path, "study", ".svg").name == "swimlanes-study-1.svg"


def test_records_are_listed_newest_first_without_traces_and_others(tmp_path):
    for age, name in enumerate(
        ("b.json", "a.json", "a.trace.json", "a.csv", ".hidden.json", "c.json")
    ):
        (tmp_path / name).touch()
        os.utime(tmp_path / name, (1000 - age, 1000 - age))
    assert records_in(tmp_path) == ["b.json", "a.json", "c.json"]


def test_very_many_records_are_cut_short(tmp_path):
    for number in range(MOST_RECORDS + 5):
        (tmp_path / f"{number}.json").touch()
    assert len(records_in(tmp_path)) == MOST_RECORDS
