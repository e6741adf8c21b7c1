import pytest

from swimlanes.checks import answers


@pytest.fixture
def short_limit(monkeypatch):
    """Wait half a second for an endless answer."""
    monkeypatch.setattr(answers, "LIMIT_S", 0.5)
