"""Packages besides the image's own: in an image built upon it, and in a participant's home."""

from __future__ import annotations

import io
import json
import os
import re
import subprocess
import tarfile
import uuid
import zipfile

import httpx
import pytest

# Its build asks for a compiler, as that of a package written in C does.
BACKEND = """
import subprocess
def build_wheel(*_, **__):
    try:
        subprocess.run(["gcc", "module.c"])
    except FileNotFoundError as error:
        raise SystemExit(f"error: command 'gcc' failed: {error}")
"""
BUILT_BY = '[build-system]\nrequires = []\nbuild-backend = "backend"\nbackend-path = ["."]\n'
LOCAL = ("--no-index", "--find-links", "/wheels")
FIXED = "The packages of this image are fixed, so nothing was changed."
ROOM = "--tmpfs=/home/jovyan:uid=1000,gid=100,size=4m"

USED = """
import json, multiprocessing, speaker
said = {"place": speaker.__file__, "pool": []}
for method in ("fork", "spawn", "forkserver"):
    with multiprocessing.get_context(method).Pool(1) as pool:
        said["pool"] += pool.map(speaker.say, [method])
print(json.dumps(said))
"""
# What a home may hold to get into the server: modules that Python and Jupyter look for.
MARK = "/tmp/the-home-was-read"
READ = f'import sys\nprint(__file__, sys.argv, file=open("{MARK}", "a"))\n'
HIDDEN = ("sitecustomize", "usercustomize", "numpy", "tornado", "spoilt", "nbclassic")
SPOIL = f"""
import os, pathlib
where = pathlib.Path.home() / ".packages/lib/python3.13/site-packages"
for name in {HIDDEN}:
    (where / (name + ".py")).write_text({READ!r})
(where / "spoilt.pth").write_text("import spoilt\\n")
about = where / "spoilt-1.dist-info"
about.mkdir()
(about / "METADATA").write_text("Metadata-Version: 2.1\\nName: spoilt\\nVersion: 1\\n")
(about / "entry_points.txt").write_text("[nbconvert.exporters]\\nspoilt = spoilt:Exporter\\n")
"""


def wheel(folder, name, version, needs="", content=b""):
    about = f"{name}-{version}.dist-info"
    metadata = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n{needs}"
    with zipfile.ZipFile(folder / f"{name}-{version}-py3-none-any.whl", "w") as file:
        file.writestr(f"{name}/__init__.py", "def say(word):\n    return word\n")
        file.writestr(f"{name}/data", content)
        file.writestr(f"{about}/METADATA", metadata)
        file.writestr(f"{about}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\n")
        file.writestr(f"{about}/entry_points.txt", f"[console_scripts]\n{name} = {name}:say\n")
        file.writestr(f"{about}/RECORD", "")


@pytest.fixture(scope="module")
def wheels(tmp_path_factory):
    """Make an index of one's own: a class has none other, and a test needs no network."""
    folder = tmp_path_factory.mktemp("wheels")
    folder.chmod(0o755)
    folder.parent.chmod(0o755)
    wheel(folder, "speaker", "1.0", "Requires-Dist: numpy>=2\n")
    wheel(folder, "speaker", "1.1", "Requires-Dist: numpy>=2\n")
    wheel(folder, "elderly", "1.0", "Requires-Dist: numpy<2\n")
    wheel(folder, "large", "1.0", content=os.urandom(6_000_000))
    with tarfile.open(folder / "compiled-1.0.tar.gz", "w:gz") as file:
        for name, text in (("backend.py", BACKEND), ("pyproject.toml", BUILT_BY)):
            entry = tarfile.TarInfo(f"compiled-1.0/{name}")
            entry.size = len(text)
            file.addfile(entry, io.BytesIO(text.encode()))
    return ("--volume", f"{folder}:/wheels:ro")


