"""Scripts of participants, run as they run them."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.usefixtures("nothing_left")


@pytest.fixture
def start(tmp_path, start_process):
    """Start a command in a folder with a file ``mine.py``."""

    def call(text, *command):
        (tmp_path / "mine.py").write_text(text)
        return start_process(command, cwd=tmp_path)

    return call


def test_a_module_that_starts_a_run_when_it_is_imported_does_so_once(start):
    swimlanes = str(Path(sys.executable).parent / "swimlanes")
    text = (
        "from swimlanes import run\n"
        "def double(x): return 2 * x\n"
        "try: print(run(double, [1], mode='serial').results)\n"
        "except Exception as error: print('refused:', error)\n"
    )
    arguments = ("run", "--workload", "mine:double", "--inputs", "[1]", "--mode", "serial")
    out, error = start(text, swimlanes, *arguments).communicate(timeout=60)
    assert "1 task on 1 worker" in out, error
    assert "refused: A run was asked for while another one was being prepared" in error


def test_a_caller_that_is_killed_while_a_module_is_imported_leaves_nothing(start, eventually):
    text = (
        "import os\n"
        "def same(x): return x\n"
        "if 'SWIMLANES_RUNNER' in os.environ:\n"
        "    while True: pass\n"
    )
    program = "import mine; from swimlanes import run; run(mine.same, [1], mode='serial')"
    process = start(text, sys.executable, "-c", program)
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
    eventually(lambda: any("swimlanes.runner" in command_of(pid) for pid in children_of(children)))
    process.send_signal(signal.SIGKILL)
    process.communicate(timeout=60)


def children_of(file):
    try:
        return file.read_text().split()
    except OSError:
        return []


def command_of(pid):
    try:
        return Path(f"/proc/{pid}/cmdline").read_text()
    except OSError:
        return ""


def test_a_traceback_shows_the_line_that_failed(start):
    text = (
        "from swimlanes import run\n"
        "def fail(x):\n"
        "    raise ValueError('first line\\nsecond line')\n"
        "if __name__ == '__main__': run(fail, [1], mode='threads', workers=1)\n"
    )
    error = start(text, sys.executable, "mine.py").communicate(timeout=60)[1]
    assert "raised ValueError: first line. Correct the function" in error
    assert "line 3 in fail (mine.py)" in error


def test_a_module_that_ends_the_program_is_told(start):
    swimlanes = str(Path(sys.executable).parent / "swimlanes")
    command = (swimlanes, "run", "--workload", "mine:f", "--inputs", "[1]")
    process = start("import sys; sys.exit(4)", *command)
    assert "'mine:f' cannot be imported (SystemExit: 4)" in process.communicate(timeout=60)[1]
    assert process.returncode == 2


def test_what_a_module_prints_does_not_disturb_the_json(start):
    import json

    swimlanes = str(Path(sys.executable).parent / "swimlanes")
    command = (swimlanes, "run", "--workload", "mine:f", "--inputs", "[1]", "--json")
    out, error = start("print('imported')\ndef f(x): return x\n", *command).communicate(timeout=60)
    assert json.loads(out)["workload"] == "f"
    assert "imported" in error


def test_a_full_disk_behind_the_output_is_told():
    swimlanes = str(Path(sys.executable).parent / "swimlanes")
    with Path("/dev/full").open("w") as full:
        command = [swimlanes, "run", "--tasks", "1", "--task-ms", "1", "--mode", "serial"]
        answer = subprocess.run(
            command, stdout=full, stderr=subprocess.PIPE, text=True, check=False
        )
    assert answer.returncode == 1
    assert answer.stderr == "That could not be read or written: No space left on device.\n"


def test_an_output_without_unicode_gets_other_characters():
    swimlanes = str(Path(sys.executable).parent / "swimlanes")
    command = [swimlanes, "study", "--tasks", "2", "--task-ms", "1", "--repeats", "1"]
    environment = {**os.environ, "PYTHONIOENCODING": "ascii"}
    answer = subprocess.run(command, env=environment, capture_output=True, check=False)
    assert answer.returncode == 0, answer.stderr
