"""From a panel to the wall: where it is, how to join it, and how to share something there.

Everything is asked by the standard library's own client, directly: the wall is in the room, and a
proxy is not. Nothing here may hang a notebook, so each answer has a deadline, and with it the
search for the computer's name.
"""

from __future__ import annotations

import contextlib
import http.client
import os
import socket
import ssl
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Annotated, Any, TypeVar
from urllib.parse import SplitResult, urlsplit

import msgspec
from msgspec import Meta, Struct

from swimlanes.brief import cut, quoted
from swimlanes.drawing import look
from swimlanes.errors import RequestError, SwimlanesError
from swimlanes.keep import files
from swimlanes.markup import legible
from swimlanes.wall.hands import Standing
from swimlanes.wall.progress import Progress
from swimlanes.wall.shared import NO_JSON, Shared, encoded

T = TypeVar("T")
WITHIN_S = 5.0
"""How long an answer may take, seconds."""
_MOST_BYTES = 4096
_OTHER_NAME = 62, 64
"""OpenSSL's numbers for a certificate of another name or address."""
_NOT_TRUSTED = 2, 18, 19, 20, 21
"""Its numbers for one that nobody has signed who is trusted."""
_Text = Annotated[str, Meta(max_length=1000)]


class Place(Struct, frozen=True):
    """Where the wall is, the token of the own seat there, and its page if that is elsewhere."""

    address: _Text
    token: _Text
    page_set: _Text = ""

    @property
    def proof(self) -> dict[str, str]:
        """The header by which the wall knows the seat."""
        return {"Authorization": f"Bearer {self.token}"}

    @property
    def shown(self) -> str:
        """The address as its owner knows it."""
        return self.page_set or self.address

    @property
    def page(self) -> str:
        """The address of the wall's page, on which the own curve stands out.

        Browsers keep what stands behind ``#`` to themselves and never send it. A page that is set
        knows its visitors without a token.
        """
        return self.page_set or f"{self.address}/#{self.token}"


class Seat(Struct, frozen=True):
    """Who somebody is on the wall."""

    number: Annotated[int, Meta(ge=1, le=1_000_000)]

    @property
    def words(self) -> str:
        """How the seat looks and what it is called.

        Examples
        --------
        >>> Seat(7).words
        'the grey hexagon, person 7'
        """
        colour, shape = look.of_person(self.number)
        return f"the {colour} {shape}, person {self.number}"


class Refused(SwimlanesError):
    """The wall refused, or does not answer: the sentence says what to do."""


class Declined(Refused):
    """The wall does not take this, and would not if it were sent once more."""


class NotJoined(Declined):
    """The wall does not know the token of this seat: join again."""


def address_set() -> str:
    """Return the address of the wall that is set for this lab by ``SWIMLANES_WALL``, or nothing."""
    with contextlib.suppress(RequestError):
        return _base(_split(os.environ.get("SWIMLANES_WALL", "")))
    return ""


def seat_is_set() -> bool:
    """Return whether this lab has its seat already, as on a hub, and no other wall to join."""
    return bool(address_set() and os.environ.get("SWIMLANES_WALL_TOKEN"))


def find() -> Place | None:
    """Return the wall where this lab has a seat: the one that is set, or else the one joined last.

    ``SWIMLANES_WALL_TOKEN`` may hold the token for the wall that is set, and then
    ``SWIMLANES_WALL_PAGE`` the address of its page in a browser.
    """
    address = address_set()
    if seat_is_set():
        token, page = os.environ["SWIMLANES_WALL_TOKEN"], os.environ.get("SWIMLANES_WALL_PAGE", "")
        return Place(address, token, page)
    with contextlib.suppress(OSError, *NO_JSON, RequestError):
        place = msgspec.json.decode(files.read(_file()).encode(), type=Place)
        if place.address == (address or _base(_split(place.address))):
            return place
    return None


def join(address: str, code: str = "") -> Place:
    """Join the wall at an address with the code that is shown with it, and remember it.

    The code may stand behind the address, as in ``http://192.168.1.5:8890/#KQ7M-ZT2P``.
    """
    target = _split(address)
    code = (code or target.fragment).strip()
    if not code:
        raise RequestError("Type the wall's join code, too: it is shown with its address.")
    base = _base(target)
    token = _asked(f"{base}/join", {"code": code}, {}, _Token).token
    place = Place(base, token)
    with contextlib.suppress(OSError):  # then it is known to this notebook alone
        _remember(place)
    return place


