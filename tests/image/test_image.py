"""The built image: who one is in it, what it measures, what it keeps."""

from __future__ import annotations

import json
import shutil

import httpx
import pytest

CORE_COUNTS = (
    "PYTHON_CPU_COUNT",
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "MKL_NUM_THREADS",
    "LOKY_MAX_CPU_COUNT",
)


@pytest.fixture
def two_cores(engine, require):
    cores = int(engine("info", "--format", "{{.NCPU}}").stdout)
    require(cores >= 2, "the engine has one core", "run the tests on a machine with two cores")


@pytest.mark.parametrize("cpuset", ["0", "0-1"])
def test_the_doctor_sees_the_pinned_cores(call, two_cores, cpuset):
    ran = call("swimlanes", "doctor", "--json", options=("--cpuset-cpus", cpuset))
    report = json.loads(ran.stdout)
    assert report["usable_cores"] == len(report["cpus"]) == (1 if cpuset == "0" else 2)
    assert report["interpreter"].startswith("CPython 3.13")
    [said] = ran.stderr.splitlines()
    assert said.endswith("] Executing: swimlanes doctor --json")


def test_the_doctor_tells_the_pinning_from_the_hosts_size(call, two_cores, engine):
    ran = call("swimlanes", "doctor", "--json", options=("--cpuset-cpus", "0"))
    report = json.loads(ran.stdout)
    assert report["bound_by"] == "affinity"
    assert str(report["host_cores"]) == engine("info", "--format", "{{.NCPU}}").stdout.strip()


def test_every_library_is_told_the_pinned_cores(call):
    ran = call(
        "printenv", *CORE_COUNTS, options=("--cpuset-cpus", "0", "--env", "MKL_NUM_THREADS=3")
    )
    assert ran.stdout.split() == ["1", "1", "1", "3", "1"]


def test_a_run_uses_two_workers_with_equal_results(call, two_cores):
    runs = {
        mode: json.loads(call(*f"swimlanes run --mode {mode} --workers 2 --json".split()).stdout)
        for mode in ("serial", "processes")
    }
    assert {task["worker"] for task in runs["processes"]["tasks"]} == {1, 2}
    assert runs["serial"]["results_digest"] == runs["processes"]["results_digest"]


def test_every_notebook_knows_how_to_show_lanes(call):
    cell = "%%lanes\nfrom multiprocessing import Pool\nwith Pool(2) as pool: pool.map(abs, [-1])"
    ran = call("ipython", "--no-banner", "-c", cell)
    assert "1 call on" in ran.stdout + ran.stderr


def test_the_participant_is_nobody_special(call):
    ran = call("sh", "-c", "id -un; id -u; id -g; pwd; stat -c %u:%g ~ ~/course")
    assert ran.stdout.split() == [
        "jovyan", "1000", "100", "/home/jovyan", "1000:100", "1000:100",
    ]  # fmt: skip


@pytest.mark.parametrize("folder", ["/opt/venv", "/opt/course", "/opt/entry", "/etc/jupyter"])
def test_what_the_image_brings_cannot_be_changed(call, folder):
    ran = call("sh", "-c", f"find {folder} -writable ! -type l; touch {folder}/x")
    assert ran.returncode != 0
    assert ran.stdout == ""
    assert "Permission denied" in ran.stderr


def test_the_lessons_of_the_repository_are_there(call, repository):
    ran = call("sh", "-c", "cd ~/course && ls *.ipynb")
    lessons = sorted(path.name for path in (repository / "course/notebooks").glob("*.ipynb"))
    assert ran.stdout.split() == lessons
    assert "00-your-cores.ipynb" in lessons


def test_the_hubs_server_is_there(call):
    assert call("jupyterhub-singleuser", "--version").returncode == 0


def test_an_unknown_command_is_told_in_one_sentence(call):
    ran = call("no-such-command")
    assert ran.returncode == 127
    [executing, told] = ran.stderr.splitlines()
    assert executing.startswith("INFO[")
    assert "] There is no command 'no-such-command' here." in told


def test_another_user_gets_a_temporary_home(start):
    container = start("--user", "4242:4242")
    assert "work is kept in /tmp/home-" in container.log
    assert "Traceback" not in container.log


def test_a_mounted_home_that_is_not_writable_is_not_given_up(call, engine, image, volume):
    mount = ("--volume", f"{volume}:/home/jovyan")
    engine(
        "run", "--rm", "--user", "0", "--entrypoint", "chown", *mount, image, "0:0", "/home/jovyan"
    )
    ran = call("swimlanes", "doctor", options=mount)
    assert ran.returncode == 1
    [told] = ran.stderr.splitlines()
    assert "User 1000 may not write to what is mounted on /home/jovyan" in told


