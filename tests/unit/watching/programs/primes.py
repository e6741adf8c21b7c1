"""Which numbers are prime, in the order in which they were given."""

import math
import sys
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

CANDIDATES = [15_485_863, 15_485_864, 982_451_653, 1_000_003 * 1_000_033, 2_147_483_647, 1]


def least_factor(number):
    return next((k for k in range(2, math.isqrt(number) + 1) if number % k == 0), number)


def is_prime(number):
    return number > 1 and least_factor(number) == number


if __name__ == "__main__":
    with ProcessPoolExecutor(2, mp_context=get_context(sys.argv[1])) as executor:
        for number, prime in zip(CANDIDATES, executor.map(is_prime, CANDIDATES), strict=True):
            print(f"{number} is {'prime' if prime else 'not prime'}")