def share(place: Place, item: Shared) -> Seat:
    """Send one item to the wall, and return who its owner is there.

    Raises
    ------
    NotJoined
        If the wall knows no such seat, as after it was started anew.
    Refused
        If it does not answer, or takes no more for now. The sentence says so.
    """
    return _asked(f"{place.address}/share", item, place.proof, Seat)


def vote(place: Place, poll: str, chosen: Sequence[int]) -> None:
    """Send what one votes for in a poll: the places of the answers, counted from 0.

    Raises
    ------
    Refused
        If the wall does not take it. The sentence says why.
    """
    sent = {"poll": poll, "chosen": chosen}
    _asked(f"{place.address}/vote", sent, place.proof, dict)


def tell_progress(place: Place, progress: Progress, begins: bool) -> None:
    """Tell the wall how far somebody is; it takes that only from those who began to tell it.

    Raises
    ------
    Declined
        If the wall shows nothing of this seat. The sentence says why.
    Refused
        If it does not take it just now.
    """
    path = "progress/begin" if begins else "progress"
    _asked(f"{place.address}/{path}", progress, place.proof, dict)


def take_back_progress(place: Place) -> None:
    """Let the wall forget how far somebody is; it raises what `tell_progress` raises."""
    _asked(f"{place.address}/progress/away", {}, place.proof, dict)


def raise_hand(place: Place, sits: str) -> Standing:
    """Raise the own hand, and say where one sits; it raises what `tell_progress` raises."""
    return _asked(f"{place.address}/hand/raise", {"place": sits}, place.proof, Standing)


def hand(place: Place) -> Standing:
    """Ask how it stands with the own hand; it raises what `tell_progress` raises."""
    return _asked(f"{place.address}/hand", {}, place.proof, Standing)


def lower_hand(place: Place) -> None:
    """Lower the own hand; it raises what `tell_progress` raises."""
    _asked(f"{place.address}/hand/lower", {}, place.proof, dict)


def in_background(act: Callable[[], T], told: Callable[[T | SwimlanesError], None]) -> None:
    """Join or share in a thread of its own; `told` gets in that thread what came of it."""

    def work() -> None:
        try:
            came: T | SwimlanesError = act()
        except SwimlanesError as error:
            came = error
        except Exception as error:  # whoever waits for an answer hears of it
            came = _not_asked(error)
        told(came)

    try:
        threading.Thread(target=work, name="swimlanes-wall", daemon=True).start()
    except RuntimeError as error:  # there may be no more threads
        told(_not_asked(error))


def _not_asked(error: Exception) -> Refused:
    return Refused(f"This lab could not ask the wall: {error}. Try again.")


class _Token(Struct):
    token: _Text


class _Told(Struct):
    sentence: _Text = ""


def _split(address: str) -> SplitResult:
    """Return the parts of an address as somebody types it, or say what is wrong with it."""
    address = address.strip()
    try:
        parts = urlsplit(address if "://" in address else f"http://{address}")
        fits = parts.scheme in ("http", "https") and parts.hostname and "@" not in parts.netloc
        _ = parts.port
    except ValueError:
        fits = False
    if not fits or not address.isascii() or not address.isprintable() or " " in address:
        raise RequestError(
            f"{quoted(address)} is no address of a wall: it looks like http://192.168.1.5:8890, "
            "and the wall's first lines show it."
        )
    return parts


def _base(parts: SplitResult) -> str:
    return f"{parts.scheme}://{parts.netloc}{parts.path.rstrip('/')}"


def folder() -> Path:
    """Return the folder of a home that keeps what a lab has agreed with walls."""
    return Path.home() / ".config" / "swimlanes"


def _file() -> Path:
    return folder() / "wall.json"


def _remember(place: Place) -> None:
    """Keep a place for the other notebooks of this home, unreadable for anybody else."""
    file = _file()
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with contextlib.suppress(FileNotFoundError):
        file.unlink()
    with open(file, "xb", opener=lambda path, flags: os.open(path, flags, 0o600)) as kept:
        kept.write(msgspec.json.encode(place))


@dataclass(frozen=True)
class _Answer:
    status: int
    content: bytes


