"""Homes of all kinds on a real engine: read to their end or reported, and nothing left behind."""

from __future__ import annotations

import gc
import gzip
import io
import json
import os
import re
import signal
import socket
import socketserver
import subprocess
import sys
import tarfile
import threading
import uuid
import warnings
import zipfile
from contextlib import suppress
from pathlib import Path

import pytest
from docker.errors import NotFound

from classroom import backup
from classroom.engine import Engine
from classroom.errors import ClassroomError
from classroom.homes.access import reading, told
from classroom.homes.pack import Wanted
from instructor import doctor
from instructor.errors import PageError
from instructor.work import Collection

HERE = Path(__file__).parent / "homes"
EVERYTHING = Wanted("work/ada", 60, 1 << 40, 1 << 40, 10**6, False)
WRITING = """
import itertools, os, pathlib
home = pathlib.Path("/h")
for number in itertools.count():
    with open(home / "grows.log", "ab") as log:
        log.write(b"x" * 100_000)
    if number % 50 == 0:
        os.truncate(home / "grows.log", 0)
    (home / "new").write_text(f"whole {number} whole")
    os.replace(home / "new", home / "replaced.txt")
    folder = home / f"folder-{number % 3}"
    folder.mkdir(exist_ok=True)
    (folder / "file").write_text("short-lived")
    (folder / "file").unlink()
    folder.rmdir()
    link = home / "now-a-link"
    link.mkdir() if number % 2 else link.symlink_to("/etc")
    link.rmdir() if number % 2 else link.unlink()
    number or print("writing", flush=True)
"""


class Homes:
    """The homes of a class that has nothing else."""

    def __init__(self, image: str) -> None:
        self.engine = Engine(f"swimlanes-test-{uuid.uuid4().hex[:8]}", internet=False)
        self.image = image

    def run(self, name: str, script: str, *options: str, check: bool = True) -> str:
        """Run Python as root beside the home, which is /h."""
        command = [
            "docker", "run", "--rm", "--user", "0", "--network", "none", *options,
            "--volume", f"{self.engine.home_volume(name)}:/h", "--entrypoint", "python3",
            self.image, "-I", "-X", "utf8", "-c", script, "/h",
        ]  # fmt: skip
        return subprocess.run(command, capture_output=True, text=True, check=check).stdout

    def make(self, name: str, script: str = "") -> None:
        self.engine.make_home(name)
        if script:
            self.run(name, script)

    def look(self, name: str) -> dict[str, list]:
        return json.loads(self.run(name, (HERE / "look.py").read_text()))

    def forget(self, *names: str) -> None:
        for name in names:
            self.engine.client.volumes.get(self.engine.home_volume(name)).remove()

    def save(self) -> bytes:
        out = io.BytesIO()
        backup.back_up(self.engine, self.image, out)
        return out.getvalue()

    def restore(self, saved: bytes) -> dict:
        return backup.restore(self.engine, self.image, io.BytesIO(saved))

    def containers(self) -> list[str]:
        found = self.engine.client.api.containers(
            all=True, filters={"name": self.engine.class_name}
        )
        return [name for container in found for name in container["Names"]]

    def remove(self) -> None:
        for container in self.containers():
            self.engine.client.api.remove_container(container, force=True)
        self.forget(*self.engine.homes())
        self.engine.client.close()


@pytest.fixture
def homes(engine_at_hand, image, eventually):
    homes = Homes(image)
    yield homes
    try:
        eventually(lambda: homes.containers() == [])
    finally:
        homes.remove()


@pytest.fixture
def hostile(homes):
    """Return homes of which one is THE hostile home, between two others."""
    for name in ("ada", "cy"):
        homes.make(name, f"open('/h/notes.txt', 'w').write('{name}')")
    homes.make("bo", (HERE / "hostile.py").read_text())
    return homes


