"""The cheat sheet is one page, and its programs are right."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

COURSE = Path(__file__).parents[2] / "course"
SHEET = (COURSE / "cheat-sheet.md").read_text()
PROGRAMS = re.findall(r"```python\n(.*?)```", SHEET, re.DOTALL)
BEFORE = """\
import os
from math import sqrt as f
from multiprocessing import get_context
from swimlanes import usable_cores
Pool = get_context("forkserver").Pool
inputs = [1.0, 4.0]
"""


@pytest.fixture(scope="module")
def pdf(repository, tmp_path_factory, require):
    """Print the sheet, from a copy of the course."""
    require(shutil.which("chromium"), "there is no Chromium to print", "apt-get install chromium")
    copy = shutil.copytree(repository / "course", tmp_path_factory.mktemp("sheet") / "course")
    subprocess.run([sys.executable, str(copy / "cheat-sheet")], check=True, timeout=120)
    return (copy.parent / "build" / "cheat-sheet.pdf").read_bytes()


def test_it_is_one_page_in_landscape(pdf):
    assert pdf.startswith(b"%PDF")
    assert len(re.findall(rb"/Type\s*/Page\b", pdf)) == 1
    width, height = map(float, re.search(rb"/MediaBox\s*\[0 0 (\S+) (\S+)\]", pdf).groups())
    assert width / height == pytest.approx(297 / 210, rel=0.01)


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda program: program.partition("\n")[0][:30])
def test_a_program_on_it_runs(program, tmp_path):
    file = tmp_path / "work.py"
    body = program if "__main__" in program else indented(program)
    file.write_text(BEFORE + body)
    subprocess.run([sys.executable, "-W", "error", str(file)], check=True, timeout=60)


def indented(program):
    """Return the program guarded, as the sheet says of all that start workers."""
    return 'if __name__ == "__main__":\n' + re.sub(r"(?m)^(?=.)", "    ", program)


def test_without_chromium_it_says_what_is_missing(tmp_path):
    command = [sys.executable, str(COURSE / "cheat-sheet")]
    answer = subprocess.run(command, env={"PATH": str(tmp_path)}, capture_output=True, text=True)
    assert answer.returncode == 1
    assert answer.stderr == (
        "Chromium prints the cheat sheet and is not here; apt-get install chromium.\n"
    )
