import msgspec
import pytest

from swimlanes.wall.shared import share_of


class Clock:
    """A clock that a test sets."""

    now_s = 0.0

    def __call__(self):
        return self.now_s


@pytest.fixture
def clock():
    """Return a clock that stands at 0."""
    return Clock()


@pytest.fixture
def changes():
    """Return a list to note changes in."""
    return []


@pytest.fixture(autouse=True)
def home(home):
    """Begin in a home of its own."""
    return home


@pytest.fixture
def study_of(make_study):
    """Return a function that makes what is shared of a study, with any changes."""

    def make(mode="processes", **changes):
        return msgspec.structs.replace(share_of(make_study(mode)), **changes)

    return make