@pytest.mark.attack(
    "a home of links, devices, holes of 200 GiB, 1,500 levels, names of any bytes: back it up",
    "saved, read again, restored as it was; what is missing is told",
    seen=True,
)
def test_the_hostile_home_is_saved_and_comes_back_as_it_was(hostile):
    before = {name: hostile.look(name) for name in ("ada", "bo", "cy")}
    saved = hostile.save()
    assert len(saved) < 1 << 20, "holes cost nothing"
    accounts = backup.verify(io.BytesIO(saved))
    assert [account.missed for account in accounts.values()] == [0, 1, 0]
    sentences = list(told("bo", accounts["bo"]))
    assert sentences[0].endswith("is missing, because its path is longer than 4,000 bytes.")
    assert sentences[1:] == [
        f"bo: {name} is a socket or a device, which holds no work."
        for name in ("device.ipynb", "socket.ipynb")
    ]
    hostile.forget("ada", "bo", "cy")
    assert hostile.restore(saved) == accounts
    for name in before:
        expected = {path: it for path, it in before[name].items() if is_work(path)}
        assert hostile.look(name) == {path: theirs(it) for path, it in expected.items()}


def is_work(path):
    return len(os.fsencode(path)) <= 4000 and path not in ("device.ipynb", "socket.ipynb")


def theirs(described):
    """Whatever was put there: what comes back is the participant's."""
    return [*described[:-2], 1000, 100]


@pytest.mark.attack(
    "the same home: collect it",
    "one zip file that every system unpacks within its folder",
)
def test_the_hostile_home_is_collected_for_every_system(hostile):
    with zipfile.ZipFile(io.BytesIO(b"".join(collect(hostile)))) as work:
        assert work.testzip() is None
        names = work.namelist()
        left_out = work.read("LEFT-OUT.txt").decode().splitlines()
        contents = [work.read(name) for name in names if name.startswith("bo/")]
    assert len({name.casefold() for name in names}) == len(names)
    assert all(len(name) < 260 and name.isprintable() for name in names)
    saved = [name for name in names_of_notebooks() if not name.startswith(b".")]
    assert sorted(contents) == sorted(
        [b"work in " + name for name in saved] + [b"work in mine.ipynb", b"deep"]
    )
    assert left_out[0].endswith("is missing, because its path is longer than 4,000 bytes.")
    assert left_out[1] == "bo: sparse.ipynb is missing, because it is larger than 10 MiB."
    assert left_out[2:] == [
        f"bo: {name}.ipynb is a link, a pipe or the like, and no notebook."
        for name in ("device", "pipe", "shadow", "socket")
    ]


def names_of_notebooks():
    namespace: dict = {"__name__": "hostile"}
    exec((HERE / "hostile.py").read_text(), namespace)
    return [name for name in namespace["NAMES"] if name.endswith(b".ipynb")]


def collect(homes):
    return Collection(homes.engine, homes.image).pieces()


@pytest.fixture
def written(homes):
    """Return homes in one of which a program writes all the time."""
    for name in ("ada", "bo", "cy"):
        homes.make(name, "import os; open('/h/notes.txt', 'wb').write(os.urandom(5 << 20))")
    command = [
        "docker", "run", "--rm", "--interactive", "--name", f"{homes.engine.class_name}-writes",
        "--user", "1000:100", "--network", "none", "--pids-limit", "16",
        "--volume", f"{homes.engine.home_volume('bo')}:/h",
        "--entrypoint", "python3", homes.image, "-c", WRITING,
    ]  # fmt: skip
    homes.run("bo", "import os; os.chmod('/h', 0o777)")
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as writer:
        assert writer.stdout.readline() == "writing\n"

        def stop():
            with suppress(NotFound):
                homes.engine.client.api.kill(f"{homes.engine.class_name}-writes")
            writer.wait()  # until the container is gone

        yield homes, stop
        stop()


@pytest.mark.attack(
    "truncate, replace and remove files all the time while they are saved",
    "every home is saved and comes back",
    seen=True,
)
def test_a_backup_during_constant_writing_restores_every_home(written):
    homes, stop = written
    for _ in range(2):
        saved = homes.save()
        accounts = backup.verify(io.BytesIO(saved))
        assert [account.missed for account in accounts.values()] == [0, 0, 0], accounts
    stop()
    before = {name: homes.look(name)["notes.txt"] for name in ("ada", "bo", "cy")}
    for name in before:
        homes.run(name, "import os; os.unlink('/h/notes.txt')")
    homes.restore(saved)
    for name, notes in before.items():
        assert homes.look(name)["notes.txt"] == theirs(notes)
    replaced = homes.run("bo", "print(open('/h/replaced.txt').read())")
    assert re.fullmatch(r"whole \d+ whole\n", replaced)


