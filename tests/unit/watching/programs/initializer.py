"""Initializers, workers that are replaced, and shared state."""

import os
import sys
from multiprocessing import get_context

_counter = None


def begin(counter):
    global _counter
    _counter = counter


def count(x):
    with _counter.get_lock():
        _counter.value += x
    return os.getpid()


if __name__ == "__main__":
    context = get_context(sys.argv[1])
    counter = context.Value("i", 0)
    with context.Pool(2, begin, (counter,), maxtasksperchild=2) as pool:
        workers = pool.map(count, range(9), chunksize=1)
    print(counter.value, len(set(workers)))
    with context.Pool(2, begin, (counter,)) as pool:
        pool.close()
        pool.join()
    print("ended")
