"""Errors of tasks, caught and not."""

import sys
import traceback
from multiprocessing import get_context
from multiprocessing.pool import ThreadPool


def invert(x):
    return 1 / x


if __name__ == "__main__":
    for make in (get_context(sys.argv[1]).Pool, ThreadPool):
        with make(2) as pool:
            for work in (
                lambda pool=pool: pool.map(invert, [2, 0]),
                lambda pool=pool: pool.apply(invert, (0,)),
                lambda pool=pool: list(pool.imap(invert, [0])),
            ):
                try:
                    work()
                except ZeroDivisionError:
                    traceback.print_exc(file=sys.stdout)
    with get_context(sys.argv[1]).Pool(1) as pool:
        pool.map(invert, [0])
