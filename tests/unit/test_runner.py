import subprocess
import sys

# Each of them takes milliseconds, and every run would wait for it.
SLOW = {"concurrent.futures", "dataclasses", "hashlib", "inspect", "logging", "sysconfig"}


def test_the_runner_starts_with_little():
    code = "import sys, swimlanes.runner; print(*sys.modules)"
    modules = subprocess.check_output([sys.executable, "-c", code], text=True).split()
    assert "multiprocessing.pool" in modules
    assert not SLOW & set(modules)
