import subprocess
import sys

import pytest

from swimlanes.measure.process import COMMAND

# Each of them takes milliseconds, and every run would wait for it.
SLOW = {
    "concurrent.futures",
    "dataclasses",
    "hashlib",
    "inspect",
    "logging",
    "pathlib",
    "sysconfig",
}


def test_the_runner_starts_with_little():
    code = "import sys, swimlanes.runner; print(*sys.modules)"
    modules = subprocess.check_output([sys.executable, "-c", code], text=True).split()
    assert "multiprocessing.pool" in modules
    assert not SLOW & set(modules)


@pytest.mark.parametrize("heard", [b"", b"\x80\x05\x95"])
def test_a_caller_that_is_gone_before_it_has_asked_leaves_no_folder(heard, tmp_path):
    folder = tmp_path / "swimlanes-run"
    folder.mkdir()
    command = [sys.executable, "-c", COMMAND, str(folder)]
    ended = subprocess.run(command, input=heard, capture_output=True)
    assert (ended.returncode, ended.stderr) == (1, b"")
    assert not folder.exists()


CALLER = """
import sys
import numpy
from swimlanes import run

if __name__ == "__main__":
    print(run("loaded:names", [None], mode=sys.argv[1], workers=1).results)
"""


@pytest.mark.parametrize("mode", ["serial", "threads", "processes"])
def test_a_package_of_the_callers_that_no_task_needs_is_not_loaded(mode, tmp_path):
    # NumPy's warnings are among the caller's filters; loading it would start the threads of BLAS.
    (tmp_path / "loaded.py").write_text(
        "def names(_):\n    import sys\n    return 'numpy' in sys.modules"
    )
    (tmp_path / "caller.py").write_text(CALLER)
    command = [sys.executable, "caller.py", mode]
    assert subprocess.check_output(command, cwd=tmp_path, text=True) == "(False,)\n"
