"""A real class: hub, proxy and participants' servers on a real engine, removed afterwards."""

from __future__ import annotations

import os
import re
import secrets
import socket
import ssl
import subprocess
import sys
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

REPOSITORY = Path(__file__).parents[2]
# The hub's own code lies in its image and is no package of ours.
sys.path.append(str(REPOSITORY / "image" / "hub"))

NAMES = ("Ada", "Bo", "Cy", "Di", "Ed", "Flo")
MARKUP = "<img src=x onerror=title=1>"
"""A name that a test adds to the list of the class that most tests share."""
ADMIN = "instructor"
SPAWN_DEADLINE_S = 120


def run(
    *command: str, check: bool = True, timeout: float = 240, **options
) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(command, capture_output=True, text=True, timeout=timeout, **options)
    assert not check or done.returncode == 0, f"{command}: {done.stdout}\n{done.stderr}"
    return done


def docker(*arguments: str, check: bool = True) -> subprocess.CompletedProcess[str]:
    return run("docker", *arguments, check=check)


class Person:
    """Somebody with a browser, logged in."""

    def __init__(self, url: str, name: str, password: str, verify: ssl.SSLContext | bool) -> None:
        self.name = name
        self.web = httpx.Client(base_url=url, follow_redirects=True, timeout=90, verify=verify)
        self.web.get("/hub/login")
        form = {"username": name, "password": password, "_xsrf": self.web.cookies["_xsrf"]}
        self.login = self.web.post("/hub/login?next=/hub/home", data=form)

    @property
    def logged_in(self) -> bool:
        return self.login.status_code == 200 and self.login.url.path == "/hub/home"

    def hub(self, method: str, path: str, **options) -> httpx.Response:
        """Call the hub's interface with the rights of this session."""
        # The hub gives the XSRF cookie for its own path; the proxy's other paths have others.
        token = self.web.cookies.get("_xsrf", path="/hub/")
        headers = {"X-XSRFToken": token or "", "Referer": f"{self.web.base_url}hub/home"}
        return self.web.request(method, f"/hub/api/{path}", headers=headers, **options)

    def start(self) -> httpx.Response:
        return self.hub("POST", f"users/{self.name}/server")

    def asks_to_start(self) -> bool:
        """Start the server; False while an earlier one is being stopped or others are in line."""
        answer = self.start()
        assert answer.status_code in (201, 202, 400, 503), answer.text
        return answer.status_code < 400 or bool(self.server.get("ready"))

    def stop(self) -> httpx.Response:
        return self.hub("DELETE", f"users/{self.name}/server")

    @property
    def server(self) -> dict:
        """Return what the hub says about this person's server, if there is one."""
        return self.hub("GET", f"users/{self.name}").json().get("servers", {}).get("", {})

    def visit(self, path: str = "lab") -> httpx.Response:
        return self.web.get(f"/user/{self.name}/{path}")


