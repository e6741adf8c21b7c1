"""What processes can share and nobody can send: locks, events and values of `multiprocessing`.

Only children inherit them, and a run's workers are no children of the notebook. So the runner makes
new ones of the same kind, which its workers inherit from it.
"""

from __future__ import annotations

from collections.abc import Sequence
from multiprocessing import sharedctypes, synchronize, util
from typing import Any, NamedTuple

_COUNTING = (synchronize.BoundedSemaphore, synchronize.Semaphore)
_PLAIN = (synchronize.Lock, synchronize.RLock, synchronize.Event, *_COUNTING)


class Recipe(NamedTuple):
    """How to make such an object: what a context of `multiprocessing` calls it, and its state."""

    kind: str
    arguments: tuple[Any, ...]
    state: Any

    def make(self, context: Any) -> Any:  # noqa: ANN401 - contexts differ by start method
        """Return a new object."""
        made = getattr(context, self.kind)(*self.arguments)
        put_state(made, self.state)
        return made


def recipe_of(value: Any) -> Recipe | None:  # noqa: ANN401 - any value
    """Return how to make the like of a value, or None if it is nothing of this kind."""
    kind = type(value).__name__
    if type(value) in _COUNTING:
        return Recipe(kind, (value.get_value(),), None)
    if type(value) in _PLAIN:
        return Recipe(kind, (), state_of(value))
    if isinstance(value, sharedctypes.SynchronizedArray):
        held = value.get_obj()
        return Recipe("Array", (held._type_, len(held)), state_of(value))
    if type(value) is sharedctypes.Synchronized:
        return Recipe("Value", (type(value.get_obj()),), state_of(value))
    return None


def state_of(value: Any) -> Any:  # noqa: ANN401
    """Return what a value holds; its lock is left alone, for a worker may have died with it."""
    if isinstance(value, sharedctypes.SynchronizedArray):
        return value.get_obj()[:]
    if isinstance(value, sharedctypes.Synchronized):
        return value.get_obj().value
    return isinstance(value, synchronize.Event) and value.is_set()


def put_state(value: Any, state: Any) -> None:  # noqa: ANN401
    """Give a value what another one held."""
    if isinstance(value, sharedctypes.SynchronizedArray):
        value.get_obj()[:] = state
    elif isinstance(value, sharedctypes.Synchronized):
        value.get_obj().value = state
    elif isinstance(value, synchronize.Event) and state:
        value.set()


def results_of(shared: Sequence[Any]) -> list[Any]:
    """Return what shared numbers hold at the end of a run."""
    return [None if isinstance(value, _PLAIN) else state_of(value) for value in shared]


def let_go() -> None:
    """Remove the names of locks that this process has made, as it would at a usual end."""
    util._run_finalizers(0)  # type: ignore[attr-defined]


def take_back(originals: Sequence[Any], states: Sequence[Any]) -> None:
    """Give the caller's numbers the values that the workers wrote into theirs."""
    for value, state in zip(originals, states, strict=True):
        if not isinstance(value, _PLAIN):
            put_state(value, state)