def test_a_full_home_is_told_and_leaves_no_half_file(call):
    find = ("find", "course", "-type", "f", "-size", "-1", "-o", "-name", "*.part")
    ran = call(*find, options=("--tmpfs=/home/jovyan:uid=1000,gid=100,size=4k",))
    assert ran.returncode == 0
    assert ran.stdout == ""
    assert "No space left on device." in ran.stderr


def test_jupyterlab_opens_on_the_first_lesson_and_becomes_healthy(start, told, eventually):
    container = start("--health-interval=1s")
    eventually(lambda: container.health == "healthy", within_s=45)
    page = httpx.get(f"{container.url}/?token=secret", follow_redirects=True)
    assert page.url.path == "/lab/tree/course/START.ipynb"
    assert page.status_code == 200
    assert f"{told(page)['serverRoot']}/course/START.ipynb" in told(page)["swimlanesPages"]
    extension = f"{container.url}/lab/extensions/swimlanes/extension.js?token=secret"
    assert httpx.get(extension).headers["cache-control"] == "no-cache"


def test_a_server_that_is_not_there_is_not_healthy(call):
    assert call("healthcheck").returncode == 1


def test_nobody_enters_without_the_token(start):
    container = start()
    assert httpx.get(f"{container.url}/api/contents").status_code == 403
    assert httpx.get(f"{container.url}/lab").headers["location"].startswith("/login")


def test_no_news_are_fetched_and_terminals_work(start):
    container = start()
    headers = {"Authorization": "token secret"}
    plugin = "@jupyterlab/apputils-extension:notification"
    settings = httpx.get(f"{container.url}/lab/api/settings/{plugin}", headers=headers).json()
    defaults = settings["schema"]["properties"]
    assert defaults["fetchNews"]["default"] == "false"
    assert defaults["checkForUpdates"]["default"] is False
    assert httpx.post(f"{container.url}/api/terminals", headers=headers).status_code == 200


def test_a_login_shell_as_of_a_terminal_finds_the_command_line(call):
    ran = call("bash", "-l", "-c", "command -v swimlanes python")
    assert ran.stdout.split() == ["/opt/venv/bin/swimlanes", "/opt/venv/bin/python"]


def test_the_log_holds_the_address_and_little_else(start):
    container = start("--env", "JUPYTER_TOKEN=", "--env", "JUPYTER_PORT=8888")
    [serve, line, executing] = container.log.splitlines()
    assert serve.endswith("] Executing: serve")
    assert executing.endswith("] Executing: jupyter-lab")
    token = line.partition("?token=")[2]
    page = "/lab/tree/course/START.ipynb"
    assert line == f"JupyterLab: http://127.0.0.1:8888{page}?token={token}"
    opened = httpx.get(f"{container.url}{page}?token={token}", follow_redirects=True)
    assert (opened.status_code, opened.url.path) == (200, page)
    assert httpx.get(f"{container.url}/api/contents?token={token}").status_code == 200


@pytest.mark.parametrize(("solutions", "kept_back"), [("no", True), ("0", True), ("yes", False)])
def test_solutions_may_be_kept_back(call, solutions, kept_back):
    code = "from swimlanes import checks; checks.speedup(1); print(checks.solution())"
    ran = call("python", "-c", code, options=("--env", f"SWIMLANES_SOLUTIONS={solutions}"))
    assert ("Solutions are not shown here" in ran.stdout) == kept_back
    assert ran.returncode == 0


def test_what_shows_processes_and_fetches_files_is_there(call):
    programs = "ps top htop less nano git"
    assert len(call("which", *programs.split()).stdout.split()) == 6


