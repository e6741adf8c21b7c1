"""`make lab`: JupyterLab with cores of its own, in a container or, without an engine, right here.

    CORES=0-1 PORT=8888 python3 image/lab

Ends with Control-C. The exit code is 2 for settings that cannot be used, 1 for what else went
wrong. Standard library only, since it runs before anything is installed.
"""

from __future__ import annotations

import os
import secrets
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from urllib.request import urlopen

from settings import SettingError, choose_cores, choose_port, format_cores
from ways import LabError, container_lab, engine_cpus, local_cpus, local_lab, why_no_engine

START_PATIENCE_S = 60


def main() -> int:
    """Keep the lab running until Control-C, and return the exit code."""
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.default_int_handler)
    try:
        keep_lab(os.environ)
    except SettingError as error:
        print(f"make lab: {error}", file=sys.stderr)
        return 2
    except LabError as error:
        print(f"make lab: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print()
    print("The lab has ended; your work is kept.")
    return 0


def keep_lab(environment: Mapping[str, str]) -> None:
    """Choose the way, check the settings against it, and run the lab until it ends."""
    obstacle = why_no_engine()
    available = local_cpus() if obstacle else engine_cpus()
    cores = choose_cores(environment.get("CORES", ""), available)
    port = choose_port(environment.get("PORT", ""))
    token = environment.get("JUPYTER_TOKEN") or secrets.token_hex(16)
    chosen = {
        "CORES": format_cores(cores),
        "PORT": str(port),
        "JUPYTER_PORT": str(port),
        "JUPYTER_TOKEN": token,
    }
    pinned = f"pinned to core {chosen['CORES']} of {len(available)}"
    if obstacle:
        _say(f"{obstacle}, so JupyterLab runs right here, in .venv, {pinned}.")
        lab = local_lab(cores, {**environment, **chosen})
    else:
        _say(f"A Docker engine answers, so JupyterLab runs in a container, {pinned}.")
        lab = container_lab({**environment, **chosen})
    with lab as process:
        wait_until_it_answers(process, port)
        _say(f"\n  Open  http://127.0.0.1:{port}/?token={token}\n  End   Control-C\n")
        process.wait()


def wait_until_it_answers(process: subprocess.Popen[bytes], port: int) -> None:
    """Ask the server until it answers.

    Raises
    ------
    LabError
        If it has not answered after a minute, or `process` has ended.
    """
    deadline = time.monotonic() + START_PATIENCE_S
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urlopen(f"http://127.0.0.1:{port}/api", timeout=2):
                return
        except OSError:
            time.sleep(0.1)
    raise LabError(f"JupyterLab did not answer on port {port}; what it said stands above.")


def _say(text: str) -> None:
    print(text, flush=True)


if __name__ == "__main__":
    sys.exit(main())
