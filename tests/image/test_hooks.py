"""Hooks: sourced or run, before and after the account is made."""

from __future__ import annotations

import pytest

HOOKS = {
    "start-notebook.d/10-first.sh": "export FOUND=first; umask 027; ulimit -n 512; NOT=exported",
    "start-notebook.d/20-program": '#!/bin/sh\necho "run as $(id -u) after $FOUND"; exit 3',
    "start-notebook.d/30-notes.txt": "no hook",
    "before-notebook.d/10-last.sh": 'export FOUND="$FOUND, last"; getent passwd ada; false',
    "before-notebook.d/20-python": '#!/usr/bin/python3\nprint("Python after", end=" the shell\\n")',
}


@pytest.fixture
def hooked(call, tmp_path):
    """Run a command in a container with hooks: a file's path in ``/usr/local/bin``, its text."""

    def run(hooks, *command, user="root"):
        for name, text in hooks.items():
            file = tmp_path / name
            file.parent.mkdir(exist_ok=True)
            file.write_text(f"{text}\n")
            file.chmod(0o644 if file.suffix else 0o755)
        tmp_path.chmod(0o755)
        mounts = [
            f"--volume={folder}:/usr/local/bin/{folder.name}:ro" for folder in tmp_path.iterdir()
        ]
        return call(*command, options=(f"--user={user}", "--env=NB_USER=ada", *mounts))

    return run


def test_hooks_run_in_order_around_the_account_and_change_what_the_command_gets(hooked):
    ran = hooked(HOOKS, "sh", "-c", "echo $(id -un), $FOUND, $(umask), $(ulimit -n), $NOT")
    assert ran.returncode == 0
    assert ran.stdout.splitlines() == [
        "run as 0 after first",
        "ada:x:1000:100::/home/ada:/bin/bash",
        "Python after the shell",
        "ada, first, last, 0027, 512,",
    ]


def test_a_hook_that_fails_or_is_none_is_told(hooked):
    said = hooked(HOOKS, "true").stderr
    assert "20-program has failed with exit code 3." in said
    assert "30-notes.txt is ignored: it is neither a *.sh nor executable." in said
    assert "10-last.sh has failed with exit code 1." in said
    assert said.count("failed") == 2
    assert "Executing: true" in said


@pytest.mark.parametrize("text", ["exit 4", "set -e; (exit 4)"])
def test_a_hook_that_ends_the_start_is_named(hooked, text):
    ran = hooked({"before-notebook.d/leave.sh": text}, "true", user="1000")
    assert ran.returncode == 4
    assert ran.stderr.splitlines()[-1].endswith("leave.sh ended the start with exit code 4.")


@pytest.mark.parametrize("way", ["source run-hooks.sh", "run-hooks.sh"])
def test_hooks_can_be_called_by_name_as_in_the_docker_stacks(hooked, way):
    hooks = {"hooks.d/10-first.sh": "FOUND=first", "hooks.d/20-program": "#!/bin/sh\necho ran"}
    command = f"{way} /usr/local/bin/hooks.d; echo $? $FOUND"
    ran = hooked(hooks, "bash", "-c", command, user="1000")
    assert ran.stdout.split() == ["ran", "0", *(["first"] if "source" in way else [])]


@pytest.mark.parametrize("way", ["source run-hooks.sh", "run-hooks.sh"])
@pytest.mark.parametrize("folder", ["", "/nowhere", "/usr /etc"])
def test_hooks_without_their_folder_are_refused_in_one_sentence(call, way, folder):
    ran = call("bash", "-c", f"{way} {folder}; echo $?")
    assert ran.stdout == "1\n"
    assert f"needs one folder with hooks, and got: {folder or 'nothing'}." in ran.stderr
