"""Two hostile participants, with all that a browser, a program and a server of their own can do."""

from __future__ import annotations

import json
import re
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

import httpx
import pytest
from playwright.sync_api import expect

from instructor.pages import Room, application

from .conftest import ADMIN, MARKUP, docker
from .test_instructor_page import PAGE

GUESS = "a" * 32
FORGED = {
    "X-Forwarded-User": ADMIN, "Remote-User": ADMIN, "X-Forwarded-For": "::1", "Host": "hub:8081",
    "X-Class-Door": "guess 127.0.0.1", "X-Original-URL": "/hub/", "X-Rewrite-URL": "/hub/health",
    "X-HTTP-Method-Override": "GET", "Authorization": f"token {GUESS}",
    "Cookie": f"jupyterhub-hub-login={ADMIN}; service-instructor={GUESS}; _xsrf={GUESS}",
}  # fmt: skip
METHODS = ("GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS")
REFUSED = (400, 403, 404, 405)


def routes():
    """Yield an address of each page that the instructor's page has."""
    for rule in application(Room("", "", None, None, PAGE), b"").wildcard_router.rules:
        pattern = rule.matcher.regex.pattern.removesuffix("$")
        path = pattern.replace("([^/]+)", "ada").replace("(.*)", "page.css")
        yield from {re.sub(r"\(\?:(.*)\)\?", kept, path) for kept in ("", r"\1")}


PRIVATE = sorted(
    path for path in routes() if "/static/" not in path and "/oauth_callback" not in path
)


def test_all_pages_are_known():
    ends = ("", "doctor/ada", "people", "start", "stop", "stop/ada", "work.zip")
    assert [PAGE + end for end in ends] == PRIVATE


@pytest.fixture
def quiet_class(empty_class):
    """Return the class when no server runs, and check that none was started."""
    yield empty_class
    assert empty_class.running() == set()


@pytest.mark.attack("open a page of the instructor's in a participant's session", "refused")
@pytest.mark.parametrize("path", PRIVATE)
def test_a_participant_gets_no_page_of_the_instructors(quiet_class, path):
    web = quiet_class.person("ada").web
    forged = {name: value for name, value in FORGED.items() if name not in ("Cookie", "Host")}
    for method in METHODS:
        for headers in ({"X-XSRFToken": web.cookies.get("_xsrf", path="/hub/")}, forged):
            answer = web.request(method, path, headers=headers)
            assert answer.status_code in REFUSED, method


@pytest.mark.attack("open a page of the instructor's as nobody, with forged headers", "refused")
@pytest.mark.parametrize("path", PRIVATE)
def test_forged_headers_open_no_page_of_the_instructors(quiet_class, path):
    for method in METHODS:
        answer = httpx.request(
            method, f"{quiet_class.url}{path}", headers=FORGED, follow_redirects=True
        )
        login = urlsplit(str(answer.url)).path.startswith("/hub/login")
        assert answer.status_code in REFUSED or (login and answer.status_code == 200), method


@pytest.fixture(scope="module")
def elsewhere(tmp_path_factory):
    """Serve a hostile page from another port of the class's host, which is the same site."""
    folder = tmp_path_factory.mktemp("elsewhere")
    (folder / "index.html").write_text("<title>elsewhere</title>")
    serve = partial(SimpleHTTPRequestHandler, directory=str(folder))
    with ThreadingHTTPServer(("127.0.0.1", 0), serve) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


# What a page can do with the rights of whoever looks at it. Cookies know no ports.
REACH = """async ([home, paths]) => {
    const got = [];
    for (const path of ["/", "/hub/", "/hub/api/", "/services/instructor/"])
        document.cookie = `_xsrf=guess; path=${path}`;
    for (const path of paths) {
        for (const [method, body] of [["GET"], ["POST", new URLSearchParams({_xsrf: "guess"})]]) {
            for (const mode of ["cors", "no-cors"]) {
                try {
                    const answer = await fetch(home + path,
                        {method, body, mode, credentials: "include"});
                    if (await answer.text()) got.push(`${method} ${path}`);
                } catch {}
            }
        }
        for (const made of ["img", "script", "iframe", "object", "link"]) {
            const part = document.createElement(made);
            Object.assign(part, {rel: "stylesheet", src: home + path, href: home + path,
                                 data: home + path});
            document.body.append(part);
            await Promise.race([new Promise(next => part.onload = part.onerror = next),
                                new Promise(next => setTimeout(next, 1000))]);
        }
        const frame = Object.assign(document.createElement("iframe"), {name: "frame"});
        const form = Object.assign(document.createElement("form"),
            {method: "POST", action: home + path, target: "frame"});
        const field = document.createElement("input");
        form.append(Object.assign(field, {name: "_xsrf", value: "guess"}));
        document.body.append(frame, form);
        const loaded = new Promise(next => frame.onload = next);
        form.submit();
        await loaded;
        frame.remove();
    }
    return got;
}"""


