import pytest


@pytest.fixture(autouse=True)
def home(monkeypatch, tmp_path):
    """Begin without a wall, in a home of its own."""
    for name in ("SWIMLANES_WALL", "SWIMLANES_WALL_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    return tmp_path
