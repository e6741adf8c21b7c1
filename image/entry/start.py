#!/opt/venv/bin/python -s
"""Prepare the participant's home and the environment, then become the given command.

The last step of the image's entry point, and the first of `make lab` without a container. Importing
what measures or draws would be felt at every start; only checks or quizzes of the course's own need
it.
"""

from __future__ import annotations

import json
import os
import re
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping, MutableMapping
from importlib.resources import files
from pathlib import Path
from typing import NoReturn

from seeding import Seeded, seed
from telling import asked_for, stop, tell_command, warn

from swimlanes import usable_cores
from swimlanes.brief import plural
from swimlanes.course import START, Lesson, Material, material

CORE_COUNTS = (
    "PYTHON_CPU_COUNT",
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "MKL_NUM_THREADS",
    "LOKY_MAX_CPU_COUNT",
)
"""What Python and the numerical libraries read instead of counting the host's cores."""


FIRST_PAGE = "SWIMLANES_FIRST_PAGE"
"""By this variable the server's settings learn which page of the course opens first."""


def main() -> NoReturn:
    """Run ``start.py COMMAND [ARGUMENT ...]``."""
    choose_umask(os.environ)
    asked_for(os.environ, "ALLOW_PIP")
    prepare_home(os.environ)
    prepare_runtime_folder(Path(os.environ["JUPYTER_RUNTIME_DIR"]))
    course = Path(os.environ["SWIMLANES_COURSE"])
    os.environ[FIRST_PAGE] = bring_course(course, Path(os.environ["HOME"], "course"))
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


def bring_course(course: Path, folder: Path) -> str:
    """Seed the course, and return the path of the page that opens first.

    A fault of the course, a full or a read-only folder are told, and do not stop the start.
    """
    brought = material(course)
    for fault in (*brought.faults, *faults_of_answers(course, brought)):
        warn(f"The course in {course}: {fault}")
    pieces = dict(brought.pieces)
    if not brought.lessons and (folder / START).exists():
        del pieces[START]  # The one that is there knows the lessons that came before.
    try:
        seeded = seed(pieces.values(), folder)
    except OSError as error:
        seeded = Seeded(refused={START: error})
    if seeded.refused:
        name, error = next(iter(seeded.refused.items()))
        more = f" and {plural(len(seeded.refused) - 1, 'more file')}" * (len(seeded.refused) > 1)
        warn(
            f"The course could not be brought up to date in {folder}: {error.strerror}. That was "
            f"{name!r}{more}."
        )
    for name in seeded.beside:
        warn(f"You have edited an earlier version of a lesson; the new one is {folder / name}.")
    return brought.first_page


def faults_of_answers(course: Path, brought: Material) -> Iterator[str]:
    """Yield a sentence on each fault of a course's checks and quizzes, which nobody has run yet."""
    settings = brought.settings
    if settings.checks or not are_ours(brought.lessons):
        from swimlanes.checks.faults import faults as faults_of_checks

        yield from faults_of_checks(course, settings.checks, brought.lessons)
    if settings.quizzes or not shows_ours(brought.lessons):
        from swimlanes.quizzes.reading import faults as faults_of_quizzes

        place = course / settings.quizzes if settings.quizzes else None
        yield from faults_of_quizzes(place, brought.lessons)


def are_ours(lessons: Iterable[Lesson]) -> bool:
    """Return whether these have no exercises but ours, without loading the checks."""
    text = files("swimlanes").joinpath("checks/exercises.json").read_text(encoding="utf-8")
    return {mark for lesson in lessons for mark in lesson.exercises} <= json.loads(text).keys()


def shows_ours(lessons: Iterable[Lesson]) -> bool:
    """Return whether these show no quizzes but those of our lessons, without loading them."""
    questions = files("swimlanes").joinpath("quizzes/questions").iterdir()
    named = {quiz.partition("/")[0] for lesson in lessons for quiz in lesson.quizzes}
    return named <= {file.name.removesuffix(".toml") for file in questions}


def limit_threads(environment: MutableMapping[str, str]) -> None:
    """Tell every library how many cores there are, unless the user has already said so."""
    cores = str(int(usable_cores()))
    for name in CORE_COUNTS:
        environment.setdefault(name, cores)


def forget(environment: MutableMapping[str, str]) -> None:
    """Remove what JUPYTER_ENV_VARS_TO_UNSET names, which only the hooks needed.

    It stays in the environment of the container's first process, which all programs of the same
    user can read.
    """
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
