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
PAGE, WALL = "/services/instructor/", "/services/wall/"
ELSEWHERE = "https://class.test:8000"
# Somebody on another machine, with a browser's manners: log in, start, and look around.
VISITOR = """
import json, requests, sys, time
url, name, password, *places = sys.argv[1:]
web = requests.Session()
web.verify = "/cert.pem"
web.get(f"{url}/hub/login")
form = {"username": name, "password": password, "_xsrf": web.cookies.get("_xsrf", path="/hub/")}
seen = [web.post(f"{url}/hub/login?next=/hub/home", data=form)]
if name != "instructor":
    web.get(f"{url}/hub/spawn")
for place in places:
    deadline = time.monotonic() + 60
    while (answer := web.get(place)).status_code in (424, 503) or "/hub/spawn" in answer.url:
        assert time.monotonic() < deadline, answer.url
        time.sleep(0.2)
    seen.append(answer)
print(json.dumps({
    "pages": [[answer.status_code, answer.url.partition("?")[0]] for answer in seen],
    "hops": [hop.headers["Location"] for answer in seen for hop in answer.history],
    "cookies": {c.name: [c.secure, c.domain if c.domain_specified else ""] for c in web.cookies},
}))
"""
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
    shared_class.eventually(lambda: page.get(f"{PAGE}people").status_code == 200)
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


@pytest.fixture
def from_another_machine(class_hub, engine):
    """Serve the class under a name, each server under its own, and return what a visitor sees."""
    command = certificate_command(class_hub.folder, "class.test")
    subprocess.run(command, shell=True, check=True, text=True)
    class_hub.empty()
    plain = {"TLS_CERT": "", "TLS_KEY": "", "CLASS_URL": class_hub.url, "SUBDOMAINS": "no"}
    secure = {"TLS_CERT": "cert.pem", "TLS_KEY": "key.pem", "SUBDOMAINS": "yes"}
    url, verify = class_hub.url, class_hub.verify
    class_hub.url, class_hub.verify = url.replace("http:", "https:"), False
    class_hub.open(**secure, CLASS_URL=ELSEWHERE)
    network = f"{class_hub.project}_front"
    template = f'{{{{(index .NetworkSettings.Networks "{network}").IPAddress}}}}'
    door = engine("inspect", "--format", template, class_hub.service("door")).stdout.strip()
    names = ("class.test", "wall--service.class.test", "ada.class.test", "bo.class.test")
    hosts = [f"--add-host={name}:{door}" for name in names]
    certificate = f"{class_hub.folder}/cert.pem:/cert.pem:ro"

    def visit(name, *places):
        said = engine(
            "run", "--rm", "--network", network, *hosts, "--volume", certificate,
            "--entrypoint", "python", class_hub.image_of("hub"), "-c", VISITOR,
            ELSEWHERE, name, class_hub.passwords[name], *places,
        )  # fmt: skip
        return json.loads(said.stdout)

    yield visit
    for name in class_hub.running():
        engine("rm", "--force", class_hub.container(name))
    class_hub.url, class_hub.verify = url, verify
    class_hub.open(**plain)


def test_each_server_has_an_origin_of_its_own_with_tls_from_another_machine(from_another_machine):
    lab = "https://ada.class.test:8000/user/ada/lab"
    seen = from_another_machine("ada", lab, f"{ELSEWHERE}/user/ada/lab")
    assert seen["pages"] == [[200, f"{ELSEWHERE}/hub/home"], [200, lab], [200, lab]]
    assert all(hop.startswith(("https://", "/")) for hop in seen["hops"])
    assert [name for name, (secure, _) in seen["cookies"].items() if not secure] == []
    # The hub's login stays with the hub; the door sees at every name whose browser it is.
    assert seen["cookies"]["jupyterhub-hub-login"] == [True, ""]
    assert seen["cookies"]["class-seat"] == [True, ".class.test"]

    elsewhere = (
        "https://ada.class.test:8000/hub/home",
        lab,
        "https://bo.class.test:8000/user/ada/lab",
    )
    pages = [f"{ELSEWHERE}{PAGE}", f"https://wall--service.class.test:8000{WALL}login"]
    seen = from_another_machine("instructor", *elsewhere, *pages)
    assert seen["pages"] == [
        [200, f"{ELSEWHERE}/hub/home"],
        [200, f"{ELSEWHERE}/hub/home"],
        [404, f"{ELSEWHERE}/hub/user/ada/lab"],
        [404, f"{ELSEWHERE}/hub/user/ada/lab"],
        [200, f"{ELSEWHERE}{PAGE}"],
        [200, f"{ELSEWHERE}{WALL}"],
    ]
    # A browser keeps the cookie of a login for the name that gave it, and no visitor here does.
    assert [hop for hop in seen["hops"] if "--service" in hop] == []


def certificate_command(folder, name="localhost"):
    """Return the command that the instructions give, for this folder."""
    text = (REPOSITORY / "image/hub/README.md").read_text()
    command = re.search(r"openssl req(?:.|\\\n)+?(?=\n```)", text)[0]
    return command.replace("image/hub/class", str(folder)).replace("class.example.org", name)


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
    class_hub.open(INTERNET="yes", ALLOW_PIP="yes")
    try:
        engine("network", "connect", f"{class_hub.project}-website", class_hub.service("internet"))
        class_hub.spawn("ada")
        assert "http_access" in class_hub.exec("ada", "python3", "-c", FETCH, website).stdout
        for near in ("http://169.254.169.254/", "http://proxy-backend:8001/", "http://172.17.0.1/"):
            refused = class_hub.exec("ada", "python3", "-c", FETCH, near, check=False)
            assert "403" in refused.stderr, near
        asked = class_hub.exec("ada", "pip", "install", "cowsay", check=False)
        assert "fixed" not in asked.stdout + asked.stderr, "it may be tried, whatever comes of it"
    finally:
        class_hub.empty()
        class_hub.open(INTERNET="no", ALLOW_PIP="no")
