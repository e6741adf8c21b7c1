"""Classes and functions of a script or a notebook work as inputs and results in every mode."""

import time

import pytest
from jupyter_client.manager import KernelManager

pytestmark = pytest.mark.usefixtures("nothing_left")

CELL = """
import enum
from dataclasses import dataclass
from typing import NamedTuple
from swimlanes import run

@dataclass(frozen=True)
class Point:
    x: int
    y: int

class Colour(enum.Enum):
    RED = 1

class Pair(NamedTuple):
    left: object
    right: object

def swap(point):
    return Point(point.y, point.x)

def nest(point):
    return {"points": [Point(point.x, 0)] * 2, "pair": Pair(Colour.RED, swap)}

def check(**way):
    inputs = [Point(1, 2), Point(3, 4), Point(5, 6)]
    record = run(swap, inputs, **way)
    assert record.results == tuple(map(swap, inputs)), record.results
    assert all(type(point) is Point for point in record.results)
    nested = run(nest, inputs, **way)
    first = nested.results[0]
    assert first["points"] == [Point(1, 0)] * 2
    assert first["pair"].left is Colour.RED
    assert first["pair"].right(Point(1, 2)) == Point(2, 1)
    serial = run(nest, inputs, mode="serial")
    assert nested.results_digest == serial.results_digest
    assert nested.results_digest != run(nest, inputs[::-1], mode="serial").results_digest
"""


def test_in_a_script(own_way, start_python):
    process = start_python(f"{CELL}\ncheck(**{own_way!r})\nprint('well')")
    assert process.communicate(timeout=60) == ("well\n", "")


@pytest.mark.parametrize("schedule", ["imap", "imap_unordered"])
def test_in_a_script_one_by_one(schedule, start_python):
    process = start_python(f"{CELL}\ncheck(mode='processes', workers=2, schedule={schedule!r})")
    assert process.communicate(timeout=60) == ("", "")


def test_in_a_notebook(every_own_way, kernel):
    execute(kernel, CELL)
    for way in every_own_way:
        assert execute(kernel, f"check(**{way!r})") == "ok"


def test_an_error_in_a_notebook_shows_the_cells_own_line(kernel):
    execute(kernel, "from swimlanes import run\ndef invert(x):\n    return 1 / x")
    execute(kernel, "try: run(invert, [0], mode='processes', workers=1)\n"
                    "except Exception as error: detail = error.detail")  # fmt: skip
    assert execute(kernel, "assert '    return 1 / x' in detail.splitlines()") == "ok"


def test_an_interrupted_notebook(every_own_way, kernel, runners_of, eventually):
    execute(kernel, "from swimlanes import run")
    kernel_pid = kernel.manager.provisioner.pid
    for way in every_own_way:
        # What comes just after an error would not be run at all.
        code = f"run('query', tasks=4, task_ms=60_000, **{way!r})"
        request = kernel.execute(code, stop_on_error=False)
        eventually(lambda: runners_of(kernel_pid), within_s=40)
        kernel.manager.interrupt_kernel()
        assert answer(kernel, request) == "KeyboardInterrupt"
        assert not runners_of(kernel_pid)


@pytest.fixture
def kernel():
    """Start a real kernel and give its client."""
    manager = KernelManager()
    manager.start_kernel()
    client = manager.blocking_client()
    client.manager = manager
    client.start_channels()
    client.wait_for_ready(timeout=60)
    yield client
    client.stop_channels()
    manager.shutdown_kernel(now=True)
    manager.cleanup_resources()


def execute(client, code):
    return answer(client, client.execute(code))


def answer(client, request):
    """Wait for the answer to a request; return "ok" or the name of the error."""
    deadline = time.monotonic() + 60
    while True:
        message = client.get_shell_msg(timeout=max(0, deadline - time.monotonic()))
        if message["parent_header"].get("msg_id") == request:
            return message["content"].get("ename") or message["content"]["status"]
