"""asyncio with the threads and the processes of executors."""

import asyncio
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context


def wait(seconds):
    time.sleep(seconds)
    return seconds


async def main():
    loop = asyncio.get_running_loop()
    print(await asyncio.gather(*(asyncio.to_thread(wait, 0.01) for _ in range(3))))
    with ProcessPoolExecutor(2, mp_context=get_context(sys.argv[1])) as executor:
        waits = (loop.run_in_executor(executor, wait, 0.01) for _ in range(3))
        print(await asyncio.gather(*waits))


if __name__ == "__main__":
    asyncio.run(main())
