"""The panel does not wait for a slow look at another Python."""

from swimlanes import modes


def test_a_mode_that_takes_long_to_find_is_offered_later(
    make_panel, monkeypatch, require, tmp_path, eventually
):
    slow, go = tmp_path / "slow-python", tmp_path / "go"
    slow.write_text(f"#!/bin/sh\nwhile [ ! -e {go} ]; do sleep 0.02; done\necho 1\n")
    slow.chmod(0o755)
    monkeypatch.setenv("SWIMLANES_FREE_THREADED_PYTHON", "/no/such/python")
    gil = modes.why_unavailable("free-threaded")
    require(gil, "this Python has no GIL, so there is no other to look at", "use a usual one")
    monkeypatch.setenv("SWIMLANES_FREE_THREADED_PYTHON", str(slow))
    mode = make_panel(mode="threads").controls.mode
    assert "free-threaded" not in mode.options
    assert mode.value == "threads"
    go.touch()
    eventually(lambda: "free-threaded" in mode.options)
    eventually(lambda: mode.value == "threads")
