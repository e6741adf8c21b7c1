"""What may follow what."""

import pytest

from swimlanes.panel.state import Phase, State

RESTING = {Phase.IDLE, Phase.FAILED}


@pytest.mark.parametrize("phase", Phase)
def test_only_a_resting_panel_is_not_busy(phase):
    assert State(phase).busy is (phase not in RESTING)


@pytest.mark.parametrize("phase", Phase)
def test_everything_comes_to_rest(phase):
    assert all(State(phase).may_become(end) for end in RESTING)


@pytest.mark.parametrize(
    "phase", [phase for phase in Phase if phase not in RESTING and phase is not Phase.STOPPING]
)
def test_what_goes_on_can_be_stopped_and_nothing_else_begins(phase):
    assert State(phase).can_stop
    measuring = {Phase.RUNNING, Phase.SWEEPING, Phase.COMPARING}
    others = {Phase.CALIBRATING, Phase.REPLAYING, *measuring} - {phase}
    allowed = {other for other in others if State(phase).may_become(other)}
    assert allowed == (measuring if phase is Phase.CALIBRATING else set())


def test_what_is_being_stopped_only_ends():
    assert {phase for phase in Phase if State(Phase.STOPPING).may_become(phase)} == RESTING
    assert not State(Phase.STOPPING).can_stop
