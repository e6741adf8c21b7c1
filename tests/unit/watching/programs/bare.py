"""Processes and threads without a pool, of functions and of classes, and what they say."""

import sys
import threading
from multiprocessing import Process, get_context


def say(word):
    print(word, flush=True)


class Greeter(threading.Thread):
    def run(self):
        say("class of thread")


class Walker(get_context(sys.argv[1]).Process):
    def run(self):
        say("class of process")


def fail():
    raise RuntimeError("as it should")


if __name__ == "__main__":
    context = get_context(sys.argv[1])
    for worker in (
        context.Process(target=say, args=("process",)),
        Walker(),
        threading.Thread(target=say, args=("thread",)),
        Greeter(),
        threading.Thread(target=fail, name="T"),
        context.Process(target=fail, name="P"),
        context.Process(target=sys.exit, args=(3,)),
    ):
        worker.start()
        worker.join()
        if isinstance(worker, Process) or hasattr(worker, "exitcode"):
            print(worker.exitcode)
