"""Producers and consumers: queues, pipes, locks and a manager."""

import sys
from multiprocessing import get_context


def double(tasks, results):
    for number in iter(tasks.get, None):
        results.put(2 * number)


def fill(shared, lock, key):
    with lock:
        shared[key] = shared.get(key, 0) + 1


def talk(end):
    end.send(end.recv()[::-1])


if __name__ == "__main__":
    context = get_context(sys.argv[1])
    tasks, results = context.Queue(), context.Queue()
    workers = [context.Process(target=double, args=(tasks, results)) for _ in range(2)]
    for worker in workers:
        worker.start()
    for number in range(5):
        tasks.put(number)
    print(sorted(results.get() for _ in range(5)))
    for _ in workers:
        tasks.put(None)
    for worker in workers:
        worker.join()
    here, there = context.Pipe()
    talker = context.Process(target=talk, args=(there,))
    talker.start()
    here.send("abc")
    print(here.recv())
    talker.join()
    with context.Manager() as manager:
        shared, lock = manager.dict(), manager.Lock()
        with context.Pool(2) as pool:
            pool.starmap(fill, [(shared, lock, key) for key in "abca"])
        print(sorted(shared.items()))