def _asked(url: str, content: object, headers: dict[str, str], kind: type[T]) -> T:
    body = encoded(content) if isinstance(content, Shared) else msgspec.json.encode(content)
    # No redirection is followed: a token goes to the wall and nowhere else.
    answer = _in_time(url, body, {"Content-Type": "application/json", **headers})
    if answer.status == http.HTTPStatus.OK:
        with contextlib.suppress(*NO_JSON):
            return msgspec.json.decode(answer.content, type=kind)
    with contextlib.suppress(*NO_JSON):
        if said := msgspec.json.decode(answer.content, type=_Told).sentence:
            raise _kind_of(answer.status)(cut(legible(said)))
    raise Refused(
        f"What answers at {quoted(_shown(url))} is no wall (it said {answer.status}). Check the "
        "address."
    )


def _kind_of(status: int) -> type[Refused]:
    if status == http.HTTPStatus.UNAUTHORIZED:
        return NotJoined
    for_good = 400 <= status < 500 and status != http.HTTPStatus.TOO_MANY_REQUESTS
    return Declined if for_good else Refused


def _in_time(url: str, body: bytes, headers: dict[str, str]) -> _Answer:
    """Return the answer to what is sent, or say why there is none."""
    came: SimpleQueue[_Answer | Exception] = SimpleQueue()
    threading.Thread(target=_ask, args=(url, body, headers, came.put), daemon=True).start()
    try:
        answer = came.get(timeout=WITHIN_S)
    except Empty:
        answer = TimeoutError(f"nothing within {WITHIN_S:g} s")
    if isinstance(answer, RuntimeError):  # there may be no more threads
        raise _not_asked(answer) from answer
    if isinstance(answer, Exception):
        raise Refused(
            f"The wall at {quoted(_shown(url))} does not answer ({_why(answer)}). "
            "Check its address, and whether it runs; then try again."
        ) from answer
    return answer


def _ask(
    url: str, body: bytes, headers: dict[str, str], put: Callable[[_Answer | Exception], Any]
) -> None:
    try:
        put(_answer(url, body, headers))
    except (OSError, RuntimeError, http.client.HTTPException, ValueError) as error:
        put(error)


def _answer(url: str, body: bytes, headers: dict[str, str]) -> _Answer:
    parts = urlsplit(url)
    secure, host = parts.scheme == "https", parts.hostname or ""
    port = parts.port or (http.client.HTTPS_PORT if secure else http.client.HTTP_PORT)
    asking: http.client.HTTPConnection
    with contextlib.ExitStack() as opened:
        line = opened.enter_context(socket.create_connection((host, port), WITHIN_S))
        opened.enter_context(_cut_in_time(line))
        if secure:
            trusting = ssl.create_default_context()
            line = opened.enter_context(trusting.wrap_socket(line, server_hostname=host))
            asking = http.client.HTTPSConnection(host, port, context=trusting)
        else:
            asking = http.client.HTTPConnection(host, port)
        asking.sock = line
        with contextlib.suppress(BrokenPipeError):  # a wall that is full says so, and takes nothing
            asking.request("POST", parts.path, body, {**headers, "Connection": "close"})
        answer = opened.enter_context(asking.getresponse())
        return _Answer(answer.status, answer.read(_MOST_BYTES))


@contextlib.contextmanager
def _cut_in_time(line: socket.socket) -> Iterator[None]:
    """Cut a connection after a while, whatever is waited for meanwhile.

    The time limit of a socket begins anew with each byte: an answer that comes byte by byte would
    keep a thread and its connection for hours.
    """
    handle = line.dup()  # TLS makes another socket of the one that is given to it
    timer = threading.Timer(WITHIN_S, _cut, (handle,))
    timer.daemon = True
    try:
        timer.start()
        yield
    finally:
        timer.cancel()
        handle.close()


def _cut(handle: socket.socket) -> None:
    with contextlib.suppress(OSError):  # it is closed already
        handle.shutdown(socket.SHUT_RDWR)


def _why(error: Exception) -> str:
    if isinstance(error, ssl.SSLCertVerificationError):
        return _why_refused(error)
    return " ".join(legible(files.reason(error)).split())


def _why_refused(error: ssl.SSLCertVerificationError) -> str:
    if error.verify_code in _OTHER_NAME:
        return "its certificate is for another name: use that one; --name lets the wall show it"
    said = legible(error.verify_message).rstrip(".")
    if error.verify_code in _NOT_TRUSTED:
        advice = "SSL_CERT_FILE can name one to trust"
        return f"this computer does not trust its certificate: {said}; {advice}"
    return f"this computer refuses its certificate: {said}"


def _shown(url: str) -> str:
    return url.rpartition("/")[0]
