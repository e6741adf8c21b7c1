"""Live lanes of a watched script on a terminal, and that they leave it as it was."""

import contextlib
import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from pathlib import Path

import pytest

from swimlanes.cli.tidy import TIDY

pytestmark = pytest.mark.usefixtures("nothing_left")

WATCH = [str(Path(sys.executable).parent / "swimlanes"), "watch"]
PART = re.compile(r"\x1b\[([0-9;]*)([A-Za-z])|\x1b([78DM])|([\r\n])|([^\x1b\r\n])")


class Screen:
    """Shows what is written as an xterm would."""

    def __init__(self, rows, columns):
        self.resize(rows, columns)

    def resize(self, rows, columns):
        """Become empty, of another size."""
        self.rows, self.columns = rows, columns
        self.cells = [[" "] * columns for _ in range(rows)]
        self.row = self.column = 0
        self.saved = 0, 0
        self.scrolls = 0, rows - 1

    @property
    def lines(self):
        """What stands in each row."""
        return ["".join(cells).rstrip() for cells in self.cells]

    def write(self, text):
        """Show more; what is not known here fails."""
        at = 0
        while at < len(text):
            part = PART.match(text, at)
            assert part, f"an unknown sequence: {text[at : at + 9]!r}"
            at = part.end()
            numbers, command, short, end, character = part.groups()
            if command:
                self._do(command, [int(number or 0) for number in numbers.split(";")])
            elif short == "7":
                self.saved = self.row, self.column
            elif short == "8":
                self.row, self.column = self.saved
            elif short == "D" or end == "\n":
                self._down()
            elif end == "\r":
                self.column = 0
            else:
                self._put(character)

    def _do(self, command, numbers):
        first, *others = numbers
        if command == "H":
            self.row, self.column = first - 1, others[0] - 1
        elif command == "A":
            self.row = max(0, self.row - first)
        elif command == "r":
            self.scrolls = (first - 1, others[0] - 1) if others else (0, self.rows - 1)
            self.row = self.column = 0
        elif command in "KJ":
            self.cells[self.row][self.column :] = [" "] * (self.columns - self.column)
            if command == "J":
                for cells in self.cells[self.row + 1 :]:
                    cells[:] = [" "] * self.columns
        else:
            assert command == "m", f"an unknown command: {command}"

    def _put(self, character):
        if self.column == self.columns:
            self.column = 0
            self._down()
        self.cells[self.row][self.column] = character
        self.column += 1

    def _down(self):
        top, bottom = self.scrolls
        if self.row == bottom:
            del self.cells[top]
            self.cells.insert(bottom, [" "] * self.columns)
        else:
            self.row = min(self.row + 1, self.rows - 1)


