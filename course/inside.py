"""Run the notebook that comes on standard input, and give it back with its outputs.

Called as ``python inside.py COURSE``, in the image or outside. The notebook runs in a folder of
its own that holds what lies beside it in COURSE, and is removed afterwards. Exit code 1, and the
reason on standard error, if a cell fails, or if a process or shared memory outlives the run.
"""

from __future__ import annotations

import os
import shutil
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import uuid4

# Last, so that what the image has comes from the image; and not handed on to the kernel.
sys.path.append(str(Path(__file__).parent))

import pytest

# While a cell runs. Starting and stopping, the kernel's own libraries warn on some Pythons.
WARNINGS_AS_ERRORS = """\
import warnings
events = get_ipython().events
events.register("pre_run_cell", lambda info: warnings.simplefilter("error"))
events.register("post_run_cell", lambda result: warnings.resetwarnings())
"""
SETTINGS = ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR")
NBMAKE = ("-p", "no:cacheprovider", "--nbmake", "--nbmake-timeout=60", "--overwrite")
SHARED = ("psm_*", "sem.mp-*", "swimlanes-*")
GRACE_S = 3


def main() -> None:
    """Run the notebook, print it, and say what is wrong."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        path = lay_out(folder / "course", Path(sys.argv[1]))
        path.write_text(sys.stdin.read(), encoding="utf-8")
        mark = prepare_environment(folder)
        before = shared_files()
        with output_to_stderr():
            code = pytest.main([*NBMAKE, str(path)])
        if left := still_there(lambda: [*marked(mark), *(shared_files() - before)]):
            sys.exit(f"The notebook left behind: {'; '.join(left)}.")
        if code:
            sys.exit(int(code))
        print(path.read_text(encoding="utf-8"))


def lay_out(folder: Path, course: Path) -> Path:
    """Put what lies beside a lesson into `folder`; return where the notebook belongs."""
    shutil.copytree(course, folder, ignore=shutil.ignore_patterns("*.ipynb"))
    folder.chmod(0o755)
    return folder / "lesson.ipynb"


def prepare_environment(folder: Path) -> str:
    """Keep the user's settings out, and mark all processes that will be started."""
    os.environ.update({name: str(folder / name) for name in SETTINGS})
    startup = folder / "IPYTHONDIR" / "profile_default" / "startup"
    startup.mkdir(parents=True)
    (startup / "warnings.py").write_text(WARNINGS_AS_ERRORS)
    os.environ["JUPYTER_PREFER_ENV_PATH"] = "1"  # a kernel of this environment
    os.environ["SWIMLANES_LESSON"] = str(uuid4())
    return f"SWIMLANES_LESSON={os.environ['SWIMLANES_LESSON']}"


@contextmanager
def output_to_stderr() -> Iterator[None]:
    """Send what is printed to standard error: standard output is for the notebook."""
    sys.stdout.flush()
    kept = os.dup(1)
    os.dup2(2, 1)
    try:
        yield
    finally:
        sys.stdout.flush()
        os.dup2(kept, 1)
        os.close(kept)


def still_there(look: Callable[[], list[str]]) -> list[str]:
    """Return what `look` finds and what does not go away by itself."""
    deadline = time.monotonic() + GRACE_S
    while (found := look()) and time.monotonic() < deadline:
        time.sleep(0.05)
    return found


def marked(mark: str) -> Iterator[str]:
    """Yield the command line of each process whose environment holds `mark`."""
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if mark.encode() in (process / "environ").read_bytes():
                yield (process / "cmdline").read_text().replace("\0", " ").strip()
        except OSError:
            continue


def shared_files() -> set[str]:
    """Return the files in shared memory that Python or this project makes.

    Only a container has a shared memory of its own; elsewhere they may be a neighbour's.
    """
    if not Path("/.dockerenv").exists():
        return set()
    return {str(path) for pattern in SHARED for path in Path("/dev/shm").glob(pattern)}


if __name__ == "__main__":
    main()
