"""Cells of a real kernel that are watched: what they show, and that nothing else is different."""

import re
import subprocess
import sys
import time

import pytest
from jupyter_client.manager import start_new_kernel

FUNCTIONS = """
import os, sys, time
from multiprocessing import get_context
from multiprocessing.pool import ThreadPool
def double(x):
    return 2 * x
def invert(x):
    return 1 / x
def end(x):
    if x == 1:
        os._exit(1)
    return x
"""
SECONDS = 60
_CHANGING = re.compile(r"In ?\[\d+\]|0x\w+|ipykernel_\d+/\d+|^ +1 .*$", re.MULTILINE)
"""What differs from one cell to the next, the first line among it."""


class Notebook:
    """A kernel, and what its cells give back."""

    def __init__(self):
        self.manager, self.client = start_new_kernel(kernel_name="python3")
        self.run("%load_ext swimlanes")
        self.run(FUNCTIONS)

    def begin(self, cell):
        # What comes just after an error would not be run at all.
        return self.client.execute(cell, stop_on_error=False)

    def messages(self, request):
        """Yield what a cell gives back, until the kernel is idle again."""
        end_s = time.monotonic() + SECONDS
        while time.monotonic() < end_s:
            message = self.client.get_iopub_msg(timeout=SECONDS)
            if message["parent_header"].get("msg_id") == request:
                kind, content = message["msg_type"], message["content"]
                if (kind, content.get("execution_state")) == ("status", "idle"):
                    return
                yield kind, content
        raise TimeoutError("The cell has not ended.")

    def run(self, cell):
        return list(self.messages(self.begin(cell)))

    def close(self):
        self.client.stop_channels()
        self.manager.shutdown_kernel()  # by itself: its semaphores go with it


@pytest.fixture(scope="module")
def notebook():
    """Start a kernel that knows ``%%lanes``."""
    started = Notebook()
    yield started
    started.close()


def pictures(messages):
    """Return what was shown below a cell, the last state last."""
    kinds = ("display_data", "update_display_data")
    return [content["data"]["text/html"] for kind, content in messages if kind in kinds]


def own(messages):
    """Return what the cell itself gave back, as it would without being watched."""
    kept = []
    for kind, content in messages:
        if kind == "stream":
            kept.append((content["name"], content["text"]))
        elif kind == "execute_result":
            kept.append((kind, content["data"]["text/plain"]))
        elif kind == "error":
            lines = re.sub(r"\x1b\[[\d;]*m", "", "\n".join(content["traceback"]))
            kept.append((kind, _CHANGING.sub("", lines)))
    return kept


CELLS = {
    "results": 'with get_context("fork").Pool(2) as pool:\n    r = pool.map(double, range(5))\nr',
    "prints": 'print("a", flush=True); print("b", file=sys.stderr)\nThreadPool(1).map(double, [1])',
    "error": "with ThreadPool(2) as pool:\n    pool.map(invert, [0])",
    "error of processes": '\nwith get_context("fork").Pool(1) as pool:\n    pool.map(invert, [0])',
    "syntax": "x = = 1",
    "nothing": "1 + 1",
    "magic": "%time pass\n!echo shell",
    "await": "import asyncio\nawait asyncio.sleep(0, 3)",
}


@pytest.mark.parametrize("cell", [cell for name, cell in CELLS.items() if name != "magic"])
def test_what_a_cell_gives_back_is_the_same_when_it_is_watched(notebook, cell):
    plain = own(notebook.run(f'"a line"\n{cell}'))
    assert own(notebook.run(f"%%lanes\n{cell}")) == plain
    assert plain


def test_other_magics_work_in_it(notebook):
    text = "".join(text for _, text in own(notebook.run(f"%%lanes\n{CELLS['magic']}")))
    assert "CPU times" in text
    assert "shell" in text


