import ast
import doctest
import importlib
import re
import subprocess
import sys
from pathlib import Path

import pytest

import swimlanes

PACKAGE = Path(swimlanes.__file__).parent

MAP = (Path(__file__).parents[2] / "CONTRIBUTING.md").read_text()
# The rooms of the package, ground floor first. Imports point to rooms further up in this list.
ROOMS = re.findall(r"^\| `(\w+)` \|", MAP, re.MULTILINE)
# Needed where the tasks run, so that any interpreter can run them. What is not in the standard
# library is imported when a task asks for it.
IN_THE_RUNNER = [
    "brief", "cgroup", "cores", "core_load", "workloads", "sheet", "modes", "kin",
    "travel", "heritage", "changes", "sharing", "worker", "warmup", "runner",
]  # fmt: skip
LENT = {"cloudpickle", "numpy"}


def room_of(file: Path) -> str:
    return file.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imported(file: Path) -> set[str]:
    """Return the full names of the modules that a file imports, wherever it does so."""
    names = set()
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{file.name}: imports are absolute"
            names |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return names


def files(*rooms: str) -> list[Path]:
    return [file for file in PACKAGE.rglob("*.py") if room_of(file) in rooms]


def test_every_room_is_on_the_list():
    rooms = {room_of(file) for file in PACKAGE.rglob("*.py")} - {"__init__"}
    assert rooms == set(ROOMS)


@pytest.mark.parametrize("file", files(*ROOMS), ids=lambda file: str(file.relative_to(PACKAGE)))
def test_imports_point_one_way(file):
    below = ROOMS[: ROOMS.index(room_of(file)) + 1]
    ours = {name.split(".")[1] for name in imported(file) if name.startswith("swimlanes.")}
    assert ours <= {*below, "__version__"}


IN_WATCHED_WORKERS = [PACKAGE / "watching" / name for name in ("log.py", "queues.py", "starts.py")]


@pytest.mark.parametrize(
    "file", [*files(*IN_THE_RUNNER), *IN_WATCHED_WORKERS], ids=lambda file: file.stem
)
def test_what_the_runner_needs_is_in_the_standard_library(file):
    tops = {name.split(".")[0] for name in imported(file)}
    assert tops <= {*sys.stdlib_module_names, "swimlanes", *LENT}


def test_a_runner_starts_without_any_package():
    environment = {"PYTHONPATH": str(PACKAGE.parent)}
    command = [sys.executable, "-S", "-c", "import sys, swimlanes.runner; print(*sys.modules)"]
    modules = subprocess.check_output(command, text=True, env=environment).split()
    assert not LENT & set(modules)


def test_only_what_shows_something_imports_widgets():
    rooms = {room_of(file) for file in PACKAGE.rglob("*.py") if "ipywidgets" in imported(file)}
    assert rooms == {"buttons", "panel", "quizzes", "shown", "start_page"}


def test_every_button_counts_what_was_changed_before_it():
    made = {file for file in files(*ROOMS) if "widgets.Button" in file.read_text()}
    assert made == {PACKAGE / "buttons.py"}


def test_importing_the_package_loads_nothing_heavy():
    code = "import sys, swimlanes; swimlanes.run; print(*sys.modules)"
    modules = subprocess.check_output([sys.executable, "-c", code], text=True).split()
    assert not {"numpy", "matplotlib", "ipywidgets", "IPython", "rich"} & set(modules)


def test_an_unknown_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="nonsense"):
        swimlanes.nonsense  # noqa: B018


@pytest.mark.parametrize("file", files(*ROOMS), ids=lambda file: str(file.relative_to(PACKAGE)))
def test_examples_in_docstrings(file):
    name = ".".join(["swimlanes", *file.relative_to(PACKAGE).with_suffix("").parts])
    outcome = doctest.testmod(importlib.import_module(name.removesuffix(".__init__")))
    assert outcome.failed == 0