@pytest.mark.parametrize(
    ("name", "broken"),
    [
        ("jupyter_server_config.py", "c.ServerApp.certfile = 1 / 0"),
        ("jupyter_server_config.json", '{"ServerApp": '),
        ("jupyter_server_config.d/tls.json", '{"ServerApp": '),
    ],
)
@pytest.mark.parametrize("hub_token", ["", "abc"])
def test_settings_that_cannot_be_loaded_end_the_server(call, tmp_path, name, broken, hub_token):
    settings = tmp_path / "settings"
    settings.write_text(broken)
    settings.chmod(0o644)
    tmp_path.chmod(0o755)
    mount = ("--volume", f"{settings}:/home/jovyan/.jupyter/{name}:ro")
    hub = {
        "JUPYTERHUB_API_TOKEN": hub_token,
        "JUPYTERHUB_API_URL": "http://127.0.0.1:1/hub/api",
        "JUPYTERHUB_ACTIVITY_URL": "http://127.0.0.1:1/hub/api/activity",
        "JUPYTERHUB_CLIENT_ID": "jupyterhub-user-ada",
        "JUPYTERHUB_USER": "ada",
        "JUPYTERHUB_SERVICE_PREFIX": "/user/ada/",
        "JUPYTERHUB_SERVICE_URL": "http://0.0.0.0:8888/user/ada/",
    }
    environment = [word for pair in hub.items() for word in ("--env", "=".join(pair))]
    ran = call(options=(*mount, *environment))
    assert ran.returncode == 1
    assert "Error" in ran.stderr.splitlines()[-1]


def test_a_restart_keeps_the_work(volume, start, engine):
    mount = ("--volume", f"{volume}:/home/jovyan")
    first = start(*mount)
    first.exec("sh", "-c", "echo mine > course/notes.txt; echo edited > course/06-speedup.ipynb")
    engine("rm", "--force", first.name)
    second = start(*mount)
    assert second.exec("cat", "course/notes.txt", "course/06-speedup.ipynb") == "mine\nedited\n"


def test_edits_survive_an_update_of_the_course(volume, start, engine, course):
    mounts = ("--volume", f"{volume}:/home/jovyan", "--volume", f"{course}:/opt/course:ro")
    first = start(*mounts)
    first.exec("sh", "-c", "echo mine > course/06-speedup.ipynb")
    engine("rm", "--force", first.name)

    for lesson in course.iterdir():
        lesson.write_text("version 2\n")
    second = start(*mounts)
    read = lambda name: second.exec("cat", f"course/{name}.ipynb")  # noqa: E731
    assert read("00-your-cores") == "version 2\n"
    assert read("06-speedup") == "mine\n"
    assert read("06-speedup-new") == "version 2\n"
    assert "course/06-speedup-new.ipynb" in second.log


ANSWER = """
import numpy as np
from swimlanes import checks, quizzes

def edges(picture):
    return np.abs(np.diff(picture))

print(checks.edges(edges).heading, quizzes.ask("questions/white"))
"""


def test_a_course_of_another_field(repository, tmp_path, start, told):
    course = tmp_path / "any course"
    shutil.copytree(repository / "tests/data/pictures", course)
    with (course / "course.toml").open("a") as settings:
        settings.write('first_page = "filters/10-edges.md"\nlogos = "logo.svg"\n')
    tmp_path.chmod(0o755)
    home = "--tmpfs=/home/jovyan:uid=1000,gid=100"
    container = start("--read-only", "--tmpfs=/tmp", home, f"--volume={course}:/opt/course:ro")
    assert "course.toml has no setting 'logos'; choose among" in container.log
    page = httpx.get(f"{container.url}/?token=secret", follow_redirects=True)
    assert page.url.path == "/lab/tree/course/filters/10-edges.ipynb"
    assert "/home/jovyan/course/filters/10-edges.ipynb" in told(page)["swimlanesPages"]
    assert f"{page.url.path} (with the token" in container.log
    assert set(container.exec("ls", "course").split()) == {
        *("1-pictures.ipynb", "README.md", "START.ipynb", "data", "filters", "logo.svg")
    }
    lesson = 'cd course/filters && JPY_SESSION_NAME=10-edges.ipynb exec python -c "$1"'
    said = container.exec("sh", "-c", lesson, "sh", ANSWER)
    assert said.startswith("✓ Right. Which grey is white")
    (mark,) = container.exec("ls", "course/.progress").split()
    assert mark.startswith("edges-")


def test_it_runs_with_the_hardening_of_the_compose_file_and_a_read_only_root(start):
    home = "--tmpfs=/home/jovyan:uid=1000,gid=100"
    container = start("--read-only", "--tmpfs=/tmp", home, "--cap-drop=ALL", "--pids-limit=256")
    assert "Traceback" not in container.log


def test_a_stop_is_obeyed_at_once(start, engine):
    container = start()
    engine("stop", "--time", "10", container.name)
    state = engine("inspect", "--format", "{{.State.ExitCode}}", container.name).stdout.strip()
    assert state == "0", "137 would mean that it had to be killed"
