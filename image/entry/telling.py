"""What the entry point has in common: how it speaks, and how a setting is read.

Everything is said on stderr, so that a command's own output stays its own. A line begins with its
level and the time, as in the Jupyter Docker Stacks; `telling.sh` speaks alike.
"""

from __future__ import annotations

import os
import re
import shlex
import sys
import time
from collections.abc import Mapping, Sequence
from typing import NoReturn

_YES = {"1", "yes", "true"}
_NO = {"", "0", "no", "false"}
_COLOURS = {"WARNING": 33, "ERROR": 31}


def inform(sentence: str) -> None:
    """Say what is done, unless JUPYTER_DOCKER_STACKS_QUIET asks for silence."""
    if not os.environ.get("JUPYTER_DOCKER_STACKS_QUIET"):
        print(_line("INFO", sentence), file=sys.stderr, flush=True)


def warn(sentence: str) -> None:
    """Say what somebody should know, in any case."""
    print(_line("WARNING", sentence), file=sys.stderr, flush=True)


def stop(sentence: str) -> NoReturn:
    """End the start: a setting cannot be honoured."""
    sys.exit(_line("ERROR", sentence))


def tell_command(command: Sequence[str]) -> None:
    """Say what is executed, without the secrets that options hold: a log is read by others."""
    shown = []
    hidden = False
    for word in command:
        option = re.match(r"--?[\w.]*(token|password)(=|$)", word)
        shown.append("…" if hidden else option[0] + "…" * bool(option[2]) if option else word)
        hidden = option is not None and not option[2]
    inform(f"Executing: {shlex.join(shown)}")


def _line(level: str, sentence: str) -> str:
    """Return the sentence with its level and the time, in colour on a terminal."""
    line = f"{level}[{time.strftime('%Y-%m-%d %H:%M:%S')}] {sentence}"
    if level in _COLOURS and sys.stderr.isatty() and not os.environ.get("NO_COLOR"):
        return f"\033[{_COLOURS[level]}m{line}\033[0m"
    return line


def asked_for(environment: Mapping[str, str], name: str) -> bool:
    """Return whether the setting `name` is switched on; stop if it is neither on nor off."""
    value = environment.get(name, "")
    if value.lower() not in _YES | _NO:
        stop(f"{name}={value} is neither yes nor no; write {name}=yes, or leave it out.")
    return value.lower() in _YES


def number(
    environment: Mapping[str, str], name: str, default: int, limit: int, least: int = 1
) -> int:
    """Return the whole number from `least` to `limit` that the setting `name` holds, or stop."""
    value = environment.get(name) or str(default)
    if not (value.isascii() and value.isdecimal() and least <= int(value) <= limit):
        stop(f"{name}={value} is no number from {least} to {limit}.")
    return int(value)
