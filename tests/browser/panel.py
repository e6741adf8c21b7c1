"""The control panel as a person or a screen reader finds it on a page: by role and name."""

import re

from playwright.sync_api import Locator, Page, expect

RUN_DEADLINE_MS = 180_000
SPEEDUP = re.compile("possible here|No speedup can be told")
"""What the curve says after a sweep, on a quiet machine and on a busy one."""
FOLDS = ("More", "Code for this run", "As a table", "Save and open", "Share with the class")
BARRED = re.compile(r"\bswimlanes-barred\b")
"""What the class of a button holds that does nothing while something goes on, or nothing does."""


class Panel:
    """One of the panels on a page.

    Parameters
    ----------
    page : Page
        A page on which a notebook has made the panel.
    number : int
        Its place among the panels there.
    """

    # What `stopwatch` can wait for.
    IDLE = (
        "[...panel.querySelectorAll('button:not(.swimlanes-barred)')]"
        ".some(b => b.innerText == 'Run')"
    )
    FIRST_BAR = "bars > 0 && (before == 0 || bars < before)"

    def __init__(self, page: Page, number: int = 0) -> None:
        self.page = page
        self.whole = page.locator(".swimlanes").nth(number)

    @property
    def lanes(self) -> Locator:
        """The picture of the lanes."""
        return self.whole.locator("svg[id$=-lanes]")

    @property
    def bars(self) -> Locator:
        """The numbers of the tasks on their bars."""
        return self.lanes.locator("g > text.n")

    @property
    def curve(self) -> Locator:
        """The picture of the speedup."""
        return self.whole.locator("svg[id$=-speedup]")

    @property
    def every_way(self) -> Locator:
        """The picture of all modes."""
        return self.whole.locator("svg[id$=-comparison]")

    @property
    def alert(self) -> Locator:
        """What went wrong."""
        return self.whole.get_by_role("alert")

    def button(self, name: str) -> Locator:
        return self.whole.get_by_role("button", name=name, exact=True)

    def field(self, name: str) -> Locator:
        """The field or list with this label."""
        return self.whole.get_by_label(name, exact=True)

    def most(self, name: str) -> int:
        """Return the largest number that the field with this label takes."""
        label = self.whole.locator("label", has_text=re.compile(f"^{re.escape(name)}$"))
        return int(label.get_attribute("title").rsplit(" ", 1)[1])

    def handle(self, name: str) -> Locator:
        """What the mouse takes hold of to change the field with this label."""
        around = "xpath=ancestor::*[.//*[contains(@class, 'noUi-touch-area')]][1]"
        return self.field(name).locator(around).locator(".noUi-touch-area")

    def press(self, name: str) -> None:
        """Press a button by mouse and wait until the kernel has heard it.

        The kernel then bars the button, for a moment only if what it starts is short.
        """
        heard = self.button(name).evaluate_handle(
            """(button, deadline) => ({promise: new Promise((resolve, reject) => {
                setTimeout(() => reject(new Error("The kernel has not heard it.")), deadline);
                new MutationObserver(() => button.matches(".swimlanes-barred") && resolve())
                    .observe(button, {attributes: true});
            })})""",
            RUN_DEADLINE_MS,
        )
        self.button(name).click()
        heard.evaluate("heard => heard.promise")

    def begin(self, name: str = "Run") -> None:
        """Press a button that starts something long and wait until it has begun to show.

        Tasks that are shorter than a redraw may never be seen: give it longer ones.
        """
        self.press(name)
        expect(self.button("Stop")).not_to_have_class(BARRED)
        expect(self.bars.first).to_be_visible(timeout=RUN_DEADLINE_MS)

    def until_idle(self) -> None:
        """Wait until nothing goes on any more."""
        expect(self.button("Run")).not_to_have_class(BARRED, timeout=RUN_DEADLINE_MS)

    def do(self, name: str) -> None:
        """Press a button that starts something and wait until that has ended."""
        self.press(name)
        self.until_idle()

    def stop(self) -> None:
        """Stop what goes on and wait until nothing goes on any more."""
        self.do("Stop")

    def enter(self, name: str, value: object) -> None:
        """Write a value into the field with this label, and leave it."""
        self.field(name).fill(str(value))
        self.field(name).press("Tab")

    def drag(self, name: str, to_the_right: float) -> None:
        """Drag the handle of the field with this label by so many px."""
        self.handle(name).scroll_into_view_if_needed()
        box = self.handle(name).bounding_box()
        x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
        self.page.mouse.move(x, y)
        self.page.mouse.down()
        self.page.mouse.move(x + to_the_right, y, steps=5)
        self.page.mouse.up()

    def workers(self) -> list[int]:
        """Return the process ids of the workers that the lanes show."""
        shown = self.lanes.get_by_text(re.compile(r"^pid \d+$")).all_text_contents()
        return [int(text.split()[1]) for text in shown]

    def stopwatch(self, name: str, until: str) -> float:
        """Press a button and return the time by the page's clock until something is so, ms.

        Parameters
        ----------
        name : str
            The button.
        until : str
            A JavaScript expression over ``panel`` and ``before``, the number of bars at first;
            it is looked at whenever the panel changes.
        """
        return self.button(name).evaluate(
            """(button, until) => new Promise((resolve, reject) => {
                setTimeout(() => reject(new Error("never: " + until)), 60000);
                const panel = button.closest(".swimlanes");
                const bars = () => panel.querySelectorAll("svg[id$=-lanes] g > text.n").length;
                const before = bars();
                const so = new Function("panel", "bars", "before", "return " + until);
                const start = performance.now();
                const watch = new MutationObserver(() => {
                    if (!so(panel, bars(), before)) return;
                    watch.disconnect();
                    resolve(performance.now() - start);
                });
                const all = {subtree: true, childList: true, attributes: true};
                watch.observe(panel, all);
                button.click();
            })""",
            until,
        )
