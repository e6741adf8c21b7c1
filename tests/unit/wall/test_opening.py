"""The command `swimlanes wall`, as a process of its own."""

import datetime
import ipaddress
import signal
import socket
import subprocess
import sys
from contextlib import contextmanager, suppress
from socketserver import BaseRequestHandler
from types import SimpleNamespace

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from swimlanes.errors import SwimlanesError
from swimlanes.wall import client, opening, recorded
from swimlanes.wall.base import COOKIE
from swimlanes.wall.room import Classroom, Entry, entries_of
from swimlanes.wall.shared import SharedGuess

from ...wall import serving

GUESS = SharedGuess("threads", 4, 3.5)
COMMAND = [
    sys.executable, "-c",
    "import sys; sys.argv[0] = 'swimlanes'; from swimlanes.cli import main; main()", "wall",
]  # fmt: skip


@pytest.fixture
def port():
    with socket.create_server(("127.0.0.1", 0)) as free:
        return free.getsockname()[1]


@contextmanager
def running(*options):
    """Run the command; give its first lines, and at the end what it said and its exit code."""
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    with subprocess.Popen([*COMMAND, *options], **pipes) as process:
        try:
            yield process
        finally:
            process.send_signal(signal.SIGINT)
            process.ended = process.communicate(timeout=60)


def lines_of(process):
    lines = []
    while not lines or "Control-C" not in lines[-1]:
        lines.append(process.stdout.readline())
        assert lines[-1], process.stderr.read()
    return lines


def address_in(line):
    return line.split()[-1]


def refused(*options):
    return subprocess.run([*COMMAND, *options], capture_output=True, text=True, timeout=60)


def test_the_first_lines_say_how_to_join_and_control_c_ends_it(port):
    with running("--port", f"{port}", "--title", "Tuesday") as wall:
        instructor, participants, only_here, _ = lines_of(wall)
        place = client.join(address_in(participants))
        assert client.share(place, GUESS).number == 1
        assert f"http://127.0.0.1:{port}/#instructor-" in instructor
        assert "Only this computer reaches it" in only_here
    assert wall.ended == ("The class is closed: nothing of it is kept.\n", "")
    assert wall.returncode == 0


def test_it_ends_in_silence_while_a_page_listens(port):
    with running("--port", f"{port}") as wall, socket.socket() as page:
        place = client.join(address_in(lines_of(wall)[1]))
        page.connect(("127.0.0.1", port))
        asked = f"GET /events HTTP/1.1\r\nHost: x\r\nCookie: {COOKIE}={place.token}\r\n\r\n"
        page.sendall(asked.encode())
        client.share(place, GUESS)
        heard = b""
        while b"Person 1 shared" not in heard:
            heard += page.recv(10_000)
        client.hand(place)  # once that is answered, the page waits for news
        wall.terminate()
        assert wall.stderr.read() == ""


def test_with_a_certificate_everything_is_encrypted(port, tmp_path, monkeypatch):
    certificate, key = made_certificate(tmp_path)
    options = ["--address", "127.0.0.2", "--name", "localhost", "--join-code", "abcdef"]
    options += ["--certificate", str(certificate), "--key", str(key)]
    with running("--port", f"{port}", *options) as wall:
        lines = lines_of(wall)
        assert address_in(lines[1]) == f"https://localhost:{port}/#abcdef"
        assert "Only this computer" in lines[2]
        there = f"https://127.0.0.2:{port}"
        with pytest.raises(client.Refused, match="does not trust its certificate: self-signed"):
            client.join(there, "abcdef")
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        assert client.share(client.join(there, "ABC-DEF"), GUESS).number == 1


@pytest.mark.parametrize(
    ("host", "made_for", "days", "words"),
    [
        ("127.0.0.1", "127.0.0.2", 1, "is for another name: use that one"),
        ("localhost", "127.0.0.1", 1, "is for another name: use that one"),
        ("127.0.0.1", "127.0.0.1", -0.5, "refuses its certificate: certificate has expired"),
    ],
)
def test_who_joins_is_told_why_a_certificate_is_refused(
    tmp_path, monkeypatch, host, made_for, days, words
):
    certificate, key = made_certificate(tmp_path, made_for, days)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    context = opening._context(opening.Door(0, certificate=certificate, key=key))

    class Greeting(BaseRequestHandler):
        def handle(self):
            with suppress(OSError):
                context.wrap_socket(self.request, server_side=True)

    with serving(Greeting) as base, pytest.raises(client.Refused) as refusal:
        client.join(base.replace("http://127.0.0.1", f"https://{host}"), "abcdef")
    assert words in str(refusal.value)
    assert "trust" not in str(refusal.value)


