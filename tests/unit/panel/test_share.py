"""Share with the class: from a panel to a real wall, and to what is none."""

import socket
import threading

import pytest

from swimlanes.panel.share import Share
from swimlanes.wall import client
from swimlanes.wall.room import MOST_A_MINUTE
from swimlanes.wall.shared import SharedGuess, rows_of, share_of

CODE = "KQ7M-ZT2P"  # of the wall that is `opened`
QUICK = {"workload": "query", "mode": "threads", "tasks": 4, "task_ms": 5, "workers": 2}


@pytest.fixture(autouse=True)
def home(home):
    """Begin in a home of its own."""
    return home


@pytest.fixture
def sharing(make_panel, press):
    """Return a function that makes a panel, its fold open, and returns both."""

    def make(**arguments):
        panel = make_panel(**{**QUICK, "repeats": 1, **arguments})
        press(panel, "Share with the class")
        return panel, panel.session.share

    return make


@pytest.fixture
def ask(eventually):
    """Return a function that presses Join or Send and waits for what the wall says."""

    def press_and_wait(share, button):
        button.click()
        eventually(lambda: not button.barred)
        return share.message.value

    return press_and_wait


@pytest.fixture
def join(ask):
    """Return a function that joins a wall by its address and its code."""

    def at(share, address, code=CODE):
        share.address.value, share.code.value = address, code
        return ask(share, share.join)

    return at


def items(opened):
    """Return what has come to the wall."""
    return [entry.item for topic in opened.room.topics for entry in topic.entries.values()]


def hidden(widget):
    return widget.layout.display == "none"


def test_a_study_is_shown_and_sent_as_it_was_shown(sharing, join, ask, opened):
    panel, share = sharing()
    panel.controls.sweep.click()
    assert panel.wait(120)
    assert f"joined the wall at {opened.base}" in join(share, opened.base)
    assert items(opened) == [], "something was sent without a press"
    item = share.what.value
    assert item == share_of(panel.study)
    for name, value in rows_of(item):
        assert f">{name}</th><td>{value}</td>" in share.preview.value
    sent, me = ask(share, share.send), client.Seat(1).words
    assert 'role="status"' in sent
    assert (
        f">Sent: the latest curve, query with threads, 4 tasks. On the wall you are {me}." in sent
    )
    assert items(opened) == [item]


def test_a_run_alone_has_no_curve_to_share(sharing, join, opened):
    panel, share = sharing()
    panel.controls.run.click()
    assert panel.wait(60)
    join(share, opened.base)
    assert share.send.disabled
    assert "Sweep first, then there is a curve to share" in share.preview.value
    share.send.click()
    assert not share.send.barred


def test_a_guess_is_shared_before_its_result_and_never_after(sharing, join, ask, opened):
    panel, share = sharing(predict=True)
    join(share, opened.base)
    assert share.send.disabled, "there is no guess yet"
    panel.controls.expectation.speedup.value = 1.7
    assert share.what.value == SharedGuess("threads", 2, 1.7)
    panel.controls.workers.value = 1
    assert share.what.value == SharedGuess("threads", 1, 1.7)
    assert "Sent: your guess" in ask(share, share.send)
    assert items(opened) == [SharedGuess("threads", 1, 1.7)]
    panel.controls.expectation.speedup.value = 1.6
    assert "Sent" not in share.message.value, "this guess has not been sent"
    panel.controls.run.click()
    assert panel.wait(60)
    panel.controls.expectation.speedup.value = 2.5
    assert not share.what.value
    panel.controls.mode.value = "processes"
    panel.controls.expectation.confirm.click()
    assert share.what.value == SharedGuess("processes", 1, 2.5)
    panel.controls.expectation.switch.value = False
    assert not share.what.value


def test_nothing_is_asked_of_the_wall_during_a_run(sharing, join, opened, press):
    panel, share = sharing(task_ms=500, tasks=60)
    share.address.value, share.code.value = opened.base, CODE
    panel.controls.run.click()
    for button in (share.join, share.send):
        assert button.barred
        button.click()
    assert 'role="status" class="swimlanes-status"></div>' in share.message.value
    press(panel, "Stop")
    assert panel.wait(20)
    assert "joined" in join(share, opened.base)


def test_a_wall_that_was_joined_is_known_to_the_next_panel(sharing, join, opened):
    _, first = sharing()
    assert hidden(first.way_in.button)
    assert not hidden(first.way_in.content)
    join(first, opened.base)
    assert not hidden(first.way_in.content), "the focus was on a button in it"
    _, second = sharing()
    assert hidden(second.way_in.content)
    assert not hidden(second.way_in.button)
    assert f">{opened.base}</a>" in second.fold.content.children[0].value


def test_the_wall_that_is_set_needs_its_code_alone(sharing, ask, opened, monkeypatch):
    monkeypatch.setenv("SWIMLANES_WALL", opened.base)
    _, share = sharing()
    assert share.address.value == opened.base
    share.code.value = CODE.lower()
    assert "joined" in ask(share, share.join)


