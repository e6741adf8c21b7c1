"""What a process is told about its cores, and what its control groups do to it, as one JSON line.

``probe.py cores``, ``throttling`` or ``memory``; the standard library is enough for it.
"""

import json
import os
import subprocess
import sys
import time

from swimlanes import cgroup
from swimlanes.cores import usable_cores

DEADLINE_S = 60


def cores():
    usable = usable_cores()
    return {
        "os_cpu_count": os.cpu_count(),
        # From Python 3.13 on; before, there was no function that knows the pinning.
        "process_cpu_count": len(os.sched_getaffinity(0)),
        "usable": int(usable),
        "bound_by": usable.bound_by,
        "quota": usable.quota,
        "physical": usable.physical,
    }


def throttling():
    """Compute until the quota of a period is used up."""
    before, end = cgroup.throttle_clocks_s(), time.monotonic() + DEADLINE_S
    while not cgroup.throttled_s(before) and time.monotonic() < end:
        pass
    return {"clocks": len(before), "throttled": bool(cgroup.throttled_s(before))}


def memory():
    """Let a child take more memory than there is."""
    before = cgroup.oom_kills()
    hungry = subprocess.run([sys.executable, "-c", "bytearray(2 ** 29)"])
    kills = cgroup.oom_kills() - before
    return {"kills": kills, "exit": hungry.returncode, "limit": cgroup.memory_limit_bytes()}


print(json.dumps({"cores": cores, "throttling": throttling, "memory": memory}[sys.argv[1]]()))