def made_certificate(folder, address="127.0.0.2", days=1):
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "wall")])
    now = datetime.datetime.now(datetime.UTC)
    names = [x509.IPAddress(ipaddress.ip_address(address))]
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=days))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .sign(key, hashes.SHA256())
    )
    (folder / "certificate.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    (folder / "key.pem").write_bytes(private)
    return folder / "certificate.pem", folder / "key.pem"


def test_what_cannot_be_opened_is_told_in_one_sentence(port, tmp_path):
    (tmp_path / "class.csv").write_text("a,b\n1,2\n")
    with socket.create_server(("127.0.0.1", port)):
        answers = [
            (refused("--port", f"{port}"), 1, f"port {port} (Address already in use)"),
            (refused("--join-code", "abc"), 2, "at least 6 letters"),
            (refused("--hub", "--join-code", "abcdef"), 2, "With --hub nobody needs a code"),
            (refused("--replay", str(tmp_path / "class.csv")), 1, "no class that a wall wrote"),
        ]
    for answer, code, sentence in answers:
        assert answer.returncode == code, answer.stderr
        assert sentence in answer.stderr
        assert len(answer.stderr.splitlines()) == 1
        assert answer.stdout == ""


def test_a_door_that_cannot_be_used_is_told(tmp_path):
    nonsense = tmp_path / "nonsense.pem"
    nonsense.write_text("nonsense")
    certificate, key = made_certificate(tmp_path)
    for door, sentence in (
        (opening.Door(8890, "no such host"), "cannot listen at 'no such host'"),
        (opening.Door(8890, certificate=certificate), "belong together"),
        (opening.Door(8890, key=key), "belong together"),
        (opening.Door(8890, certificate=nonsense, key=key), "cannot be used"),
        (opening.Door(8890, certificate=certificate, key=tmp_path / "none.pem"), "cannot be used"),
    ):
        with pytest.raises(SwimlanesError) as refusal:
            opening.open_wall(Classroom("x"), opening.JoinCode(), door, [], pytest.fail)
        assert sentence in str(refusal.value)


def test_a_recorded_class_is_shown_again(opened, monkeypatch, run_async, study_of, tmp_path):
    monkeypatch.setattr(opening, "REPLAY_EVERY_S", 0)
    file = tmp_path / "class.csv"
    file.write_bytes(recorded.write([(3, Entry(GUESS, 1.0)), (7, Entry(study_of(), 2.0))]))
    run_async(opening._replay(opened.room, recorded.read(str(file))))
    assert [topic.name for topic in opened.room.topics] == [
        "processes: count-down, 16 tasks of 100 ms",
        "guesses: threads, 4 workers",
    ]
    assert [person for person, _ in entries_of(opened.room)] == [3, 7]


def test_a_recorded_class_ends_with_the_class_that_it_is_shown_to(monkeypatch, run_async):
    room = Classroom("x")

    async def another_class(_):
        room.close()
        room.reopen()

    monkeypatch.setattr(opening, "asyncio", SimpleNamespace(sleep=another_class))
    run_async(opening._replay(room, [(3, Entry(GUESS, 1.0))]))
    assert not room.topics


@pytest.mark.parametrize(
    ("address", "name", "base"),
    [
        ("127.0.0.1", "", "http://127.0.0.1:8890"),
        ("192.168.1.5", "", "http://192.168.1.5:8890"),
        ("0.0.0.0", "wall.example.org", "http://wall.example.org:8890"),
        ("::1", "", "http://[::1]:8890"),
    ],
)
def test_the_address_is_the_one_that_others_use(address, name, base):
    assert opening.Door(8890, address, name).base == base


def test_the_warning_is_there_where_others_listen():
    lines = list(opening._first_lines(opening.Door(8890, "192.168.1.5"), opening.JoinCode()))
    assert any(line.startswith("Nothing is encrypted") for line in lines)
    assert not any("Only this computer" in line for line in lines)
    assert opening.Door(8890, "0.0.0.0").base not in ("http://0.0.0.0:8890", "")