class Terminal:
    """A terminal with a program in it.

    Parameters
    ----------
    command : list of str
        What runs there.
    rows, columns : int
        Its size.
    """

    def __init__(self, command, rows=24, columns=80, **how):
        self._ours, theirs = pty.openpty()
        self.screen = Screen(rows, columns)
        self.written = ""
        self.resize(rows, columns)
        how = {"stdin": theirs, "stdout": theirs, "stderr": theirs, **how}
        self.process = subprocess.Popen(command, start_new_session=True, **how)
        os.close(theirs)

    def resize(self, rows, columns):
        """Become larger or smaller; then nothing shows until it is written again."""
        self.screen.resize(rows, columns)
        fcntl.ioctl(self._ours, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def type(self, text):
        """Type on its keyboard."""
        os.write(self._ours, text.encode())

    def until(self, condition, within_s=30):
        """Show what is written until a condition of the screen's lines holds."""
        last_s = time.monotonic() + within_s
        while self._is_drawn_to() or not condition(self.screen.lines):
            select.select([self._ours], [], [], within_s)
            assert time.monotonic() < last_s, "\n".join(self.screen.lines)
            self._read()

    def _is_drawn_to(self):
        return self.written.rfind("\x1b7") > self.written.rfind("\x1b8")

    def close(self):
        """Show the rest, until nobody has the terminal any more, and return the exit code."""
        with contextlib.suppress(OSError):
            while self._read():
                pass
        os.close(self._ours)
        return self.process.wait(60)

    def _read(self):
        data = os.read(self._ours, 1 << 16)
        while True:
            try:
                text = data.decode()
            except UnicodeDecodeError:  # in the middle of a character
                data += os.read(self._ours, 1)
                continue
            break
        while text.rfind("\x1b") >= 0 and not PART.match(text, text.rfind("\x1b")):
            text += os.read(self._ours, 1).decode()
        self.written += text
        self.screen.write(text)
        return text


LIVE = """
import os, sys, threading, time
from concurrent.futures import ThreadPoolExecutor
go = threading.Event()

def wait_for_looks():
    # Whoever looks is no thread that the script can see: what all such have computed grows.
    readings = set()
    while len(readings) < 5:
        seen = set(str(thread.native_id) for thread in threading.enumerate())
        others = set(os.listdir("/proc/self/task")) - seen
        files = [open("/proc/self/task/%s/schedstat" % other) for other in others]
        readings.add(sum(int(file.read().split()[0]) for file in files))
        time.sleep(0.01)

for number in range({before}):
    print("before", number)
print("Name: ", end="", flush=True)
with ThreadPoolExecutor({workers}) as executor:
    calls = [executor.submit(go.wait) for _ in range({workers})]
    try:
        for line in iter(sys.stdin.readline, "\\n"):
            if line == "look\\n":
                wait_for_looks()
                print("looked", flush=True)
                continue
            for number in range(int(line)):
                print("line", number, flush=True)
    finally:
        go.set()
{ending}
"""


@pytest.fixture
def live(tmp_path, monkeypatch):
    """Start a script in a terminal, whose calls go on until an empty line is typed."""
    monkeypatch.chdir(tmp_path)
    terminals = []

    def start(workers=2, before=0, ending="", environment=(), **how):
        (tmp_path / "script.py").write_text(
            LIVE.format(workers=workers, before=before, ending=ending)
        )
        environment = {
            **os.environ,
            "TERM": "xterm",
            "COLUMNS": "",
            "LINES": "",
            **dict(environment),
        }
        terminals.append(Terminal([*WATCH, "script.py"], env=environment, **how))
        return terminals[-1]

    yield start
    for terminal in terminals:
        terminal.process.kill()
        terminal.process.wait()


def running(count):
    return lambda lines: any(f" {count} running" in line for line in lines)


def test_lanes_show_below_what_is_printed_while_it_goes_on(live):
    terminal = live()
    terminal.until(running(2))
    lines = terminal.screen.lines
    assert lines[0] == "Name:", "the place where one types has stayed"
    assert re.fullmatch(r"0 calls done █, 2 running ▒, [0-9.]+\s(ms|s)", lines[21])
    for row in lines[22:]:
        assert re.fullmatch(r"ThreadPoolExecutor ·*▒+ 0", row)
        assert len(row) == 79
    terminal.type("40\n")
    terminal.until(lambda lines: lines[19] == "line 39")
    assert terminal.screen.lines[:20] == [f"line {number}" for number in range(20, 40)]
    terminal.until(running(2))
    terminal.type("\n")
    assert terminal.close() == 0
    lines = terminal.screen.lines
    assert not any("running" in line or "▒" in line for line in lines)
    assert terminal.screen.scrolls == (0, 23)
    printed = re.findall(r"line [0-9]+", re.sub(r"\x1b7.*?\x1b8", "", terminal.written))
    assert printed == [f"line {number}" for number in range(40)]
    last = lines.index("line 39")
    assert not lines[last + 1], "the line that was typed"
    assert lines[last + 2], "no gap"
    assert any(line.startswith("2 calls on 2 ") for line in lines[last + 2 :])


def test_what_stands_where_lanes_come_moves_up(live):
    terminal = live(before=30)
    terminal.until(running(2))
    expected = [f"before {number}" for number in range(10, 30)]
    assert terminal.screen.lines[:21] == [*expected, "Name:"]
    terminal.type("\n")
    assert terminal.close() == 0


def test_more_lanes_than_there_is_room_for_are_counted(live):
    terminal = live(workers=11)
    terminal.until(running(11))
    lines = terminal.screen.lines
    assert sum(line.startswith("ThreadPoolExecutor") for line in lines) == 8
    assert lines[23] == "… and 3 more"
    terminal.type("\n")
    assert terminal.close() == 0


def test_lanes_follow_the_size_of_the_terminal(live):
    terminal = live()
    terminal.until(running(2))
    terminal.resize(30, 50)
    terminal.until(lambda lines: "2 running" in lines[27] and "▒" in lines[29])
    assert len(terminal.screen.lines[29]) == 49
    terminal.resize(11, 50)
    terminal.until(lambda _: terminal.written.endswith(TIDY))
    terminal.type("9\n")
    terminal.until(lambda lines: "line 8" in lines)
    assert not any("running" in line for line in terminal.screen.lines)
    terminal.type("\n")
    assert terminal.close() == 0


@pytest.mark.parametrize(
    "how", [{"rows": 11}, {"environment": {"TERM": "dumb"}}, {"stderr": subprocess.DEVNULL}]
)
def test_nothing_shows_live_where_it_has_no_place(live, how):
    terminal = live(**how)
    terminal.type("look\n")
    terminal.until(lambda _: "looked" in terminal.written)
    terminal.type("\n")
    assert terminal.close() == 0
    assert "\x1b" not in terminal.written


def test_lanes_are_legible_without_colour_and_without_blocks(live):
    terminal = live(environment={"NO_COLOR": "1", "PYTHONIOENCODING": "ascii"})
    terminal.until(running(2))
    assert re.fullmatch(r"ThreadPoolExecutor \.*=+ 0", terminal.screen.lines[23])
    assert not re.search(r"\x1b\[[0-9;]*3[0-9]m", terminal.written)
    terminal.type("\n")
    assert terminal.close() == 0


@pytest.mark.parametrize(
    ("ending", "code"),
    [
        ("sys.exit(3)", 3),
        ("1 / 0", 1),
        ("import os; os._exit(4)", 4),
        ("import os; os.kill(os.getpid(), 15)", -15),
        ("import os; os.kill(os.getpid(), 9)", -9),
        ("import os; os.execvp('true', ['true'])", 0),
    ],
)
def test_however_a_script_ends_the_terminal_is_tidy(live, tmp_path, ending, code):
    terminal = live(ending=ending)
    terminal.until(running(2))
    terminal.type("\n")
    assert terminal.close() == code
    assert not any("running" in line or "▒" in line for line in terminal.screen.lines)
    assert terminal.screen.scrolls == (0, 23)
    (tmp_path / "script.py").write_text("")
    subprocess.run([*WATCH, "script.py"], check=True, timeout=60, capture_output=True)


def test_an_interrupt_from_the_keyboard_is_for_the_script(live):
    terminal = live()
    terminal.until(running(2))
    os.killpg(terminal.process.pid, signal.SIGINT)
    assert terminal.close() == -signal.SIGINT
    assert not any("running" in line for line in terminal.screen.lines)
