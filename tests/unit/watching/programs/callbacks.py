"""What is to be done with results and with errors, and results in chunks as they come."""

import sys
from multiprocessing import get_context


def half(number):
    if number % 2:
        raise ValueError(f"{number} is odd")
    return number // 2


def negative(number):
    return -number


if __name__ == "__main__":
    halves, errors = [], []
    with get_context(sys.argv[1]).Pool(2) as pool:
        for number in range(8):
            pool.apply_async(half, (number,), callback=halves.append, error_callback=errors.append)
        pool.map_async(half, [20, 40], callback=halves.extend).wait()
        steps = pool.imap(negative, range(10), chunksize=4)
        print(next(steps), next(steps), list(steps))
        print(sum(pool.imap_unordered(negative, range(100), chunksize=25)))
        pool.close()
        pool.join()
    print(sorted(halves), sorted(map(str, errors)))
