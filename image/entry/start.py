#!/opt/venv/bin/python
"""Prepare the participant's home and the environment, then become the given command.

The image's entry point, whatever the command: ``start swimlanes doctor``, ``start serve``.
Importing more than the standard library and ``swimlanes.cores`` would be felt at every start.
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import MutableMapping
from pathlib import Path
from typing import NoReturn

from seeding import seed

from swimlanes import usable_cores

CORE_COUNTS = (
    "PYTHON_CPU_COUNT",
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "MKL_NUM_THREADS",
    "LOKY_MAX_CPU_COUNT",
)
"""What Python and the numerical libraries read instead of counting the host's cores."""


def main() -> NoReturn:
    """Run ``start COMMAND [ARGUMENT ...]``."""
    prepare_home(os.environ)
    bring_course(Path(os.environ["SWIMLANES_COURSE"]), Path(os.environ["HOME"], "course"))
    limit_threads(os.environ)
    become(sys.argv[1:] or ["serve"])


def prepare_home(environment: MutableMapping[str, str]) -> None:
    """Make sure that HOME can be written to; a home that was mounted is never given up.

    Someone who runs the image as another user, with nothing mounted, gets a temporary home.
    """
    home = Path(environment["HOME"])
    if os.access(home, os.W_OK | os.X_OK):
        return
    if home.is_mount():
        sys.exit(
            f"start: user {os.getuid()} may not write to what is mounted on {home}; "
            f"make it writable for that user, or run the container as its owner (--user)."
        )
    environment["HOME"] = tempfile.mkdtemp(prefix="home-")
    _say(
        f"User {os.getuid()} may not write to {home}: work is kept in {environment['HOME']} "
        "and is lost with the container. Mount a writable folder to keep it."
    )
    os.chdir(environment["HOME"])


def bring_course(course: Path, folder: Path) -> None:
    """Seed the course; a full or read-only folder is told, and does not stop the start."""
    try:
        beside = seed(course, folder)
    except OSError as error:
        _say(f"The course could not be brought up to date in {folder}: {error.strerror}.")
        return
    for name in beside:
        _say(f"You have edited an earlier version of a lesson; the new one is {folder / name}.")


def limit_threads(environment: MutableMapping[str, str]) -> None:
    """Tell every library how many cores there are, unless the user has already said so."""
    cores = str(int(usable_cores()))
    for name in CORE_COUNTS:
        environment.setdefault(name, cores)


def become(command: list[str]) -> NoReturn:
    """Replace this process by `command`; exit with 127 or 126 as a shell would."""
    try:
        os.execvp(command[0], command)
    except FileNotFoundError:
        _say(f"There is no command {command[0]!r} here. JupyterLab is started by: serve")
        sys.exit(127)
    except OSError as error:
        _say(f"The command {command[0]!r} cannot be started: {error.strerror}.")
        sys.exit(126)


def _say(sentence: str) -> None:
    print(f"start: {sentence}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
