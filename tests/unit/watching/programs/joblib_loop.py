"""joblib's loop, in processes and in threads."""

from math import sqrt

from joblib import Parallel, delayed


def square(x):
    return x * x


if __name__ == "__main__":
    print(Parallel(n_jobs=2)(delayed(sqrt)(i**2) for i in range(10)))
    print(Parallel(n_jobs=2, backend="threading")(delayed(square)(i) for i in range(10)))
    with Parallel(n_jobs=2, batch_size=3) as parallel:
        print(parallel(delayed(square)(i) for i in range(7)))
    try:
        Parallel(n_jobs=2)(delayed(square)(i) for i in ("a",))
    except TypeError as error:
        print(type(error).__name__, error)
