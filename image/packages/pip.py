#!/opt/venv/bin/python -s
"""The image's `pip`: decide whether and where packages may be changed, then let pip do it.

Root changes the image, above all in a build step; what the image itself holds stays as it is.
A participant changes a folder in their home, if ALLOW_PIP allows it. Everybody else is told what
to do. pip itself lies in `/opt/pip`, where no environment finds it.
"""

from __future__ import annotations

import fcntl
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
import venv
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from importlib.metadata import distributions
from importlib.util import cache_from_source
from pathlib import Path
from typing import NoReturn

import home_packages
from pip_failures import told

IMAGE = Path("/opt/venv")
IMAGE_MODULES = Path(home_packages.modules(str(IMAGE)))
PIP = "/opt/pip/pip/__pip-runner__.py"
OF_THE_IMAGE = Path(__file__).resolve().with_name("constraints.txt")
"""What the image was built with, as ``name==version``."""
SECRET = Path("/run/secrets/ca")
CHANGES = ("install", "uninstall")
HABITS = {
    "PIP_DISABLE_PIP_VERSION_CHECK": "1",
    "PIP_ROOT_USER_ACTION": "ignore",
    "PIP_NO_CACHE_DIR": "1",  # a layer or a home would hold everything twice
    "PIP_NO_INPUT": "1",  # a notebook cannot answer a question
    "PIP_YES": "1",
    "PIP_RETRIES": "1",
    "RES_OPTIONS": "timeout:2 attempts:2",  # where there is no network, nobody waits for a minute
}


def main() -> int:
    """Run ``pip [OPTION ...] COMMAND [WORD ...]`` and return its exit code."""
    words = sys.argv[1:]
    command = next((word for word in words if word in CHANGES), None)
    if (name := Path(sys.argv[0]).name) in ("conda", "mamba"):
        plain = shlex.join(word for word in words if not word.startswith("-"))
        stop(f"There is no {name} in this image, whose packages come from pip: pip {plain}")
    for name, value in HABITS.items():
        os.environ.setdefault(name, value)
    if SECRET.exists():
        os.environ.setdefault("PIP_CERT", str(SECRET))
    packages = Path(home_packages.folder()) if started() and home_packages.folder() else None
    if command is None:
        look(packages if packages and os.access(packages / "bin/python", os.X_OK) else IMAGE, words)
    words = [word for word in words if word != "--user"]  # it is the home where a home is allowed
    if packages:
        return change_home(packages, command, words)
    if os.access(IMAGE_MODULES, os.W_OK):
        return change_image(command, words)
    refuse(words)


def look(environment: Path, words: Sequence[str]) -> NoReturn:
    """Become pip, for a command that changes no package."""
    python = str(environment / "bin/python")
    os.execv(python, [python, "-I", PIP, *words])


def started() -> bool:
    """Return whether this is a container that was started, and no step of a build."""
    return os.path.exists(os.environ.get("JUPYTER_RUNTIME_DIR", "/"))


def refuse(words: Sequence[str]) -> NoReturn:
    """Say who can change the packages instead, and how."""
    if not started():
        stop(
            "Only root may change the packages of the image; write these three lines into the "
            f"Dockerfile:\nUSER root\nRUN pip {shlex.join(words)}\nUSER 1000:100"
        )
    stop(
        "The packages of this image are fixed, so nothing was changed. Ask whoever runs this "
        "server: they can add packages for everybody (image/README.md tells how), or allow you to "
        "install your own with ALLOW_PIP=yes."
    )


def change_image(command: str, words: Sequence[str]) -> int:
    """Install into the image, or remove what was added to it."""
    fixed = OF_THE_IMAGE.read_text()
    if command == "uninstall":
        remove(IMAGE, words, [line.partition("==")[0] for line in fixed.splitlines()])
    code = install(IMAGE, [*words, "--no-compile"], fixed)
    if code == 0:
        compile_like_the_image()
    return code


