"""What the panel is doing, and which buttons make sense then. No widgets, no clock."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Phase(StrEnum):
    """What the panel is doing."""

    IDLE = "idle"
    CALIBRATING = "calibrating"
    RUNNING = "running"
    SWEEPING = "sweeping"
    COMPARING = "comparing"
    REPLAYING = "replaying"
    STOPPING = "stopping"
    FAILED = "failed"


_RESTING = {Phase.IDLE, Phase.FAILED}
_STARTING = {
    Phase.CALIBRATING,
    Phase.RUNNING,
    Phase.SWEEPING,
    Phase.COMPARING,
    Phase.REPLAYING,
}
# What may come next. What is being stopped goes nowhere but to its end.
_NEXT = {
    Phase.IDLE: _STARTING | _RESTING,
    Phase.FAILED: _STARTING | _RESTING,
    Phase.CALIBRATING: {Phase.RUNNING, Phase.SWEEPING, Phase.COMPARING, Phase.STOPPING} | _RESTING,
    Phase.RUNNING: {Phase.RUNNING, Phase.STOPPING} | _RESTING,
    Phase.SWEEPING: {Phase.SWEEPING, Phase.STOPPING} | _RESTING,
    Phase.COMPARING: {Phase.COMPARING, Phase.STOPPING} | _RESTING,
    Phase.REPLAYING: {Phase.REPLAYING, Phase.STOPPING} | _RESTING,
    Phase.STOPPING: _RESTING,
}


@dataclass(frozen=True, slots=True)
class State:
    """A phase with what there is to say about it.

    Attributes
    ----------
    phase : Phase
        What the panel is doing.
    sentence : str
        One sentence for the user.
    detail : str
        Longer text about a failure, shown folded.
    """

    phase: Phase = Phase.IDLE
    sentence: str = ""
    detail: str = ""

    @property
    def busy(self) -> bool:
        """Whether something goes on: nothing else can be started."""
        return self.phase not in _RESTING

    @property
    def can_stop(self) -> bool:
        """Whether there is something to stop that is not being stopped already."""
        return self.may_become(Phase.STOPPING)

    def may_become(self, phase: Phase) -> bool:
        """Return whether the panel can go from here to `phase`."""
        return phase in _NEXT[self.phase]
