"""Each setting of a class, and the sentence for each that cannot be used."""

from __future__ import annotations

import re
import subprocess
import threading
from contextlib import nullcontext
from http.server import BaseHTTPRequestHandler, HTTPServer
from ipaddress import IPv4Network

import pytest

from classroom import settings as settings_module
from classroom import start
from classroom.errors import ClassroomError, SettingError
from classroom.lockout import FREE, REMEMBERED_S, WrongPasswords
from classroom.roster import Roster, enrol, write_roster
from classroom.services import culler
from classroom.settings import read_settings, read_url
from classroom.start import what_remains
from classroom.subnets import free_subnet

SECRET = "0123456789abcdef" * 4
ENOUGH = dict.fromkeys(settings_module.SECRETS, SECRET)
HOST = frozenset(range(4))


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """Use another class folder than a container's."""
    monkeypatch.setattr(settings_module, "CLASS_FOLDER", tmp_path)
    return tmp_path


def test_every_setting_has_a_default_but_the_secrets():
    settings = read_settings(ENOUGH, HOST)
    assert settings.class_cores == HOST
    assert settings.cores_per_participant == 2
    assert not settings.share_cores
    assert not settings.internet
    assert settings.solutions
    assert settings.memory == "2G"
    assert settings.idle_minutes == 120
    assert settings.subdomain_host == ""


def test_the_example_says_what_the_defaults_are(repository):
    text = (repository / "image/hub/hub.env.example").read_text()
    example = dict(re.findall("^([A-Z_]+)=(.*)$", text, re.MULTILINE))
    assert all(example.pop(name) == "" for name in settings_module.SECRETS)
    assert read_settings(ENOUGH | example, HOST) == read_settings(ENOUGH, HOST)


def test_compose_hands_on_every_setting_of_the_example(repository):
    names = set(
        re.findall("^([A-Z_]+)=", (repository / "image/hub/hub.env.example").read_text(), re.M)
    )
    compose = (repository / "image/hub/compose.yml").read_text()
    assert {name for name in names if f"${{{name}" not in compose} == set()


@pytest.mark.parametrize(
    ("name", "value", "problem"),
    [
        ("HUB_COOKIE_SECRET", "", "There is no HUB_COOKIE_SECRET .* run: make hub-secret"),
        ("HUB_WALL_TOKEN", "", "There is no HUB_WALL_TOKEN .* run: make hub-secret"),
        ("HUB_PROXY_TOKEN", "changeme", "no usable HUB_PROXY_TOKEN .* run: make hub-secret"),
        ("CLASS_CORES", "all", "CLASS_CORES=all is no list of cores"),
        ("CLASS_CORES", "0-3,8", "names core 8, which this host does not have; choose among 0-3"),
        ("CORES_PER_PARTICIPANT", "5", r"more than the class has, which is 4 cores \(0-3\)"),
        ("CORES_PER_PARTICIPANT", "0", "CORES_PER_PARTICIPANT=0 is no whole number above 0"),
        ("CORES_PER_PARTICIPANT", "two", "is no whole number"),
        ("IDLE_MINUTES", "-1", "IDLE_MINUTES=-1 is no whole number"),
        ("IDLE_MINUTES", "5", "IDLE_MINUTES=5 would stop servers that are computing; 30 is"),
        ("IDLE_MINUTES", "29", "IDLE_MINUTES=29 would stop"),
        ("HUB_PORT", "99999", "HUB_PORT=99999 is no port; 65535 is the largest"),
        ("HUB_PORT", "web", "HUB_PORT=web is no whole number"),
        ("CLASS_URL", "ftp://x", "CLASS_URL=ftp://x is no address of a class; write it like https"),
        ("CLASS_URL", "class.example.org", "CLASS_URL=class.example.org is no address of a class"),
        ("CLASS_URL", "http://a b", "CLASS_URL=http://a b is no address of a class"),
        ("CLASS_URL", "https://a/class", "CLASS_URL=https://a/class is no address of a class"),
        ("SUBDOMAINS", "true", "SUBDOMAINS=true is neither yes nor no"),
        ("SHARE_CORES", "true", "SHARE_CORES=true is neither yes nor no"),
        ("INTERNET", "on", "INTERNET=on is neither yes nor no"),
        ("ALLOW_PIP", "true", "ALLOW_PIP=true is neither yes nor no"),
        ("SOLUTIONS", "off", "SOLUTIONS=off is neither yes nor no"),
        ("MEMORY_PER_PARTICIPANT", "2", "MEMORY_PER_PARTICIPANT=2 is no size"),
        ("COURSE", "no-such", "COURSE=no-such is no folder in image/hub/class/; put the course"),
        ("COURSE", ".", r"COURSE=\. is no folder in"),
        ("COURSE", "../course", r"COURSE=\.\./course is no folder in"),
        ("COURSE", "/etc", "COURSE=/etc is no folder in"),
        ("HOME_SIZE", "5 GB", "HOME_SIZE=5 GB is no size"),
        ("CLASS_SUBNETS", "10.0.0.1/16", "CLASS_SUBNETS=10.0.0.1/16 is no range of addresses"),
        ("CLASS_SUBNETS", "10.0.0.0/29", "CLASS_SUBNETS=10.0.0.0/29 is too small"),
        ("HUB_ADDRESS", "0.0.0.0", r"HUB_ADDRESS=0\.0\.0\.0 would send passwords .* plain HTTP"),
        ("TLS_CERT", "cert.pem", r"TLS_CERT=cert\.pem cannot be read \(No such file"),
    ],
)
def test_a_setting_that_cannot_be_used_is_refused_with_its_value(folder, name, value, problem):
    with pytest.raises(SettingError, match=problem):
        read_settings({**ENOUGH, name: value}, HOST)