def compile_like_the_image() -> None:
    """Make the bytecode that is missing, with hashes that nobody checks again."""
    new = [
        str(file)
        for file in IMAGE_MODULES.rglob("*.py")
        if not os.path.exists(cache_from_source(str(file)))
    ]
    how = ["-qq", "-j0", "--invalidation-mode", "unchecked-hash", "-i", "-"]
    command = [IMAGE / "bin/python", "-m", "compileall", *how]
    subprocess.run(command, input="\n".join(new), text=True)


def change_home(packages: Path, command: str, words: Sequence[str]) -> int:
    """Install into the participant's folder, or remove something from it; all or nothing.

    The folder is an environment of its own which sees the image's packages. They are never
    replaced, because the image's come first for every Python.
    """
    fixed = {found.name: found.version for found in distributions(path=[str(IMAGE_MODULES)])}
    with alone(packages) as lock:
        make_environment(packages)
        if command == "uninstall":
            remove(packages, words, fixed)
        constraints = "".join(f"{name}=={version}\n" for name, version in fixed.items())
        return install(packages, words, constraints, lock)


@contextmanager
def alone(packages: Path) -> Iterator[int]:
    """Hold the folder's lock meanwhile: two notebooks may install at the same time."""
    packages.mkdir(exist_ok=True)
    with open(packages / ".lock", "w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print("Another pip of yours is at work; this one waits for it.", flush=True)
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield lock.fileno()


def make_environment(packages: Path) -> None:
    """Make the folder an environment, or mend it."""
    venv.EnvBuilder(symlinks=True).create(packages)
    Path(home_packages.modules(str(packages)), "image.pth").write_text(
        f"{IMAGE_MODULES}\n{OF_THE_IMAGE.parent}\n"
    )


def remove(environment: Path, words: Sequence[str], fixed: Iterable[str]) -> NoReturn:
    """Let pip remove packages, but none of the image's own."""
    names = {re.sub("[-_.]+", "-", name).lower(): name for name in fixed}
    for word in words:
        if name := names.get(re.sub("[-_.]+", "-", word).lower()):
            stop(f"{name} belongs to the image and stays; nothing was removed.")
    sys.exit(subprocess.call([environment / "bin/python", "-I", PIP, *words]))


def install(
    environment: Path, words: Sequence[str], constraints: str, lock: int | None = None
) -> int:
    """Install all that is asked for or, if pip fails, nothing; other versions stay as they are."""
    before = contents(environment)
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as file:
        file.write(constraints)
        file.flush()
        code, said = run(environment, [*words, "--constraint", file.name], lock)
    for path in contents(environment) - before if code else ():
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    sentence = told(said) if code else ""
    print(f"pip: {sentence}\n" if sentence else said, end="", file=sys.stderr)
    return code


def contents(environment: Path) -> set[Path]:
    """Return the packages and the commands of an environment."""
    modules = Path(home_packages.modules(str(environment)))
    return {*modules.iterdir(), *(environment / "bin").iterdir()}


def run(environment: Path, words: Sequence[str], lock: int | None = None) -> tuple[int, str]:
    """Let pip work on an environment; return its exit code and what it said on stderr.

    With ``-v`` it says that itself, at once.
    """
    verbose = any(re.fullmatch("-v+|--verbose", word) for word in words)
    pip = subprocess.Popen(
        [environment / "bin/python", "-I", PIP, *words],
        stderr=None if verbose else subprocess.PIPE,
        text=True,
        errors="replace",
        pass_fds=() if lock is None else (lock,),
    )
    while True:
        try:
            said = pip.communicate()[1] or ""
            return pip.returncode, said
        except KeyboardInterrupt:  # pip was interrupted, too, and ends by itself
            continue


def stop(sentence: str) -> NoReturn:
    """End with one sentence."""
    sys.exit(f"pip: {sentence}")


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        stop("Nothing was changed: you have stopped it.")
    except OSError as error:
        where = f" Look at {error.filename}." if error.filename else ""
        stop(f"Nothing was changed: {error.strerror}.{where}")
