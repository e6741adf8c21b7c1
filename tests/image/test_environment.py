"""Every row of the tables of settings in ``image/README.md``, as users of the image set them."""

from __future__ import annotations

import json
import re
import ssl
import uuid

import httpx
import pytest

AS_ROOT = {
    "NB_USER": "ada",
    "NB_UID": "5001",
    "NB_GID": "5002",
    "NB_GROUP": "class",
    "NB_UMASK": "007",
    "CHOWN_HOME": "yes",
    "CHOWN_HOME_OPTS": "-R",
    "CHOWN_EXTRA": "/srv,/etc/jupyter",
    "CHOWN_EXTRA_OPTS": "--recursive --changes",
    "GRANT_SUDO": "1",
    "JUPYTER_DOCKER_STACKS_QUIET": "1",
    "JUPYTER_ENV_VARS_TO_UNSET": "SECRET,ANOTHER",
    "SECRET": "for the hooks alone",
    "SWIMLANES_COURSE": "/etc/jupyter",
    "OMP_NUM_THREADS": "7",
}
PROBE = """
import json, os, pwd, subprocess
from pathlib import Path

def owner(path):
    found = Path(path).stat()
    return [found.st_uid, found.st_gid]

def output(*command):
    return subprocess.run(command, capture_output=True, text=True).stdout.split()

print(json.dumps({
    "ids": output("id", "-un") + output("id", "-u") + output("id", "-Gn"),
    "homes": [pwd.getpwuid(os.getuid()).pw_dir, os.environ["HOME"], os.environ["PWD"]],
    "same home": os.path.samefile("/home/jovyan", "/home/ada"),
    "umask": os.umask(0),
    "environment": dict(os.environ),
    "owners": [owner(path) for path in ("/home/ada/.bashrc", "/srv", "/etc/jupyter/labconfig")],
    "course": sorted(os.listdir("/home/ada/course")),
    "sudo": output("sudo", "-n", "sh", "-c", "id -u; which jupyter"),
}))
"""
SERVED = {
    "GEN_CERT": "yes",
    "DOCKER_STACKS_JUPYTER_CMD": "notebook",
    "NOTEBOOK_ARGS": "--ServerApp.base_url='/the%20class/'",
    "JUPYTER_PORT": "9123",
    "JUPYTER_TOKEN_FILE": "/etc/hostname",
    "JUPYTER_RUNTIME_DIR": "/dev/shm/runtime",
    "PUBLIC_URL": "https://lab.example.org:9000",
}
# Starts the container's entry point again and again, which takes less time than containers do.
REFUSALS = """
import json, os, subprocess, sys
for case in json.load(sys.stdin):
    environment = {**os.environ, **case}
    command = ["start.sh", "start-notebook.py"]  # as the Jupyter Docker Stacks call them
    ran = subprocess.run(command, env=environment, capture_output=True, text=True)
    print(json.dumps([ran.returncode, ran.stderr]))
"""
REFUSED_TO_ANYBODY = [
    ({"NB_UMASK": "9"}, "NB_UMASK=9 is no umask"),
    ({"DOCKER_STACKS_JUPYTER_CMD": "retro"}, "DOCKER_STACKS_JUPYTER_CMD=retro is not here"),
    ({"NOTEBOOK_ARGS": "--x='"}, "NOTEBOOK_ARGS=--x=' cannot be read: No closing quotation"),
    ({"JUPYTER_PORT": "http"}, "JUPYTER_PORT=http is no number from 1 to 65535"),
    ({"ALLOW_PIP": "perhaps"}, "ALLOW_PIP=perhaps is neither yes nor no"),
    ({"RESTARTABLE": "yes"}, "RESTARTABLE=yes is not supported"),
    ({"GEN_CERT": "perhaps"}, "GEN_CERT=perhaps is neither yes nor no"),
    ({"GEN_CERT": "yes", "JUPYTERHUB_API_TOKEN": "abc"}, "GEN_CERT=yes cannot be honoured under"),
    ({"NOTEBOOK_ARGS": "--certfile=/no.pem"}, "certfile=/no.pem cannot be read by user 1000"),
]
REFUSED_TO_ROOT = [
    ({"NB_UID": "0"}, "NB_UID=0 is no number from 1"),
    ({"NB_USER": "root"}, "NB_USER=root is the user 0:0 and not 1000:100"),
    ({"NB_USER": "root", "NB_UID": "0"}, "NB_USER=root is the user 0:0 and not 0:100"),
    ({"NB_GID": "users"}, "NB_GID=users is no number from 1"),
    ({"NB_USER": "Ada Lovelace"}, "NB_USER=Ada Lovelace is no name"),
    ({"NB_USER": "daemon"}, "NB_USER=daemon is a user of the system already"),
    ({"NB_GROUP": "daemon", "NB_GID": "5002"}, "NB_GID=5002 cannot be called daemon"),
    ({"CHOWN_HOME": "please"}, "CHOWN_HOME=please is neither yes nor no"),
    ({"CHOWN_HOME": "yes", "CHOWN_HOME_OPTS": "'"}, "CHOWN_HOME_OPTS=' cannot be read"),
    ({"CHOWN_EXTRA": "/nowhere"}, "cannot access '/nowhere': No such file or directory"),
    ({"GRANT_SUDO": "of course"}, "GRANT_SUDO=of course is neither yes nor no"),
]
FORBIDDEN = [
    (["--cap-drop=ALL"], {}, "without the capabilities SETGID and SETUID"),
    (["--security-opt=no-new-privileges"], {"GRANT_SUDO": "yes"}, "GRANT_SUDO=yes cannot work"),
    (["--read-only"], {"NB_USER": "ada"}, "cannot become ada, 1000:100, because the root file"),
]


