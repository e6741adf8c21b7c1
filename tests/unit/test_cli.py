import json
import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from swimlanes.cli.words import print_study

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
    assert answer.stdout.startswith("threads: 4 tasks on 2 workers in ")
    assert "Where the time of 2 workers went:" in answer.stdout
    shares = re.findall(r"^ *([0-9.]+)%  ", answer.stdout, re.MULTILINE)
    assert shares == sorted(shares, key=float, reverse=True)
    assert all(float(share) >= 1 for share in shares)
    assert 90 < sum(map(float, shares)) < 100.5


def test_run_with_every_choice(swimlanes):
    choices = (
        "--mode", "nested", "--workers", "2", "--threads", "2", "--workload", "payload", "--tasks",
        "6", "--task-bytes", "1000", "--lengths", "1,8,1.5,2", "--schedule", "imap_unordered",
        "--chunksize", "1", "--start-method", "spawn", "--limit", "20",
    )  # fmt: skip
    record = json.loads(swimlanes("run", *choices, "--json").stdout)
    wanted = {
        "mode": "nested", "workers": 2, "threads": 2, "workload": "payload", "tasks_count": 6,
        "task_bytes": 1000, "lengths": "1,8,1.5,2", "schedule": "imap_unordered", "chunksize": 1,
        "start_method": "spawn",
    }  # fmt: skip
    assert {name: record[name] for name in wanted} == wanted
    words = swimlanes("run", *choices).stdout
    assert re.match(r"nested: 6 tasks on [1-4] threads? of 2 processes × 2 threads in ", words)


