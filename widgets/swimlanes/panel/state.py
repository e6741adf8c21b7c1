"""What the panel is doing, and which buttons make sense then. No widgets, no clock."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Phase(StrEnum):
    """What the panel is doing."""

    IDLE = "idle"
    RUNNING = "running"
    SWEEPING = "sweeping"
    STOPPING = "stopping"
    FAILED = "failed"


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
        """Whether a run goes on: nothing else can be started."""
        return self.phase in (Phase.RUNNING, Phase.SWEEPING, Phase.STOPPING)

    @property
    def can_stop(self) -> bool:
        """Whether there is something to stop that is not being stopped already."""
        return self.phase in (Phase.RUNNING, Phase.SWEEPING)