def options(environment):
    return [word for pair in environment.items() for word in ("--env", "=".join(pair))]


@pytest.fixture(scope="module")
def as_root(engine, image):
    """Start the container as root with all that root can honour, and ask what came of it."""
    ran = engine("run", "--rm", "--user=root", *options(AS_ROOT), image, "python", "-c", PROBE)
    return {**json.loads(ran.stdout), "said": ran.stderr}


def test_the_account_is_as_asked_for(as_root):
    assert as_root["ids"] == ["ada", "5001", "class", "users"]
    assert as_root["homes"] == ["/home/ada"] * 3
    assert as_root["same home"], "what is mounted on /home/jovyan is theirs"


def test_folders_are_given_to_the_participant(as_root):
    assert as_root["owners"] == [[5001, 5002]] * 3


def test_sudo_makes_root_and_finds_the_images_programs(as_root):
    assert as_root["sudo"] == ["0", "/opt/venv/bin/jupyter"]


def test_the_umask_reaches_the_command(as_root):
    assert as_root["umask"] == 0o007


def test_secrets_do_not_reach_the_command(as_root):
    assert not as_root["environment"].keys() & {"SECRET", "JUPYTER_ENV_VARS_TO_UNSET"}
    assert as_root["environment"]["USER"] == "ada"


def test_the_course_may_be_another(as_root):
    assert "labconfig" in as_root["course"]


def test_a_number_of_threads_that_was_chosen_stays(as_root):
    assert as_root["environment"]["OMP_NUM_THREADS"] == "7"
    assert as_root["environment"]["OPENBLAS_NUM_THREADS"] != "7"


def test_quiet_leaves_what_somebody_should_know(as_root):
    (said,) = as_root["said"].splitlines()
    assert "There is no notebook in /etc/jupyter that can be read" in said


@pytest.fixture(scope="module")
def served(engine, image, eventually):
    """Start a server with TLS, another front end, port, base address and login."""
    name = f"swimlanes-test-{uuid.uuid4().hex[:8]}"
    ports = ("--publish", f"127.0.0.1::{SERVED['JUPYTER_PORT']}", "--hostname", "token-of-a-file")
    engine("run", "--detach", "--name", name, *ports, *options(SERVED), image)
    try:
        healthy = lambda: engine("exec", name, "healthcheck", check=False).returncode == 0  # noqa: E731
        eventually(healthy, within_s=60)
        yield engine("port", name, SERVED["JUPYTER_PORT"]).stdout.strip(), name
    finally:
        engine("rm", "--force", "--volumes", name)


def get(address, path=""):
    headers = {"Authorization": "token token-of-a-file"}
    url = f"https://{address}/the%20class/{path}"
    return httpx.get(url, headers=headers, verify=False, follow_redirects=True)


def test_the_port_the_base_address_and_the_front_end_are_those_asked_for(served, told):
    page = get(served[0])
    assert page.status_code == 200
    assert str(page.url).endswith("/the%20class/tree/course")
    assert "Jupyter Notebook" in page.text or "notebook_shim" in page.text
    assert f"{told(page)['serverRoot']}/course/START.ipynb" in told(page)["swimlanesPages"]
    assert "swimlanes" in [one["name"] for one in told(page)["federated_extensions"]]


def test_the_certificate_is_the_servers_own(served):
    address = served[0]
    host, port = address.split(":")
    pem = ssl.get_server_certificate((host, int(port)))
    with pytest.raises(httpx.ConnectError, match="certificate verify failed"):
        httpx.get(f"https://{address}/")
    trusting = ssl.create_default_context(cadata=pem)
    assert httpx.get(f"https://{address}/the%20class/api", verify=trusting).status_code == 200


def test_plain_http_is_not_served_besides(served):
    with pytest.raises(httpx.TransportError):
        httpx.get(f"http://{served[0]}/the%20class/api")


def test_the_token_of_a_file_lets_in_and_nothing_else_does(served):
    assert get(served[0], "api/contents").status_code == 200
    address = f"https://{served[0]}/the%20class/api/contents"
    assert httpx.get(address, verify=False).status_code == 403


def test_the_runtime_folder_is_where_it_was_asked_for(served, engine):
    files = engine("exec", served[1], "ls", SERVED["JUPYTER_RUNTIME_DIR"]).stdout
    assert "jpserver-" in files
    assert "own-certificate.pem" in files


