import msgspec
import pytest

from swimlanes.wall.shared import share_of


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