@pytest.fixture(scope="module")
def derived(engine, image, repository, tmp_path_factory):
    """Build the Dockerfile that the image's page shows."""
    folder = tmp_path_factory.mktemp("derived")
    page = (repository / "image/README.md").read_text()
    shown = re.search(r"```dockerfile\n(.*?)```", page, re.S)[1]
    (folder / "Dockerfile").write_text(shown.replace("FROM swimlanes\n", f"FROM {image}\n"))
    (folder / "requirements.txt").write_text("cowsay\n")
    (folder / "my-course").mkdir(mode=0o700)
    (folder / "my-course/mine.ipynb").write_text('{"cells": [], "nbformat": 4}')
    (folder / "my-course/mine.ipynb").chmod(0o600)
    name = f"swimlanes-test-{uuid.uuid4().hex[:8]}"
    authority = os.environ.get("PIP_CERT")
    secret = ["--secret", f"id=ca,src={authority}"] if authority else []
    command = ["docker", "buildx", "build", "--load", "--tag", name, *secret, str(folder)]
    built = subprocess.run(command, capture_output=True, text=True)
    assert built.returncode == 0, built.stderr
    yield name
    engine("rmi", name)


def test_the_dockerfile_on_the_page_makes_an_image_with_packages_and_a_course(engine, derived):
    ask = (
        "id -u; command -v tree; ls course; python -c 'import cowsay, os; "
        'code = open(cowsay.__cached__, mode="rb").read(); print(code[4])\'; '
        "find /opt/venv /home /root -user root -path '*cache/pip*'; touch /opt/venv/x"
    )
    ran = engine("run", "--rm", derived, "sh", "-c", ask, check=False)
    # 1: bytecode with hashes that nobody checks, as that of the image's own packages.
    assert ran.stdout.split() == ["1000", "/usr/bin/tree", "START.ipynb", "mine.ipynb", "1"]
    assert "Permission denied" in ran.stderr


def step(engine, image, *command, options=()):
    """Run a command as a step of a build does: without the entry point, with nothing started."""
    return engine(
        "run", "--rm", *options, "--entrypoint", command[0], image, *command[1:], check=False
    )


def test_a_step_of_a_build_is_told_which_lines_to_write(engine, image):
    ran = step(engine, image, "pip", "install", "--no-cache-dir", "pandas>2")
    assert ran.returncode == 1
    said, *lines = ran.stderr.splitlines()
    assert "write these three lines into the Dockerfile" in said
    assert lines == ["USER root", "RUN pip install --no-cache-dir 'pandas>2'", "USER 1000:100"]
    ran = step(engine, image, "mamba", "install", "--yes", "pandas")
    assert "There is no mamba in this image" in ran.stderr
    assert ran.stderr.endswith(": pip install pandas\n")


def test_root_installs_into_the_image_and_replaces_nothing_of_it(engine, image, wheels):
    script = """
    cd /opt/venv/lib/python3.13/site-packages && ls > /tmp/before
    pip install -q --user -U speaker numpy pip; python -c 'import speaker; print(*speaker.__path__)'
    pip uninstall -q speaker
    for words in 'install elderly' 'install speakr' 'install compiled' 'uninstall numpy'; do
        pip $words > /dev/null || echo refused
    done
    ls | diff /tmp/before - && echo the same
    """
    local = ("--env", "PIP_NO_INDEX=1", "--env", "PIP_FIND_LINKS=/wheels")
    ran = step(engine, image, "sh", "-c", script, options=("--user=root", *wheels, *local))
    assert ran.stdout.splitlines() == [
        "/opt/venv/lib/python3.13/site-packages/speaker", *["refused"] * 4, "the same",
    ]  # fmt: skip
    said = [re.split("[,;]", line)[0] for line in ran.stderr.splitlines()]
    assert said == [
        "pip: elderly==1.0 does not fit what is here",
        "pip: There is no package speakr for Python 3.13",
        "pip: A package has no wheel for Python 3.13 and there is nothing to compile it with",
        "pip: numpy belongs to the image and stays",
    ]


def test_in_a_container_that_runs_the_packages_are_fixed(call):
    refused = "pip install x || pip3 uninstall x || python -m pip install x"
    ran = call("sh", "-c", f"pip --version; pip list; {refused} || ipython -c '%pip install x'")
    assert re.match(r"pip [\d.]+ from", ran.stdout)
    assert "swimlanes" in ran.stdout
    said = ran.stdout + ran.stderr
    assert said.count(f"pip: {FIXED} Ask whoever runs this server") == 4