@pytest.mark.attack(
    "a page elsewhere sends forms and requests from the browser of who looks at it",
    "nothing read, nothing started, nobody logged out",
)
@pytest.mark.parametrize("name", [ADMIN, "bo"])
def test_a_page_elsewhere_does_nothing_in_the_name_of_who_looks_at_it(
    quiet_class, chromium, elsewhere, name
):
    page = chromium.new_page()
    page.goto(f"{quiet_class.url}/hub/login?next=%2Fhub%2Fhome")
    page.locator("#username_input").fill(name)
    page.locator("#password_input").fill(quiet_class.passwords[name])
    page.keyboard.press("Enter")
    page.wait_for_url("**/hub/home")
    if name == ADMIN:
        page.goto(f"{quiet_class.url}{PAGE}")
        expect(page.get_by_role("heading", name="The class")).to_be_visible()
    tokens = quiet_class.person(name).hub("GET", f"users/{name}/tokens").json()
    page.goto(elsewhere)
    paths = [
        f"{PAGE}start", f"{PAGE}stop", f"{PAGE}people", f"{PAGE}work.zip", "/hub/logout",
        "/hub/api/user", f"/hub/api/users/{name}/tokens", f"/hub/api/users/{name}/server",
        f"/hub/spawn/{name}", "/hub/token", "/hub/home",
    ]  # fmt: skip
    assert page.evaluate(REACH, [quiet_class.url, paths]) == []
    page.context.clear_cookies(name="_xsrf")
    page.goto(f"{quiet_class.url}/hub/home")
    assert urlsplit(page.url).path == "/hub/home", "still logged in"
    assert tokens == quiet_class.person(name).hub("GET", f"users/{name}/tokens").json()
    page.close()


@pytest.mark.attack("a name of the list that is markup", "shown as text on the instructor's page")
def test_names_are_text_on_the_instructors_page(quiet_class, chromium):
    known = set(quiet_class.passwords)
    quiet_class.enrol(MARKUP)
    (account,) = set(quiet_class.passwords) - known
    assert quiet_class.login(account).logged_in
    page = chromium.new_page()
    page.goto(f"{quiet_class.url}{PAGE}")
    page.locator("#username_input").fill(ADMIN)
    page.locator("#password_input").fill(quiet_class.passwords[ADMIN])
    page.keyboard.press("Enter")
    expect(page.get_by_role("rowheader", name=f"{MARKUP} ({account})", exact=True)).to_be_visible()
    assert page.locator("img").count() == 0
    assert not page.evaluate("window.title")
    page.close()


REQUESTS = """
import collections, json, threading, time, urllib.error, urllib.request
answers = collections.Counter()
def ask():
    while time.monotonic() < end:
        try:
            answers[urllib.request.urlopen("http://door:8000" + PATH, timeout=60).status] += 1
        except urllib.error.HTTPError as error:
            answers[error.code] += 1
end = time.monotonic() + 10
asking = [threading.Thread(target=ask) for _ in range(20)]
[thread.start() for thread in asking]
print("flooding", flush=True)
[thread.join() for thread in asking]
print(json.dumps(answers))
"""
BODIES = """
import json, socket, time
sizes = (b"Content-Length: 90000000", b"Transfer-Encoding: chunked")
doors, answers = [], []
print("flooding", flush=True)
for number in range(40):
    for path in (b"/hub/login", b"/services/wall/share", b"/services/instructor/start"):
        door = socket.create_connection(("door", 8000))
        head = b"POST %s HTTP/1.1\\r\\nHost: class\\r\\n%s\\r\\n\\r\\n" % (path, sizes[number % 2])
        try:
            door.sendall(head + b"5f5e100\\r\\n" + bytes(1 << 20))
        except OSError:
            pass  # It has been answered already.
        doors.append(door)
for door in doors:
    try:
        answers.append(door.recv(12).decode())
    except OSError:
        answers.append("closed")
print(json.dumps(sorted(set(answers))))
"""


@pytest.mark.attack(
    "ask for pages or files without end, twenty at a time",
    "no answers beyond a rate, for this address; others get in",
)
@pytest.mark.parametrize(("path", "most"), [("/hub/login", 1000), ("/hub/logo", 3000)])
def test_requests_without_end_are_answered_up_to_a_rate_and_others_get_in(
    class_hub, attacker, path, most
):
    flood = attacker(REQUESTS.replace("PATH", repr(path)))
    assert class_hub.login("ada").logged_in
    answers = json.loads(flood.communicate(timeout=120)[0])
    assert answers.keys() <= {"200", "429"}
    assert answers["200"] <= 2 * most


@pytest.mark.attack("send 90 MB to a page that keeps a request in memory", "refused unread")
def test_large_requests_are_refused_before_the_hub_keeps_them(class_hub, attacker):
    flood = attacker(BODIES)
    assert class_hub.login("ada").logged_in
    assert set(json.loads(flood.communicate(timeout=120)[0])) <= {"HTTP/1.1 413", "closed"}
    state = docker(
        "inspect", "--format", "{{.State.OOMKilled}} {{.RestartCount}}", class_hub.service("hub")
    )
    assert state.stdout.startswith("false")
    assert class_hub.answers()
