"""Examine this machine: whether a speedup can be shown here, and what to do about it."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from swimlanes.doctor.advice import find_actions, find_verdict
from swimlanes.doctor.facts import Facts, gather

__all__ = ["Facts", "Report", "examine"]


@dataclass(frozen=True)
class Report:
    """What an instructor wants to know the evening before.

    Attributes
    ----------
    verdict : str
        Whether a speedup can be shown here, and how large it can be.
    facts : Facts
        What the verdict rests on.
    actions : tuple of str
        What to do, the most important first; at least one.
    """

    verdict: str
    facts: Facts
    actions: tuple[str, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return the report as plain values for JSON, the facts beside the verdict."""
        return asdict(self.facts) | {
            "verdict": self.verdict,
            "speedup_possible": self.facts.speedup_possible,
            "possible_speedup": self.facts.possible_speedup,
            "actions": list(self.actions),
        }


def examine() -> Report:
    """Examine this machine; takes half a second, to see what others do on the cores."""
    facts = gather()
    return Report(find_verdict(facts), facts, find_actions(facts))
