"""What a child inherits: the caller sends it to its runner, which is not forked from the caller.

A plain pool's workers are children of the notebook or script. In a run they are children of the
runner. So the runner is made like the caller first. Then `multiprocessing` gives the workers what
it gives any: all of it to forked ones, little of it to the others.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import pickle
import sys
import threading
import warnings
from collections.abc import Callable, Iterator
from importlib import import_module
from typing import Any, NamedTuple

PATH = "PYTHONPATH"


class Heritage(NamedTuple):
    """What a caller leaves to its children, most of it as in `sys`.

    The authkey opens what a ``Manager`` of the caller guards. The path is the environment's, which
    a runner needs for itself at first. The tracker is a path that leads to the caller's resource
    tracker. The states of modules are pickled, by the module's name.
    """

    authkey: bytes
    argv: list[str]
    warn_options: list[str]
    python_path: str | None
    recursion_limit: int
    switch_interval_s: float
    tracker: str
    states: dict[str, bytes]


def take() -> Heritage:
    """Return what this process would leave to a child."""
    from multiprocessing import resource_tracker

    return Heritage(
        authkey=bytes(multiprocessing.current_process().authkey),
        argv=list(getattr(sys, "argv", [])),
        warn_options=list(sys.warnoptions),
        python_path=os.environ.get(PATH),
        recursion_limit=sys.getrecursionlimit(),
        switch_interval_s=sys.getswitchinterval(),
        tracker=f"/proc/{os.getpid()}/fd/{resource_tracker.getfd()}",
        states=dict(_states()),
    )


def give(heritage: Heritage, folder: str) -> None:
    """Make this process like the one that the heritage comes from.

    What its children leave in a folder for temporary files goes into `folder`.
    """
    process = multiprocessing.current_process()
    process.authkey = heritage.authkey
    process._config["tempdir"] = folder  # type: ignore[attr-defined]
    sys.argv[:] = heritage.argv
    sys.warnoptions[:] = heritage.warn_options
    if heritage.python_path is None:
        os.environ.pop(PATH, None)
    else:
        os.environ[PATH] = heritage.python_path
    sys.setrecursionlimit(heritage.recursion_limit)
    sys.setswitchinterval(heritage.switch_interval_s)


def give_states(heritage: Heritage, function: bytes) -> None:
    """Give modules the states that they have in the caller.

    A module that neither is loaded nor occurs in the pickled function is not needed, and loading it
    takes long.
    """
    for name, state in heritage.states.items():
        if name in sys.modules or name.encode() in function:
            # Another interpreter may have no such module, or another version of it.
            with contextlib.suppress(Exception):
                given = pickle.loads(state)
                _STATES[name][1](import_module(name), given)


_sharing = threading.Lock()


def share_memory_with(tracker: str) -> None:
    """Have blocks of shared memory tracked where the caller has its own tracked.

    A tracker removes what it knows of when the processes that it belongs to have ended. So a block
    that a task only looks at would be removed with the run, while the caller still uses it.
    Semaphores are the run's own, and end with it.
    """
    from multiprocessing import resource_tracker  # takes long

    own: Any = resource_tracker._resource_tracker
    with _sharing, contextlib.suppress(OSError):
        if "_send" in vars(own):  # by this process, or by the one that it was forked from
            return
        theirs: Any = resource_tracker.ResourceTracker()
        theirs._fd = os.open(tracker, os.O_WRONLY)
        send = own._send

        def divide(command: str, name: str, kind: str) -> None:
            (theirs._send if kind == "shared_memory" else send)(command, name, kind)

        own._send = divide


def _states() -> Iterator[tuple[str, bytes]]:
    for name, (take_state, _) in _STATES.items():
        if name in sys.modules:
            with contextlib.suppress(Exception):
                yield name, pickle.dumps(take_state(sys.modules[name]))


def _take_warnings(_: object) -> object:
    return [
        (action, _pattern(message), category.__module__, category.__qualname__, _pattern(module), n)
        for action, message, category, module, n in warnings.filters
        if isinstance(category, type) and _has_a_name(category)
    ]


def _pattern(pattern: Any) -> str:  # noqa: ANN401 - a regular expression, text or None
    return getattr(pattern, "pattern", pattern) or ""


def _has_a_name(category: Any) -> bool:  # noqa: ANN401 - a class of warnings, or a tuple of some
    module = sys.modules.get(getattr(category, "__module__", ""))
    return getattr(module, getattr(category, "__qualname__", ""), None) is category


def _give_warnings(_: object, filters: Any) -> None:  # noqa: ANN401
    warnings.resetwarnings()
    for action, message, home, name, module, line in reversed(filters):
        # A package that is not loaded does not warn, and loading it here would start its threads.
        if home in sys.modules:
            category = getattr(sys.modules[home], name)
            warnings.filterwarnings(action, message, category, module, line)
    # A fork in a notebook does not show this one either.
    warnings.filterwarnings("ignore", ".*multi-threaded, use of fork", DeprecationWarning)


def _take_logging(_: object) -> object:
    import logging

    loggers = [logging.root, *logging.root.manager.loggerDict.values()]
    return [
        (logger.name, logger.level, logger.propagate, logger.disabled, list(_handlers(logger)))
        for logger in loggers
        if isinstance(logger, logging.Logger) and (logger.level or logger.handlers)
    ]


def _handlers(logger: Any) -> Iterator[tuple[bytes, str, str]]:  # noqa: ANN401 - a logger
    """Yield the handlers that write to a standard stream or to the end of a file."""
    import logging

    streams = {id(getattr(sys, name)): name for name in ("stdout", "stderr", "__stderr__")}
    for handler in logger.handlers:
        look = pickle.dumps((handler.level, handler.formatter))
        if type(handler) is logging.FileHandler:
            yield look, "file", handler.baseFilename
        elif type(handler) is logging.StreamHandler and id(handler.stream) in streams:
            yield look, "stream", streams[id(handler.stream)]


def _give_logging(_: object, loggers: Any) -> None:  # noqa: ANN401
    import logging

    for name, level, propagate, disabled, handlers in loggers:
        logger = logging.getLogger(None if name == "root" else name)
        logger.setLevel(level)
        logger.propagate, logger.disabled = propagate, disabled
        logger.handlers[:] = [_handler(*handler) for handler in handlers]


def _handler(look: bytes, kind: str, where: str) -> Any:  # noqa: ANN401
    import logging

    handler = logging.FileHandler(where) if kind == "file" else logging.StreamHandler()
    if isinstance(handler, logging.StreamHandler) and kind == "stream":
        handler.stream = getattr(sys, where)
    handler.level, handler.formatter = pickle.loads(look)
    return handler


_STATES: dict[str, tuple[Callable[[Any], object], Callable[[Any, Any], None]]] = {
    "random": (lambda random: random.getstate(), lambda random, state: random.setstate(state)),
    "numpy": (lambda np: np.random.get_state(), lambda np, state: np.random.set_state(state)),
    "warnings": (_take_warnings, _give_warnings),
    "logging": (_take_logging, _give_logging),
}
"""How the state of a module is taken, and given, each from the module itself."""
