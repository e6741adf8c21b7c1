"""Work outlives updates of the course and comes back from a backup."""

from __future__ import annotations

import gzip
import os
import re
import signal
import subprocess
import tarfile

import pytest

from .conftest import REPOSITORY, docker

LESSON, EDITED = "course/06-speedup.ipynb", "course/00-your-cores.ipynb"


@pytest.fixture
def next_image(engine, class_hub):
    """Make a participants' image whose course has moved on by a word."""
    name = f"{class_hub.project}-next"
    change = "sed --in-place 's/^{/{ /' " + " ".join(f"/opt/{path}" for path in (LESSON, EDITED))
    dockerfile = f"FROM swimlanes\nUSER root\nRUN {change}\nUSER 1000:100\n"
    run_with(dockerfile, "docker", "build", "--quiet", "--tag", name, "-")
    yield name
    engine("image", "rm", "--force", name, check=False)


def run_with(text, *command):
    return subprocess.run(command, input=text, text=True, capture_output=True, check=True)


def read(class_hub, name, path):
    return class_hub.exec(name, "cat", f"/home/jovyan/{path}").stdout


def test_a_course_update_reaches_running_servers_and_touches_no_edited_lesson(
    class_hub, next_image
):
    class_hub.spawn("ada")
    class_hub.exec("ada", "sh", "-c", f"echo '{{}}' > /home/jovyan/{EDITED}")
    before = read(class_hub, "ada", LESSON)
    kernel_of_the_server = class_hub.exec("ada", "cat", "/proc/1/stat").stdout.split()[21]

    updated = class_hub.manage("course", IMAGE=next_image)
    assert updated.returncode == 0, updated.stderr
    assert re.search("ada: .*new one is .*00-your-cores-new.ipynb", updated.stdout)
    assert "the course of the image" in updated.stdout

    assert read(class_hub, "ada", LESSON) == before.replace("{", "{ ", 1)
    assert read(class_hub, "ada", EDITED) == "{}\n"
    assert read(class_hub, "ada", "course/00-your-cores-new.ipynb").startswith("{ ")
    assert class_hub.exec("ada", "cat", "/proc/1/stat").stdout.split()[21] == kernel_of_the_server


def test_all_work_is_backed_up_while_servers_run_and_comes_back(empty_class, engine):
    for name in ("ada", "bo"):
        empty_class.spawn(name)
        write = f"echo {name} > ~/notes.txt; chmod 640 ~/notes.txt; ln -sf notes.txt ~/link"
        empty_class.exec(name, "sh", "-c", write)
    empty_class.exec("bo", "sh", "-c", "mkfifo ~/pipe; mkdir -m 000 ~/locked")
    saved = empty_class.manage("backup")
    assert saved.returncode == 0, saved.stderr
    file = re.fullmatch(r"(\S+) \([0-9.]+[KM]\): keep a copy .*\n", saved.stdout)[1]
    assert re.search(r"The work of \d+ participants is saved", saved.stderr)
    with tarfile.open(file) as archive:
        assert {"work/ada/notes.txt", "work/bo/notes.txt"} <= set(archive.getnames())

    refused = empty_class.manage("restore", file)
    assert refused.returncode == 2
    assert re.search(r"2 servers are running \(ada, bo\); stop them first", refused.stderr)

    empty_class.empty()
    engine("volume", "rm", *(f"{empty_class.project}-home-{name}" for name in ("ada", "bo")))
    restored = empty_class.manage("restore", file)
    assert restored.returncode == 0, restored.stderr
    assert "is back; files made since that backup remain" in restored.stderr
    empty_class.spawn("ada")
    look = "cat ~/link; stat --format '%u %a' ~/notes.txt"
    assert empty_class.exec("ada", "sh", "-c", look).stdout == "ada\n1000 640\n"


@pytest.fixture
def filled(new_class):
    """Return a class that is not open, with a home that takes a while to read."""
    a_class = new_class()
    write = "head -c 60M /dev/urandom > /h/large; truncate -s 30G /h/sparse; chown 1000:100 /h/*"
    put(a_class, "ada", write)
    return a_class


