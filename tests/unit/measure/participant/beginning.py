"""A participant's module whose functions need a beginning."""

import sys
import time

data = None
calls = []


def remember(*values):
    global data
    data = values


def recall(x):
    time.sleep(0.005)
    return data, x


def announce():
    print("hello")


def refuse(name="users.db"):
    raise ValueError(f"no database {name}")


def leave():
    sys.exit("enough")


def hang():
    time.sleep(3600)


def refuse_but_once(counter):
    with counter.get_lock():
        counter.value += 1
        if counter.value > 1:
            refuse()


def sleep_long(_):
    time.sleep(3600)


def count_calls(_):
    calls.append(1)
    time.sleep(0.005)
    return len(calls)


def never_end_at_first(x):
    if not calls:
        calls.append(1)
        time.sleep(3600)
    return x


def invert(x):
    time.sleep(0.005)
    return 1 / x
