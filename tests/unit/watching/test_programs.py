"""Programs say the same, and end alike, whether Python runs them or they are watched."""

import concurrent.futures
import re
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.usefixtures("nothing_left")

PROGRAMS = Path(__file__).parent / "programs"
WATCHED = (str(Path(sys.executable).parent / "swimlanes"), "watch")
METHODS = ("fork", "spawn", "forkserver")
WITHOUT_METHOD = {"fetching", "joblib_loop"}
if hasattr(concurrent.futures, "InterpreterPoolExecutor"):  # a matter of this very Python's version
    WITHOUT_METHOD.add("interpreters")
NAMES = sorted({file.stem for file in PROGRAMS.glob("*.py")} - {"interpreters"} - WITHOUT_METHOD)
WAYS = [(name, method) for name in NAMES for method in METHODS]
WAYS += [(name, None) for name in sorted(WITHOUT_METHOD)]
SUMMARY = re.compile(
    r"^(This is no fair measurement: |Call [0-9]+, with |The call with |A worker of "
    r"|[0-9]+ calls? (on|began))(?s:.)*",
    re.MULTILINE,
)


@pytest.mark.parametrize(("name", "method"), WAYS)
def test_a_program_says_the_same_when_it_is_watched(name, method):
    command = [str(PROGRAMS / f"{name}.py"), *([method] if method else [])]
    plain, watched = (
        subprocess.run([*start, *command], capture_output=True, text=True, timeout=120)
        for start in ((sys.executable,), WATCHED)
    )
    assert plain.stdout
    assert comparable(watched.stdout) == comparable(plain.stdout)
    assert SUMMARY.search(watched.stderr), watched.stderr
    assert comparable(SUMMARY.sub("", watched.stderr)) == comparable(plain.stderr)
    assert watched.returncode == plain.returncode


def comparable(said):
    """Return what was said without what differs from one run of Python to the next.

    That is how many threads and processes there were before, and where one asks for a result: it
    may have come or not.
    """
    named = re.sub(r"\b(Thread|Process|PoolWorker)-[0-9:]+", r"\1-N", said)
    return re.sub(r"line [0-9]+, in result$", "in result", named, flags=re.MULTILINE)
