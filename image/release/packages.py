"""The wheel and the sdist, and whether they work where there is nothing else."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from errors import ReleaseError, dated, run

UV = (sys.executable, "-m", "uv", "--quiet")
USE_EVERY_NAME = "import swimlanes; [getattr(swimlanes, name) for name in swimlanes.__all__]"
PRINT_MODES = "from swimlanes import modes; print(*modes.MODES)"
SHORT_RUN = ("--task-ms", "1", "--workers", "2", "--tasks", "4", "--json")


def build(tree: Path, time_s: int, into: Path) -> list[Path]:
    """Build the sdist and the wheel of a checkout."""
    command = (sys.executable, "-m", "hatchling", "build", "--directory", into)
    run(*command, cwd=tree, env=dated(time_s))
    return sorted(into.iterdir())


def smoke(file: Path, version: str) -> None:
    """Install a package into an empty environment, and try it from an empty folder.

    Raises
    ------
    ReleaseError
        If it cannot be installed, tells another version, or something does not work.
    """
    with TemporaryDirectory(prefix="smoke-") as scratch:
        folder, programs = Path(scratch), Path(scratch, "venv", "bin")
        clean = {name: text for name, text in os.environ.items() if name[:6] != "PYTHON"}
        run(*UV, "venv", "--no-project", "--python", sys.executable, folder / "venv", env=clean)
        run(*UV, "pip", "install", "--python", programs / "python", file, env=clean)

        def call(program: str, *words: str) -> str:
            failure = f"{file.name} does not work in an empty environment: {program} failed."
            return run(programs / program, *words, cwd=folder, env=clean, failure=failure)

        said = call("swimlanes", "--version").split()[-1]
        if said != version:
            raise ReleaseError(f"{file.name} says that it is {said} and not {version}.")
        call("python", "-c", USE_EVERY_NAME)
        lacking = json.loads(call("swimlanes", "doctor", "--json"))["unavailable_modes"]
        works = [mode for mode in call("python", "-c", PRINT_MODES).split() if mode not in lacking]
        for mode in works:
            call("swimlanes", "run", "--mode", mode, *SHORT_RUN)
        print(f"{file.name} works in an empty environment, in the modes {', '.join(works)}.")
