"""`swimlanes watch`: whatever a script does, it does as if Python had run it."""

import json
import re
import signal
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

pytestmark = pytest.mark.usefixtures("nothing_left")

WATCH = [str(Path(sys.executable).parent / "swimlanes"), "watch"]
POOL = "from multiprocessing.pool import ThreadPool\nwith ThreadPool(2) as p: p.map(abs, [1, -2])\n"
TOLD = re.compile(
    r"^(No worker was started here|Call [0-9]+, with |The call with |A worker of "
    r"|Worker [0-9]+ of |This is no fair "
    r"|[0-9]+ calls? (on|began))(?s:.)*",
    re.MULTILINE,
)

ALIKE = {
    "arguments": "import sys; print(sys.argv, sys.orig_argv[1:])",
    "main": "print(__name__, __file__, __spec__, __package__, sorted(vars()), __loader__)",
    "its main module": "import sys; print(vars(sys.modules['__main__']) is globals())",
    "folder of modules": "import sys; print(sys.path)",
    "module beside it": "import beside; print(beside.__name__)",
    "annotations": "x: int = 1\nprint(__annotations__)",
    "futures are its own": "def f(x: missing): pass",
    "input": "print(input().upper()); print(open(0).read())",
    "streams": "import sys; print([(s.encoding, s.errors) for s in (sys.stdout, sys.stderr)])",
    "threads": "import threading; print(threading.current_thread())",
    "exit code": "import sys; sys.exit(7)",
    "exit code None": "import sys; sys.exit()",
    "exit code True": "raise SystemExit(True)",
    "exit code of bytes": "raise SystemExit(b'x')",
    "exit code as text": "raise SystemExit('sorry')",
    "error": "def f():\n    1 / 0\nf()",
    "error with a cause": "try:\n    1 / 0\nexcept Exception as e:\n    raise KeyError('x') from e",
    "error with a hook": (
        "import sys\nsys.excepthook = lambda *e: print(e[0], e[2].tb_lineno)\n1 / 0"
    ),
    "hook at the end": (
        "import atexit, sys\n"
        "atexit.register(lambda: print(sys.excepthook is sys.__excepthook__))\n1/0"
    ),
    "errors in a group": "raise ExceptionGroup('several', [ValueError(1), KeyError(2)])",
    "wrong syntax": "print('a'\nx = 1",
    "interrupt": "def f(): raise KeyboardInterrupt\nf()",
    "unraisable error": "class A:\n    def __del__(self): 1 / 0\nA()\nprint('b')",
    "error at the end": "import atexit\n@atexit.register\ndef f(): 1 / 0",
    "things to do at the end": "import atexit; atexit.register(print, 'end'); print('first')",
    "daemon thread": (
        "import threading\nthreading.Thread(target=threading.Event().wait, daemon=True).start()"
    ),
    "fork": "import os\npid = os.fork()\nif pid: os.waitpid(pid, 0)\nprint('p' if pid else 'c')",
    "fork with an error": "import os\nif os.fork(): os.wait()\n1 / 0",
    "no other children": "import os\ntry: os.wait()\nexcept ChildProcessError: print('none')",
    "signal handlers": (
        "import signal\nfor s in (signal.SIGINT, signal.SIGTERM, signal.SIGALRM):\n"
        "    print(signal.getsignal(s))"
    ),
    "interrupted": (
        "import os, signal\nsignal.signal(signal.SIGINT, signal.default_int_handler)\n"
        "os.kill(os.getpid(), signal.SIGINT)"
    ),
    "interrupt heard": (
        "import os, signal\nsignal.signal(signal.SIGINT, lambda *_: print('heard'))\n"
        "os.kill(os.getpid(), signal.SIGINT)"
    ),
    "start method set": (
        "import multiprocessing as m\nm.set_start_method('spawn')\nprint(m.get_start_method())"
    ),
    "closed streams": "import sys; sys.stdout.close()",
    "stack": "import traceback\ntry: 1 / 0\nexcept ArithmeticError: traceback.print_exc()",
}  # fmt: skip


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """Be in a folder with scripts."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "beside.py").write_text(
        "if __name__ == '__main__':\n    print('beside', __file__)\n"
    )
    return tmp_path


def both(*command, **how):
    """Run it by Python and watched; stderr without what is told at the end."""
    how = {"input": "abc\ndef\n", **how}
    python, watched = (
        subprocess.run([*start, *command], capture_output=True, text=True, timeout=60, **how)
        for start in ([sys.executable], WATCH)
    )
    watched.stderr = TOLD.sub("", watched.stderr)
    return python, watched


def assert_alike(python, watched):
    assert comparable(watched.stdout) == comparable(python.stdout)
    assert comparable(watched.stderr) == comparable(python.stderr)
    assert watched.returncode == python.returncode


def comparable(text):
    """Return text without addresses, the ids of threads, and one of the names of Python."""
    return re.sub("0x[0-9a-f]+|started [0-9]+|(?<=/python)3", "", text)


@pytest.mark.parametrize("name", ALIKE)
def test_a_script_does_what_it_does_in_python(folder, name):
    (folder / "script.py").write_text(ALIKE[name])
    assert_alike(*both("script.py", "--save", "--", "-m", "a b"))


@pytest.mark.parametrize("command", ["-m beside", "-m kit", "-m kit.part -m x"])
def test_a_module_does_what_it_does_in_python(folder, command):
    (folder / "kit").mkdir()
    for name in ("__init__", "__main__", "part"):
        source = "import sys\nprint(sys.argv, sys.path, sys.orig_argv[1:], __name__, __spec__)\n"
        (folder / "kit" / f"{name}.py").write_text(source + "if __name__ == '__main__': 1 / 0\n")
    assert_alike(*both(*command.split()))


@pytest.mark.parametrize("name", ["folder", "folder.zip", "folder/__main__.py", "./linked.py"])
def test_folders_zip_files_and_links_do_what_they_do_in_python(folder, name):
    source = "import sys, part\nprint(sys.argv, sys.path, __file__, part.__file__)\n1 / 0\n"
    (folder / "folder").mkdir()
    for file, text in (("__main__.py", source), ("part.py", "")):
        (folder / "folder" / file).write_text(text)
    with zipfile.ZipFile("folder.zip", "w") as zipped:
        for file in ("__main__.py", "part.py"):
            zipped.write(f"folder/{file}", file)
    Path("linked.py").symlink_to("folder/__main__.py")
    assert_alike(*both(name, "1"))


@pytest.mark.parametrize("command", [("-m", "missing"), ("-m", "package"), ("package",)])
def test_what_python_cannot_run_is_told_as_python_does(folder, command):
    (folder / "package").mkdir()
    assert_alike(*both(*command))


@pytest.mark.parametrize("method", ["fork", "spawn", "forkserver"])
@pytest.mark.parametrize("option", [[], ["-m"]])
def test_its_processes_find_its_functions(folder, method, option):
    (folder / "squares.py").write_text(
        "import multiprocessing, sys\n"
        "def square(x): return x * x\n"
        "if __name__ == '__main__':\n"
        "    with multiprocessing.get_context(sys.argv[1]).Pool(2) as p:\n"
        "        print(p.map(square, range(5)))\n"
    )
    python, watched = both(*option, "squares" if option else "squares.py", method)
    assert_alike(python, watched)
    assert watched.stdout == "[0, 1, 4, 9, 16]\n"


def test_threads_that_outlive_the_script_are_waited_for_and_seen(folder):
    (folder / "script.py").write_text(
        "import threading, time, multiprocessing\n"
        "main = threading.main_thread()\n"
        "threading.Thread(target=lambda: (main.join(), print('later'))).start()\n"
        "multiprocessing.get_context('fork').Process(target=print, args=('child',)).start()\n"
    )
    answer = subprocess.run([*WATCH, "script.py"], capture_output=True, text=True, timeout=60)
    assert sorted(answer.stdout.split()) == ["child", "later"]
    assert "2 calls on 2 workers in " in answer.stderr
    assert answer.returncode == 0


def test_a_child_that_outlives_the_watch_has_pools(folder):
    (folder / "script.py").write_text(
        "import os, sys\nfrom multiprocessing import get_context\n"
        "if not os.fork():\n"
        "    sys.stdin.read()\n"
        "    with get_context('fork').Pool(2) as p: print(p.map_async(abs, [-1, -2]).get(30))\n"
    )
    command = subprocess.Popen(
        [*WATCH, "script.py"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        stderr=subprocess.DEVNULL,
    )  # fmt: skip
    assert command.wait(60) == 0
    assert command.communicate("", 60)[0] == "[1, 2]\n"


def test_what_is_printed_is_unchanged_and_the_rest_goes_to_stderr(folder):
    data = bytes(range(256)) * 100
    (folder / "script.py").write_text(
        POOL + "import sys; sys.stdout.buffer.write(sys.stdin.buffer.read())"
    )
    answer = subprocess.run([*WATCH, "script.py"], capture_output=True, input=data, timeout=60)
    assert answer.stdout == data
    assert b"2 calls on " in answer.stderr
    assert b"\x1b" not in answer.stderr


def test_options_stand_before_the_script(swimlanes, folder):
    (folder / "script.py").write_text(POOL + "import sys, os; print(sys.argv); os.chdir('/')")
    kinds = ("json", "csv", "svg", "png", "trace.json")
    options = [part for kind in kinds for part in ("--save", f"a.{kind}")]
    answer = swimlanes("watch", *options, "script.py", "--save", "b.json")
    assert answer.stdout == "['script.py', '--save', 'b.json']\n"
    assert all((folder / f"a.{kind}").stat().st_size > 100 for kind in kinds)
    told = " ".join(answer.stderr.split())
    assert all(f"Saved to {folder}/a.{kind}." in told for kind in kinds)
    assert swimlanes("show", "a.json").stdout.startswith("watched: 2 ")
    assert json.loads((folder / "a.json").read_text())["workload"] == "script.py"


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ([], "There is no script to run."),
        (["missing.py"], "The script 'missing.py' cannot be read (No such file or directory)."),
        (["--svae", "a.json", "script.py"], "No such option"),
        (["--save", "a.xyz", "script.py"], "a.xyz"),
        (["--save", "nowhere/a.json", "script.py"], "There is no folder for 'nowhere/a.json'"),
    ],
)
def test_wrong_use_is_told_before_anything_runs(swimlanes, folder, arguments, told):
    (folder / "script.py").write_text("print('ran')")
    answer = swimlanes("watch", *arguments)
    assert (answer.returncode, answer.stdout) == (2, "")
    assert told in answer.stderr
    assert len(answer.stderr.splitlines()) == 1


def test_a_file_that_hides_what_the_summary_needs_is_named(swimlanes, folder):
    (folder / "rich.py").touch()
    (folder / "script.py").write_text("print('ran')")
    answer = swimlanes("watch", "script.py")
    assert (answer.returncode, answer.stdout) == (0, "ran\n")
    assert answer.stderr == "rich.py in this folder hides the package `rich`: rename it.\n"


@pytest.mark.parametrize(("ending", "code"), [("", 1), ("sys.exit()", 1), ("sys.exit(5)", 5)])
def test_what_cannot_be_saved_is_told_and_fails_a_script_that_did_not(
    swimlanes, folder, ending, code
):
    (folder / "script.py").write_text(f"import sys; print('printed'); {ending}")
    answer = swimlanes("watch", "--save", "a.json", "script.py")
    assert (answer.returncode, answer.stdout) == (code, "printed\n")
    assert "There is no run: no call was seen." in answer.stderr
    (folder / "script.py").write_text(f"{POOL}import os; os.rmdir('place'); import sys; {ending}")
    (folder / "place").mkdir()
    answer = swimlanes("watch", "--save", "place/a.json", "--save", "a.csv", "script.py")
    assert answer.returncode == code
    assert "place/a.json' cannot be saved (No such file or directory)" in answer.stderr
    assert (folder / "a.csv").exists()


WAITING = "import signal, sys, time\n{}\nprint('ready', flush=True)\nwhile True: time.sleep(1)\n"


def test_sigterm_is_for_the_scripts_own_handler(folder):
    handler = "signal.signal(signal.SIGTERM, lambda *_: sys.exit('ended'))"
    (folder / "script.py").write_text(WAITING.format(handler))
    python, watched = (ended_by(signal.SIGTERM, start) for start in ([sys.executable], WATCH))
    assert_alike(python, watched)
    assert (watched.returncode, watched.stderr) == (1, "ended\n")


def ended_by(number, start):
    command = [*start, "script.py"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    process.stdout.readline()
    process.send_signal(number)
    out, err = process.communicate(timeout=60)
    return subprocess.CompletedProcess(command, process.returncode, out, TOLD.sub("", err))


@pytest.mark.parametrize(
    ("ending", "code"),
    [
        ("os.kill(os.getpid(), signal.SIGTERM)", -signal.SIGTERM),
        ("os.kill(os.getpid(), signal.SIGKILL)", -signal.SIGKILL),
        ("os._exit(3)", 3),
    ],
)
def test_a_script_that_ends_at_once_leaves_nothing_at_the_next_start(folder, ending, code):
    (folder / "script.py").write_text(f"import os, signal\nprint('a', flush=True)\n{ending}")
    python, watched = both("script.py")
    assert_alike(python, watched)
    assert watched.returncode == code
    subprocess.run([*WATCH, "beside.py"], check=True, timeout=60, capture_output=True)
