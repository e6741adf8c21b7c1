"""The instructor's page of a real hub, in a real browser."""

from __future__ import annotations

import re
import zipfile

import httpx
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from .conftest import ADMIN, MARKUP, docker

PAGE = "/services/instructor/"
SPAWN_MS = 90_000
REFRESH_MS = 30_000
VIEWPORT = {"width": 1100, "height": 800}


@pytest.fixture(scope="module", autouse=True)
def service(class_hub):
    """Wait until the hub has started its service, which it does after it has opened."""
    class_hub.eventually(
        lambda: httpx.get(f"{class_hub.url}{PAGE}static/page.css").status_code == 200
    )


@pytest.fixture(scope="module")
def logged_in(chromium, class_hub):
    """Log the instructor in, and return what the browser keeps of it."""
    page = chromium.new_page()
    page.goto(f"{class_hub.url}{PAGE}")
    page.locator("#username_input").fill("instructor")
    page.locator("#password_input").fill(class_hub.passwords["instructor"])
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="The class")).to_be_visible(timeout=20_000)
    kept = page.context.storage_state()
    page.close()
    return kept


@pytest.fixture
def page(chromium, class_hub, logged_in, problems_of, request):
    """Open the page in the instructor's browser."""
    theme = getattr(request, "param", "light")
    page = chromium.new_page(storage_state=logged_in, color_scheme=theme, viewport=VIEWPORT)
    page.problems = problems_of(page)
    page.goto(f"{class_hub.url}{PAGE}")
    yield page
    page.close()


@pytest.fixture
def full_page(page, class_hub):
    """Open the page of a class whose cores are all in use; servers that run already may go on."""
    if len(class_hub.running()) < 2:
        page.get_by_role("button", name="Start all servers").click()
    expect(page.get_by_role("caption")).to_have_text(
        re.compile(f": 2 of {class_hub.participants}"), timeout=SPAWN_MS
    )
    return page


def shown(name):
    """Return an account's name on the list: with a capital, or what another test has put there."""
    return MARKUP if "onerror" in name else name.title()


def row(page, name):
    """Return the row of an account."""
    account = "you" if name == ADMIN else name
    header = page.get_by_role("rowheader", name=f"{shown(name)} ({account})", exact=True)
    return page.get_by_role("row").filter(has=header)


def grave_findings(page):
    found = Axe().run(page).response["violations"]
    return [f"{finding['help']}: {finding['nodes']}" for finding in found]


def test_a_participant_is_told_to_stay_out(class_hub):
    answer = class_hub.person("ada").web.get(PAGE)
    assert answer.status_code == 403
    assert "You do not have permission to access JupyterHub service instructor" in answer.text


def test_a_stranger_is_asked_to_log_in(class_hub):
    for path in ("", "people", "stop", "work.zip", "doctor/ada"):
        answer = httpx.get(f"{class_hub.url}{PAGE}{path}", follow_redirects=True)
        assert "/hub/login" in str(answer.url)


def test_everybody_who_finds_cores_is_started_and_the_rest_is_told(page, empty_class):
    page.get_by_role("button", name="Start all servers").focus()
    page.keyboard.press("Enter")
    told = page.get_by_role("status")
    expect(told).to_contain_text(f"Starting {empty_class.participants} servers.")
    expect(told).to_contain_text("2 servers were started.", timeout=SPAWN_MS)
    expect(told).to_contain_text(re.compile("Not started for .+, .+, .+, .+: All cores"))
    expect(page.get_by_role("caption")).to_have_text(
        re.compile(f": 2 of {empty_class.participants}"), timeout=REFRESH_MS
    )
    cores = set()
    for name in empty_class.running():
        expect(row(page, name)).to_contain_text("running")
        expect(row(page, name)).to_contain_text(re.compile(r"[1-9]\d* of \d+ MiB"))
        cores.add(row(page, name).get_by_role("cell").nth(1).inner_text())
    assert cores == {"0", "1"}


