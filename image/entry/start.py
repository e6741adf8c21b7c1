#!/opt/venv/bin/python -s
"""Prepare the participant's home and the environment, then become the given command.

The last step of the image's entry point, and the first of `make lab` without a container. Importing
more than the standard library and ``swimlanes.cores`` would be felt at every start.
"""

from __future__ import annotations

import os
import re
import sys
import tempfile
from collections.abc import Mapping, MutableMapping
from pathlib import Path
from typing import NoReturn

from seeding import seed
from telling import asked_for, stop, tell_command, warn

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
    """Run ``start.py COMMAND [ARGUMENT ...]``."""
    choose_umask(os.environ)
    asked_for(os.environ, "ALLOW_PIP")
    prepare_home(os.environ)
    prepare_runtime_folder(Path(os.environ["JUPYTER_RUNTIME_DIR"]))
    bring_course(Path(os.environ["SWIMLANES_COURSE"]), Path(os.environ["HOME"], "course"))
    limit_threads(os.environ)
    forget(os.environ)
    become(sys.argv[1:] or ["serve"])


def choose_umask(environment: Mapping[str, str]) -> None:
    """Set NB_UMASK, which decides who may read and write the files that are made from now on."""
    text = environment.get("NB_UMASK")
    if not text:
        return
    if not re.fullmatch("0?[0-7]{1,3}", text):
        stop(f"NB_UMASK={text} is no umask; write it in octal digits, for example 002.")
    os.umask(int(text, 8))


def prepare_home(environment: MutableMapping[str, str]) -> None:
    """Make sure that HOME can be written to; a home that was mounted is never given up.

    Someone who runs the image as another user, with nothing mounted, gets a temporary home.
    """
    home = Path(environment["HOME"])
    if os.access(home, os.W_OK | os.X_OK):
        return
    if home.resolve().is_mount():
        stop(
            f"User {os.getuid()} may not write to what is mounted on {home}; make it writable for "
            "that user, or run the container as its owner (--user), or as root with CHOWN_HOME=yes."
        )
    try:
        environment["HOME"] = tempfile.mkdtemp(prefix="home-")
    except OSError:
        stop(
            f"There is nowhere to write to, neither {home} nor a folder for temporary files; "
            "mount something writable there, for example with --tmpfs /tmp."
        )
    warn(
        f"User {os.getuid()} may not write to {home}: work is kept in {environment['HOME']} "
        "and is lost with the container. Mount a writable folder to keep it, or use the image's "
        "own with --group-add users."
    )
    os.chdir(environment["HOME"])


def prepare_runtime_folder(folder: Path) -> None:
    """Make the folder for what belongs to the running server alone."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        stop(
            f"The server's runtime folder {folder} cannot be made ({error.strerror}); mount "
            "something writable there, for example with --tmpfs /tmp."
        )


def bring_course(course: Path, folder: Path) -> None:
    """Seed the course; a full or read-only folder is told, and does not stop the start."""
    try:
        beside = seed(course, folder)
    except OSError as error:
        warn(f"The course could not be brought up to date in {folder}: {error.strerror}.")
        return
    for name in beside:
        warn(f"You have edited an earlier version of a lesson; the new one is {folder / name}.")


def limit_threads(environment: MutableMapping[str, str]) -> None:
    """Tell every library how many cores there are, unless the user has already said so."""
    cores = str(int(usable_cores()))
    for name in CORE_COUNTS:
        environment.setdefault(name, cores)


def forget(environment: MutableMapping[str, str]) -> None:
    """Remove what JUPYTER_ENV_VARS_TO_UNSET names: secrets that only the hooks needed."""
    for name in environment.pop("JUPYTER_ENV_VARS_TO_UNSET", "").split(","):
        environment.pop(name.strip(), None)


def become(command: list[str]) -> NoReturn:
    """Replace this process by `command`; exit with 127 or 126 as a shell would."""
    tell_command(command)
    try:
        os.execvp(command[0], command)
    except FileNotFoundError:
        warn(f"There is no command {command[0]!r} here. JupyterLab is started by: serve")
        sys.exit(127)
    except OSError as error:
        warn(f"The command {command[0]!r} cannot be started: {error.strerror}.")
        sys.exit(126)


if __name__ == "__main__":
    main()