def test_the_log_tells_the_address_with_its_protocol(served, engine):
    told = engine("logs", served[1]).stderr
    page = "https://lab.example.org:9000/the%20class/tree/course"
    assert f"Jupyter Notebook: {page} (with the token" in told
    assert "Executing: jupyter-notebook --ServerApp.base_url=/the%20class/" in told


def test_a_server_without_a_front_end(engine, image, start):
    container = start("--env", "DOCKER_STACKS_JUPYTER_CMD=server")
    assert "jupyter-server" in engine("top", container.name, "-eo", "pid,args").stdout
    assert httpx.get(f"{container.url}/lab?token=secret").status_code == 404


@pytest.mark.parametrize(
    ("user", "cases"), [("1000", REFUSED_TO_ANYBODY), ("root", REFUSED_TO_ROOT)]
)
def test_what_cannot_be_honoured_ends_the_start_with_one_sentence(
    engine, image, repository, tmp_path, user, cases
):
    settings = tmp_path / "cases.json"
    settings.write_text(json.dumps([case for case, _ in cases]))
    tmp_path.chmod(0o755)
    where = ("--user", user, "--volume", f"{settings}:/cases.json:ro", "--entrypoint", "bash")
    command = f"python -c '{REFUSALS}' </cases.json"
    answers = engine("run", "--rm", *where, image, "-c", command).stdout.splitlines()
    for (case, sentence), answer in zip(cases, answers, strict=True):
        code, said = json.loads(answer)
        assert code == 1, case
        assert sentence in said.splitlines()[-1], case
        assert "Traceback" not in said, case


@pytest.mark.parametrize(("limits", "settings", "sentence"), FORBIDDEN)
def test_what_the_container_may_not_do_ends_the_start(call, limits, settings, sentence):
    ran = call("id", options=("--user=root", *limits, *options(settings)))
    assert ran.returncode == 1
    assert sentence in ran.stderr
    assert len(ran.stderr.splitlines()) == 1


def test_what_only_root_can_honour_is_told_to_everybody_else(call):
    settings = {"NB_USER": "ada", "NB_UID": "5", "NB_GID": "6", "CHOWN_HOME": "no"}
    ran = call("id", "-un", options=options({**settings, "CHOWN_EXTRA": "/srv"}))
    assert ran.stdout == "jovyan\n"
    assert "] No effect of NB_USER NB_UID NB_GID CHOWN_EXTRA: " in ran.stderr


ROOTLESS = {"NB_USER": "root", "NB_UID": "0", "NB_GID": "0"}


def test_root_is_the_participant_where_a_rootless_engine_asks_for_it(start):
    """There root is the person outside, and nobody else owns what is mounted."""
    container = start("--user=root", *options(ROOTLESS))
    assert "The participant is root, 0:0" in container.log
    facts = "id -u; id -g; echo ~root; stat -c %u ~root/course"
    assert container.exec("bash", "-c", facts).split() == ["0", "0", "/home/root", "0"]
    assert container.exec("ps", "-o", "user=", "-C", "jupyter-lab").strip() == "root"


def test_every_row_of_the_table_is_tested_here_or_beside(repository):
    page = (repository / "image/README.md").read_text()
    tables = re.findall(r"^\| (`[^|]*) \| [^|]* \|$", page, re.M)
    rows = {name for cell in tables for name in re.findall(r"`(\w+)`", cell)}
    refused = {
        name for cases in (REFUSED_TO_ANYBODY, REFUSED_TO_ROOT) for c, _ in cases for name in c
    }
    tested = {*AS_ROOT, *SERVED, *refused}
    elsewhere = {
        "JUPYTER_TOKEN": "test_nobody_enters_without_the_token",
        "JUPYTERHUB_DEFAULT_URL": "test_the_first_page_may_be_another",
        "ALLOW_PIP": "test_a_participant_installs_into_the_home_where_that_is_allowed",
        "SWIMLANES_SOLUTIONS": "test_solutions_may_be_kept_back",
        **dict.fromkeys(
            ("PYTHON_CPU_COUNT", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "LOKY_MAX_CPU_COUNT"),
            "test_every_library_is_told_the_pinned_cores",
        ),
    }
    beside = "".join(file.read_text() for file in (repository / "tests/image").glob("test_*.py"))
    assert all(f"def {test}(" in beside for test in elsewhere.values())
    assert rows == (tested | elsewhere.keys()) - {"SECRET"}


def test_every_convention_on_the_page_is_proven_by_a_test(repository):
    page = (repository / "image/README.md").read_text()
    [table] = re.findall(r"^\| convention .*?\n\n", page, re.M | re.S)
    _, _, *rows = table.strip().splitlines()
    named = [re.search(r"\| `(test_\w+)` \|$", row) for row in rows]
    assert len(rows) > 20
    assert all(named), rows
    here = "".join(file.read_text() for file in (repository / "tests/image").glob("test_*.py"))
    assert [row[1] for row in named if f"def {row[1]}(" not in here] == []