def test_the_page_shows_who_computes_and_who_idles(full_page, class_hub):
    busy, idle = sorted(class_hub.running())
    spin = "import os, time; end = time.monotonic() + 60\nwhile time.monotonic() < end: os.getpid()"
    class_hub.exec(busy, "sh", "-c", f"python3 -c '{spin}' >/dev/null 2>&1 &")
    # The page brings itself up to date.
    # Others may use this core as well: how busy it looks is not asked.
    computing = re.compile(r"(0\.[1-9]|1\.\d) of 1")
    expect(row(full_page, busy)).to_contain_text(computing, timeout=REFRESH_MS)
    expect(row(full_page, idle)).to_contain_text("0.0 of 1", timeout=REFRESH_MS)
    assert full_page.problems == []


def test_a_doctor_report_is_the_participants_own(full_page, class_hub):
    name = min(class_hub.running())
    full_page.get_by_role("link", name=f"Doctor report of {shown(name)}").click()
    expect(full_page.get_by_role("heading")).to_have_text(f"Doctor report of {shown(name)}")
    expect(full_page.locator("pre")).to_contain_text("1 of the host's")


@pytest.mark.parametrize("page", ["light", "dark"], indirect=True)
def test_axe_finds_nothing_on_any_page(full_page, class_hub):
    assert grave_findings(full_page) == []
    for path in (f"doctor/{min(class_hub.running())}", "stop", "doctor/nobody"):
        full_page.goto(f"{class_hub.url}{PAGE}{path}")
        assert grave_findings(full_page) == [], path


def test_work_is_collected_from_running_and_stopped_servers(full_page, class_hub, tmp_path):
    stays, leaves = sorted(class_hub.running())
    for name in (stays, leaves):
        class_hub.exec(name, "sh", "-c", f"echo {name} wrote this >/home/jovyan/mine.ipynb")
        class_hub.exec(name, "ln", "-sf", "/etc/passwd", "/home/jovyan/not-mine.ipynb")
    class_hub.stop(leaves)
    collected = collect(full_page, class_hub, tmp_path)
    # Who could not be read in time is told of, and is there the next time.
    if missing := [n for n in (stays, leaves) if f"{n}/mine.ipynb" not in collected]:
        assert all(f"{name}: " in collected["LEFT-OUT.txt"] for name in missing)
        collected = collect(full_page, class_hub, tmp_path)
    for name in (stays, leaves):
        assert collected[f"{name}/mine.ipynb"] == f"{name} wrote this\n", collected["LEFT-OUT.txt"]
        assert f"{name}/course/00-your-cores.ipynb" in collected
    assert not [entry for entry in collected if "not-mine" in entry]


def collect(page, class_hub, folder):
    """Return the texts of all work, by their names in the file that the page gives."""
    with page.expect_download() as download:
        page.get_by_role("link", name="Collect work").click()
    assert download.value.suggested_filename.startswith(f"work-{class_hub.project}-")
    download.value.save_as(folder / "work.zip")
    with zipfile.ZipFile(folder / "work.zip") as work:
        return {name: work.read(name).decode() for name in work.namelist()}


def readers(class_hub):
    """Return the containers that read homes."""
    found = docker("ps", "--all", "--filter", f"name={class_hub.project}-pack", "--quiet")
    return found.stdout.split()


@pytest.fixture
def much_work(full_page, class_hub):
    """Let one home hold more notebooks than a connection takes in advance."""
    name = min(class_hub.running())
    fill = "for n in 1 2 3 4 5 6 7 8 9; do head -c 9M /dev/urandom >/home/jovyan/$n.ipynb; done"
    class_hub.exec(name, "sh", "-c", fill)
    yield
    class_hub.exec(name, "sh", "-c", "rm /home/jovyan/?.ipynb")


