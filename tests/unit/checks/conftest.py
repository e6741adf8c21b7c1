import pytest

from swimlanes.checks import trying


@pytest.fixture
def short_limit(monkeypatch):
    """Wait half a second for an endless answer."""
    monkeypatch.setattr(trying, "LIMIT_S", 0.5)
