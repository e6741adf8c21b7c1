"""`make lab`: JupyterLab with cores of its own, in a container or, without an engine, right here.

    CORES=0-1 PORT=8888 COURSE=my-course IMAGE=my-image python3 image/lab

Ends with Control-C. The exit code is 2 for settings that cannot be used, 1 for what else went
wrong. Standard library only, since it runs before anything is installed.
"""

from __future__ import annotations

import contextlib
import http
import http.client
import os
import secrets
import signal
import subprocess
import sys
import time
from collections.abc import Collection, Mapping, Sequence

from settings import SettingError, choose_cores, choose_course, choose_port, format_cores
from ways import (
    IMAGE,
    LabError,
    container_lab,
    engine_cpus,
    local_cpus,
    local_lab,
    need_own_image,
    refuse_a_second_lab,
    why_no_engine,
    why_no_image,
)

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
    image = environment.get("IMAGE") or IMAGE
    obstacle = why_no_engine()
    if image != IMAGE:
        need_own_image(image, obstacle)
    if not obstacle:
        # Wrong settings are told before the image is built, which takes a minute.
        _settings(environment, engine_cpus())
        refuse_a_second_lab(environment)
        if image == IMAGE:
            _say("A Docker engine answers: building the image, a minute or two the first time.")
            obstacle = why_no_image(environment)
    available = local_cpus() if obstacle else engine_cpus()
    cores, settings = _settings(environment, available)
    pinned = f"pinned to CORES={settings['CORES']} of {format_cores(available)}"
    if obstacle:
        _say(f"{obstacle}, so JupyterLab runs right here, in .venv, {pinned}.")
        lab = local_lab(cores, {**environment, **settings})
    else:
        _say(f"The image {image} is ready, so JupyterLab runs in a container, {pinned}.")
        lab = container_lab({**environment, **settings})
    with lab as process:
        wait_until_it_answers(process, int(settings["PORT"]))
        # Another course, also an image's own, may open on another page, which the server knows.
        first = "" if settings["COURSE"] or image != IMAGE else "lab/tree/course/START.ipynb"
        page = f"http://127.0.0.1:{settings['PORT']}/{first}"
        address = f"{page}?token={settings['JUPYTER_TOKEN']}"
        _say(f"\n  Open  {address}\n  End   Control-C\n")
        process.wait()


def _settings(
    environment: Mapping[str, str], available: Collection[int]
) -> tuple[Sequence[int], dict[str, str]]:
    """Return the cores, and all settings as Compose and the entry point read them."""
    cores = choose_cores(environment.get("CORES", ""), available)
    port = str(choose_port(environment.get("PORT", "")))
    return cores, {
        "CORES": format_cores(cores),
        "COURSE": choose_course(environment.get("COURSE", "")),
        "PORT": port,
        "JUPYTER_PORT": port,
        "JUPYTER_TOKEN": environment.get("JUPYTER_TOKEN") or secrets.token_hex(16),
    }


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
            if _status(port) == http.HTTPStatus.OK:
                return
        except (OSError, http.client.HTTPException):
            pass
        time.sleep(0.1)
    raise LabError(f"JupyterLab did not answer on port {port}; what it said stands above.")


def _status(port: int) -> int:
    """Return how the server answers. It is asked directly: a proxy does not know this machine."""
    with contextlib.closing(http.client.HTTPConnection("127.0.0.1", port, timeout=2)) as asking:
        asking.request("GET", "/api")
        return asking.getresponse().status


def _say(text: str) -> None:
    print(text, flush=True)


if __name__ == "__main__":
    sys.exit(main())
