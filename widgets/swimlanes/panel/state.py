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
_MEASURING = {Phase.RUNNING, Phase.SWEEPING, Phase.COMPARING}
# What may come next, besides a rest. What is being stopped goes nowhere but to its end.
_NEXT: dict[Phase, set[Phase]] = {
    **{phase: set(Phase) - {Phase.STOPPING} for phase in _RESTING},
    **{phase: {phase, Phase.STOPPING} for phase in (*_MEASURING, Phase.REPLAYING)},
    Phase.CALIBRATING: _MEASURING | {Phase.STOPPING},
    Phase.STOPPING: set(),
}


@dataclass(frozen=True, slots=True)
class State:
    """A phase, with one sentence for the user, and longer text about a failure, shown folded."""

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
        return phase in _RESTING or phase in _NEXT[self.phase]
