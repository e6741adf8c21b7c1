"""What only a container's own limits can bring about: too little memory, too few processes."""

import json

import pytest

SCRIPT = """
import os, time
from multiprocessing import resource_tracker
from swimlanes import run
from swimlanes.errors import SwimlanesError

def processes():
    return {{name for name in os.listdir("/proc") if name.isdigit()}}

resource_tracker.ensure_running()  # which lives as long as this very process
before = processes(), os.listdir("/dev/shm")
try:
    print("well", len(run({request}).results))
except SwimlanesError as error:
    print(error)
deadline = time.monotonic() + 5
while processes() - before[0] and time.monotonic() < deadline:
    time.sleep(0.05)  # who has ended is there until the container's first process takes note
print("left:", processes() - before[0], os.listdir("/dev/shm"))
"""
LITTLE_MEMORY = ("--memory", "200m", "--memory-swap", "200m")


@pytest.fixture
def tell(call):
    """Return a function that runs a request in a container and returns the sentence."""

    def run(request, *options):
        for _ in range(3):
            answer = call("python", "-c", SCRIPT.format(request=request), options=options)
            if answer.returncode != 137:
                break
            # While the runner, ended on a busy machine, still holds its memory, the system may end
            # one process more, and then the container's own is the only one that is left.
        assert answer.returncode == 0, answer.stderr
        sentence, left = answer.stdout.splitlines()
        assert left == "left: set() []"
        return sentence

    return run


@pytest.mark.parametrize("mode", ["processes", "nested"])
def test_a_worker_that_takes_too_much_memory(tell, mode):
    sentence = tell(
        f"'memory', mode={mode!r}, workers=2, tasks=16, task_bytes=30_000_000", *LITTLE_MEMORY
    )
    assert sentence.startswith("Worker ")
    assert "was ended by SIGKILL" in sentence
    assert "while it ran task" in sentence
    assert sentence.endswith(
        "The memory limit of this container was reached: use fewer workers, or smaller inputs and "
        "results, or ask for more memory."
    )


@pytest.mark.parametrize("mode", ["serial", "threads"])
def test_threads_that_take_too_much_memory(tell, mode):
    sentence = tell(f"'memory', mode={mode!r}, tasks=16, task_bytes=30_000_000", *LITTLE_MEMORY)
    assert sentence.startswith("The run broke off: the runner was ended by SIGKILL")
    assert "The memory limit of this container was reached" in sentence


@pytest.mark.parametrize("mode", ["serial", "threads", "processes", "nested"])
def test_results_that_take_too_much_memory(tell, mode):
    sentence = tell(f"bytes, [60_000_000] * 8, mode={mode!r}", *LITTLE_MEMORY)
    assert "SIGKILL" in sentence
    assert "The memory limit of this container was reached" in sentence


def test_little_shared_memory_and_hardly_anything_else_to_write_to(tell):
    options = ("--read-only", "--tmpfs", "/tmp:size=1m", "--shm-size", "1m")
    sentence = tell("'query', tasks=100_000, task_ms=1", *options)
    assert sentence.startswith("There is no room for the records of 100000 tasks in /dev/shm")
    assert tell("'query', workers=2, tasks=100, task_ms=1", *options) == "well 100"


@pytest.mark.parametrize("mode", ["threads", "processes"])
def test_too_few_processes_allowed(tell, mode):
    sentence = tell(f"'query', mode={mode!r}, workers=64, task_ms=1", "--pids-limit", "40")
    assert sentence.startswith("The run broke off before its first task: ")
    assert sentence.endswith("The limit on processes and threads was reached: use fewer workers.")


def test_a_system_that_lets_nobody_watch_a_process(tell, tmp_path):
    profile = tmp_path / "seccomp.json"
    refusal = {"names": ["pidfd_open"], "action": "SCMP_ACT_ERRNO"}
    profile.write_text(json.dumps({"defaultAction": "SCMP_ACT_ALLOW", "syscalls": [refusal]}))
    sentence = tell("'query', task_ms=1", "--security-opt", f"seccomp={profile}")
    assert sentence.startswith(
        "A process cannot be watched here: the system refuses pidfd_open (Operation not permitted)."
    )
