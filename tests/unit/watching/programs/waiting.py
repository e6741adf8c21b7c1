"""Results that are asked for later: in time, too late, and from several workers at once."""

import sys
import time
from multiprocessing import TimeoutError, get_context


def cube(number):
    return number**3


def oversleep(_):
    time.sleep(3_600)


if __name__ == "__main__":
    with get_context(sys.argv[1]).Pool(processes=3) as pool:
        print(pool.apply_async(cube, (12,)).get(timeout=60))
        several = [pool.apply_async(cube, [number]) for number in (3, 5, 7, 11)]
        print([each.get(timeout=60) for each in several])
        late = pool.apply_async(oversleep, (0,))
        try:
            late.get(timeout=0.05)
        except TimeoutError as error:
            print("too late", type(error).__name__, late.ready())
        print(pool.map(cube, range(6)))
