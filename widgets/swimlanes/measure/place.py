"""Where a run happens: its folder with the record sheet, and the Python that performs it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from functools import lru_cache
from pathlib import Path

import swimlanes
from swimlanes import kin
from swimlanes.brief import plural
from swimlanes.errors import RequestError, RunError
from swimlanes.measure.work import Work
from swimlanes.sheet import Sheet

IN_MEMORY = "/dev/shm"
PLACES = (IN_MEMORY, None)
"""Where to look for room, best first: records in memory wait for no disk.

None stands for the folder for temporary files.
"""
LENT = "lent"


def make_folder(tasks_count: int) -> tuple[Path, Sheet]:
    """Make the folder and the sheet for so many tasks; without room for both, nothing is made."""
    why: str | None = None
    for place in PLACES:
        try:
            return _make_in(place, tasks_count)
        except OSError as refusal:
            why = refusal.strerror
    raise RunError(
        f"There is no room for the records of {plural(tasks_count, 'task')} in {IN_MEMORY} or the "
        f"folder for temporary files ({why}). Free some space there, or run fewer tasks."
    )


def _make_in(place: str | None, tasks_count: int) -> tuple[Path, Sheet]:
    folder = Path(tempfile.mkdtemp(prefix="swimlanes-", dir=place))
    try:
        return folder, Sheet(folder / "sheet", tasks_count)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise


class Interpreter:
    """The Python that performs a run: this one, or the one at `path`.

    Another Python than this one brings its own standard library and its own packages. It is lent
    what a runner needs, this package and cloudpickle, and the participant's own folders.
    """

    def __init__(self, path: str | None) -> None:
        self.path = path or sys.executable
        self._foreign = path not in (None, sys.executable)

    def check(self, work: Work) -> None:
        """Refuse what cannot travel to a Python of another version."""
        if not self._foreign or not work.own_names:
            return
        theirs, ours = _version(self.path), sys.version_info[:2]
        if theirs != ours:
            raise RequestError(
                f"{work.own_names[0]!r} was defined in a notebook or on the command line "
                f"under Python {_dotted(ours)} and cannot travel to the Python {_dotted(theirs)} "
                "of this mode. Put it into a module file and import it from there."
            )

    @staticmethod
    def refuse_within_a_runner() -> None:
        """Refuse a run that a runner or one of its workers asks for.

        A script without a guard would start itself again and again: the runner imports it to find
        the function, and so comes to the very line that asked for the run.
        """
        if kin.NAME in os.environ:
            raise RequestError(
                "A run was asked for while another one was being prepared or performed. If your "
                'script starts it, put that line below `if __name__ == "__main__":`, because '
                "workers import the script; inside a task, use a plain loop."
            )

    def environment(self, folder: Path) -> dict[str, str]:
        """Return the environment in which the runner finds this package."""
        package = Path(swimlanes.__file__).parent
        marked = {**os.environ, kin.NAME: str(folder)}
        if not self._foreign:
            return {**marked, "PYTHONPATH": str(package.parent)}
        import cloudpickle

        lent = folder / LENT
        lent.mkdir()
        for loan in (package, Path(cloudpickle.__file__).parent):
            (lent / loan.name).symlink_to(loan)
        # Nothing is written beside our files, and no extension may bring the GIL back.
        extra = {"PYTHONPATH": str(lent), "PYTHONDONTWRITEBYTECODE": "1", "PYTHON_GIL": "0"}
        return {**marked, **extra}

    def search_path(self, folder: Path) -> tuple[str, ...]:
        """Return where the runner looks for modules first."""
        if not self._foreign:
            return tuple(sys.path)
        ours = {sysconfig.get_path(kind) for kind in ("stdlib", "platstdlib", "purelib", "platlib")}
        prefixes = tuple(filter(None, ours | {sys.prefix, sys.base_prefix}))
        return (str(folder / LENT), *(path for path in sys.path if not path.startswith(prefixes)))


@lru_cache
def _version(path: str) -> tuple[int, int]:
    command = [path, "-I", "-c", "import sys; print(*sys.version_info[:2])"]
    answer = subprocess.run(command, capture_output=True, check=True, text=True, timeout=10)
    major, minor = map(int, answer.stdout.split())
    return major, minor


def _dotted(version: tuple[int, int]) -> str:
    return ".".join(map(str, version))
