"""An executor with interpreters, from Python 3.14 on."""

from concurrent.futures import InterpreterPoolExecutor


def power(number):
    return number**4


if __name__ == "__main__":
    with InterpreterPoolExecutor(max_workers=2) as executor:
        print(list(executor.map(power, range(6))))
        print(executor.submit(power, 10).result())
        try:
            executor.submit(power, "x").result()
        except Exception as error:
            print(type(error).__name__, error)