class ClassHub:
    """A class with its own Compose project, folder, accounts and port."""

    def __init__(self, folder: Path, port: int, eventually: Callable[..., None]) -> None:
        self.project = f"swimlanes-test-{uuid.uuid4().hex[:8]}"
        self.folder = folder
        self.url = f"http://127.0.0.1:{port}"
        self.eventually = eventually
        self.verify: ssl.SSLContext | bool = True
        self.passwords: dict[str, str] = {}
        self.settings = {
            "COMPOSE_PROJECT_NAME": self.project,
            "CLASS_FOLDER": str(folder),
            "CLASS_URL": self.url,
            "HUB_PORT": str(port),
            "HUB_COOKIE_SECRET": secrets.token_hex(32),
            "HUB_PROXY_TOKEN": secrets.token_hex(32),
            "HUB_WALL_TOKEN": secrets.token_hex(32),
            "CLASS_CORES": "0-1",
            "CORES_PER_PARTICIPANT": "1",
        }
        self._opened: dict[str, str] = {}
        self._people: dict[str, Person] = {}
        self._logged_in: list[Person] = []

    @property
    def participants(self) -> int:
        """How many accounts there are by now, without the instructor's."""
        return len(self.passwords.keys() - {ADMIN})

    def manage(self, *command: str, **settings: str) -> subprocess.CompletedProcess[str]:
        """Do what a make target does; settings given here hold for this call alone."""
        environment = {**os.environ, **self.settings, **settings}
        script = str(REPOSITORY / "image" / "hub" / "manage")
        return run(script, *command, check=False, env=environment)

    def enrol(self, *names: str) -> None:
        """Make accounts; passwords are read from what an instructor reads."""
        (self.folder / "names.txt").write_text("\n".join(names))
        done = self.manage("roster", str(self.folder / "names.txt"))
        assert done.returncode == 0, done.stderr
        slips = (file.read_text() for file in self.folder.glob("slips*.txt"))
        for text in (done.stdout, *slips):
            self.passwords |= dict(re.findall(r"user +(\S+)\n +password +(\S+)", text))

    def open(self, **settings: str) -> None:
        """Start the hub, or make it anew where settings have changed."""
        self.settings |= settings
        if self._opened != self.settings:
            done = self.manage("up")
            assert done.returncode == 0, f"{done.stderr}\n{self.log('hub')}"
            self._opened = dict(self.settings)

    def login(self, name: str, password: str | None = None) -> Person:
        """Log in, in a browser of its own."""
        person = Person(self.url, name, password or self.passwords[name], self.verify)
        self._logged_in.append(person)
        return person

    def person(self, name: str) -> Person:
        """Return somebody who logs in once and keeps the browser open."""
        if name not in self._people:
            self._people[name] = self.login(name)
        return self._people[name]

    def answers(self) -> bool:
        """Return whether the hub answers through the proxy."""
        try:
            return httpx.get(f"{self.url}/hub/health", verify=self.verify).status_code == 200
        except httpx.TransportError:
            return False

    def spawn(self, name: str) -> Person:
        """Start a server and wait until it is ready."""
        person = self.person(name)
        self.eventually(person.asks_to_start, within_s=SPAWN_DEADLINE_S)
        # Ends when the server is ready: easier on the hub than asking again and again.
        person.hub("GET", f"users/{name}/server/progress", timeout=SPAWN_DEADLINE_S)
        assert person.server.get("ready"), f"{name}'s server is not ready"
        return person

    def stop(self, name: str) -> None:
        """Stop a server and wait until its cores are back."""
        self.person(name).stop()
        self.eventually(lambda: not self.person(name).server)

    def container(self, name: str) -> str:
        return f"{self.project}-participant-{name}"

    def service(self, name: str) -> str:
        return f"{self.project}-{name}-1"

    def image_of(self, service: str) -> str:
        return docker("inspect", "--format", "{{.Image}}", self.service(service)).stdout.strip()

    def exec(self, name: str, *command: str, check: bool = True):
        """Run a command in a participant's container, as the participant."""
        return docker("exec", self.container(name), *command, check=check)

    def log(self, service: str) -> str:
        done = docker("logs", self.service(service), check=False)
        return done.stdout + done.stderr

    def running(self) -> set[str]:
        """Return the participants whose containers run."""
        label = f"label=swimlanes.class={self.project}"
        listed = docker("ps", "--filter", label, "--format", "{{.Names}}").stdout.split()
        return {name.removeprefix(f"{self.project}-participant-") for name in listed}

    def empty(self) -> None:
        """Stop all servers; the hub may just be coming back."""
        self.eventually(self.answers, within_s=60)
        for name in self.running():
            self.person(name).stop()
        self.eventually(lambda: not self.running(), within_s=60)

    def remove(self) -> None:
        """Remove all that the class made."""
        for person in self._logged_in:
            person.web.close()
        self.manage("stop")
        label = f"label=swimlanes.class={self.project}"
        volumes = docker("volume", "ls", "--quiet", "--filter", label).stdout.split()
        own = [f"{self.project}_hub", f"{self.project}-course"]
        docker("volume", "rm", "--force", *volumes, *own, check=False)
        # A check that was made of a class that never opened has made its networks all the same.
        label = f"label=com.docker.compose.project={self.project}"
        networks = docker("network", "ls", "--quiet", "--filter", label).stdout.split()
        docker("network", "rm", *networks, check=False)


