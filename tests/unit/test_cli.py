import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.usefixtures("nothing_left")

QUICK = ("--workload", "query", "--tasks", "4", "--task-ms", "5")


def test_run_as_json(swimlanes):
    answer = swimlanes("run", "--mode", "processes", "--workers", "2", *QUICK, "--json")
    record = json.loads(answer.stdout)
    assert (record["mode"], record["workers"], record["tasks_count"]) == ("processes", 2, 4)
    assert [task["task"] for task in record["tasks"]] == [0, 1, 2, 3]


def test_run_in_words(swimlanes):
    answer = swimlanes("run", "--mode", "threads", "--workers", "2", *QUICK)
    assert answer.returncode == 0
    assert answer.stdout.startswith("threads: 4 tasks on 2 of 2 workers in 0.0")


def test_study_as_json_with_a_figure(swimlanes, tmp_path):
    figure = tmp_path / "curve.png"
    sizes = ("--max-workers", "2", "--repeats", "2")
    answer = swimlanes("study", "--mode", "threads", *QUICK, *sizes, "--figure", figure, "--json")
    record = json.loads(answer.stdout)
    assert [point["workers"] for point in record["points"]] == [1, 2]
    assert {"wall_times_s", "speedup", "ceiling", "efficiency"} <= record["points"][0].keys()
    assert record["serial_s"] > 0
    assert figure.read_bytes().startswith(b"\x89PNG")


def test_study_in_words(swimlanes):
    answer = swimlanes("study", "--mode", "threads", *QUICK, "--max-workers", "2", "--repeats", "1")
    assert "speedup" in answer.stdout
    assert answer.stderr == ""


def test_doctor(swimlanes):
    report = json.loads(swimlanes("doctor", "--json").stdout)
    assert report["usable_cores"] == len(report["cpus"]) or report["bound_by"] != "affinity"
    assert "speedup" in report["verdict"]
    assert report["memory_bytes"] > 2**28
    words = swimlanes("doctor").stdout
    assert "usable cores" in words
    assert report["interpreter"] in words


def test_doctor_on_one_core():
    cpu = min(os.sched_getaffinity(0))
    program = (
        f"import os; os.sched_setaffinity(0, {{{cpu}}})\n"
        "from swimlanes.doctor import examine; print(examine().verdict)"
    )
    verdict = subprocess.check_output([sys.executable, "-c", program], text=True)
    assert verdict.startswith(
        f"No speedup can be shown here: there is one core to use (pinned to {cpu}"
    )


@pytest.mark.parametrize(
    ("arguments", "code", "sentence"),
    [
        (
            ("run", "--workers", "0"),
            2,
            "The number of workers must be a whole number from 1 to 256",
        ),
        (("run", "--workers", "-3"), 2, "must be a whole number"),
        (("run", "--workers", "99999999"), 2, "must be a whole number"),
        (("run", "--workers", "two"), 2, "'two' is not a valid integer"),
        (("run", "--tasks", "0"), 2, "The number of tasks must be"),
        (("run", "--task-ms", "nan"), 2, "The task length must be"),
        (("run", "--mode", "magic"), 2, "There is no mode 'magic'"),
        (("run", "--workload", "magic"), 2, "There is no workload 'magic'"),
        (("study", "--repeats", "0"), 2, "The number of repeats must be"),
        (("study", "--mode", "serial"), 2, "Choose threads or processes"),
        (("study", "--figure", "curve.xyz"), 1, "must end in a format that can be drawn"),
        (("study", "--figure", "no/such/folder/a.png"), 1, "make the folder first"),
        (("magic",), 2, "No such command 'magic'"),
        (("run", "--magic"), 2, "No such option"),
    ],
)
def test_bad_input_is_one_sentence(swimlanes, arguments, code, sentence):
    answer = swimlanes(*arguments)
    assert answer.returncode == code
    assert sentence in answer.stderr
    assert len(answer.stderr.strip().splitlines()) == 1
    assert answer.stdout == ""


@pytest.mark.parametrize(
    ("signal_", "code"),
    [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, -1), (signal.SIGKILL, -9)],
)
def test_a_terminal_that_goes_away_leaves_nothing(signal_, code, eventually):
    command = [Path(sys.executable).parent / "swimlanes", "run", "--workload", "query"]
    process = subprocess.Popen(
        [*command, "--task-ms", "60000"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    eventually(lambda: Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text())
    process.send_signal(signal_)
    _, sentence = process.communicate(timeout=10)
    assert process.returncode == code
    assert "Traceback" not in sentence


def test_output_that_nobody_reads(swimlanes):
    command = f"{Path(sys.executable).parent / 'swimlanes'} run --json --workload query | head -1"
    answer = subprocess.run(command, shell=True, capture_output=True, text=True)
    assert answer.stderr == ""