def test_a_course_of_the_instructors_lies_in_the_folder_of_the_class(folder):
    (folder / "my course").mkdir()
    assert read_settings({**ENOUGH, "COURSE": "my course"}, HOST).course == folder / "my course"
    (folder / "link").symlink_to("/etc")
    with pytest.raises(SettingError, match="COURSE=link is no folder in"):
        read_settings({**ENOUGH, "COURSE": "link"}, HOST)


def test_tls_needs_both_files_and_opens_the_hub_to_the_network(folder):
    (folder / "cert.pem").write_text("certificate")
    tls = {**ENOUGH, "HUB_ADDRESS": "0.0.0.0", "TLS_CERT": "cert.pem"}
    with pytest.raises(SettingError, match="needs both TLS_CERT and TLS_KEY"):
        read_settings(tls, HOST)
    (folder / "key.pem").write_text("key")
    settings = read_settings({**tls, "TLS_KEY": "key.pem"}, HOST)
    assert (settings.tls_cert, settings.tls_key) == (folder / "cert.pem", folder / "key.pem")


def test_plain_http_on_a_network_has_to_be_asked_for():
    plain = {**ENOUGH, "HUB_ADDRESS": "0.0.0.0", "PLAIN_HTTP": "yes"}
    assert read_settings(plain, HOST).tls_cert is None


@pytest.mark.parametrize("url", ["", "http://127.0.0.1:8000", "https://localhost", "https://[::1]"])
def test_names_below_the_classs_need_a_name(url):
    with pytest.raises(SettingError, match=re.escape(f"CLASS_URL={url} has none of that kind")):
        read_settings({**ENOUGH, "SUBDOMAINS": "yes", "CLASS_URL": url}, HOST)


def test_the_address_on_the_slips_is_that_of_the_port_unless_another_is_given():
    assert read_url({}) == "http://127.0.0.1:8000"
    assert read_url({"HUB_PORT": "8973"}) == "http://127.0.0.1:8973"
    assert read_url({"HUB_PORT": "1", "CLASS_URL": "https://a.b:8/"}) == "https://a.b:8"


@pytest.mark.parametrize("url", ["https://class.example.org/", "http://a.b:8000", "http://1.a"])
def test_each_server_may_have_a_name_below_the_classs(url):
    assert read_settings({**ENOUGH, "CLASS_URL": url}, HOST).subdomain_host == ""
    settings = read_settings({**ENOUGH, "SUBDOMAINS": "yes", "CLASS_URL": url}, HOST)
    assert settings.subdomain_host == url.rstrip("/")