def test_lanes_show_while_the_cell_runs_and_more_when_it_has_ended(notebook):
    cell = "%%lanes seen\nwith ThreadPool(2) as pool:\n    pool.map(time.sleep, [0.3] * 4)"
    shown = pictures(notebook.run(cell))
    live = [picture for picture in shown[:-1] if "<svg" in picture]
    assert live
    assert all("done" in picture for picture in live)
    assert "4 calls on 2 workers" in shown[-1]
    assert "calls at a time" in shown[-1]
    for part in ("<details>", "<table", "Where did it go?"):
        assert part in shown[-1]
    ((_, told),) = own(notebook.run("seen.run.tasks_count, seen.over"))
    assert told == "(4, True)"


def test_a_cell_without_workers_says_so(notebook):
    (_, last) = pictures(notebook.run("%%lanes\n1"))
    assert "No worker was started" in last


@pytest.mark.parametrize("cell", ["x = = 1", "import missing_module", "1 / 0"])
def test_below_an_error_before_any_worker_nothing_more_is_said(notebook, cell):
    (*_, last) = pictures(notebook.run(f"%%lanes\n{cell}"))
    assert last == ""


def test_one_percent_sign_is_told_to_be_too_few(notebook):
    ((_, told),) = own(notebook.run("%lanes"))
    assert told.strip() == "One % is missing: write %%lanes into the first line of the cell."


@pytest.mark.parametrize("name", ["7x", "a b", "<b>"])
def test_a_name_that_is_none_is_told_and_the_cell_runs(notebook, name):
    told = own(notebook.run(f"%%lanes {name}\n1 + 1"))
    assert "one name for what was seen" in told[0][1]
    assert told[-1] == ("execute_result", "2")


def test_text_of_the_participant_is_shown_as_text(notebook):
    shown = pictures(notebook.run('%%lanes\nThreadPool(1).map(invert, ["<script>"])'))
    assert "<script>" not in shown[-1]
    assert "&lt;script&gt;" in shown[-1]


@pytest.mark.parametrize("above", ["1", "# a pool", "%%time"])
def test_only_a_first_line_is_ours_and_others_are_told_so(notebook, above):
    messages = notebook.run(f"{above}\n%%lanes\n2")
    assert pictures(messages) == []
    assert "write it into the first line" in str(own(messages))


def test_a_comment_may_stand_behind_it(notebook):
    told = own(notebook.run("%%lanes seen # the workers\n1 + 1"))
    assert told == [("execute_result", "2")]


def test_another_magic_of_the_whole_cell_may_stand_below_it(notebook):
    messages = notebook.run("%%lanes\n%%time\nThreadPool(1).map(abs, [1])")
    assert "1 call on 1 worker" in pictures(messages)[-1]
    assert "Wall time" in str(own(messages))


def test_a_worker_that_ended_is_told_and_one_press_ends_the_cell(notebook):
    cell = '%%lanes\nwith get_context("fork").Pool(2) as pool:\n    pool.map(end, range(4), 1)'
    request, pressed, kinds, last = notebook.begin(cell), False, [], ""
    for kind, content in notebook.messages(request):
        kinds.append(kind)
        if kind == "update_display_data":
            last = content["data"]["text/html"]
            if re.search(r"in the middle of call \d", last) and not pressed:
                pressed = True
                notebook.manager.interrupt_kernel()
        if kind == "error":
            assert content["ename"] == "KeyboardInterrupt"
            (line,) = content["traceback"]
            assert line.startswith("KeyboardInterrupt: the cell was stopped at line 3: ")
    assert "error" in kinds
    assert re.search(r"in the middle of call \d", last)  # which of them, their workers settle


def test_a_function_of_the_notebook_under_spawn_is_an_error_and_no_hang(notebook):
    cell = '%%lanes\nwith get_context("spawn").Pool(1) as pool:\n    pool.map(double, [1])'
    messages = notebook.run(cell)
    (error,) = [told for kind, told in own(messages) if kind == "error"]
    assert "double" in error
    assert "cannot find double of this notebook or program" in pictures(messages)[-1]


