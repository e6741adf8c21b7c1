"""An instructor's mistakes: each ends in one sentence, and starts nothing."""

from __future__ import annotations

import os
import re
import socket
import subprocess

import pytest


@pytest.fixture(scope="module")
def trial(new_class):
    """Return a class of one, not started."""
    return new_class("Ada")


def refused(done):
    """Return the sentence; there is one, and the exit code is not 0."""
    assert done.returncode != 0
    said = [line for line in (done.stdout + done.stderr).splitlines() if "classroom: " in line]
    assert len(said) == 1, done
    return said[0]


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({"HUB_COOKIE_SECRET": ""}, "There is no HUB_COOKIE_SECRET in .* run: make hub-secret"),
        (
            {"CLASS_CORES": "0-4095"},
            "CLASS_CORES=0-4095 names core [0-9]+, which this host does not",
        ),
        ({"IMAGE": "nothing-of-that-name"}, "is not there; build it, with: docker build"),
        ({"DOCKER_SOCKET": "/dev/null"}, "reaches no Docker engine; .* has to be mounted"),
        ({"HUB_ADDRESS": "0.0.0.0"}, "passwords over the network in plain HTTP; set TLS_CERT"),
        ({"HOME_SIZE": "5G"}, r"HOME_SIZE=5G cannot be kept \(.*quota.*\); it needs .* XFS"),
        ({"TLS_CERT": "no.pem", "TLS_KEY": "no.pem"}, r"TLS_CERT=no\.pem cannot be read"),
        ({"CLASS_FOLDER": "{empty}"}, r"no accounts yet; run: make roster NAMES=names\.txt"),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else "",
)
def test_a_class_that_cannot_start_says_why(trial, engine, tmp_path, settings, sentence):
    settings = {name: value.format(empty=tmp_path) for name, value in settings.items()}
    assert re.search(sentence, refused(trial.manage("up", **settings)))
    project = f"label=com.docker.compose.project={trial.project}"
    assert engine("ps", "--quiet", "--filter", project).stdout == "", "nothing runs"


def test_a_port_that_is_taken_is_named(trial):
    with socket.socket() as busy:
        busy.bind(("127.0.0.1", 0))
        busy.listen()
        port = str(busy.getsockname()[1])
        done = trial.manage("up", HUB_PORT=port)
    assert done.returncode == 2
    assert f"port {port} is taken; end what listens there, or set another HUB_PORT" in done.stderr


@pytest.mark.parametrize(
    ("command", "sentence"),
    [
        (("roster", ""), "whose names? Run: make roster NAMES=names.txt"),
        (("roster", "nowhere.txt"), "there is no file nowhere.txt to read"),
        (("password", ""), "whose password? Run: make password NAME=ada-lovelace"),
        (("password", "eve"), "There is no account 'eve'; there are ada, instructor."),
        (("restore", ""), "from which file? Run: make restore BACKUP="),
        (("restore", "nowhere.tar.gz"), "there is no file nowhere.tar.gz to read"),
        (("backup",), "has no work to back up: nobody has started a server"),
        (("sing",), "there is no command sing"),
    ],
    ids=lambda value: "-".join(value) if isinstance(value, tuple) else "",
)
def test_a_command_that_lacks_something_says_what(trial, command, sentence):
    done = trial.manage(*command)
    assert done.returncode == 2
    assert sentence in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


@pytest.mark.parametrize(
    ("command", "settings", "sentence"),
    [
        ("ready", {"HUB_PROXY_TOKEN": ""}, "there is no HUB_PROXY_TOKEN in image/hub/.env"),
        ("check", {"CLASS_CORES": "0-4095"}, "CLASS_CORES=0-4095 names core"),
    ],
)
def test_what_is_missing_is_said_before_anything_is_built(trial, command, settings, sentence):
    done = trial.manage(command, IMAGE="nothing-of-that-name", **settings)
    assert done.returncode != 0
    assert sentence in done.stderr
    assert trial.manage(command, IMAGE="nothing-of-that-name").returncode == 0


def test_what_one_participant_can_do_to_all_is_said_loudly(trial):
    assert "WARNING: No home has a limit: one participant can fill" in trial.manage("check").stderr


def test_a_class_is_opened_only_where_an_engine_answers(repository):
    told = subprocess.run(
        ["make", "hub"], cwd=repository, capture_output=True, text=True,
        env=os.environ | {"DOCKER_HOST": "unix:///nowhere"},
    )  # fmt: skip
    assert told.returncode != 0
    assert "no Docker engine answers" in told.stderr
    assert "buildx" not in told.stdout


def test_nothing_to_do_is_said_and_leaves_nothing(trial, engine):
    assert "No class is open." in trial.manage("stop").stdout
    networks = engine("network", "ls", "--quiet", "--filter", f"name={trial.project}")
    assert networks.stdout == ""
    trial.manage("backup")
    assert not (trial.folder / "backups").exists()


def test_a_list_of_names_that_makes_no_roster_changes_nothing(trial, tmp_path):
    before = (trial.folder / "roster.json").read_text()
    (tmp_path / "names.txt").write_text("Ada\nada\n")
    done = trial.manage("roster", str(tmp_path / "names.txt"))
    assert done.returncode == 2
    assert "Lines 1 and 2 of the list of names both become the account 'ada'" in done.stderr
    assert (trial.folder / "roster.json").read_text() == before


def test_a_lost_slip_is_replaced_without_an_engines_network(trial):
    done = trial.manage("password", "ada")
    assert done.returncode == 0
    assert trial.passwords["ada"] not in done.stdout
    assert "password" in done.stdout


def test_without_an_engine_every_command_says_so(trial):
    for command in ("up", "stop", "course", "backup", "roster", "restore", "password"):
        done = trial.manage(command, "x", DOCKER_HOST="unix:///nowhere")
        assert done.returncode == 2
        assert "no Docker engine answers; start it and try again." in done.stderr