READS = """
import sys
sys.path.insert(0, {hub!r})
from classroom.engine import Engine
from classroom.homes.access import reading
from classroom.homes.pack import Wanted
engine = Engine({class_name!r}, internet=False)
with reading(engine, {image!r}, "ada", Wanted("ada", 600, 1 << 60, 1 << 60, 10**6, True)) as home:
    members = home.members()
    next(members)
    print("reading", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def large(homes):
    """Return homes of which one takes a while to read."""
    homes.make("ada", "import os; open('/h/large', 'wb').write(os.urandom(60 << 20))")
    return homes


@pytest.mark.parametrize("sent", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_a_reader_that_is_killed_leaves_no_container(large, sent, eventually):
    """Nor does the program in it go on, which would take minutes: 1.2 TB of notebooks."""
    links = "[os.link('/h/large', f'/h/{number}.ipynb') for number in range(20_000)]"
    large.run("ada", f"import os; {links}")
    hub = str(Path(backup.__file__).parents[1])
    script = READS.format(hub=hub, class_name=large.engine.class_name, image=large.image)
    with subprocess.Popen(
        [sys.executable, "-c", script],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
    ) as reader:  # fmt: skip
        assert reader.stdout.readline() == b"reading\n"
        assert len(large.containers()) == 1
        reader.send_signal(sent)
        reader.wait(10)
    eventually(lambda: large.containers() == [])


def kill(homes):
    """Kill the container that is there; the engine says so once its output is taken."""
    (container,) = homes.containers()
    return subprocess.Popen(
        ["docker", "kill", container], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )


def test_a_container_that_is_killed_is_told_and_the_file_stays_whole(large):
    with reading(large.engine, large.image, "ada", EVERYTHING) as home:
        members = home.members()
        next(members)
        file = next(members)
        data = home.data(file)
        size = len(next(data))
        with kill(large):
            size += sum(map(len, data))
        assert size == 60 << 20
        assert list(members) == []
    assert list(told("ada", home.account)) == [
        "ada: large is missing, because its end could not be read.",
        "ada: everything is missing, because reading it was ended.",
    ]


def test_a_restore_whose_container_is_killed_is_told(large):
    class Killing(io.BytesIO):
        killed = None

        def read(self, size=-1):
            if self.tell() > 10 << 20 and not self.killed:
                self.killed = kill(large)
            return super().read(size)

    saved = Killing(large.save())
    with pytest.raises(ClassroomError, match="The work of ada is not back, or not all of it"):
        backup.restore(large.engine, large.image, saved)
    assert saved.killed.wait(10) == 0


def test_what_can_not_even_begin_is_told_for_each_and_no_backup(large):
    large.image = "nothing-of-that-name"
    with pytest.raises(
        ClassroomError, match=r"No work can be read: the engine refused .*No such im"
    ):
        large.save()
    with zipfile.ZipFile(io.BytesIO(b"".join(collect(large)))) as work:
        assert work.namelist() == ["LEFT-OUT.txt"]
        assert work.read("LEFT-OUT.txt").startswith(b"ada: everything is missing, because the eng")


class Relay(socketserver.ThreadingUnixStreamServer):
    """A way to the engine that can be cut."""

    daemon_threads = False  # so that closing waits for them

    def __init__(self, path: str) -> None:
        self.ends: list[socket.socket] = []
        super().__init__(path, Passing)

    def cut(self) -> None:
        self.shutdown()
        for end in self.ends:
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
        self.server_close()


class Passing(socketserver.BaseRequestHandler):
    def handle(self) -> None:
        with socket.socket(socket.AF_UNIX) as engine:
            engine.connect("/var/run/docker.sock")
            self.server.ends += [engine, self.request]
            back = threading.Thread(target=self.carry, args=(engine, self.request))
            back.start()
            self.carry(self.request, engine)
            back.join()

    @staticmethod
    def carry(source: socket.socket, sink: socket.socket) -> None:
        with suppress(OSError):
            while piece := source.recv(1 << 16):
                sink.sendall(piece)
            sink.shutdown(socket.SHUT_WR)


def test_an_engine_that_goes_away_ends_in_sentences(large, tmp_path, monkeypatch):
    large.make("bo")
    with Relay(str(tmp_path / "engine.sock")) as relay:
        threading.Thread(target=relay.serve_forever, args=(0.05,), daemon=True).start()
        monkeypatch.setenv("DOCKER_HOST", f"unix://{tmp_path}/engine.sock")
        engine = Engine(large.engine.class_name, internet=False)

        class Cutting(io.BytesIO):
            def write(self, piece):
                if self.tell() > 1 << 20:
                    relay.cut()
                return super().write(piece)

        out = Cutting()
        with warnings.catch_warnings():
            # The engine's client forgets to close a socket that could not connect.
            warnings.simplefilter("ignore", ResourceWarning)
            backup.back_up(engine, large.image, out)
            engine.client.close()
            gc.collect()
    accounts = backup.verify(io.BytesIO(out.getvalue()))
    assert accounts["ada"].missed >= 1
    (sentence,) = told("bo", accounts["bo"])
    assert sentence.startswith("bo: everything is missing, because the engine refused")


def test_a_collection_that_is_cancelled_leaves_nothing(large, eventually):
    collection = Collection(large.engine, large.image)
    large.run(
        "ada",
        "import os; [open(f'/h/{n}.ipynb', 'wb').write(os.urandom(9 << 20)) for n in range(9)]",
    )
    pieces = collection.pieces()
    assert next(pieces)
    assert len(large.containers()) == 1
    collection.cancel()
    eventually(lambda: large.containers() == [])
    assert len(list(pieces)) < 5
    cancelled_before = Collection(large.engine, large.image)
    cancelled_before.cancel()
    with zipfile.ZipFile(io.BytesIO(b"".join(cancelled_before.pieces()))) as work:
        assert work.namelist() == []


IN_THE_WAY = """
import os
os.makedirs("/h/elsewhere")
open("/h/elsewhere/kept.txt", "w").write("kept")
os.symlink("elsewhere", "/h/folder")
os.symlink("elsewhere/kept.txt", "/h/notes.txt")
os.mkfifo("/h/plain.txt")
os.makedirs("/h/file")
open("/h/file/newer.txt", "w").write("newer")
os.mkdir("/h/locked", 0o000)
open("/h/newer.txt", "w").write("newer")
"""
THERE = """
import os
for folder in ("folder", "locked"):
    os.mkdir(f"/h/{folder}")
