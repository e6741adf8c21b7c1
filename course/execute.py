"""Run notebooks as participants do: in a container of the image, or here where there is none.

A lesson runs in a fresh container without a network, in its own writable folder, the figures
beside it, with the environment that the image's entry point makes. pytest and nbmake, which run
it, are no part of the image: they are copied from this environment for the run. All are plain
Python, so they work with the image's version as well.
"""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import distribution
from pathlib import Path
from tempfile import TemporaryDirectory

import nbformat
from nbformat import NotebookNode

COURSE = Path(__file__).resolve().parent
INSIDE = COURSE / "inside.py"
PACKAGE = COURSE.parent / "widgets" / "swimlanes"
KEPT = COURSE.parent / "build" / "executed"
LENT = ("iniconfig", "nbmake", "pluggy", "pytest")
DEADLINE_S = 200


class LessonFailed(Exception):
    """A lesson did not run to its end as it should; the message says what came out."""


def engine_at_hand() -> bool:
    """Return whether there is a container engine, and it answers."""
    if not shutil.which("docker"):
        return False
    return subprocess.run(["docker", "info"], capture_output=True, check=False).returncode == 0


@contextmanager
def lent_tools() -> Iterator[Path]:
    """Provide a folder with what runs notebooks, readable for everybody."""
    with TemporaryDirectory(prefix="lent-") as name:
        folder = Path(name)
        for package in LENT:
            lend(package, folder)
        shutil.copy(INSIDE, folder)
        folder.chmod(0o755)
        yield folder


def lend(package: str, folder: Path) -> None:
    """Copy an installed package's files into `folder`."""
    for file in distribution(package).files or ():
        if ".." not in file.parts and "__pycache__" not in file.parts:
            target = folder / file
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(str(file.locate()), target)


@contextmanager
def as_participants() -> Iterator[list[str]]:
    """Provide the command to `execute` with: in the image if there is an engine, else here."""
    if not engine_at_hand():
        yield on_this_python()
        return
    subprocess.run(["make", "--quiet", "image"], cwd=COURSE.parent, check=True)
    with lent_tools() as tools:
        yield in_container("swimlanes", tools)


def in_container(image: str, tools: Path) -> list[str]:
    """Return the command that runs a notebook in a container of `image`."""
    mount = f"type=bind,source={tools},target=/lent,readonly"
    options = ["--rm", "--interactive", "--network", "none", "--mount", mount]
    run = ["timeout", str(DEADLINE_S), "python", "/lent/inside.py", "/home/jovyan/course"]
    return ["docker", "run", *options, image, *run]


def on_this_python() -> list[str]:
    """Return the command that runs a notebook in a kernel of this environment."""
    run = [sys.executable, str(INSIDE), str(COURSE / "notebooks")]
    return ["timeout", str(DEADLINE_S), *run]


def execute(notebook: str, command: list[str]) -> NotebookNode:
    """Run a notebook's text from top to bottom, warnings as errors; return it with its outputs.

    Parameters
    ----------
    notebook : str
        The text of an ``.ipynb`` file.
    command : list of str
        `in_container` or `on_this_python`.

    Raises
    ------
    LessonFailed
        If a cell raised or took too long, or if something was left behind.
    """
    answer = subprocess.run(
        command,
        input=notebook,
        capture_output=True,
        text=True,
        check=False,
    )
    if answer.returncode:
        raise LessonFailed(answer.stderr)
    return nbformat.reads(answer.stdout, as_version=4)


def executed(notebook: str, command: list[str]) -> str:
    """Return the notebook's text with outputs: from its last run, if nothing has changed since."""
    file = kept_file(notebook)
    if not file.exists():
        keep(file, execute(notebook, command))
    return file.read_text(encoding="utf-8")


def keep(file: Path, ran: NotebookNode) -> None:
    """Keep what a notebook's run gave, for those who want to show it."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(nbformat.writes(ran), encoding="utf-8")


def kept_file(notebook: str) -> Path:
    """Return the place for a run of this notebook with the package as it is now."""
    digest = hashlib.sha256(notebook.encode())
    for path in sorted(PACKAGE.rglob("*")):
        if path.suffix in (".py", ".toml"):
            digest.update(path.read_bytes())
    return KEPT / f"{digest.hexdigest()[:32]}.ipynb"
