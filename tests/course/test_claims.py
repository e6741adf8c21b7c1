"""What a lesson says that a program prints is what it prints."""

import re
import subprocess
import sys

import pytest


@pytest.mark.parametrize(("method", "alike"), [("fork", True), ("spawn", False)])
def test_forked_workers_draw_the_same_random_numbers(repository, tmp_path, method, alike):
    lesson = (repository / "course" / "lessons" / "04-processes.md").read_text()
    program = re.search(r"%%writefile my_modules/random_draws.py\n(.*?)```", lesson, re.DOTALL)[1]
    (tmp_path / "random_draws.py").write_text(program)
    command = [sys.executable, "random_draws.py", method]
    drawn = subprocess.check_output(command, cwd=tmp_path, text=True).split()
    assert len(drawn) == 4
    assert (len(set(drawn)) == 1) == alike
