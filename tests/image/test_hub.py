"""The same default command, started as a hub starts it.

The hub is a small HTTP server that answers what a single-user server asks of a real one.
"""

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx
import pytest

ADA = {
    "name": "ada",
    "kind": "user",
    "admin": False,
    "groups": [],
    "scopes": ["access:servers!user=ada"],
}


class HubApi(BaseHTTPRequestHandler):
    """Know one participant, by the token `adas-token`."""

    def do_GET(self):
        if self.path == "/hub/api/user" and "adas-token" not in self.headers["Authorization"]:
            self.answer(403, {"message": "unknown token"})
        else:
            self.answer(200, ADA if self.path == "/hub/api/user" else {"version": "5.5.0"})

    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        self.answer(200, {})

    def answer(self, status, body):
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(json.dumps(body).encode())

    def log_message(self, *_):
        """Say nothing."""


@pytest.fixture
def hub():
    server = ThreadingHTTPServer(("127.0.0.1", 0), HubApi)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/hub/api"
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def participant(hub, engine, image, free_port, answers, eventually, request):
    """Start a participant's server with the environment that a spawner sets."""
    url = f"http://127.0.0.1:{free_port}/user/ada/"
    environment = {
        "JUPYTERHUB_API_TOKEN": "servers-own-token",
        "JUPYTERHUB_API_URL": hub,
        "JUPYTERHUB_ACTIVITY_URL": f"{hub}/users/ada/activity",
        "JUPYTERHUB_BASE_URL": "/",
        "JUPYTERHUB_CLIENT_ID": "jupyterhub-user-ada",
        "JUPYTERHUB_OAUTH_CALLBACK_URL": "/user/ada/oauth_callback",
        "JUPYTERHUB_OAUTH_ACCESS_SCOPES": '["access:servers!user=ada"]',
        "JUPYTERHUB_SERVICE_PREFIX": "/user/ada/",
        "JUPYTERHUB_SERVICE_URL": url,
        "JUPYTERHUB_USER": "ada",
        **getattr(request, "param", {}),
    }
    words = [word for pair in environment.items() for word in ("--env", "=".join(pair))]
    container = engine("run", "--detach", "--network", "host", *words, image).stdout.strip()
    try:
        eventually(lambda: answers(f"{url}api"), within_s=60)
        yield container, url
    finally:
        engine("rm", "--force", "--volumes", container)


def visit(url):
    headers = {"Authorization": "token adas-token"}
    return httpx.get(url, headers=headers, follow_redirects=True)


def test_it_answers_on_its_prefix_and_opens_the_first_lesson(participant, told):
    _, url = participant
    page = visit(url)
    assert page.status_code == 200
    assert page.url.path == "/user/ada/lab/tree/course/START.ipynb"
    assert f"{told(page)['serverRoot']}/course/START.ipynb" in told(page)["swimlanesPages"]
    assert "swimlanes" in [one["name"] for one in told(page)["federated_extensions"]]


def test_it_is_the_hubs_server_and_healthy(participant, engine):
    container, _ = participant
    assert "jupyterhub-singleuser" in engine("top", container, "-eo", "pid,args").stdout
    assert engine("exec", container, "healthcheck", check=False).returncode == 0
    environment = "cat /proc/$(pgrep jupyterhub)/environ"
    told = engine("exec", container, "sh", "-c", environment).stdout.split("\0")
    assert "DASK_DISTRIBUTED__DASHBOARD__LINK=/user/ada/proxy/{port}/status" in told


def test_whom_the_hub_does_not_know_is_sent_to_the_hub(participant):
    _, url = participant
    assert "/hub/api/oauth2/authorize" in httpx.get(f"{url}lab").headers["location"]
    stranger = {"Authorization": "token another"}
    assert httpx.get(f"{url}api/contents", headers=stranger).status_code == 403


@pytest.mark.parametrize(
    ("participant", "page"),
    [
        (
            {"JUPYTERHUB_DEFAULT_URL": "/lab/tree/course/06-speedup.ipynb"},
            "/user/ada/lab/tree/course/06-speedup.ipynb",
        ),
        ({"DOCKER_STACKS_JUPYTER_CMD": "notebook"}, "/user/ada/tree/course"),
    ],
    indirect=["participant"],
)
def test_the_first_page_may_be_another(participant, page):
    _, url = participant
    assert visit(url).url.path == page
