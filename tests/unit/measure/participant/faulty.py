"""What a participant's module may hold: functions with every fault there is."""

import ctypes
import multiprocessing
import os
import signal
import subprocess
import sys
import threading
import time

SIG_IGN = 1


def double(x):
    return 2 * x


def invert(x):
    return 1 / x


def leave(code):
    os._exit(code)


def stop(code):
    sys.exit(code)


def ask(_):
    return input("Yes or no?")


def sleep(seconds):
    time.sleep(seconds)
    return seconds


def count_for_ever(wanted):
    while wanted:
        pass


def hold_the_gil(_):
    sum(range(10**15))  # one long call, during which Python itself never gets its turn


def sleep_deaf(seconds):
    be_deaf(None)
    time.sleep(seconds)


def be_deaf(_):
    """Ignore SIGTERM, also on a thread that is not the main one."""
    ctypes.CDLL(None).signal(signal.SIGTERM, SIG_IGN)


def make_lock(_):
    return threading.Lock()


def make_bytes(count):
    return bytes(count)


def print_much(count):
    line = "x" * 999
    for _ in range(count // 1000):
        print(line)
    return count


def leave_a_child(seconds):
    subprocess.Popen(["sleep", str(seconds)], stdin=subprocess.DEVNULL)


def leave_a_chatterbox(_):
    subprocess.Popen(["yes"])


def have_a_worker(x):
    with multiprocessing.Pool(1) as pool:
        return pool.map(double, [x])


def mutter(_):
    """Print in five ways, and end no line."""
    os.write(1, b"o")
    sys.stderr.write("e")
    sys.stdout.buffer.write(b"b")
    print("w", end="")
    ctypes.CDLL(None).putchar(ord("c"))


def leave_a_deserter(_):
    """Leave a process that is in no group or session of ours, and no child of anybody's."""
    code = "import os, time; os.fork() and os._exit(0); os.setsid(); time.sleep(3600)"
    subprocess.run([sys.executable, "-c", code], stdin=subprocess.DEVNULL, check=True)


def desert_and_wait(seconds):
    leave_a_deserter(None)
    time.sleep(seconds)


class RefusalError(Exception):
    """Cannot be made anew from its one argument."""

    def __init__(self, code, place):
        super().__init__(f"{code} at {place}")


class Moody:
    """Travels, and then does not want to be there."""

    def __init__(self):
        self.mood = "good"

    def __setstate__(self, state):
        raise ValueError("no, not here")


def make_refusal(code):
    return RefusalError(code, "there")


def make_moody(_):
    return Moody()


def add(left, right):
    return left + right


def fall_deep(x):
    return fall_deep(x + 1)


def fork_and_return(x):
    """Fork, and come back from the function in both processes."""
    os.fork()
    return x


def fork_and_raise(x):
    """Fork, and have the child raise while the parent waits for it."""
    child = os.fork()
    if child == 0:
        raise ValueError("in the child")
    os.waitpid(child, 0)
    return x


def fork_and_exit(x):
    """Fork, have the child end as programs do, and return its exit code."""
    child = os.fork()
    if child == 0:
        sys.exit(x)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def leave_a_daemon(file):
    """Leave a process that outlives the run, if it may, and writes a file in the end."""
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            time.sleep(30)
            open(file, "x").close()
        os._exit(0)
    return file


class Odd:
    """A result that calls a function when it is put together."""

    def __init__(self, function, *arguments):
        self.call = function, arguments

    def __reduce__(self):
        return self.call


def odd_exit(code):
    """Return what ends the process that reads it."""
    return Odd(sys.exit, code)


def odd_sleep(seconds):
    """Return what keeps the process that reads it."""
    return Odd(time.sleep, seconds)


def odd_look(_):
    """Return what looks for the folder of its run where it is read."""
    return Odd(os.path.exists, os.environ["SWIMLANES_RUNNER"])


class SlowlyTold(Exception):
    """An error whose message takes long to make."""

    def __str__(self):
        time.sleep(60)
        return "at last"


def fail_slowly(_):
    """Raise it."""
    raise SlowlyTold


def interrupt_the_parent(x):
    """Send the parent what Ctrl-C sends."""
    os.kill(os.getppid(), signal.SIGINT)
    time.sleep(5)  # Python may miss the signal where it begins to wait


def stop_the_clocks(x):
    """Put something else in the place of the clocks, as tests do."""
    time.monotonic_ns = time.thread_time_ns = lambda: 0
    return x
