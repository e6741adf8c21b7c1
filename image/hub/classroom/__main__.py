"""The commands behind the make targets: ``python -m classroom COMMAND``."""

from __future__ import annotations

import os
import shutil
import sys

import click

from classroom import backup as backups
from classroom import course as courses
from classroom import roster as rosters
from classroom import slips, start
from classroom.engine import Engine
from classroom.errors import ClassroomError
from classroom.homes.access import told
from classroom.homes.pack import Account
from classroom.settings import CLASS_FOLDER, ROSTER, read_url
from classroom.words import counted

HUB_IMAGE = "swimlanes-hub"
HUB_FOLDER = "/srv/hub"
"""A volume of the engine's, as the homes are."""
HAVE_ACCOUNTS = "participants have accounts"
HAVE_COURSE = "running servers have"
SOMETHING_MISSING = 3
"""The exit code of a command that did what it could."""


@click.group(context_settings={"show_default": True})
def main() -> None:
    """Run a class."""


@main.command()
def settings() -> None:
    """Say whether the settings and the accounts can be used."""
    checked = start.check_settings(os.environ)
    free, inotify = shutil.disk_usage(HUB_FOLDER).free, int(start.INOTIFY.read_text())
    for sentence in start.what_remains(checked, free, inotify):
        click.echo(f"WARNING: {sentence}", err=True)


@main.command()
def check() -> None:
    """Say whether the hub can start."""
    checked, _ = start.check(os.environ)
    click.echo(f"The class {checked.class_name!r} can start.")


@main.command()
def hub() -> None:
    """Become the hub."""
    start.become_hub()


@main.command()
def door() -> None:
    """Become the door."""
    start.become_door()


@main.command()
def proxy() -> None:
    """Become the proxy."""
    start.become_proxy()


@main.command()
def internet() -> None:
    """Become the way to the internet."""
    start.become_internet()


@main.command()
def wait() -> None:
    """Wait until the hub answers through the door."""
    start.wait_until_open(os.environ)


@main.command()
def roster() -> None:
    """Make accounts from the names on standard input."""
    names = rosters.read_names(sys.stdin.read())
    path = CLASS_FOLDER / ROSTER
    before = rosters.read_roster(path) if path.exists() else rosters.Roster({})
    after, made = rosters.enrol(before, names)
    rosters.write_roster(path, after)
    participants = [slip for slip in made if not slip.admin]
    _hand_out(participants)
    for slip in made:
        if slip.admin:
            click.echo("Your own account, shown only this once:")
            click.echo(slips.as_text([slip], _url()))
    have = counted(len(after.participants), "participant has an account", HAVE_ACCOUNTS)
    click.echo(f"{have}, {len(participants)} new.")


@main.command()
@click.argument("name")
def password(name: str) -> None:
    """Give an account another password."""
    path = CLASS_FOLDER / ROSTER
    after, slip = rosters.renew(rosters.read_roster(path), name)
    rosters.write_roster(path, after)
    click.echo(slips.as_text([slip], _url()))


@main.command()
def course() -> None:
    """Bring the course to running participants."""
    checked, engine = start.check(os.environ)
    courses.refresh(engine, checked.image, checked.course)
    brought = courses.bring(engine)
    for line in courses.told(brought.said):
        click.echo(line)
    which = f"in image/hub/class/{checked.course.name}" if checked.course else "of the image"
    have = len(brought.said) - len(brought.missed)
    click.echo(f"{counted(have, 'running server has', HAVE_COURSE)} the course {which}.")
    if brought.missed:
        sys.exit(SOMETHING_MISSING)


@main.command()
def backup() -> None:
    """Write all work to standard output."""
    backups.back_up(_engine(), HUB_IMAGE, sys.stdout.buffer)


@main.command()
def verify() -> None:
    """Read a backup on standard input, and say what is in it."""
    _tell(backups.verify(sys.stdin.buffer), "saved")


@main.command()
def restore() -> None:
    """Bring back the work on standard input."""
    accounts = backups.restore(_engine(), HUB_IMAGE, sys.stdin.buffer)
    _tell(accounts, "back; files made since that backup remain")


def _tell(accounts: dict[str, Account], done: str) -> None:
    """Say what became of each home; the exit code tells whether something is missing."""
    for name, account in accounts.items():
        for sentence in told(name, account):
            click.echo(sentence, err=True)
    whole = [name for name, account in accounts.items() if not account.missed]
    click.echo(f"The work of {counted(len(whole), 'participant')} is {done}.", err=True)
    if lacking := sorted(accounts.keys() - whole):
        click.echo(f"Of {', '.join(lacking)} something is missing; see above.", err=True)
        sys.exit(SOMETHING_MISSING)


def _engine() -> Engine:
    return Engine(os.environ["CLASS_NAME"], internet=False)


def _url() -> str:
    return read_url(os.environ)


def _hand_out(made: list[rosters.Slip]) -> None:
    """Write the slips of new accounts beside those of earlier ones."""
    if not made:
        return
    name = slips.write(CLASS_FOLDER, made, _url())
    click.echo(
        f"Slips of {counted(len(made), 'new participant')}: image/hub/class/{name}.html to print, "
        f"{name}.txt to read. Remove both when they are handed out."
    )


if __name__ == "__main__":
    try:
        main()
    except ClassroomError as error:
        print(f"classroom: {error}", file=sys.stderr)
        sys.exit(2)
