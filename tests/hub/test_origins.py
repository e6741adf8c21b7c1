"""What a participant's server is worth to whoever else might open it: nothing."""

from __future__ import annotations

import http.client
import json
from urllib.parse import urlsplit

import pytest

from .conftest import ADMIN

TAKEN_OVER = "this server does what ada wants"
# Answers everybody who comes, and takes what their browser may do.
EVIL = f"""
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
class Page(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(b"<script>fetch('/hub/token')</script>{TAKEN_OVER}")
ThreadingHTTPServer(("", 8888), Page).serve_forever()
"""
MARK = "/tmp/the-home-was-read"
PYTHON_IN_A_HOME = f'import sys; print(__file__, sys.argv, file=open("{MARK}", "a"))\n'
SPOILT = {
    ".jupyter/jupyter_server_config.py": PYTHON_IN_A_HOME + 'c.ServerApp.allow_origin = "*"\n',
    ".jupyter/jupyter_config.py": PYTHON_IN_A_HOME,
    ".jupyter/jupyterhub_singleuser_config.py": PYTHON_IN_A_HOME,
    ".jupyter/jupyter_server_config.json": '{"ServerApp": {"allow_origin": "*"}}',
    ".jupyter/jupyter_server_config.d/spoilt.json": '{"ServerApp": ',
    ".jupyter/jupyter_server_config.d/proxy.json": json.dumps(
        {"ServerApp": {"jpserver_extensions": {"jupyter_server_proxy": True}}}
    ),
    ".local/lib/python3.13/site-packages/usercustomize.py": PYTHON_IN_A_HOME,
    ".local/lib/python3.13/site-packages/sitecustomize.py": PYTHON_IN_A_HOME,
    "sitecustomize.py": PYTHON_IN_A_HOME,
    "jupyterhub.py": PYTHON_IN_A_HOME,
    "jupyter_server_config.py": PYTHON_IN_A_HOME,
}
WRITE = """
import json, pathlib, sys
for name, text in json.loads(sys.argv[1]).items():
    path = pathlib.Path.home() / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
"""
REMOVE = """
import json, pathlib, sys
for name in json.loads(sys.argv[1]):
    (pathlib.Path.home() / name).unlink()
"""
KNOCK = """
import sys, urllib.error, urllib.request
request = urllib.request.Request("http://127.0.0.1:8888/user/bo/" + sys.argv[1])
request.add_header("Origin", "http://elsewhere.example")
try:
    answer = urllib.request.urlopen(request)
except urllib.error.HTTPError as error:
    answer = error
print(answer.status, answer.url, answer.headers.get("Access-Control-Allow-Origin"))
"""


def cookies_of(person):
    return "; ".join(f"{cookie.name}={cookie.value}" for cookie in person.web.cookies.jar)


def asked_raw(class_hub, path, person, host=None):
    """Return what answers to a path that no client has put in order."""
    address = urlsplit(class_hub.url)
    connection = http.client.HTTPConnection(address.hostname, address.port, timeout=30)
    headers = {"Cookie": cookies_of(person)} | ({"Host": host} if host else {})
    connection.request("GET", path, headers=headers)
    answer = connection.getresponse()
    text = answer.read().decode()
    connection.close()
    return answer.status, text


@pytest.fixture(scope="module")
def evil_server(class_hub, engine):
    """Let ada's server be whatever ada likes, which its container's owner can bring about."""
    class_hub.spawn("ada")
    container, network = class_hub.container("ada"), f"{class_hub.project}-net-ada"
    engine("rm", "--force", container)
    engine(
        "run", "--detach", "--name", container, "--network", network, "--entrypoint", "python3",
        "swimlanes", "-c", EVIL,
    )  # fmt: skip
    ada = class_hub.person("ada")
    class_hub.eventually(lambda: TAKEN_OVER in ada.visit("x").text)
    yield ada
    engine("rm", "--force", container)
    class_hub.eventually(lambda: not ada.server, within_s=60)


