"""Why there is no release, and how a program is run so that its failure says why."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Mapping
from pathlib import Path


class ReleaseError(Exception):
    """There is no release; the message is one sentence that says why and what to do."""


def run(
    *command: str | Path,
    cwd: Path | None = None,
    env: Mapping[str, str] | None = None,
    shown: bool = False,
    failure: str = "",
) -> str:
    """Return what a program prints; with `shown`, its messages go to the terminal meanwhile.

    Raises
    ------
    ReleaseError
        If it fails or is not there: `failure`, or else what failed, and the reason.
    """
    try:
        ran = subprocess.run(
            command,
            cwd=cwd,
            env=env,
            stdout=subprocess.PIPE,
            stderr=None if shown else subprocess.PIPE,
            text=True,
        )
    except FileNotFoundError:
        raise ReleaseError(failure or f"The program {command[0]} is not installed.") from None
    if ran.returncode == 0:
        return ran.stdout
    name = " ".join(str(word) for word in command[:3])
    said = "stands above." if shown else f"was: {_reason(ran.stderr or ran.stdout)}"
    raise ReleaseError(f"{failure or f'`{name}` failed.'} The reason {said}")


def dated(time_s: int) -> dict[str, str]:
    """Return an environment in which builders give what they make this date, seconds since 1970."""
    return os.environ | {"SOURCE_DATE_EPOCH": str(time_s)}


def _reason(text: str) -> str:
    """Return the line that is called an error, or else the last one, as in a traceback."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    errors = [line for line in lines if re.match("(error|fatal):", line, re.IGNORECASE)]
    return [*lines, *errors][-1] if lines else "not told"
