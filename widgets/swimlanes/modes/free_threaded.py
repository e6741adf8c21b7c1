"""Threads of a Python that has no GIL."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from functools import lru_cache

from swimlanes.modes.mode import Wanted, Way
from swimlanes.modes.threads import Threads

SETTING = "SWIMLANES_FREE_THREADED_PYTHON"
_NAMES = ("python3.14t", "python3.13t")
_QUESTION = "import sysconfig; print(sysconfig.get_config_var('Py_GIL_DISABLED'))"


class FreeThreaded(Threads):
    """A ``ThreadPool`` on another Python.

    Its speedup is taken against a serial run on that Python, because interpreters differ in speed.
    """

    name = "free-threaded"
    worker = "free thread"
    colour, dash, marker = "sky", "4 2", "triangle down"
    shares_gil = False
    other_python = True
    around_s = 0.3

    def why_unavailable(self) -> str:
        """Return why there is no such Python here."""
        if self.python() is not None:
            return ""
        if named := os.environ.get(SETTING):
            return f"{SETTING} names {named!r}, which is not a Python without the GIL."
        return (
            "There is no Python without the GIL here: put python3.14t or python3.13t on the PATH, "
            f"or name one in {SETTING}."
        )

    def python(self) -> str | None:
        """Return the path of a Python without the GIL: this, the one named, one on the PATH."""
        import sysconfig  # slow, and only asked for here

        if sysconfig.get_config_var("Py_GIL_DISABLED"):
            return sys.executable
        named = os.environ.get(SETTING)
        candidates = map(shutil.which, [named] if named else _NAMES)
        return next((path for path in candidates if path and _is_free_threaded(path)), None)

    def plain(self, wanted: Wanted) -> Way:
        """Return a ``ThreadPool``, and which Python it is for."""
        way = super().plain(wanted)
        remark = "# For a Python without the GIL, such as python3.14t."
        return way._replace(imports=[remark, *way.imports])


@lru_cache
def _is_free_threaded(path: str) -> bool:
    command = [path, "-I", "-c", _QUESTION]
    try:
        answer = subprocess.run(command, capture_output=True, timeout=10, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return answer.stdout.strip() == b"1"


MODE = FreeThreaded()
