"""The entry point and the default command, without a container."""

from __future__ import annotations

import os
import pty
import re
import shlex
import shutil
import subprocess
import sys

import pytest
from serve import (
    announce,
    check_certificates,
    choose_server,
    read_options,
    read_token_file,
    under_a_hub,
)
from start import CORE_COUNTS, bring_course, limit_threads
from telling import tell_command

from swimlanes import usable_cores


@pytest.fixture
def start(repository, course, tmp_path):
    """Run the entry point as `make lab` does."""

    def run(*command, **environment):
        home = tmp_path / "home"
        home.mkdir(exist_ok=True)
        own = {
            "HOME": str(home),
            "SWIMLANES_COURSE": str(course),
            "JUPYTER_RUNTIME_DIR": str(tmp_path / "runtime"),
            "JUPYTER_DOCKER_STACKS_QUIET": "1",
            **environment,
        }
        script = repository / "image" / "entry" / "start.py"
        return subprocess.run(
            [sys.executable, script, *command],
            env={**os.environ, **own},
            capture_output=True,
            text=True,
            timeout=60,
        )

    return run


def test_every_library_is_told_the_usable_cores():
    environment = {}
    limit_threads(environment)
    assert environment == dict.fromkeys(CORE_COUNTS, str(int(usable_cores())))


def test_what_the_user_has_set_stays():
    environment = {"OMP_NUM_THREADS": "7"}
    limit_threads(environment)
    assert environment["OMP_NUM_THREADS"] == "7"
    assert environment["LOKY_MAX_CPU_COUNT"] == str(int(usable_cores()))


def test_the_command_gets_the_course_and_the_core_counts(start, tmp_path):
    ran = start("sh", "-c", "echo $OMP_NUM_THREADS; exit 3")
    assert ran.returncode == 3
    assert ran.stdout == f"{int(usable_cores())}\n"
    assert ran.stderr == ""
    assert (tmp_path / "home" / "course" / "00-your-cores.ipynb").exists()


def test_our_own_course_loads_neither_checks_nor_quizzes_at_the_start(start):
    loaded = start("true", PYTHONPROFILEIMPORTTIME="1").stderr
    assert "swimlanes.course" in loaded
    assert not {"swimlanes.checks", "swimlanes.quizzes"} & set(loaded.split())


@pytest.mark.parametrize(
    ("command", "code", "told"),
    [
        ("no-such-command", 127, "There is no command 'no-such-command' here"),
        ("/etc", 126, "The command '/etc' cannot be started"),
    ],
)
def test_a_command_that_cannot_run_is_told_in_one_sentence(start, command, code, told):
    ran = start(command)
    assert ran.returncode == code
    assert told in ran.stderr
    assert len(ran.stderr.splitlines()) == 1


def test_a_course_that_cannot_be_brought_does_not_stop_the_start(course, tmp_path, capsys):
    (tmp_path / "course").write_text("a file where the folder should be")
    bring_course(course, tmp_path / "course")
    assert "could not be brought up to date" in capsys.readouterr().err


def test_a_new_version_beside_an_edited_file_is_told(course, tmp_path, capsys):
    folder = tmp_path / "course"
    bring_course(course, folder)
    (folder / "06-speedup.ipynb").write_text("mine")
    (course / "06-speedup.ipynb").write_text("version 2")
    bring_course(course, folder)
    assert str(folder / "06-speedup-new.ipynb") in capsys.readouterr().err


def test_a_course_that_is_gone_leaves_the_start_page_of_the_one_before(course, tmp_path, capsys):
    folder = tmp_path / "course"
    assert bring_course(course, folder) == "START.ipynb"
    before = (folder / "START.ipynb").read_text()
    bring_course(tmp_path / "nowhere", folder)
    assert "There is no notebook in " in capsys.readouterr().err
    assert (folder / "START.ipynb").read_text() == before
    bring_course(tmp_path / "nowhere", tmp_path / "new")
    assert "There are no lessons here yet" in (tmp_path / "new" / "START.ipynb").read_text()


def test_faults_of_checks_and_quizzes_are_told_at_the_start(start, repository, tmp_path):
    own = shutil.copytree(repository / "tests/data/pictures", tmp_path / "own")
    assert start("true", SWIMLANES_COURSE=str(own)).stderr == ""
    settings = (own / "course.toml").read_text()
    (own / "course.toml").write_text('title = "Neither checks nor quizzes"')
    check, quiz = start("true", SWIMLANES_COURSE=str(own)).stderr.splitlines()
    assert "1-pictures.ipynb calls checks.brighter, and swimlanes has no such check. " in check
    assert "1-pictures.ipynb shows the quiz 'questions/white', and there is none of" in quiz
    (own / "course.toml").write_text(settings)
    (own / "checks.py").write_text("\ndef broken(:")
    questions = own / "questions.toml"
    questions.write_text(questions.read_text().replace("right = true", ""))
    ran = start("true", SWIMLANES_COURSE=str(own))
    assert ran.returncode == 0
    checks, quizzes = ran.stderr.splitlines()
    assert "WARNING" in checks
    assert "checks.py ends in SyntaxError in line 2: " in checks
    assert "WARNING" in quizzes
    assert "In questions.toml, line 1, questions/white breaks a rule: it has no right" in quizzes


def test_a_hub_is_known_by_its_token():
    assert under_a_hub({"JUPYTERHUB_API_TOKEN": "abc"})
    assert not under_a_hub({})


def test_without_a_token_a_random_one_is_made_and_told():
    environment = {"JUPYTER_TOKEN": "", "JUPYTER_PORT": "9999"}
    address = announce(environment, {}, "lab/START.ipynb")
    token = environment["JUPYTER_TOKEN"]
    assert len(token) == 48
    assert address == f"http://127.0.0.1:9999/lab/START.ipynb?token={token}"