@pytest.mark.attack(
    "have a page of one's own server opened by the instructor, a peer, a stranger",
    "nobody gets it, so it acts with nobody's rights",
    seen=True,
)
@pytest.mark.parametrize("name", [ADMIN, "bo", None])
def test_nobody_but_the_owner_gets_a_page_of_a_participants_server(
    class_hub, evil_server, chromium, name
):
    page = chromium.new_page()
    if name:
        page.goto(f"{class_hub.url}/hub/login?next=%2Fhub%2Fhome")
        page.locator("#username_input").fill(name)
        page.locator("#password_input").fill(class_hub.passwords[name])
        page.keyboard.press("Enter")
        page.wait_for_url("**/hub/home")
    page.goto(f"{class_hub.url}/user/ada/x")
    assert TAKEN_OVER not in page.content()
    assert urlsplit(page.url).path == ("/hub/user/ada/x" if name else "/hub/login")
    page.close()


@pytest.mark.attack(
    "write the path to another's server in other ways",
    "refused",
)
@pytest.mark.parametrize(
    "path",
    [
        "/user/ada/x", "/user/ada", "//user/ada/x", "/%75ser/ada/x", "/user/%61da/x",
        "/user/bo/../ada/x", "/user/bo/%2e%2e/ada/x", "/user/bo/..%2fada/x", r"/user/bo\..\ada/x",
        "/hub/../user/ada/x", "/services/../user/ada/x", "http://127.0.0.1/user/ada/x",
        "/user/bo/..;/ada/x", "/user//ada/x", "/user/ada%2fx",
    ],
)  # fmt: skip
def test_no_other_way_to_write_the_path_gets_past_the_door(class_hub, evil_server, path):
    _, text = asked_raw(class_hub, path, class_hub.person("bo"))
    assert TAKEN_OVER not in text


@pytest.mark.attack(
    "do with a session what administrators do",
    "refused, for the instructor's session too",
)
@pytest.mark.parametrize("name", [ADMIN, "bo"])
def test_no_session_carries_rights_that_a_page_could_use(class_hub, name):
    person = class_hub.person(name)
    made = person.hub("POST", f"users/{name}/tokens", json={})
    assert not person.hub("GET", "user").json()["admin"]
    wide = ("admin:", "list:", "access:servers", "shares", "servers", "users")
    scopes = {scope for scope in made.json()["scopes"] if not scope.endswith(f"!user={name}")}
    assert not [scope for scope in scopes if scope.startswith(wide)]
    for method, path in (
        ("GET", "users"), ("GET", "users/ada"), ("POST", "users/ada/tokens"),
        ("DELETE", "users/ada/server"), ("POST", "users/eve"), ("GET", "services"),
        ("POST", f"shares/{name}/"), ("GET", "proxy"),
    ):  # fmt: skip
        answer = person.hub(method, path, **({"json": {}} if method == "POST" else {}))
        assert answer.status_code in (403, 404), (method, path)


def test_who_was_an_administrator_of_an_earlier_hub_is_none_any_more(class_hub, engine):
    class_hub.person(ADMIN)
    make = """
import sqlite3
with sqlite3.connect("/srv/hub/hub.sqlite") as hub:
    hub.execute("UPDATE users SET admin = 1 WHERE name = 'instructor'")
"""
    engine("exec", class_hub.service("hub"), "python", "-c", make)
    engine("restart", class_hub.service("hub"))
    class_hub.eventually(class_hub.answers, within_s=60)
    assert not class_hub.person(ADMIN).hub("GET", "user").json()["admin"]
    assert class_hub.person(ADMIN).hub("GET", "users").status_code == 403


@pytest.mark.attack(
    "leave Jupyter settings, extensions and modules in the home",
    "none is read",
)
def test_what_lies_in_a_home_changes_nothing_about_its_server(class_hub, engine):
    bo = class_hub.spawn("bo")
    class_hub.exec("bo", "python3", "-c", WRITE, json.dumps(SPOILT))
    try:
        engine("restart", class_hub.container("bo"))
        healthy = ("bo", "healthcheck")
        class_hub.eventually(
            lambda: class_hub.exec(*healthy, check=False).returncode == 0, within_s=60
        )
        assert bo.visit("lab").status_code == 200
        assert class_hub.exec("bo", "cat", MARK, check=False).stdout == ""
        assert bo.visit("api/contents/").status_code == 200
        for path in ("api/contents/", "proxy/8888/", "files/jupyterhub.py"):
            said = class_hub.exec("bo", "python3", "-c", KNOCK, path).stdout.split()
            assert said[0] in ("403", "404") or "/hub/" in said[1], path
            assert said[2] == "None", path
    finally:
        class_hub.exec("bo", "python3", "-c", REMOVE, json.dumps(list(SPOILT)))
