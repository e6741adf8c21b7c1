"""Everything that can go wrong for a user, each as one sentence."""

from __future__ import annotations


class SwimlanesError(Exception):
    """A failure a user can cause or meet: ``str(error)`` is one clear sentence.

    Parameters
    ----------
    sentence : str
        What happened, with which value, and what to do now.
    detail : str, optional
        Longer text for those who want to know more, such as a traceback.
    """

    def __init__(self, sentence: str, detail: str = "") -> None:
        super().__init__(sentence)
        self.detail = detail
        if detail:
            self.add_note(detail)  # which a script's traceback shows below the sentence

    def _render_traceback_(self) -> list[str]:
        """Show the sentence alone in a notebook, where a page of our own calls would bury it."""
        return [f"{type(self).__name__}: {self}", *self.detail.splitlines()]


class RequestError(SwimlanesError, ValueError):
    """A run was asked for with a value that makes no sense; nothing was started."""


class CallError(RequestError, TypeError):
    """A function was called with a keyword that it does not have, or without one that it needs."""


class MixedRunsError(RequestError):
    """Runs that do not belong together were put into one study."""


class RunError(SwimlanesError):
    """A run was started and did not end well; nothing of it is left."""


class TaskError(RunError):
    """A task raised an exception; ``task`` is its number, or None for a call of the warm-up."""

    task: int | None = None


class TaskTimeout(RunError):
    """A task ran longer than the limit that was given."""


class WorkerDied(RunError):
    """A worker ended in the middle of a run, killed from outside or by a lack of memory."""


class RunCancelled(RunError):
    """The run was stopped on request."""
