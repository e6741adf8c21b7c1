"""What the entry point has in common: how it speaks, and how a setting is read.

Everything is said on stderr, so that a command's own output stays its own.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from typing import NoReturn

_YES = {"1", "yes", "true"}
_NO = {"", "0", "no", "false"}


def inform(sentence: str) -> None:
    """Say what is done, unless JUPYTER_DOCKER_STACKS_QUIET asks for silence."""
    if not os.environ.get("JUPYTER_DOCKER_STACKS_QUIET"):
        warn(sentence)


def warn(sentence: str) -> None:
    """Say what somebody should know, in any case."""
    print(f"start: {sentence}", file=sys.stderr, flush=True)


def stop(sentence: str) -> NoReturn:
    """End the start: a setting cannot be honoured."""
    sys.exit(f"start: {sentence}")


def asked_for(environment: Mapping[str, str], name: str) -> bool:
    """Return whether the setting `name` is switched on; stop if it is neither on nor off."""
    value = environment.get(name, "")
    if value.lower() not in _YES | _NO:
        stop(f"{name}={value} is neither yes nor no; write {name}=yes, or leave it out.")
    return value.lower() in _YES


def number(environment: Mapping[str, str], name: str, default: int, limit: int) -> int:
    """Return the whole number from 1 to `limit` that the setting `name` holds, or stop."""
    value = environment.get(name) or str(default)
    if not (value.isascii() and value.isdecimal() and 1 <= int(value) <= limit):
        stop(f"{name}={value} is no number from 1 to {limit}.")
    return int(value)
