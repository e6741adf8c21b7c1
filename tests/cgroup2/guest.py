"""Ask containers and systemd scopes on a cgroup v2 host; runs inside the virtual machine.

Prints one JSON line for each: its name, and what ``probe.py`` said or how it failed.
"""

import json
import os
import subprocess
from pathlib import Path

KIT = Path(__file__).parent
PROBE = ["python3", str(KIT / "probe.py")]
IMAGE = "nothing"
# The image is empty but for the links that Debian has in its root; the machine's own Python is
# mounted into it.
LINKS = {"bin": "usr/bin", "lib": "usr/lib", "lib64": "usr/lib64"}
MOUNTS = ["--volume=/usr:/usr:ro", f"--volume={KIT}:{KIT}:ro", f"--env=PYTHONPATH={KIT}"]
CONTAINER = ["docker", "run", "--rm", "--network=none", *MOUNTS]
SCOPE = ["systemd-run", "--scope", "--quiet"]


def main():
    os.environ["PYTHONPATH"] = str(KIT)
    make_image()
    subprocess.run(["systemctl", "start", "half.slice"], check=True)
    subprocess.run(
        ["systemctl", "set-property", "--runtime", "half.slice", "CPUQuota=50%"], check=True
    )
    for name, command in commands().items():
        ran = subprocess.run(command, capture_output=True, text=True, timeout=120)
        answer = json.loads(ran.stdout) if ran.returncode == 0 else {"error": ran.stderr}
        print(json.dumps({"name": name, **answer}), flush=True)


def make_image():
    root = Path("/run/root")
    root.mkdir()
    for name, target in LINKS.items():
        (root / name).symlink_to(target)
    archive = subprocess.run(["tar", "-C", root, "-c", "."], capture_output=True, check=True).stdout
    subprocess.run(["docker", "import", "-", IMAGE], input=archive, capture_output=True, check=True)


def commands():
    """Return the command of every line by its name."""
    table = [row["options"] for row in json.loads((KIT / "containers.json").read_text())]
    containers = {
        f"docker run {options}": container(*options.split())
        for options in (*table, "--cpuset-cpus 0-1", "--cgroup-parent half.slice")
    }
    return containers | {
        "host": [*PROBE, "cores"],
        "scope": scope("--property=CPUQuota=50%"),
        "scope in a slice": scope("--slice=half.slice", "--property=CPUQuota=150%"),
        "scope pinned": scope("--property=AllowedCPUs=0-1"),
        "scope throttled": scope("--property=CPUQuota=20%", question="throttling"),
        "scope in a throttled slice": scope("--slice=half.slice", question="throttling"),
        "container throttled": container("--cpus", "0.2", question="throttling"),
        "scope without memory": scope(
            # By default systemd ends the whole scope with the first process that is killed in it.
            "--property=OOMPolicy=continue",
            "--property=MemoryMax=100M",
            question="memory",
        ),
        "container without memory": container("--memory", "100m", question="memory"),
    }


def container(*options, question="cores"):
    return [*CONTAINER, *options, IMAGE, *PROBE, question]


def scope(*options, question="cores"):
    return [*SCOPE, *options, *PROBE, question]


main()
