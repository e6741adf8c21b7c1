"""What takes a participant's time, each with one cause that is known because it was built in."""

import fcntl
import hashlib
import os
import sqlite3
import tempfile
import threading
import time

STEPS = 400_000
LOCK = threading.Lock()
FILE = os.path.join(tempfile.gettempdir(), f"swimlanes-causes-{os.getppid()}")
_loaded = set()


def compute(seconds):
    """Compute for so many seconds of CPU time."""
    end = time.thread_time() + seconds
    while time.thread_time() < end:
        pass


def wait(seconds):
    """Wait for so many seconds."""
    time.sleep(seconds)


def wait_and_compute(seconds):
    """Do both, each for half the time."""
    wait(seconds / 2)
    compute(seconds / 2)


def count(_):
    """Count in pure Python: about 20 ms."""
    steps = STEPS
    while steps:
        steps -= 1
    return steps


def count_under_a_lock(_):
    """Count with a lock of the module's own held all the time."""
    with LOCK:
        return count(_)


def sleep_under_a_lock(_):
    """Wait with a lock held: nobody computes, and the GIL is free."""
    with LOCK:
        time.sleep(0.03)


def count_under_a_file_lock(path):
    """Count with a file locked all the time, as programs do that share one."""
    with open(path, "a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        return count(path)


def sleep_and_count(_):
    """Wait for an answer, then compute for about as long."""
    time.sleep(0.02)
    return count(_)


def insert(path):
    """Insert a few rows into a database that all tasks share."""
    with sqlite3.connect(path, timeout=30) as database:
        for _ in range(3):
            database.execute("insert into rows values (1)")
            database.commit()


def hash_much(_):
    """Hash 8 MB in one call, which lets go of the GIL."""
    return hashlib.sha256(bytes(8_000_000)).hexdigest()


def load_once(_):
    """Take 300 ms in the first call of each process, and 5 ms later."""
    if os.getpid() not in _loaded:
        _loaded.add(os.getpid())
        end = time.thread_time() + 0.3
        while time.thread_time() < end:
            pass
    end = time.thread_time() + 0.005
    while time.thread_time() < end:
        pass


def wait_once(_):
    """Wait 300 ms in the first call of each process, as for a file, and 5 ms later."""
    time.sleep(0.005 if os.getpid() in _loaded else 0.3)
    _loaded.add(os.getpid())


def give_much(_):
    """Return 40 MB."""
    return bytes(40_000_000)


def take_much(data):
    """Take many bytes and return a number."""
    return len(data)


def sum_large(_):
    """Add up an array that no cache holds."""
    import numpy as np

    array = np.ones(4_000_000)
    return [float(array.sum()) for _ in range(4)]


def multiply(_):
    """Multiply large matrices, by BLAS's own threads if there are several."""
    import numpy as np

    matrix = np.ones((900, 900))
    return float((matrix @ matrix)[0, 0])
