"""What a run of many tasks costs the memory of its caller."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

from swimlanes import measure
from swimlanes.bench.turns import fresh_process

MANY_TASKS = 100_000


def caller_memory_mb_100k() -> float:
    """Return by how much a run of 100 000 no-op tasks raises its caller's peak memory, MB."""
    growth_mb: float = fresh_process(__name__, MANY_TASKS)["growth_mb"]
    return growth_mb


def main() -> None:
    """Perform a run of as many tasks as standard input says and print the growth."""
    tasks: int = json.load(sys.stdin)
    measure.run(abs, [0], workers=2)  # what is imported late is there before and after
    before = _status_bytes("VmRSS")
    measure.run(abs, range(tasks), workers=2)
    print(json.dumps({"growth_mb": (_status_bytes("VmHWM") - before) / 1e6}))


def _status_bytes(field: str) -> int:
    """Return a field of this process's status; ``getrusage`` would count its parent's peak."""
    found = re.search(rf"^{field}:\s*(\d+) kB$", Path("/proc/self/status").read_text(), re.M)
    assert found is not None
    return int(found[1]) * 1024