def put(a_class, name, script):
    volume = f"{a_class.project}-home-{name}"
    labels = (f"swimlanes.class={a_class.project}", f"swimlanes.participant={name}")
    docker("volume", "create", *(f"--label={label}" for label in labels), volume)
    docker("run", "--rm", "--user", "0", "--volume", f"{volume}:/h", "--entrypoint", "sh",
           "swimlanes", "-c", script)  # fmt: skip


def leftovers(a_class):
    """Return containers of the class, and what lies in its folder."""
    names = docker("ps", "--all", "--filter", f"name={a_class.project}", "--format", "{{.Names}}")
    return [*names.stdout.split(), *(path.name for path in a_class.folder.rglob("*"))]


def test_a_backup_that_lacks_something_says_of_whom_and_ends_with_another_code(filled):
    deep = "[(os.mkdir('0' * 250), os.chdir('0' * 250)) for _ in range(20)]"
    put(filled, "bo", f'cd /h && python3 -c "import os; {deep}"')
    saved = filled.manage("backup")
    assert saved.returncode == 3
    assert "bo: …0" in saved.stderr
    assert "is missing, because its path is longer than 4,000 bytes." in saved.stderr
    assert "The work of 1 participant is saved." in saved.stderr
    assert "Of bo something is missing; see above." in saved.stderr
    (file,) = filled.folder.glob("backups/*")
    assert str(file) in saved.stdout
    restored = filled.manage("restore", str(file))
    assert restored.returncode == 3
    assert "Of bo something is missing; see above." in restored.stderr


@pytest.mark.parametrize("sent", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_backup_that_is_stopped_leaves_nothing(filled, eventually, sent):
    script = str(REPOSITORY / "image" / "hub" / "manage")
    with subprocess.Popen(
        [script, "backup"], env=os.environ | filled.settings, start_new_session=True,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    ) as making:  # fmt: skip
        parts = filled.folder / "backups"
        eventually(lambda: any(part.stat().st_size > 1 << 20 for part in parts.glob("*.part")), 60)
        # As the terminal does it, all of them hear it.
        os.killpg(making.pid, sent)
        said, _ = making.communicate(timeout=30)
        assert making.returncode != 0
    assert "saved" not in said
    eventually(lambda: leftovers(filled) == [])


def test_a_backup_that_does_not_fit_is_refused_and_leaves_nothing(filled, eventually):
    """A limit of what a file may hold stands for a full disk."""
    script = str(REPOSITORY / "image" / "hub" / "manage")
    refused = subprocess.run(
        ["bash", "-c", 'ulimit -f 2000; exec "$0" backup', script],
        env=os.environ | filled.settings, capture_output=True, text=True,
    )  # fmt: skip
    assert refused.returncode == 2
    assert "nothing was saved" in refused.stderr
    eventually(lambda: leftovers(filled) == [])


@pytest.mark.attack(
    "restore a backup that is damaged or leads out of the homes",
    "one sentence, nothing changed",
)
@pytest.mark.parametrize("share", [0.99, 0.5])
def test_a_damaged_backup_changes_nothing(filled, share, tmp_path, engine):
    assert filled.manage("backup").returncode == 0
    (file,) = filled.folder.glob("backups/*")
    (tmp_path / "backup.tar.gz").write_bytes(file.read_bytes()[: int(file.stat().st_size * share)])
    engine("volume", "rm", f"{filled.project}-home-ada")
    refused = filled.manage("restore", str(tmp_path / "backup.tar.gz"))
    assert refused.returncode == 2
    assert refused.stderr == (
        "classroom: This backup cannot be restored, because it ends too early.\n"
    )
    assert engine("volume", "ls", "-q", "--filter", f"name={filled.project}-home").stdout == ""


@pytest.mark.parametrize(
    "content",
    [b"", b"no archive", gzip.compress(b"no archive"), gzip.compress(b"x" * 5000)],
    ids=["empty", "text", "packed text", "packed noise"],
)
def test_what_is_no_backup_is_refused(empty_class, tmp_path, content):
    (tmp_path / "backup.tar.gz").write_bytes(content)
    refused = empty_class.manage("restore", str(tmp_path / "backup.tar.gz"))
    assert refused.returncode == 2
    assert refused.stderr.strip().endswith("is no backup that `make backup` wrote.")
    assert refused.stdout == ""
