"""Every way to hand work to a pool."""

import sys
from multiprocessing import get_context


def square(x):
    return x * x


def add(a, b):
    return a + b


def shout(word, *, times=1):
    return word.upper() * times


if __name__ == "__main__":
    with get_context(sys.argv[1]).Pool(2) as pool:
        print(pool.map(square, range(10)))
        print(pool.map(square, range(10), chunksize=4))
        print(list(pool.imap(square, range(5))))
        print(list(pool.imap(square, range(7), chunksize=3)))
        print(sorted(pool.imap_unordered(square, range(5))))
        print(pool.starmap(add, [(1, 2), (3, 4)]))
        print(pool.apply(shout, ("a",), {"times": 3}))
        print(pool.apply_async(square, (5,)).get())
        print(pool.map_async(square, [6, 7]).get())
        print(pool.starmap_async(add, [(5, 6)]).get())