OPENSSL = "openssl req -x509 -newkey ed25519 -nodes -subj /CN=class.example.org"


@pytest.mark.parametrize(
    ("made_by", "problem"),
    [
        ("echo nothing", r"TLS_CERT=cert\.pem holds no certificate"),
        (OPENSSL, "holds no certificate that names a host"),
        (
            f"{OPENSSL} -addext subjectAltName=DNS:class.example.org,DNS:*.example.org",
            r"is not for \*\.class\.example\.org, where SUBDOMAINS=yes",
        ),
        (f"{OPENSSL} -addext subjectAltName=DNS:*.class.example.org", None),
    ],
)
def test_the_certificate_has_to_be_for_the_names_of_the_servers(folder, made_by, problem):
    made = subprocess.run(made_by.split(), cwd=folder, capture_output=True, text=True, check=True)
    (folder / "cert.pem").write_text(made.stdout)
    (folder / "key.pem").touch()
    tls = {**ENOUGH, "TLS_CERT": "cert.pem", "TLS_KEY": "key.pem", "SUBDOMAINS": "yes"}
    told = pytest.raises(SettingError, match=problem) if problem else nullcontext()
    with told:
        read_settings({**tls, "CLASS_URL": "https://class.example.org:8000"}, HOST)
    assert read_settings({**tls, "SUBDOMAINS": "no"}, HOST).tls_cert


def test_wrong_passwords_are_counted_for_each_address_and_forgotten():
    wrong = WrongPasswords()
    counts = [wrong.note("192.0.2.1", now=second) for second in range(FREE + 1)]
    assert counts == [1, 2, 3, 4, 5, 6]
    assert wrong.note("192.0.2.2", now=FREE) == 1
    assert wrong.note("192.0.2.1", now=FREE + REMEMBERED_S) == 1


@pytest.mark.parametrize(
    ("size", "inotify", "told"),
    [
        ("", 1024, ["No home has a limit: .* 5 GB are free for 2 homes"]),
        ("1G", 255, ["share 255 inotify instances, .*max_user_instances=256"]),
        ("1G", 256, []),
    ],
)
def test_what_this_host_does_not_prevent_is_told(folder, size, inotify, told):
    roster, _ = enrol(Roster({}), ["Ada", "Bo"])
    write_roster(folder / "roster.json", roster)
    settings = read_settings({**ENOUGH, "HOME_SIZE": size}, HOST)
    sentences = what_remains(settings, 5 << 30, inotify)
    assert len(sentences) == len(told)
    assert all(map(re.search, told, sentences))


def test_networks_never_overlap_until_the_range_is_used_up():
    pool = IPv4Network("10.213.0.0/24")
    taken = [IPv4Network("10.213.0.8/30"), IPv4Network("172.17.0.0/16")]
    for _ in range(31):
        subnet = free_subnet(pool, taken)
        assert not any(subnet.overlaps(other) for other in taken)
        taken.append(subnet)
    with pytest.raises(ClassroomError, match=r"CLASS_SUBNETS=10\.213\.0\.0/24 are used up"):
        free_subnet(pool, taken)


def test_the_culler_is_as_patient_as_was_asked():
    assert "--timeout=1800" in culler(30)["command"]


class Door(BaseHTTPRequestHandler):
    """Says the first time that the hub is not there yet."""

    def do_GET(self):
        self.server.asked.append(self.path)
        self.send_response(503 if len(self.server.asked) == 1 else 200)
        self.end_headers()

    def log_message(self, *_):
        pass


def test_the_door_is_asked_until_the_hub_is_there_and_no_proxy(monkeypatch):
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    monkeypatch.delenv("no_proxy", raising=False)
    with HTTPServer(("127.0.0.1", 0), Door) as door:
        door.asked = []
        threading.Thread(target=door.serve_forever, args=(0.01,), daemon=True).start()
        monkeypatch.setattr(start, "DOOR", door.server_address)
        start.wait_until_open({})
        door.shutdown()
    assert door.asked == ["/hub/health"] * 2
