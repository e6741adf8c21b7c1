"""What the tests of the course share: the deriving module, and lessons that have been run."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import nbformat
import pytest

# While a cell runs. Starting and stopping, the kernel's own libraries warn on some Pythons.
WARNINGS_AS_ERRORS = """\
import warnings
events = get_ipython().events
events.register("pre_run_cell", lambda info: warnings.simplefilter("error"))
events.register("post_run_cell", lambda result: warnings.resetwarnings())
"""


@pytest.fixture(scope="session")
def derive(repository: Path) -> ModuleType:
    """Return ``course/derive.py`` as a module; the course is no package."""
    spec = importlib.util.spec_from_file_location("derive", repository / "course" / "derive.py")
    module = importlib.util.module_from_spec(spec)
    # Dataclasses look their module up by its name.
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def execute(tmp_path: Path) -> Callable[[str], nbformat.NotebookNode]:
    """Run a notebook's text as nbmake does, warnings as errors; return it with its outputs."""

    def run(text: str) -> nbformat.NotebookNode:
        path = tmp_path / "lesson.ipynb"
        path.write_text(text, encoding="utf-8")
        nbmake = [sys.executable, "-m", "pytest", "--nbmake", "--overwrite", str(path)]
        startup = tmp_path / "IPYTHONDIR" / "profile_default" / "startup"
        startup.mkdir(parents=True)
        (startup / "warnings.py").write_text(WARNINGS_AS_ERRORS)
        # A kernel of this environment, and none of the user's settings.
        folders = ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR")
        environment = {
            **os.environ,
            **{name: str(tmp_path / name) for name in folders},
            "JUPYTER_PREFER_ENV_PATH": "1",
        }
        answer = subprocess.run(
            nbmake, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=200
        )
        assert answer.returncode == 0, answer.stdout + answer.stderr
        return nbformat.read(path, as_version=4)

    return run