@pytest.fixture(scope="module")
def home(engine):
    name = f"swimlanes-test-{uuid.uuid4().hex[:8]}"
    engine("volume", "create", name)
    yield ("--volume", f"{name}:/home/jovyan")
    engine("volume", "rm", "--force", name)


@pytest.fixture(scope="module")
def allowed(home, start_for_all, locked, wheels):
    """Start a locked-up server whose participant may install."""
    at = locked.index("--volume")
    elsewhere = [*locked[:at], *locked[at + 2 :], *home, *wheels]
    return start_for_all(*elsewhere, "--env=ALLOW_PIP=yes")


def test_a_participant_installs_into_the_home_where_that_is_allowed(allowed, engine):
    allowed.exec("pip", "install", *LOCAL, "speaker==1.0")
    used = json.loads(allowed.exec("python", "-c", USED))
    assert used["place"].startswith("/home/jovyan/.packages/lib/python3.13/")
    assert used["pool"] == ["fork", "spawn", "forkserver"]
    found = allowed.exec("bash", "-lc", "command -v speaker")
    assert found == "/home/jovyan/.packages/bin/speaker\n"
    allowed.exec("pip", "install", *LOCAL, "--user", "-U", "speaker", "numpy")
    assert "speaker==1.1" in allowed.exec("pip", "freeze").splitlines()
    refused = engine("exec", allowed.name, "pip", "uninstall", "numpy", check=False)
    assert refused.returncode == 1
    assert refused.stderr == "pip: numpy belongs to the image and stays; nothing was removed.\n"


def test_the_second_of_two_waits_for_the_first(allowed):
    held = ["docker", "exec", allowed.name, "flock", ".packages/.lock", "sh", "-c", "echo; cat"]
    second = ["docker", "exec", allowed.name, "pip", "install", *LOCAL, "large"]
    with subprocess.Popen(
        [*held[:2], "-i", *held[2:]], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as first:
        first.stdout.readline()
        with subprocess.Popen(second, stdout=subprocess.PIPE, text=True) as waiting:
            assert waiting.stdout.readline().startswith("Another pip of yours is at work")
            first.stdin.close()
            assert "Successfully installed large-1.0" in waiting.stdout.read()
    assert "Successfully uninstalled large" in allowed.exec("pip", "uninstall", "large")


def test_what_is_installed_survives_and_changes_no_server(
    allowed, home, wheels, start_for_all, engine
):
    allowed.exec("python", "-c", SPOIL)
    engine("rm", "--force", allowed.name)
    again = start_for_all(*home, "--env=ALLOW_PIP=yes")
    headers = {"Authorization": "token secret"}
    exporters = httpx.get(f"{again.url}/api/nbconvert", headers=headers, timeout=60)
    assert (exporters.status_code, "spoilt" in exporters.json()) == (200, False)
    assert again.exec("sh", "-c", f"cat {MARK} 2>&1; true").endswith("No such file or directory\n")
    assert "spoilt" not in again.log
    assert again.exec("python", "-c", "import speaker, numpy; print(speaker.say(numpy.pi))")
    # Root runs nothing of what lies in somebody else's home.
    root = ("exec", "--user=root", again.name, "python", "-c", "import speaker")
    assert "ModuleNotFoundError" in engine(*root, check=False).stderr


@pytest.mark.parametrize(
    ("options", "command", "sentence"),
    [
        (["--network=none"], "pip install speaker", "The package index cannot be reached from"),
        ([ROOM], f"pip install {' '.join(LOCAL)} large", "There is not enough room, and nothing"),
        ([], "touch .packages; pip install x", "Nothing was changed: File exists. Look at /home/"),
    ],
)
def test_what_fails_leaves_nothing_and_says_why(call, wheels, options, command, sentence):
    asked = f"{command}; echo $?; cd .packages/lib/python3.13/site-packages && ls"
    ran = call("sh", "-c", asked, options=(*wheels, *options, "--env=ALLOW_PIP=yes"))
    code, *left = [line for line in ran.stdout.splitlines() if re.fullmatch(r"\d|large.*", line)]
    assert (code, left) == ("1", [])
    assert f"pip: {sentence}" in ran.stderr
    assert "Traceback" not in ran.stderr