def test_a_token_of_the_users_own_is_not_told():
    environment = {"JUPYTER_TOKEN": "secret"}
    assert "secret" not in announce(environment, {}, "")
    assert environment == {"JUPYTER_TOKEN": "secret"}


def test_a_token_is_taken_from_a_file_without_the_end_of_the_line(tmp_path):
    file = tmp_path / "token"
    file.write_text("secret\n")
    environment = {"JUPYTER_TOKEN_FILE": str(file)}
    read_token_file(environment)
    assert environment == {"JUPYTER_TOKEN": "secret"}


@pytest.mark.parametrize(("contents", "told"), [(None, "cannot be read"), ("\n", "holds no token")])
def test_a_file_without_a_token_ends_the_start(tmp_path, contents, told):
    file = tmp_path / "token"
    if contents:
        file.write_text(contents)
    with pytest.raises(SystemExit, match=rf"^ERROR\[.*\] JUPYTER_TOKEN_FILE={file} {told}"):
        read_token_file({"JUPYTER_TOKEN_FILE": str(file)})


@pytest.mark.parametrize(
    ("arguments", "address"),
    [
        (["--ServerApp.port=9000", "--port", "9001"], "http://127.0.0.1:9001/tree"),
        (["--ServerApp.base_url=/class/", "--debug"], "http://127.0.0.1:8888/class/tree"),
        (["--certfile", "/x.pem", "--base_url=a/b"], "https://127.0.0.1:8888/a/b/tree"),
        (["--LabApp.default_url=/lab/tree/my.ipynb"], "http://127.0.0.1:8888/lab/tree/my.ipynb"),
    ],
)
def test_the_address_follows_the_arguments(arguments, address):
    told = announce({"JUPYTER_TOKEN": "own"}, read_options(arguments), "tree")
    assert told.startswith(f"{address} ")


def test_the_address_is_the_one_that_the_outside_knows():
    settings = {"JUPYTER_TOKEN": "own", "PUBLIC_URL": "https://lab.example.org:9000/"}
    told = announce(settings, {"base_url": "/class/"}, "lab")
    assert told.startswith("https://lab.example.org:9000/class/lab ")


@pytest.mark.parametrize("address", ["9000", "lab.example.org", "http://", "http://a b", "ftp://a"])
def test_what_is_no_address_ends_the_start(address):
    with pytest.raises(SystemExit, match=f"PUBLIC_URL={address} is no address like http://"):
        announce({"PUBLIC_URL": address}, {}, "lab")


@pytest.mark.parametrize(
    "option", ["--IdentityProvider.token=hush", "--token hush", "--ServerApp.password='hush'"]
)
def test_what_is_executed_is_told_without_secrets(option, capsys, monkeypatch):
    monkeypatch.delenv("JUPYTER_DOCKER_STACKS_QUIET", raising=False)
    tell_command(["jupyter-lab", *shlex.split(option), "--debug"])
    told = capsys.readouterr().err
    assert "Executing: jupyter-lab " in told
    assert told.rstrip().endswith("--debug")
    assert "hush" not in told


LINE = r"(INFO|WARNING|ERROR)\[\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\] .+"
SPEAK = {
    "python": "from telling import *; inform('a'); warn('b'); stop('c')",
    "bash": "source telling.sh; tell INFO a; tell WARNING b; tell ERROR c",
}


@pytest.mark.parametrize("language", SPEAK)
@pytest.mark.parametrize(("settings", "colours"), [({}, 2), ({"NO_COLOR": "1"}, 0)])
def test_lines_have_level_and_time_and_colours_on_a_terminal(
    language, settings, colours, repository
):
    ours, theirs = pty.openpty()
    where = {"cwd": repository / "image/entry", "env": {"PATH": os.environ["PATH"], **settings}}
    command = [language, "-c", SPEAK[language]]
    on_a_terminal = subprocess.run(command, stderr=theirs, **where)
    os.close(theirs)
    shown = os.read(ours, 4096).decode()
    os.close(ours)
    piped = subprocess.run(command, capture_output=True, text=True, **where).stderr
    assert on_a_terminal.returncode in (0, 1)
    assert [re.fullmatch(LINE, line)[1] for line in piped.splitlines()] == [
        "INFO", "WARNING", "ERROR",
    ]  # fmt: skip
    assert (shown.count("\033[33m") + shown.count("\033[31m"), "\033" in piped) == (colours, False)


def test_a_password_makes_no_token():
    environment = {}
    chosen = read_options(["--PasswordIdentityProvider.hashed_password=argon2:x=y"])
    assert chosen == {"hashed_password": "argon2:x=y"}
    announce(environment, chosen, "")
    assert environment == {}


@pytest.mark.parametrize("option", ["certfile", "keyfile", "client_ca"])
@pytest.mark.parametrize(
    ("hub", "told"), [(False, "cannot be read by user"), (True, "under a hub")]
)
def test_tls_that_cannot_be_had_ends_the_start(option, hub, told):
    with pytest.raises(SystemExit, match=rf"^ERROR\[.*\] {option}.* {told}"):
        check_certificates({option: "/nowhere.pem"}, hub)


def test_a_certificate_that_is_there_is_taken(tmp_path):
    (tmp_path / "own.pem").touch()
    check_certificates({"certfile": str(tmp_path / "own.pem")}, hub=False)


def test_the_front_end_is_lab_unless_another_is_asked_for():
    assert choose_server({"DOCKER_STACKS_JUPYTER_CMD": ""}) == "lab"
    assert choose_server({"DOCKER_STACKS_JUPYTER_CMD": "notebook"}) == "notebook"
