import pytest

from swimlanes.checks import patience


@pytest.fixture
def short_limit(monkeypatch):
    """Wait half a second for an endless answer, a few on a busy machine."""
    monkeypatch.setattr(patience, "LIMIT_S", 0.5)
    monkeypatch.setattr(patience, "MOST_S", 5.0)
