"""What `make mutants` is told, in pyproject, names what there is."""

import ast
import tomllib
from fnmatch import fnmatch

import pytest
from tests.mutants.bounds import BoundMutator

WHOLE_ROOMS = ("metrics", "records", "measure")
MODULES = (
    "sheet.py",
    "cores.py",
    "core_load.py",
    "cgroup.py",
    "drawing/losses.py",
)


@pytest.fixture(scope="module")
def told(repository):
    return tomllib.loads((repository / "pyproject.toml").read_text())["tool"]["poodle"]


@pytest.fixture(scope="module")
def mutated(told, repository):
    """Return the modules that are changed, by their path in the package."""
    (folder,) = told["source_folders"]
    found = {pattern: [*(repository / folder).glob(pattern)] for pattern in told["only_files"]}
    assert all(found.values()), found
    package = repository / folder / "swimlanes"
    return {str(file.relative_to(package)) for files in found.values() for file in files}


def test_every_module_that_measures_is_changed(mutated, repository):
    package = repository / "widgets" / "swimlanes"
    files = [file for room in WHOLE_ROOMS for file in (package / room).rglob("*.py")]
    assert {*MODULES, *(str(file.relative_to(package)) for file in files)} <= mutated


def test_every_module_that_is_changed_has_tests(told, mutated, repository):
    table = told["runner_opts"]["tests"]
    for module in mutated:
        assert any(fnmatch(module, pattern) for pattern in table), module
    for pattern, tests in table.items():
        assert any(fnmatch(module, pattern) for module in mutated), pattern
        assert tests
        assert all((repository / "tests" / "unit" / name).exists() for name in tests), pattern


def test_a_bound_is_dropped_on_either_side():
    code = "capped = min(used, there_is) + max(1, 2, 3) + min(all_of_them) + max(a, b, key=len)"
    changes = BoundMutator(config=None, echo=print).create_mutations(ast.parse(code))
    assert [change.text for change in changes] == ["(used)", "(there_is)"]
    assert {code[change.col_offset : change.end_col_offset] for change in changes} == {
        "min(used, there_is)"
    }
