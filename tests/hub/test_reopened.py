"""The same class opened with other settings: cores that are shared, TLS, a way to the internet."""

from __future__ import annotations

import json
import re
import ssl
import subprocess
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from .conftest import ADMIN, NAMES, REPOSITORY

ACCOUNTS = [name.lower() for name in NAMES]
PAGE = "/services/instructor/"
FETCH = "import sys, urllib.request as u; print(u.urlopen(sys.argv[1], timeout=5).read().decode())"


@pytest.fixture(scope="module")
def shared_class(class_hub):
    """Let six share two cores; the server of one runs on when the hub is made anew."""
    class_hub.spawn("ada")
    class_hub.open(SHARE_CORES="yes")
    yield class_hub
    class_hub.open(SHARE_CORES="no")


def test_six_at_once_run_a_study_on_two_shared_cores(shared_class):
    assert "ada" in shared_class.running(), "a server outlives the hub that started it"
    shared_class.empty()
    with ThreadPoolExecutor(len(ACCOUNTS)) as room:
        list(room.map(shared_class.spawn, ACCOUNTS))
        studies = list(room.map(lambda name: study(shared_class, name), ACCOUNTS))
    assert sorted(study["usable_cores"] for study in studies) == [1] * 6
    pinned = [cores(shared_class, name) for name in ACCOUNTS]
    assert pinned.count("0") == pinned.count("1") == 3


def study(class_hub, name):
    run = ("swimlanes", "run", "--json", "--task-ms", "5")
    return json.loads(class_hub.exec(name, *run).stdout)


def cores(class_hub, name):
    status = class_hub.exec(name, "cat", "/proc/self/status").stdout
    return re.search(r"Cpus_allowed_list:\s+(\S+)", status)[1]


def test_who_shares_is_told(shared_class):
    shared_class.spawn("ada")
    # Seven accounts, two cores.
    told = shared_class.exec("ada", "printenv", "SWIMLANES_SHARED_CORES").stdout
    assert int(told) == -(-len(shared_class.passwords) // 2)


def test_who_still_shares_is_told_when_newcomers_share_no_more(shared_class):
    for name in ("ada", "bo", "cy"):
        shared_class.spawn(name)
    shared_class.open(SHARE_CORES="no")
    pinned = [cores(shared_class, name) for name in shared_class.running()]
    page = shared_class.person(ADMIN).web
    shared_class.eventually(lambda: page.get(f"{PAGE}people").status_code == 200, within_s=30)
    shown = re.findall(r"<td>(\d) \(shared by up to (\d)\)", page.get(f"{PAGE}people").text)
    shared = max("01", key=pinned.count)
    assert (shared, str(pinned.count(shared))) in shown


def test_the_class_is_served_with_tls(class_hub, tmp_path):
    subprocess.run(certificate_command(class_hub.folder), shell=True, check=True, text=True)
    secure = {"TLS_CERT": "cert.pem", "TLS_KEY": "key.pem"}
    plain, class_hub.url = class_hub.url, class_hub.url.replace("http:", "https:")
    try:
        class_hub.open(**secure)
        class_hub.verify = ssl.create_default_context(cafile=class_hub.folder / "cert.pem")
        person = class_hub.login("bo")
        assert person.logged_in
        secure_cookies = {cookie.name for cookie in person.web.cookies.jar if cookie.secure}
        assert {"jupyterhub-hub-login", "jupyterhub-session-id"} <= secure_cookies
        with pytest.raises(httpx.TransportError):
            httpx.get(f"{plain}/hub/login")
    finally:
        class_hub.url, class_hub.verify = plain, True
        class_hub.open(TLS_CERT="", TLS_KEY="")


def certificate_command(folder):
    """Return the command that the instructions give, for this folder."""
    text = (REPOSITORY / "image/hub/README.md").read_text()
    command = re.search(r"openssl req(?:.|\\\n)+?(?=\n```)", text)[0]
    return command.replace("image/hub/class", str(folder)).replace("class.example.org", "localhost")


@pytest.fixture
def website(engine, class_hub):
    """Serve a page under an address that is nobody's, where the way to the internet reaches it."""
    name = f"{class_hub.project}-website"
    engine("network", "create", "--internal", "--subnet", "192.0.2.0/24", name)
    serve = ("python3", "-m", "http.server", "80", "--directory", "/opt/hub")
    engine(
        "run", "--detach", "--name", name, "--network", name, "--ip", "192.0.2.80",
        "--entrypoint", serve[0], "swimlanes-hub", *serve[1:],
    )  # fmt: skip
    yield "http://192.0.2.80/squid.conf"
    engine("network", "disconnect", "--force", name, class_hub.service("internet"), check=False)
    engine("rm", "--force", name)
    engine("network", "rm", name)


def test_the_internet_where_it_is_allowed_is_the_web_and_nothing_near(class_hub, website, engine):
    class_hub.empty()
    class_hub.open(INTERNET="yes")
    try:
        engine("network", "connect", f"{class_hub.project}-website", class_hub.service("internet"))
        class_hub.spawn("ada")
        assert "http_access" in class_hub.exec("ada", "python3", "-c", FETCH, website).stdout
        for near in ("http://169.254.169.254/", "http://proxy-backend:8001/", "http://172.17.0.1/"):
            refused = class_hub.exec("ada", "python3", "-c", FETCH, near, check=False)
            assert "403" in refused.stderr, near
    finally:
        class_hub.empty()
        class_hub.open(INTERNET="no")