def test_a_lab_that_has_its_seat_is_offered_no_other_wall(sharing, opened, monkeypatch):
    monkeypatch.setenv("SWIMLANES_WALL", opened.base)
    monkeypatch.setenv("SWIMLANES_WALL_TOKEN", "of-the-hub")
    _, share = sharing()
    assert hidden(share.way_in.button)
    assert hidden(share.way_in.content)
    assert f">{opened.base}</a>" in share.fold.content.children[0].value


@pytest.mark.parametrize(
    ("address", "code", "words"),
    [
        ("javascript:alert(1)", CODE, "is no address of a wall"),
        ("http://127.0.0.1:9/<b>", CODE, "http://127.0.0.1:9/&lt;b&gt;&#39; does not answer"),
        ("{wall}", "WRON-GONE", "not the join code of this wall"),
        ("{wall}", "", "join code, too"),
    ],
)
def test_who_cannot_join_is_told_why(sharing, join, opened, address, code, words):
    _, share = sharing()
    said = join(share, address.replace("{wall}", opened.base), code)
    assert 'role="alert"' in said
    assert words in said
    assert hidden(share.way_in.button)


def test_after_the_wall_was_started_anew_one_joins_again(sharing, join, ask, opened):
    panel, share = sharing(predict=True)
    panel.controls.expectation.confirm.click()
    client._remember(client.Place(opened.base, "of-yesterday"))
    share.way_in.button.value = False
    assert "does not know you" in ask(share, share.send)
    assert share.way_in.is_open
    join(share, opened.base)
    assert "Sent: your guess" in ask(share, share.send)


def test_who_joins_outside_of_the_panel_sends_from_that_seat(sharing, ask, opened):
    yesterday = client.Place("http://127.0.0.1:9", "t")
    client._remember(yesterday)
    panel, share = sharing(predict=True)
    panel.controls.expectation.confirm.click()
    client.join(opened.base, CODE)
    assert "Sent: your guess" in ask(share, share.send)
    assert f">{opened.base}</a>" in share._where.value
    client._remember(yesterday)
    share.fold.button.value = False
    share.fold.button.value = True
    assert f">{yesterday.address}</a>" in share._where.value


def test_a_seat_that_cannot_be_kept_counts_all_the_same(sharing, join, ask, opened, monkeypatch):
    client._remember(client.Place("http://127.0.0.1:9", "of-yesterday"))
    panel, share = sharing(predict=True)
    panel.controls.expectation.confirm.click()
    monkeypatch.setattr(client, "_remember", keep_nothing)
    join(share, opened.base)
    assert "Sent: your guess" in ask(share, share.send)


def keep_nothing(_):
    raise OSError("read-only file system")


def test_a_flood_is_refused_in_a_sentence(sharing, join, ask, opened):
    panel, share = sharing(predict=True)
    panel.controls.expectation.confirm.click()
    join(share, opened.base)
    said = [ask(share, share.send) for _ in range(MOST_A_MINUTE + 1)]
    assert 'role="alert"' not in said[-2]
    assert 'role="alert"' in said[-1]
    assert f"{MOST_A_MINUTE} times within a minute" in said[-1]
    assert len(items(opened)) == 1


@pytest.fixture
def impostor():
    """Return a function that opens a port, where each piece of an answer is sent as it comes."""
    over = threading.Event()
    listeners, threads = [], []

    def serve(listener, answer):
        while not over.is_set():
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            with connection:
                connection.recv(65_536)
                try:
                    for piece in answer(over):
                        connection.sendall(piece)
                except OSError:
                    continue

    def start(answer):
        listeners.append(socket.create_server(("127.0.0.1", 0)))
        threads.append(threading.Thread(target=serve, args=(listeners[-1], answer)))
        threads[-1].start()
        return f"http://127.0.0.1:{listeners[-1].getsockname()[1]}"

    yield start
    over.set()
    for listener in listeners:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
    for thread in threads:
        thread.join()


def html(_):
    yield b"HTTP/1.1 200 OK\r\n\r\n<html><script>alert(1)</script>"


def nonsense(_):
    yield b"\0" * 1000


def nested(_):
    yield b'HTTP/1.1 200 OK\r\n\r\n{"a":' + b"[" * 4000


def endless(over):
    yield b"HTTP/1.1 200 OK\r\n\r\n"
    while not over.is_set():
        yield b"{" * 65_536


def slow(over):
    for byte in b"HTTP/1.1 200 OK\r\n\r\n" + b" " * 10_000:
        if over.wait(0.02):
            return
        yield bytes([byte])


def silent(over):
    over.wait()
    yield b""


@pytest.mark.parametrize("answer", [html, nonsense, nested, endless, slow, silent])
def test_what_is_no_wall_ends_in_a_sentence(sharing, join, impostor, monkeypatch, answer):
    monkeypatch.setattr(client, "WITHIN_S", 1.0)
    address = impostor(answer)
    _, share = sharing()
    said = join(share, address)
    assert 'role="alert"' in said
    assert address in said
    assert "no wall" in said or "does not answer" in said
    assert "<script>" not in said


def test_a_panel_that_nobody_looks_at_asks_for_no_wall(make_panel, monkeypatch):
    monkeypatch.setattr(client, "find", lambda: pytest.fail("the fold is not open"))
    panel = make_panel(**QUICK)
    panel.controls.workers.value = 1
    assert isinstance(panel.session.share, Share)
