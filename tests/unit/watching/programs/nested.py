"""Pools in the workers of pools."""

import sys
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from multiprocessing.pool import ThreadPool


def square(x):
    return x * x


def squares(numbers):
    with ThreadPool(2) as pool:
        return pool.map(square, numbers)


def squares_in_processes(numbers):
    with get_context(sys.argv[1]).Pool(2) as pool:
        return pool.map(square, numbers)


if __name__ == "__main__":
    context = get_context(sys.argv[1])
    with context.Pool(2) as pool:
        print(pool.map(squares, [range(3), range(4)]))
    with ProcessPoolExecutor(2, mp_context=context) as executor:
        print(list(executor.map(squares_in_processes, [range(3), range(4)])))