@pytest.fixture(scope="session")
def engine(engine_at_hand) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Return a function that runs a docker command."""
    return docker


@pytest.fixture(scope="session")
def hub_images(engine) -> None:
    """Build both images as everybody does."""
    run("make", "image", "hub-image", cwd=REPOSITORY, timeout=1200)  # nothing may be cached


@pytest.fixture(scope="session")
def new_class(hub_images, tmp_path_factory, eventually) -> Iterator[Callable[[], ClassHub]]:
    """Return a function that makes a class with accounts; its hub is not started yet."""
    made: list[ClassHub] = []

    def make(*names: str) -> ClassHub:
        a_class = ClassHub(tmp_path_factory.mktemp("class"), _free_port(), eventually)
        made.append(a_class)
        if names:
            a_class.enrol(*names)
        return a_class

    yield make
    for a_class in made:
        a_class.remove()


@pytest.fixture(scope="session")
def started_class(new_class) -> ClassHub:
    """Start a class of six, with two cores in all, one for each participant, none shared."""
    a_class = new_class(*NAMES)
    a_class.open()
    return a_class


@pytest.fixture(scope="module")
def class_hub(started_class) -> ClassHub:
    """Return the class, whose cores nobody has at first."""
    started_class.empty()
    return started_class


@pytest.fixture
def empty_class(class_hub) -> ClassHub:
    """Return the class when nobody's server runs."""
    class_hub.empty()
    return class_hub


@pytest.fixture
def attacker(class_hub: ClassHub) -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """Return a function that starts a program which reaches the door from an address of its own.

    It has begun once it says "flooding".
    """
    started: list[subprocess.Popen[str]] = []

    def start(program: str) -> subprocess.Popen[str]:
        command = [
            "docker", "run", "--rm", "--network", f"{class_hub.project}_front",
            "--entrypoint", "python", class_hub.image_of("hub"), "-c", program,
        ]  # fmt: skip
        started.append(subprocess.Popen(command, stdout=subprocess.PIPE, text=True))
        assert started[-1].stdout.readline() == "flooding\n"
        return started[-1]

    yield start
    for program in started:
        program.communicate(timeout=120)


@pytest.fixture(autouse=True)
def _attack(request: pytest.FixtureRequest, record_property: Callable[[str, object], None]) -> None:
    """Note what a test tries, and what has to come of it."""
    if attack := request.node.get_closest_marker("attack"):
        record_property("attack", (not attack.kwargs.get("seen"), *attack.args))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Show what was tried and what came of it: the table of `make class-attack`."""
    if terminalreporter.config.option.markexpr != "attack":
        return
    outcomes: dict[tuple[bool, str, str], list[str]] = {}
    for outcome in ("passed", "failed", "error", "skipped"):
        for report in terminalreporter.getreports(outcome):
            for name, attack in report.user_properties:
                if name == "attack":
                    outcomes.setdefault(attack, []).append(outcome)
    terminalreporter.section("what two hostile participants tried, and what came of it")
    for (is_new, tried, expected), came in sorted(outcomes.items()):
        held = set(came) == {"passed"}
        times = f" ({len(came)} times)" if len(came) > 1 else ""
        seen = "" if is_new else "[it once did harm] "
        result = expected if held else f"NOT {expected}"
        terminalreporter.write_line(f"{seen}{tried}{times}: {result}", red=not held)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
