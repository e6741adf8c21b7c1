"""Executors with threads and with processes."""

import sys
import traceback
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor, as_completed
from multiprocessing import get_context


def square(x):
    return x * x


def fail(x):
    raise KeyError(x)


if __name__ == "__main__":
    processes = ProcessPoolExecutor(2, mp_context=get_context(sys.argv[1]))
    for executor in (ThreadPoolExecutor(2), processes):
        with executor:
            print(list(executor.map(square, range(7))))
            print(list(executor.map(square, range(7), chunksize=3)))
            print(executor.submit(square, 5).result())
            futures = [executor.submit(square, number) for number in range(5)]
            print(sorted(future.result() for future in as_completed(futures)))
            try:
                executor.submit(fail, "x").result()
            except KeyError:
                traceback.print_exc(file=sys.stdout)