def test_a_block_in_a_notebook_shows_its_lanes_too(notebook):
    cell = "import swimlanes\nwith swimlanes.watch():\n    ThreadPool(1).map(double, [1])"
    assert "1 call on 1 worker" in pictures(notebook.run(cell))[-1]


def test_a_watched_block_in_a_watched_cell_is_refused_in_one_sentence(notebook):
    cell = "%%lanes\nwith swimlanes.watch():\n    pass"
    (error,) = [told for kind, told in own(notebook.run(cell)) if kind == "error"]
    assert "one block is watched at a time" in error
    assert notebook.run("1")


def test_a_cell_says_if_other_programs_used_the_cores(notebook):
    """Programs of this process compute, which is no part of the kernel, and then they do not."""
    cell = (
        "%%disturbed\nwith get_context('fork').Pool(1) as pool:\n    print(pool.map(double, [1]))"
    )
    busy = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(4)]
    try:
        told = own(notebook.run(cell))
    finally:
        for program in busy:
            program.kill()
            program.wait()
    text = "".join(text for _, text in told)
    assert text.startswith("[2]\nOther programs kept ")
    assert "busy meanwhile" in text
    assert max(map(len, text.splitlines())) <= 90  # a page shows it without scrolling


def test_who_tells_of_errors_does_so_in_a_watched_cell_too(notebook):
    notebook.run(
        "shell = get_ipython(); kept = shell.custom_exceptions, shell.CustomTB\n"
        "shell.set_custom_exc((NameError,), lambda *error, **more: print('what to do'))"
    )
    told = own(notebook.run("%%lanes\nmissing"))
    notebook.run("shell.custom_exceptions, shell.CustomTB = kept")
    assert ("stdout", "what to do\n") in told


def test_of_a_cell_that_failed_no_time_is_judged(notebook):
    busy = subprocess.Popen([sys.executable, "-c", "while True: pass"])
    try:
        told = own(notebook.run("%%disturbed\ntime.sleep(0.3)\n1 / 0"))
    finally:
        busy.kill()
        busy.wait()
    assert [kind for kind, _ in told] == ["error"]


def test_what_a_cell_has_computed_on_a_pool_is_its_own(notebook):
    """So it is no load by others, also after the workers have ended."""
    notebook.run("from swimlanes.watching.record import Clocks")
    work = "with get_context('fork').Pool(2) as pool:\n    pool.map(spin, [0.5] * 2)"
    notebook.run(
        "def spin(s):\n    end = time.process_time() + s\n    while time.process_time() < end: pass"
    )
    notebook.run(f"before = Clocks.now()\n{work}\nused = Clocks.now().since(before)")
    ((_, told),) = own(notebook.run("used.own_s > 0.9"))
    assert told == "True"


PRESS = """
import signal
from swimlanes.watching import block
def pressed(self, *rest, really=block.Watch.{where}):
    block.Watch.{where} = really
    signal.raise_signal(signal.SIGINT)
    return really(self, *rest)
block.Watch.{where} = pressed
"""


def test_a_press_while_the_watch_begins_stops_the_cell(notebook):
    notebook.run(PRESS.format(where="__enter__"))
    shown = notebook.run("%%lanes\nimport time\ntime.sleep(600)")
    ((_, content),) = [(kind, content) for kind, content in shown if kind == "error"]
    assert content["traceback"][0].startswith("KeyboardInterrupt: the cell was stopped")
    assert not [content for kind, content in shown if kind == "stream"]


def test_a_press_while_the_watch_ends_changes_nothing(notebook):
    notebook.run(PRESS.format(where="__exit__"))
    shown = notebook.run("%%lanes\nwith ThreadPool(2) as pool:\n    pool.map(double, [1, 2])")
    assert {kind for kind, _ in shown} <= {
        "status", "execute_input", "display_data", "update_display_data"
    }  # fmt: skip
    assert pictures(shown)
