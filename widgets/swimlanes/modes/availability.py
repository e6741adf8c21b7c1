"""Which modes work here, and what the others lack."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from functools import lru_cache
from importlib.util import find_spec

FREE_THREADED_SETTING = "SWIMLANES_FREE_THREADED_PYTHON"
CLUSTER_SETTING = "SWIMLANES_CLUSTER"
_FREE_THREADED_NAMES = ("python3.14t", "python3.13t")
_ASK_FOR_FREE_THREADING = "import sysconfig; print(sysconfig.get_config_var('Py_GIL_DISABLED'))"


def why_unavailable(mode: str) -> str:
    """Return a sentence that says why `mode` does not work here, or nothing if it does.

    Examples
    --------
    >>> why_unavailable("processes")
    ''
    """
    if mode == "free-threaded" and free_threaded_python() is None:
        named = os.environ.get(FREE_THREADED_SETTING)
        if named:
            return (
                f"{FREE_THREADED_SETTING} names {named!r}, which is not a Python without the GIL."
            )
        return (
            "There is no Python without the GIL here: put python3.14t or python3.13t on the PATH, "
            f"or name one in {FREE_THREADED_SETTING}."
        )
    if mode == "interpreters" and sys.version_info < (3, 14):
        version = ".".join(map(str, sys.version_info[:2]))
        return f"Subinterpreters need Python 3.14 or later; this is Python {version}."
    if mode == "cluster" and find_spec("distributed") is None:
        return "Dask is not installed here: python -m pip install 'dask[distributed]'."
    return ""


def free_threaded_python() -> str | None:
    """Return the path of a Python without the GIL: this one, the one named, or one on the PATH."""
    import sysconfig  # slow, and only asked for here

    if sysconfig.get_config_var("Py_GIL_DISABLED"):
        return sys.executable
    named = os.environ.get(FREE_THREADED_SETTING)
    candidates = map(shutil.which, [named] if named else _FREE_THREADED_NAMES)
    return next((path for path in candidates if path and _is_free_threaded(path)), None)


@lru_cache
def _is_free_threaded(path: str) -> bool:
    command = [path, "-I", "-c", _ASK_FOR_FREE_THREADING]
    try:
        answer = subprocess.run(command, capture_output=True, timeout=10, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return answer.stdout.strip() == b"1"
