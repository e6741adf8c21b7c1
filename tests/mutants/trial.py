"""One mutant: the tests of its module run with a copy of the package that holds it."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import sys
import time
from fnmatch import fnmatch
from pathlib import Path

# What the tests import besides the package. Each mutant's tests run in a fork of this process, so
# it is imported once and not a thousand times.
import numpy  # noqa: F401
import playwright.sync_api  # noqa: F401
import pytest
import tenacity  # noqa: F401
from poodle import PoodleTrialRunError
from poodle.data_types import Mutant, MutantTrialResult, PoodleConfig

PACKAGE = Path("widgets/swimlanes")
TESTS = Path("tests/unit")
EXAMPLES = "test_layers.py::test_examples_in_docstrings[{}]"
# A mutant may make a test hang. The machine may be busy, so there is some patience.
PATIENCE, LEAST_S = 4, 15
# What only costs time when no test fails, or would write beside the sources.
PYTEST = ("-x", "-q", "--assert=plain", "-p", "no:cacheprovider")
# What is measured of a run is the same in the other ways to start processes.
FEW_WAYS = ("-k", "not processes-2-forkserver and not processes-2-spawn and not nested-2-2")
SETTINGS = {"PYTHONDONTWRITEBYTECODE": "1", "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}


def run_tests(config: PoodleConfig, run_folder: Path, mutant: Mutant, **_) -> MutantTrialResult:
    """Return whether a test, or an example in a docstring, notices the mutant.

    Without a mutant, which comes first, find out how long the tests take.
    """
    package = run_folder.resolve() / PACKAGE.parent
    if mutant.source_file is None:
        config.runner_opts["limits_s"] = _limits_s(config, package)
        return MutantTrialResult(found=False, reason_code=MutantTrialResult.RC_NOT_FOUND)
    if not _compiles(run_folder / mutant.source_file):
        return MutantTrialResult(found=False, reason_code=MutantTrialResult.RC_INCOMPLETE)
    tests = tests_of(mutant.source_file, config.runner_opts["tests"])
    examples = EXAMPLES.format(mutant.source_file.relative_to(PACKAGE))
    try:
        found = not _pass((*tests, examples), package, config.runner_opts["limits_s"][tests])
    except TimeoutError:
        return MutantTrialResult(found=False, reason_code=MutantTrialResult.RC_TIMEOUT)
    reason = MutantTrialResult.RC_FOUND if found else MutantTrialResult.RC_NOT_FOUND
    return MutantTrialResult(found=found, reason_code=reason)


def tests_of(file: Path, table: dict[str, list[str]]) -> tuple[str, ...]:
    """Return the tests of a module: those of the first pattern in the table that it fits."""
    module = file.relative_to(PACKAGE).as_posix()
    for pattern, tests in table.items():
        if fnmatch(module, pattern):
            return tuple(tests)
    raise PoodleTrialRunError(f"Which tests are those of {module} is not said in pyproject.toml.")


def _limits_s(config: PoodleConfig, package: Path) -> dict[tuple[str, ...], float]:
    """Return how long each group of tests may take, seconds, from how long it takes now."""
    files = {file for pattern in config.only_files for file in PACKAGE.parent.glob(pattern)}
    limits_s = {}
    for tests in {tests_of(file, config.runner_opts["tests"]) for file in files}:
        start_s = time.monotonic()
        if not _pass(tests, package, None):
            raise PoodleTrialRunError(f"Without any mutant there is a failure in {tests}.")
        limits_s[tests] = max(LEAST_S, PATIENCE * (time.monotonic() - start_s))
    return limits_s


def _pass(tests: tuple[str, ...], package: Path, limit_s: float | None) -> bool:
    """Return whether all tests pass; end whatever they have left.

    Raises
    ------
    TimeoutError
        If they take longer than they may.
    """
    session = multiprocessing.get_context("fork").Process(target=_test, args=(tests, package))
    session.start()
    try:
        session.join(limit_s)
        in_time = session.exitcode is not None
    finally:
        _end(session)
    if not in_time:
        raise TimeoutError
    return session.exitcode == 0


def _end(session: multiprocessing.Process) -> None:
    """End a session of tests, if it goes on, and what it has left."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(session.pid, signal.SIGKILL)
    session.kill()
    session.join()


def _test(tests: tuple[str, ...], package: Path) -> None:
    """Run tests in this process and end it; the package is found first, here and in children."""
    os.setsid()
    os.environ.update(SETTINGS, PYTHONPATH=str(package))
    sys.dont_write_bytecode = True
    sys.path.insert(0, str(package))
    silence = os.open(os.devnull, os.O_RDWR)
    for stream in range(3):
        os.dup2(silence, stream)
    os.chdir(TESTS)
    sys.exit(pytest.main([*PYTEST, *FEW_WAYS, *tests]))


def _compiles(file: Path) -> bool:
    try:
        compile(file.read_bytes(), file, "exec")
    except SyntaxError:
        return False
    return True
