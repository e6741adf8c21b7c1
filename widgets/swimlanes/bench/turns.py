"""Fair comparisons: in turns, so that what disturbs one side disturbs the other as well."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from statistics import median
from typing import Any, TypeVar

from swimlanes.cores import usable_cores
from swimlanes.doctor.facts import with_load_by_others
from swimlanes.errors import SwimlanesError

T = TypeVar("T")


def in_turns(measurements: Mapping[str, Callable[[], T]], rounds: int) -> dict[str, list[T]]:
    """Return what each measurement gave in every round.

    Examples
    --------
    >>> in_turns({"ours": lambda: 1.0, "theirs": lambda: 2.0}, rounds=2)
    {'ours': [1.0, 1.0], 'theirs': [2.0, 2.0]}
    """
    results: dict[str, list[T]] = {name: [] for name in measurements}
    for _ in range(rounds):
        for name, measure in measurements.items():
            results[name].append(measure())
    return results


def medians(
    ours: Callable[[], float], theirs: Callable[[], float], rounds: int
) -> tuple[float, float]:
    """Return the medians of both, measured in turns."""
    results = in_turns({"ours": ours, "theirs": theirs}, rounds)
    return median(results["ours"]), median(results["theirs"])


def with_others_load(measure: Callable[[], T]) -> tuple[T, float | None]:
    """Return what `measure` gives, and the load by everything else meanwhile, in cores.

    The load is None where the system does not tell.
    """
    return with_load_by_others(usable_cores().cpus, measure)


def fresh_process(module: str, request: object) -> dict[str, Any]:
    """Call ``main`` of `module` in a fresh interpreter, which answers a request in JSON.

    It reads the request from standard input and prints the answer as its last line.
    """
    command = [sys.executable, "-c", f"from {module} import main; main()"]
    with tempfile.TemporaryDirectory(prefix="swimlanes-bench-") as scratch:
        answer = subprocess.run(
            command,
            input=json.dumps(request),
            capture_output=True,
            text=True,
            cwd=scratch,
            env=_environment(scratch),
            check=False,
        )
    if answer.returncode != 0:
        raise SwimlanesError(
            f"The measurement by {module} ended with exit code {answer.returncode}.",
            answer.stderr[-2000:],
        )
    values: dict[str, Any] = json.loads(answer.stdout.splitlines()[-1])
    return values


def _environment(scratch: str) -> dict[str, str]:
    """Let every process that follows find this package, and leave its files in `scratch`."""
    return {
        **os.environ,
        "PYTHONPATH": str(Path(__file__).parents[2]),
        "IPYTHONDIR": scratch,
        "DASK_TEMPORARY_DIRECTORY": scratch,
    }
