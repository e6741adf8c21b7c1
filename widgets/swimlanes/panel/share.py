"""The fold *Share with the class*: it joins a wall, shows what can be sent, and sends it.

What is sent is what was shown: both are the same `Shared`. Nothing is sent without a press.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from functools import partial
from typing import TypeVar

import ipywidgets as widgets

from swimlanes.brief import plural
from swimlanes.buttons import Button
from swimlanes.drawing import Guess
from swimlanes.drawing.tables import line, table
from swimlanes.drawing.words import workers_of
from swimlanes.errors import RequestError, SwimlanesError
from swimlanes.markup import NOTHING, Markup, markup
from swimlanes.panel.messages import alert, hint, status
from swimlanes.panel.parts import Fold, choice, fill, show
from swimlanes.panel.results import Results
from swimlanes.panel.state import State
from swimlanes.shown import Shown
from swimlanes.wall import client
from swimlanes.wall.shared import OWN, Shared, SharedGuess, rows_of, share_of

T = TypeVar("T")
_HOW_TO_JOIN = (
    "A class can have a wall, which shows the curves of all who want that. You need its address "
    "and its join code: your instructor shows both. Nothing of yours is sent before you press Send."
)
_NO_CURVE = (
    "Sweep first, then there is a curve to share. With Predict first switched on, you can share "
    "your guess before that."
)
_NOTHING_YET = [("nothing yet", "")]


class Share:
    """Sends the latest study, or a guess before its results, to the wall of a class.

    `standing` returns the guess for the next run, if there is one.
    """

    def __init__(self, results: Results, standing: Callable[[], Guess | None]) -> None:
        self._results, self._standing = results, standing
        self._busy = self._asking = False
        self._place: client.Place | None = None
        self._found: client.Place | None = None
        self._lock = threading.RLock()  # the conductor and the wall's answer come on their threads
        self._make_way_in()
        self._make_offer()
        self.message = Shown(status(""))
        parts = [self.way_in.button, self.way_in.content, self._offer, self.message]
        self.fold = Fold("Share with the class", [self._where, *parts], self._look_around)
        self.fold.content.add_class("swimlanes-share")

    def refresh(self) -> None:
        """Offer what there is to share now, if anybody can see it."""
        with self._lock:
            self.join.barred = self.send.barred = self._busy or self._asking
            if self.fold.is_open and not self._busy:
                self._show_offer()

    def show_state(self, state: State) -> None:
        """Ask the wall nothing while something goes on."""
        self._busy = state.busy
        self.refresh()

    def _make_way_in(self) -> None:
        self._where = Shown()
        example = "such as http://192.168.1.5:8890"
        self.address = widgets.Text(description="Address", placeholder=example)
        self.code = widgets.Text(description="Join code")
        self.join = Button("Join", tooltip="Join the wall at this address")
        self.join.on_click(lambda _: self._join())
        row = widgets.HBox([self.address, self.code, self.join])
        self.way_in = Fold("Join another wall", [Shown(hint(_HOW_TO_JOIN)), row])

    def _make_offer(self) -> None:
        self.what = choice("Share", _NOTHING_YET, "")
        self.preview = Shown()
        self.send = Button("Send", tooltip="Send what the table lists to the wall")
        self.what.observe(lambda _: self._choose(), "value")
        self.send.on_click(lambda _: self._send())
        self._offer = widgets.VBox([self.what, self.preview, self.send])

    def _look_around(self) -> None:
        """Find the wall that this lab knows, and ask for one if it knows none."""
        self._take_seat()
        self.address.value = self.address.value or client.address_set()
        self.way_in.button.value = self._place is None
        self.refresh()

    def _take_seat(self) -> None:
        """Take the seat that this lab has got since, as on its start page.

        One that was got here counts even if it could not be kept, beside an older one.
        """
        if (found := client.find()) not in (None, self._found):
            self._place = self._found = found

    def _show_offer(self) -> None:
        show(self._offer, self._place is not None)
        show(self.way_in.button, self._place is not None and not client.seat_is_set())
        fill(self._where, NOTHING if self._place is None else _link(self._place))
        self._why_nothing = _NO_CURVE
        offered = [(_name(item), item) for item in self._offered()] or _NOTHING_YET
        if list(self.what.options) != offered:
            self.what.options = offered
        self._show_chosen()

    def _offered(self) -> Iterator[Shared]:
        """Yield what can be shared; a guess comes before its results, or never."""
        guess, study = self._standing(), self._results.study
        seen = guess is None or self._results.has_any_of(guess.mode)
        for record in (None if seen else guess, study):
            try:
                if record is not None:
                    yield share_of(record)
            except RequestError as error:  # a stranger's record may be opened here
                self._why_nothing = str(error)

    def _choose(self) -> None:
        self.message.value = status("")  # that something was sent is not said beside another thing
        self._show_chosen()

    def _show_chosen(self) -> None:
        item = self.what.value
        self.send.disabled = not item
        self.preview.value = _table(item) if item else hint(self._why_nothing)

    def _join(self) -> None:
        address, code = self.address.value, self.code.value
        self._ask("Joining.", lambda: client.join(address, code), self._joined)

    def _joined(self, place: client.Place) -> str:
        self._place = place
        return f"You have joined the wall at {place.address}. Nothing has been sent yet."

    def _send(self) -> None:
        self._take_seat()
        place, item = self._place, self.what.value
        if place is not None and item:
            self._ask("Sending.", lambda: client.share(place, item), partial(_sent, item))

    def _ask(self, doing: str, act: Callable[[], T], end: Callable[[T], str]) -> None:
        """Ask the wall, beside the kernel, and say what came of it."""
        self._asking = True
        self.message.value = status(doing)
        self.refresh()

        def told(came: T | SwimlanesError) -> None:
            if isinstance(came, SwimlanesError):
                self.way_in.button.value |= isinstance(came, client.NotJoined)
                said = alert(str(came))
            else:
                said = status(end(came))
            self.refresh()  # which may choose something else, and put away what was said
            self.message.value = said
            self._asking = False
            self.refresh()

        client.in_background(act, told)


def _sent(item: Shared, seat: client.Seat) -> str:
    return f"Sent: {_name(item)}. On the wall you are {seat.words}."


def _link(place: client.Place) -> Markup:
    """Return where the wall is; its page, opened from here, marks the curve of its owner."""
    return markup(
        '<div>The wall of your class: <a href="{}" target="_blank" rel="noopener noreferrer">{}</a>'
        "</div>",
        place.page,
        place.shown,
    )


def _name(item: Shared) -> str:
    who = workers_of(item.mode, item.workers) if isinstance(item, SharedGuess) else item.mode
    if isinstance(item, SharedGuess):
        return f"your guess, {item.speedup:g} times as fast with {who}"
    work = "your own function" if item.workload == OWN else item.workload
    return f"the latest curve, {work} with {who}, {plural(item.tasks_count, 'task')}"


def _table(item: Shared) -> Markup:
    return table(
        "This will be sent, and nothing else",
        ("what", "value"),
        [line(row) for row in rows_of(item)],
    )
