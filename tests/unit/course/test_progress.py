import os

from swimlanes.course import forget, record, recorded


def test_what_is_recorded_can_be_read_and_forgotten(home):
    record("speedup")
    record("speedup")
    record("arranged", "04")
    assert recorded(home) == {"speedup", "arranged-04"}
    forget(home, ["speedup", "never-right"])
    assert recorded(home) == {"arranged-04"}


def test_nothing_is_recorded_outside_of_the_course(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    record("speedup")
    assert list(tmp_path.iterdir()) == []
    assert recorded(tmp_path) == frozenset()


def test_a_folder_that_cannot_be_written_is_borne(home):
    (home / ".progress").write_text("in the way")
    record("speedup")
    forget(home, ["speedup"])
    assert recorded(home) == frozenset()


def test_a_folder_that_is_gone_is_borne(home):
    gone = home / "gone"
    gone.mkdir()
    os.chdir(gone)
    gone.rmdir()
    record("speedup")
    assert recorded(gone) == frozenset()


def test_only_the_start_page_makes_a_folder_the_course(home):
    (home / "START.ipynb").unlink()
    record("speedup")
    assert recorded(home) == frozenset()