def test_run_of_ones_own_function_tells_what_it_printed(swimlanes, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mine.py").write_text("def greet(name): print('Hello', name, flush=True)\n")
    (tmp_path / "names.json").write_text('["Ada", "Grace"]')
    command = ("run", "--mode", "serial", "--workload", "mine:greet", "--json", "--inputs")
    for inputs in ('["Ada", "Grace"]', "names.json"):
        answer = swimlanes(*command, inputs)
        assert answer.stderr == "Hello Ada\nHello Grace\n"
        assert json.loads(answer.stdout)["workload"] == "greet"


def test_a_task_that_takes_too_long_is_a_failure(swimlanes):
    slow = ("--workload", "query", "--task-ms", "5000", "--tasks", "1")
    answer = swimlanes("run", "--mode", "threads", *slow, "--limit", "0.1")
    assert answer.returncode == 1
    assert "longer than the limit of 0.1 s" in answer.stderr


def test_save_and_show(swimlanes, tmp_path):
    run, trace, study = (tmp_path / name for name in ("a.json", "a.trace.json", "study.json"))
    saved = swimlanes("run", "--mode", "threads", *QUICK, "--save", run, "--save", trace)
    assert saved.stderr == f"Saved to {run}.\nSaved to {trace}.\n"
    assert json.loads(trace.read_text())["traceEvents"]
    assert swimlanes("show", run).stdout == saved.stdout
    sizes = ("--max-workers", "2", "--repeats", "1", "--scaling", "weak")
    saved = swimlanes("study", "--mode", "threads", *QUICK, *sizes, "--save", study)
    shown = swimlanes("show", study, "--save", tmp_path / "study.csv")
    assert shown.stdout == saved.stdout
    assert (tmp_path / "study.csv").read_text().startswith("mode,workers,")


def test_what_cannot_be_saved_keeps_nothing_else_from_it(swimlanes, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    record, folder = tmp_path / "a.json", tmp_path / "folder.json"
    swimlanes("run", *QUICK, "--save", record)
    folder.mkdir()
    refused = swimlanes("show", record, "--save", folder, "--save", tmp_path / "b.csv")
    assert refused.returncode == 1
    assert "folder.json' cannot be saved (Is a directory)" in refused.stderr
    assert (tmp_path / "b.csv").exists()
    before = swimlanes("run", *QUICK, "--save", folder)
    assert (before.returncode, before.stdout) == (1, ""), "it was refused before it ran"


def test_a_record_with_a_mark_of_its_encoding_opens(swimlanes, tmp_path):
    record = tmp_path / "a.json"
    swimlanes("run", *QUICK, "--save", record)
    record.write_bytes(b"\xef\xbb\xbf" + record.read_bytes())
    assert swimlanes("show", record).returncode == 0


def test_what_cannot_be_saved_is_told_and_the_rest_is_saved(swimlanes, tmp_path):
    record = tmp_path / "a.json"
    told = swimlanes("run", *QUICK, "--mode", "serial", "--save", record).stdout
    nowhere = tmp_path / "nowhere" / "a.png"
    answer = swimlanes("show", record, "--save", nowhere, "--save", tmp_path / "a.csv")
    assert answer.stdout == told
    saved, refused = answer.stderr.splitlines()
    assert saved.startswith("Saved to ")
    assert "nowhere/a.png' cannot be saved (No such file or directory)" in refused
    assert (answer.returncode, (tmp_path / "a.csv").exists()) == (1, True)


@pytest.mark.usefixtures("few_modes")
def test_compare_in_words_and_saved(swimlanes, tmp_path):
    target = tmp_path / "ways.json"
    sizes = ("--max-workers", "2", "--repeats", "1")
    answer = swimlanes("compare", *QUICK, *sizes, "--save", target)
    assert answer.returncode == 0
    for expected in ("1 worker  2 workers", "processes (spawn)", "Not here: free-threaded."):
        assert expected in answer.stdout
    assert swimlanes("show", target).stdout == answer.stdout
    told = json.loads(swimlanes("compare", *QUICK, *sizes, "--json").stdout)
    assert {way["way"] for way in told["ways"]} >= {"threads", "processes (spawn)"}


def test_a_record_of_the_first_version_is_shown(swimlanes, repository):
    answer = swimlanes("show", repository / "tests/data/run-schema-1.json")
    assert answer.stdout.startswith("processes: 4 tasks on 2 workers in ")


def test_what_cannot_be_shown_is_one_sentence(swimlanes, tmp_path):
    answer = swimlanes("show", tmp_path / "missing.json")
    assert (answer.returncode, answer.stdout) == (1, "")
    assert len(answer.stderr.splitlines()) == 1
    assert "missing.json' cannot be read" in answer.stderr


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
    sizes = ("--max-workers", "3", "--repeats", "1", "--lengths", "1,8,1.5,2")
    answer = swimlanes("study", "--mode", "threads", *QUICK, *sizes)
    assert answer.stderr == ""
    for head in ("workers", "speedup", "spread", "possible", "efficiency", "fraction"):
        assert head in answer.stdout
    words = " ".join(answer.stdout.split())
    assert "No number of workers brings more than 1.56: the longest task" in words
    assert max(map(len, answer.stdout.splitlines())) <= 80


def test_study_in_words_says_where_the_speedup_went(capsys, make_study):
    print_study(make_study(disturbed=(2,)))
    words = " ".join(capsys.readouterr().out.split())
    assert re.search(r"2 processes: Speedup 1\.\d\d of 2\.00 possible", words)
    assert "Amdahl" not in words  # all that had a core for each lane was disturbed
    assert words.endswith(
        "* disturbed: programs outside the run used so much of the cores that it is no fair "
        "measurement. Measure again when those programs have ended."
    )


def test_study_in_words_tells_what_the_work_behaves_like(capsys, make_study):
    print_study(make_study())
    words = " ".join(capsys.readouterr().out.split())
    assert re.search(
        r"fitted to 3 repetitions on up to 2 cores: as if \d+\.\d% ± \d\.\d% of the work were",
        words,
    )


def test_weak_scaling_in_words(swimlanes):
    sizes = ("--max-workers", "2", "--repeats", "1", "--scaling", "weak", "--spread", "0.1")
    answer = swimlanes("study", "--mode", "threads", *QUICK, *sizes)
    assert "4 tasks per worker" in " ".join(answer.stdout.split())
    assert "Speedup" not in answer.stdout


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
        (("study", "--figure", "curve.xyz"), 2, "let it end in .json, .csv, .svg or .png"),
        (("study", "--figure", "no/such/folder/a.png"), 2, "make the folder first"),
        (("study", "--save", "curve.trace.json"), 2, "a study has many"),
        (("study", "--scaling", "odd"), 2, "There is no scaling 'odd'"),
        (("study", "--spread", "2"), 2, "must be a share between 0 and 1"),
        (("run", "--save", "run.pdf"), 2, "let it end in .trace.json, .json, .csv"),
        (("run", "--inputs", "[1]"), 2, "makes its own"),
        (("run", "--inputs", "[1"), 2, "is neither a JSON list nor a file with one"),
        (("run", "--inputs", "/dev/null"), 2, "is neither a JSON list nor a file with one"),
        (("run", "--workload", "math:sqrt"), 2, "needs inputs"),
        (("run", "--limit", "0"), 2, "must be a number of seconds above 0"),
        (("run", "--threads", "2"), 2, "make sense in the mode 'nested' only"),
        (("show",), 2, "Missing argument 'FILE'"),
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
        [*command, "--task-ms", "60000"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        # Whoever runs the tests may be deaf to it (nohup), and children inherit that.
        preexec_fn=lambda: signal.signal(signal.SIGHUP, signal.SIG_DFL),
    )
    eventually(lambda: Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text())
    process.send_signal(signal_)
    _, sentence = process.communicate(timeout=60)
    assert process.returncode == code
    assert "Traceback" not in sentence


DROPS = """
import signal, time
from swimlanes import cli
cli.HEARD_WITHIN_S = 0.2

class Drops:
    def __del__(self):
        signal.raise_signal(signal.{name})
        for _ in range(100):  # here the handler is run, and what it raises is dropped
            pass

with cli.signals_heard():
    Drops()
    print("dropped", flush=True)
    time.sleep(60)
"""


@pytest.mark.parametrize(("name", "code"), [("SIGTERM", 143), ("SIGINT", -2)])
def test_a_signal_that_was_dropped_is_heard_in_the_end(name, code):
    command = [sys.executable, "-c", DROPS.format(name=name)]
    answer = subprocess.run(command, capture_output=True, text=True, timeout=50)
    assert answer.stdout == "dropped\n"
    assert answer.returncode == code


def test_output_that_nobody_reads(tmp_path):
    target = tmp_path / "a.json"
    program = Path(sys.executable).parent / "swimlanes"
    command = f"{program} run --json --workload query --save {target} | true"
    answer = subprocess.run(command, shell=True, capture_output=True, text=True)
    assert answer.stderr == f"Saved to {target}.\n"
    assert target.exists()


def test_a_terminal_without_columns(swimlanes, monkeypatch):
    monkeypatch.setenv("COLUMNS", "0")
    assert "Where the time of 1 worker went" in swimlanes("run", *QUICK, "--mode", "serial").stdout


@pytest.mark.parametrize(
    ("name", "text", "what"),
    [
        ("numpy", "raise ValueError('mine')", "the package"),
        ("click", "", "the package"),
        ("random", "", "Python's own module"),
    ],
)
def test_a_file_that_hides_what_is_needed_is_named(
    swimlanes, tmp_path, monkeypatch, name, text, what
):
    (tmp_path / f"{name}.py").write_text(text)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    answer = swimlanes("run", *QUICK)
    assert answer.stderr == f"{tmp_path}/{name}.py hides {what} `{name}`: rename it.\n"
    assert answer.returncode != 0


def test_an_initializer_and_a_warm_up(swimlanes, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mine.py").write_text(
        "import time\n"
        "def remember(*values): globals()['data'] = values\n"
        "def recall(x): time.sleep(0.005); print(x, data)\n"
    )
    command = ("run", "--workload", "mine:recall", "--inputs", "[7]", "--mode", "processes")
    chosen = ("--initializer", "mine:remember", "--initargs", '[1, "two"]', "--warmup", "2")
    answer = swimlanes(*command, "--workers", "1", *chosen, "--json")
    assert answer.stderr == 3 * "7 (1, 'two')\n"
    record = json.loads(answer.stdout)
    assert record["warmup"] == 2
    assert record["warmup_s"] >= 0.01
    words = swimlanes(*command, "--workers", "1", *chosen).stdout
    assert re.match(r"processes: 1 task on 1 worker in .* after a warm-up of ", words)


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (("--initializer", "nowhere:f"), "The function 'nowhere:f' cannot be imported"),
        (("--initargs", "[1]"), "initargs (1,) were given without an initializer"),
        (("--initargs", "5"), "'5' is neither a JSON list nor a file with one"),
        (("--warmup", "-1"), "from 0 to 1000, not -1"),
    ],
)
def test_a_beginning_that_makes_no_sense(swimlanes, options, sentence):
    answer = swimlanes("run", *QUICK, *options)
    assert answer.returncode == 2
    assert sentence in answer.stderr
    assert len(answer.stderr.splitlines()) == 1


@pytest.mark.parametrize("command", ["study", "compare"])
def test_results_that_do_not_repeat_are_told_once(
    swimlanes, command, tmp_path, monkeypatch, few_modes
):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mine.py").write_text("import os\ndef own_pid(_): return os.getpid()\n")
    request = (command, "--workload", "mine:own_pid", "--inputs", "[1, 2]")
    few = ("--max-workers", "1", "--repeats", "2")
    answer = swimlanes(*request, *few)
    assert answer.returncode == 0
    told = " ".join((answer.stdout + answer.stderr).split())
    assert told.count("The results do not repeat: task 0 returned ") == 1
    assert "--no-check-results" in told
    silent = swimlanes(*request, *few, "--no-check-results")
    assert "do not repeat" not in silent.stdout + silent.stderr
    (remark,) = json.loads(swimlanes(*request, *few, "--json").stdout)["remarks"]
    assert remark.startswith("The results do not repeat")