for path in ("folder/kept.txt", "locked/in.txt", "notes.txt", "plain.txt", "file"):
    open(f"/h/{path}", "w").write("saved")
"""


@pytest.mark.attack(
    "put links and pipes where a restore writes",
    "nothing is written through them, nothing newer is lost",
)
def test_a_restore_goes_through_no_link_and_loses_nothing_that_is_newer(homes):
    homes.make("ada", THERE)
    before = homes.look("ada")
    saved = homes.save()
    homes.forget("ada")
    homes.make("ada", IN_THE_WAY)
    homes.restore(saved)
    after = homes.look("ada")
    for path in before:
        assert after[path] == theirs(before[path]), path
    assert after.keys() - before.keys() == {
        "elsewhere", "elsewhere/kept.txt", "file-2", "file-2/newer.txt", "newer.txt",
    }  # fmt: skip
    assert homes.run("ada", "print(open('/h/elsewhere/kept.txt').read())") == "kept\n"


def test_a_backup_of_the_former_version_comes_back(homes):
    """As it was written: the engine's own tar file of all homes, after a list of names."""
    homes.make("ada", THERE + "os.symlink('/etc/passwd', '/h/link'); os.link('/h/file', '/h/hard')")
    homes.make("bo", "import os; os.mkdir('/h/course'); os.chmod('/h/course', 0o750)")
    before = {name: homes.look(name) for name in ("ada", "bo")}
    saved = former_backup(homes, "ada", "bo")
    homes.forget("ada", "bo")
    assert list(homes.restore(saved)) == ["ada", "bo"]
    for name in before:
        assert homes.look(name) == {path: theirs(it) for path, it in before[name].items()}


