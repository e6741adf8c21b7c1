"""A lesson in a subfolder finds the modules of its course, and so do its workers."""

import os
import subprocess
import sys

from swimlanes import course

CELLS = """
import multiprocessing, sys
from IPython.core.interactiveshell import InteractiveShell

shell = InteractiveShell.instance()
shell.run_line_magic("load_ext", "swimlanes")
shell.run_line_magic("reload_ext", "swimlanes")
from greys import darker, random
for method in ("spawn", "forkserver"):
    with multiprocessing.get_context(method).Pool(1) as pool:
        print(pool.map(darker, [3]))
import swimlanes
print(swimlanes.run(darker, [5], workers=1).results)
print(sys.path.count(sys.argv[1]), random.randint(1, 1))
"""


def test_a_kernel_in_a_subfolder_and_its_workers_find_the_modules_of_the_course(
    originals, home, tmp_path
):
    (home / "filters").mkdir()
    (home / "greys.py").write_text("import random\n\ndef darker(grey): return grey - 1")
    (home / "random.py").write_text("1 / 0")  # it must not hide Python's own
    done = subprocess.run(
        [sys.executable, "-c", CELLS, str(home)],
        cwd=home / "filters",
        env={**os.environ, "IPYTHONDIR": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.stderr == ""
    assert done.stdout.splitlines() == ["[2]", "[2]", "(4,)", "1 1"]


def test_outside_of_a_course_and_at_its_root_nothing_changes(
    originals, home, tmp_path, monkeypatch
):
    before = sys.path.copy()
    course.find_modules()
    monkeypatch.chdir(tmp_path)
    course.find_modules()
    assert sys.path == before
