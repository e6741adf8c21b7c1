"""A participant's file that has the name of a module of Python's own, or of a package of ours."""

import compileall
import os
import subprocess
import sys
from pathlib import Path

import pytest

import swimlanes
from swimlanes import hiding

pytestmark = pytest.mark.usefixtures("nothing_left")

SWIMLANES = str(Path(sys.executable).parent / "swimlanes")
TOLD = "hides Python's own module `{}`: rename it."
# All that can be known is loaded before the folder is looked at, as in a notebook's kernel.
NOTEBOOK = """
import sys
sys.path.pop(0)
from swimlanes import run
import cloudpickle, logging, queue, random, socket
sys.path.insert(0, "")
def f(x): return 2 * x
try: print(run(f, [1, 2], **{way!r}).results)
except Exception as error: print(type(error).__name__, error)
"""
SCRIPT = """
from swimlanes import run
def f(x): return x
if __name__ == "__main__":
    print(run(f, [1], mode="processes", workers=1, start_method="spawn").results)
"""


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """Give an empty folder, as the one where we are."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def output_of(*command):
    """Return the exit code, and what was printed on both streams."""
    environment = {**os.environ, "PYTHONPATH": str(Path(swimlanes.__file__).parent.parent)}
    answer = subprocess.run(
        command, capture_output=True, text=True, timeout=120, check=False, env=environment
    )
    return answer.returncode, answer.stdout + answer.stderr


def in_a_notebook(way):
    return output_of(sys.executable, "-c", NOTEBOOK.format(way=way))[1]


def as_a_script(folder):
    (folder / "script.py").write_text(SCRIPT)
    return output_of(sys.executable, "script.py")


@pytest.mark.parametrize("name", ["random", "token"])
def test_it_is_told_in_a_notebook_whatever_the_mode(own_way, name, folder):
    (folder / f"{name}.py").write_text("x = 1")
    told = in_a_notebook(own_way)
    if own_way["mode"] == "interpreters" and "before its first task" not in told:
        return  # which may not need that module, and then nobody is blamed
    assert f"{name}.py in this folder {TOLD.format(name)}" in told
    assert "before its first task" in told
    assert "A task has ended" not in told


@pytest.mark.parametrize(
    "name", ["random", "typing", "importlib", "enum", "signal", "decimal", "re"]
)
def test_it_is_told_in_a_script(name, folder):
    (folder / f"{name}.py").write_text("x = 1")
    code, told = as_a_script(folder)
    assert code == 1
    assert told.splitlines()[-1].endswith(f"{name}.py in this folder {TOLD.format(name)}")


@pytest.mark.parametrize("method", ["fork", "spawn", "forkserver"])
@pytest.mark.parametrize("name", ["random", "heapq", "queue"])
def test_it_is_told_on_the_command_line(name, method, folder):
    (folder / f"{name}.py").write_text("x = 1")
    (folder / "mine.py").write_text("def f(x): return x")
    options = ("--workload", "mine:f", "--inputs", "[1]", "--start-method", method)
    code, told = output_of(SWIMLANES, "run", *options)
    assert (code, len(told.splitlines())) == (1, 1)
    assert told.strip().endswith(f"{name}.py in this folder {TOLD.format(name)}")


@pytest.mark.parametrize(
    "content", ["1 / 0", "x = = 1", "import random; random.randint(1, 6)", "from os import nothing"]
)
def test_whatever_is_wrong_with_the_file_it_is_told(content, folder):
    (folder / "random.py").write_text(content)
    assert f"random.py in this folder {TOLD.format('random')}" in in_a_notebook({"mode": "serial"})


def test_a_script_with_such_a_name_is_told(folder):
    (folder / "random.py").write_text(SCRIPT)
    assert TOLD.format("random") in output_of(sys.executable, "random.py")[1].splitlines()[-1]


def test_a_folder_and_stale_bytecode_are_told(folder):
    (folder / "random").mkdir()
    (folder / "random" / "__init__.py").touch()
    assert f"random/ in this folder {TOLD.format('random')}" in in_a_notebook({"mode": "serial"})
    (folder / "random" / "__init__.py").unlink()
    (folder / "random").rmdir()
    (folder / "random.py").write_text("x = 1")
    compileall.compile_file(folder / "random.py", legacy=True, quiet=2)
    (folder / "random.py").unlink()
    assert f"random.pyc in this folder {TOLD.format('random')}" in in_a_notebook({"mode": "serial"})


def test_a_folder_without_code_hides_nothing(folder):
    (folder / "random").mkdir()
    assert "(2, 4)" in in_a_notebook({"mode": "serial"})


@pytest.mark.parametrize("name", ["cloudpickle", "swimlanes"])
def test_a_file_that_hides_a_package_is_told(name, folder):
    program = NOTEBOOK.format(way={"mode": "serial"}).replace("cloudpickle, ", "")
    (folder / "later").mkdir()
    (folder / "later" / f"{name}.py").write_text("x = 1")
    program = program.replace(
        'sys.path.insert(0, "")', 'sys.path.insert(0, ""); import os; os.chdir("later")'
    )
    _, told = output_of(sys.executable, "-c", program)
    assert f"{name}.py in this folder hides the package `{name}`: rename it." in told


def test_a_file_elsewhere_is_told_with_its_path(folder):
    (folder / "work").mkdir()
    (folder / "work" / "random.py").write_text("x = 1")
    (folder / "work" / "script.py").write_text(SCRIPT)
    told = output_of(sys.executable, "work/script.py")[1]
    assert told.splitlines()[-1].endswith(f"work/random.py {TOLD.format('random')}")


def test_a_file_that_ends_the_program_is_suspected(folder):
    (folder / "random.py").write_text("raise SystemExit")
    told = in_a_notebook({"mode": "threads", "workers": 1})
    assert (
        "before its first task: the runner ended with exit code 0. This run cannot tell why" in told
    )
    assert "Perhaps it was random.py in this folder" in told


# What harms nobody


def test_a_file_that_is_used_works(own_way, folder):
    (folder / "wave.py").write_text("def double(x): return 2 * x")
    for name in ("turtle", "numbers", "colorsys"):  # which no run needs
        (folder / f"{name}.py").write_text("1 / 0")
    program = NOTEBOOK.format(way=own_way).replace(
        "return 2 * x", "import wave; return wave.double(x)"
    )
    assert output_of(sys.executable, "-c", program) == (0, "(2, 4)\n")


def test_a_file_whose_own_bug_it_is_is_not_blamed(folder):
    (folder / "wave.py").write_text("def double(x): return 2 * x")
    (folder / "mine.py").write_text("import wave\ndef f(x): return wave.doubel(x)")
    options = ("--workload", "mine:f", "--inputs", "[1]", "--mode", "serial")
    code, told = output_of(SWIMLANES, "run", *options)
    assert code == 1
    assert "has no attribute 'doubel'. Correct the function" in told


def test_only_what_the_hidden_module_has_is_a_reason(folder, monkeypatch):
    monkeypatch.syspath_prepend(str(folder))
    for name in ("queue", "decimal"):
        (folder / f"{name}.py").touch()
    assert hiding.told_by("module 'queue' has no attribute 'SimpleQueue'")
    assert hiding.told_by("cannot import name 'Decimal' from 'decimal' (/x/decimal.py)")
    assert not hiding.told_by("module 'queue' has no attribute 'mine'")
    assert not hiding.told_by("No module named 'queue.mine'; 'queue' is not a package")
    assert not hiding.told_by("KeyError: 'queue'")
    assert not hiding.told_by("module 'random' has no attribute 'randint'")


def test_a_function_in_a_file_that_python_does_not_look_at_is_told(folder):
    (folder / "random.py").write_text("def f(x): return x")
    code, told = output_of(SWIMLANES, "run", "--workload", "random:f", "--inputs", "[1]")
    assert code == 2
    assert told.strip().endswith(f"random.py in this folder {TOLD.format('random')}")


# Other failures before the first task


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("import os, sys\nif 'SWIMLANES_RUNNER' in os.environ: os._exit(7)", "exit code 7"),
        ("import os, sys\nif 'SWIMLANES_RUNNER' in os.environ: sys.exit(7)", "SystemExit: 7"),
        ("import os\nif 'SWIMLANES_RUNNER' in os.environ: 1 / 0", "ZeroDivisionError"),
    ],
)
def test_a_module_that_fails_where_tasks_run_is_told(own_way, content, told, folder):
    (folder / "mine.py").write_text(f"{content}\ndef f(x): return x")
    program = NOTEBOOK.format(way=own_way).replace("def f(x): return 2 * x", "from mine import f")
    _, said = output_of(sys.executable, "-c", program)
    assert told in said
    assert "efore its first task" in said or "efore the first task" in said
    assert "A task has ended" not in said
    assert len(said.splitlines()) == 1


@pytest.mark.parametrize(
    ("name", "wanted", "kind"),
    [
        ("multiprocessing", "from swimlanes import run", "Python's own module"),
        ("multiprocessing", "from swimlanes import ControlPanel", "Python's own module"),
        ("numpy", "from swimlanes import figures", "the package"),
        ("markupsafe", "from swimlanes import figures", "the package"),
        ("msgspec", "from swimlanes import quizzes", "the package"),
        ("ipywidgets", "from swimlanes import quizzes", "the package"),
    ],
)
def test_it_is_told_wherever_one_comes_in(name, wanted, kind, folder):
    (folder / f"{name}.py").write_text("x = 1")
    code, told = output_of(sys.executable, "-c", wanted)
    assert code == 1
    last = told.splitlines()[-1]
    assert last.endswith(f"{name}.py in this folder hides {kind} `{name}`: rename it."), told


@pytest.mark.parametrize("name", ["markupsafe", "multiprocessing", "signal", "threading"])
def test_it_is_told_on_a_path_of_the_command_line(name, folder):
    (folder / f"{name}.py").write_text("x = 1")
    path = os.pathsep.join([".", str(Path(swimlanes.__file__).parent.parent)])
    command = [SWIMLANES, "run", "--tasks", "1", "--task-ms", "1"]
    answer = subprocess.run(
        command, capture_output=True, text=True, timeout=120, check=False,
        env={**os.environ, "PYTHONPATH": path},
    )  # fmt: skip
    assert answer.returncode != 0
    assert f"{name}.py in this folder hides" in answer.stderr
    assert "Traceback" not in answer.stderr