def former_backup(homes, *names):
    text = json.dumps({"schema": 1, "participants": names}).encode()
    entry = tarfile.TarInfo("classroom.json")
    entry.size = len(text)
    begun = entry.tobuf() + text + bytes(-len(text) % tarfile.BLOCKSIZE)
    volumes = {
        homes.engine.home_volume(name): {"bind": f"/work/{name}", "mode": "ro"} for name in names
    }
    container = homes.engine.client.containers.create(homes.image, volumes=volumes)
    try:
        stream, _ = homes.engine.client.api.get_archive(container.id, "/work")
        return gzip.compress(begun + b"".join(stream))
    finally:
        container.remove()


def test_a_home_that_is_full_is_told(homes):
    homes.make("ada", "import os; open('/h/large', 'wb').write(os.urandom(10 << 20))")
    saved = homes.save()
    homes.forget("ada")
    engine = homes.engine
    engine.client.volumes.create(
        engine.home_volume("ada"), labels=engine.labels("ada"),
        driver_opts={"type": "tmpfs", "device": "tmpfs", "o": "size=5m"},
    )  # fmt: skip
    with pytest.raises(ClassroomError, match=r"ada is not back, .* \(No space left on device\)"):
        homes.restore(saved)


def test_a_file_that_is_damaged_meanwhile_leaves_no_container(homes):
    homes.make("ada", "import os; open('/h/large', 'wb').write(os.urandom(1 << 20))")
    saved = homes.save()
    with pytest.raises(ClassroomError, match="cannot be restored, because it ends too early"):
        homes.restore(saved[:-5000])


@pytest.fixture
def patient(homes, request):
    """Return homes whose owner's server has a doctor of another kind."""
    homes.make("ada")
    homes.run("ada", f"open('/h/swimlanes', 'w').write({request.param!r})")
    homes.run("ada", "import os; os.chmod('/h/swimlanes', 0o755)")
    labels = homes.engine.labels("ada")
    homes.engine.client.containers.run(
        homes.image, ["-c", "sleep 1000"], entrypoint="sh", detach=True, labels=labels,
        name=f"{homes.engine.class_name}-participant-ada", network_mode="none",
        cpuset_cpus="0", environment={"PATH": "/home/jovyan:/usr/bin:/bin"},
        volumes={homes.engine.home_volume("ada"): {"bind": "/home/jovyan", "mode": "rw"}},
    )  # fmt: skip
    yield homes.engine
    homes.engine.client.api.remove_container(
        f"{homes.engine.class_name}-participant-ada", force=True
    )


@pytest.mark.attack(
    "a doctor's report without end, as markup",
    "cut short, shown as text",
)
@pytest.mark.parametrize("patient", ["#!/bin/sh\nexec yes '<script>'"], indirect=True)
def test_a_doctor_who_never_stops_talking_is_cut_short(patient):
    said = doctor.report(patient, "ada")
    assert len(said) == doctor.LIMIT_BYTES
    assert set(said.splitlines()[:100]) == {"<script>"}


@pytest.mark.attack(
    "a doctor's report that never comes",
    "not waited for",
)
@pytest.mark.parametrize("patient", ["#!/bin/sh\ntrap '' TERM\nsleep 1000"], indirect=True)
def test_a_doctor_who_says_nothing_is_not_waited_for(patient, monkeypatch):
    monkeypatch.setattr(doctor, "PATIENCE_S", 2)
    with pytest.raises(PageError, match="The doctor of ada did not end in time; try again"):
        doctor.report(patient, "ada")


@pytest.mark.parametrize("patient", ["#!/bin/sh\necho 'no numpy' >&2; exit 3"], indirect=True)
def test_a_doctor_who_complains_is_heard(patient):
    assert doctor.report(patient, "ada") == "no numpy\n"
