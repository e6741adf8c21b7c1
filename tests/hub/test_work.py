"""Work outlives updates of the course and comes back from a backup."""

from __future__ import annotations

import gzip
import re
import subprocess
import tarfile

import pytest

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