@pytest.mark.attack(
    "cancel eight downloads of all work",
    "no container is left, the page goes on",
    seen=True,
)
def test_downloads_that_are_cancelled_leave_no_container_and_the_page_goes_on(much_work, class_hub):
    web = class_hub.person(ADMIN).web
    assert web.get(PAGE).status_code == 200
    seen = []
    for _ in range(8):
        with web.stream("GET", f"{PAGE}work.zip") as download:
            assert next(download.iter_raw())
            seen += readers(class_hub)  # none if all that is there was read in that moment
    assert seen
    class_hub.eventually(lambda: not readers(class_hub))
    assert web.get(f"{PAGE}people").status_code == 200


@pytest.mark.attack(
    "have the hub killed while it collects",
    "no container is left, the page comes back",
)
def test_a_hub_that_restarts_while_work_is_collected_leaves_no_container(much_work, class_hub):
    web = class_hub.person(ADMIN).web
    assert web.get(PAGE).status_code == 200
    with web.stream("GET", f"{PAGE}work.zip") as download:
        assert next(download.iter_raw())
        assert readers(class_hub)
        docker("kill", class_hub.service("hub"))
        class_hub.eventually(lambda: not readers(class_hub))
    docker("start", class_hub.service("hub"))
    class_hub.eventually(class_hub.answers, within_s=60)
    class_hub.eventually(lambda: web.get(PAGE).status_code == 200, within_s=60)


def test_one_server_is_stopped_alone_once_that_is_confirmed(full_page, class_hub):
    stays, leaves = sorted(class_hub.running())
    full_page.get_by_role("link", name=f"Stop the server of {shown(leaves)}").click()
    expect(full_page.get_by_role("heading")).to_have_text("Stop this server?")
    expect(full_page.get_by_role("main")).to_contain_text(f"{shown(leaves)} ({leaves})")
    full_page.get_by_role("button", name="Stop 1 server").click()
    expect(row(full_page, leaves)).to_contain_text("stopped", timeout=60_000)
    assert class_hub.running() == {stays}


def test_all_servers_stop_the_instructors_own_too_once_that_is_confirmed(full_page, class_hub):
    class_hub.stop(min(class_hub.running()))
    class_hub.spawn(ADMIN)
    expect(full_page.get_by_role("caption")).to_have_text(
        re.compile(f": 1 of {class_hub.participants}.* Your own server runs as well"),
        timeout=REFRESH_MS,
    )
    expect(row(full_page, ADMIN)).to_contain_text("running")
    full_page.get_by_role("link", name="Stop all servers").click()
    expect(full_page.get_by_role("heading")).to_have_text("Stop all servers?")
    assert len(class_hub.running()) == 2
    full_page.get_by_role("button", name="Stop 2 servers").click()
    expect(full_page.get_by_role("caption")).to_have_text(
        re.compile(f": 0 of {class_hub.participants}"), timeout=60_000
    )
    class_hub.eventually(lambda: not class_hub.running())


@pytest.mark.attack(
    "send the instructor's forms with a guessed token",
    "refused, nothing done",
)
@pytest.mark.parametrize("path", ["start", "stop"])
def test_nothing_is_done_for_a_form_from_elsewhere(page, empty_class, path):
    notices = page.locator(".notices li").all_inner_texts()
    answer = page.request.post(f"{empty_class.url}{PAGE}{path}", form={"_xsrf": "guessed"})
    assert answer.status == 403
    page.reload()
    assert len(page.locator(".notices li").all()) == len(notices)
    assert empty_class.running() == set()


def test_who_is_unknown_or_out_has_no_report(page, empty_class):
    page.goto(f"{empty_class.url}{PAGE}doctor/nobody")
    expect(page.get_by_role("alert")).to_have_text(
        "There is no participant 'nobody' in this class."
    )
    page.goto(f"{empty_class.url}{PAGE}doctor/ada")
    expect(page.get_by_role("alert")).to_contain_text("The server of ada does not run")
