import dataclasses
import json
import os
import re
import subprocess
import sys

import pytest

from swimlanes.cores import Limit
from swimlanes.doctor import Facts, examine, facts
from swimlanes.doctor.advice import MEASURE, find_actions, find_verdict
from swimlanes.doctor.facts import COUNTED_BY_LIBRARIES, Program
from swimlanes.doctor.processor import foreign

WELL = Facts(
    usable_cores=2,
    host_cores=16,
    cpus=(0, 1),
    bound_by="affinity",
    reason="pinned to 0–1",
    limits=(Limit("host", 16, "the host has 16 CPUs"), Limit("affinity", 2, "pinned to 0–1")),
    interpreter="CPython 3.13.5",
    machine="x86_64",
    emulated_on=None,
    start_method="fork",
    memory_bytes=2 * 2**30,
    others_load=0.01,
    physical_cores=2,
    quota=None,
    throttled_s=0.0,
    busiest=(),
    shared_memory_bytes=256 * 2**20,
    variables=dict.fromkeys(COUNTED_BY_LIBRARIES, "2"),
    unavailable_modes={},
)


ONE = {"usable_cores": 1, "physical_cores": 1, "variables": {}}
BUSY = (Program("chromium", 4711, 0.5), Program("make", 4712, 0.25))


def with_facts(**changed):
    return dataclasses.replace(WELL, **changed)


def test_where_all_is_well_there_is_only_to_measure():
    assert find_verdict(WELL) == (
        "A speedup can be shown here, up to 2.0: there are 2 cores (pinned to 0–1)."
    )
    assert find_actions(WELL) == (MEASURE,)


@pytest.mark.parametrize(
    ("changed", "possible"),
    [
        ({"quota": 1.5}, 1.5),
        (ONE | {"quota": 0.5}, 1.0),
        ({"usable_cores": 4, "physical_cores": 2, "quota": 4.0}, 2.0),
        ({"usable_cores": 4, "physical_cores": 4, "quota": 8.0}, 4.0),
    ],
)
def test_the_speedup_that_is_possible(changed, possible):
    assert with_facts(**changed).possible_speedup == possible


@pytest.mark.parametrize(
    ("changed", "possible", "verdict"),
    [
        (ONE, False, "No speedup can be shown here: there is one core to use"),
        ({"others_load": 0.5}, False, "No fair speedup can be shown right now: there are 2 cores"),
        ({"others_load": None}, True, "A speedup can be shown here, up to 2.0"),
        (
            {"others_load": 15.0, "quota": 2.0, "cpus": tuple(range(16))},
            False,
            "No fair speedup can be shown right now: there are 2 cores (pinned to 0–1), but other "
            "programs keep 15.00 of the 16 CPUs busy.",
        ),
        (
            {"others_load": 14.0, "quota": 2.0, "cpus": tuple(range(16))},
            True,
            "A speedup can be shown here, up to 2.0: there are 2 cores",
        ),
        ({"physical_cores": 1}, False, "Hardly any speedup can be shown here: there are 2 cores"),
        ({"quota": 1.5}, True, "A speedup can be shown here, up to 1.5"),
        (
            {"machine": "aarch64", "emulated_on": "x86"} | ONE,
            False,
            "No fair speedup can be shown here: this Python is built for aarch64, and the "
            "processor is x86. It is emulated, so its times mean nothing.",
        ),
        ({"usable_cores": 4}, True, "A speedup can be shown here, up to 2.0: there are 4 cores"),
    ],
)
def test_the_verdict(changed, possible, verdict):
    facts = with_facts(**changed)
    assert facts.speedup_possible is possible
    assert find_verdict(facts).startswith(verdict)


@pytest.mark.parametrize(
    ("changed", "action"),
    [
        (ONE | {"bound_by": "host", "cpus": (0,)}, "Take a machine with two cores"),
        (ONE | {"cpus": (3,)}, "this is pinned to CPU 3 of the host's 16"),
        (
            {"variables": {"PYTHON_CPU_COUNT": "1"}},
            "Remove the variable PYTHON_CPU_COUNT, or set it to 2: it is 1,",
        ),
        (
            {"machine": "x86_64", "emulated_on": "Apple silicon"},
            "Use a Python that is built for Apple silicon (for a container: make image "
            "PLATFORM=linux/arm64).",
        ),
        ({"emulated_on": "riscv64"}, "Use a Python that is built for riscv64."),
        ({"quota": 1.5}, "Pin to cores (--cpuset-cpus 0-1) instead of the quota (--cpus 1.5)"),
        (
            {"quota": 3.5, "cpus": tuple(range(16)), "usable_cores": 4, "physical_cores": 4},
            "Pin to cores (--cpuset-cpus 0-3) instead of the quota (--cpus 3.5)",
        ),
        (
            {"others_load": 0.75, "busiest": BUSY},
            "chromium (process 4711, 0.50 cores), make (process 4712, 0.25 cores).",
        ),
        ({"others_load": 0.75}, "They cannot be seen from here. On the host,"),
        ({"physical_cores": 1}, "Expect about 1.0, not 2.0"),
        ({"variables": {"OMP_NUM_THREADS": "16"}}, "Set OMP_NUM_THREADS to 2: it is 16"),
        ({"shared_memory_bytes": 64 * 2**20}, "Make more room in /dev/shm than 67 MB"),
        ({"memory_bytes": 512 * 2**20}, "Allow more memory than 537 MB"),
        (
            {"usable_cores": 16, "physical_cores": 16, "memory_bytes": 4 * 2**30},
            "There is memory for 4 participants only",
        ),
        ({"start_method": "forkserver"}, "Pool starts its workers with forkserver here"),
        (
            {"unavailable_modes": {"interpreters": "They need Python 3.14."}},
            "They need Python 3.14. Only the mode interpreters needs that.",
        ),
    ],
)
def test_what_to_do(changed, action):
    [found] = set(find_actions(with_facts(**changed))) - {MEASURE}
    assert action in found


@pytest.mark.parametrize(
    "changed",
    [
        ONE | {"quota": 0.5, "host_cores": 1, "cpus": (0,), "variables": {}},
        {"usable_cores": 4, "physical_cores": 4, "memory_bytes": 2**30},
    ],
)
def test_one_is_no_plural(changed):
    facts = with_facts(**changed)
    words = " ".join([find_verdict(facts), *find_actions(facts)])
    assert "1 thread." in words or "1 participant only" in words
    assert not re.search(r"\b1 (threads|participants|cores)\b", words)


# From /proc/cpuinfo of machines and emulators, shortened.
EPYC = "processor\t: 0\nvendor_id\t: AuthenticAMD\nmodel name\t: AMD EPYC\nflags\t\t: fpu vme de\n"
MAC = (
    "processor\t: 0\nBogoMIPS\t: 48.00\nFeatures\t: fp asimd evtstrm aes\nCPU implementer\t: 0x00\n"
)
QEMU_10 = (
    "processor\t: 0\nmodel name\t: ARMv8 Processor rev 0 (v8l)\nBogoMIPS\t: 100.00\n"
    "Features\t: fp asimd aes pmull\nCPU implementer\t: 0x00\nCPU part\t: 0x051\n"
)
ROSETTA = (
    "processor    : 0\nvendor_id    : VirtualApple\nmodel name   : VirtualApple @ 2.50GHz\n"
    "flags        : fpu tsc de cx8\n"
)
Z16 = "vendor_id       : IBM/S390\nfeatures\t: esan3 zarch stfle\n"


@pytest.mark.parametrize(
    ("machine", "kernel", "processors", "kind"),
    [
        ("x86_64", "x86_64\n", EPYC, None),
        ("x86_64", "", EPYC, None),
        ("i686", "x86_64\n", EPYC, None),
        ("aarch64", "aarch64\n", MAC, None),
        ("aarch64", "", MAC, None),
        ("armv8l", "aarch64\n", MAC, None),
        ("s390x", "", Z16, None),
        ("s390x", "s390x\n", Z16, None),
        ("aarch64", "x86_64\n", QEMU_10, "x86"),  # it shows another processor; the kernel does not
        ("aarch64", "", EPYC, "x86"),  # an older QEMU shows what there is
        ("x86_64", "aarch64\n", MAC, "ARM"),
        ("x86_64", "", MAC, "ARM"),
        ("x86_64", "aarch64\n", ROSETTA, "Apple silicon"),
        ("x86_64", "", ROSETTA, "Apple silicon"),
        ("riscv64", "x86_64\n", "", "x86"),
        ("aarch64", "", "", None),
        ("x86_64", "", "model name\t: I say flags : fpu \n", None),
    ],
)
def test_a_foreign_processor_is_told_by_what_shows_it(machine, kernel, processors, kind):
    assert foreign(machine, kernel, processors) == kind


def test_libraries_are_to_be_told_of_a_quota():
    # It is hidden from them; a pinning they see for themselves.
    facts = with_facts(quota=1.5, variables={"OMP_NUM_THREADS": "2", "MKL_NUM_THREADS": None})
    _, libraries, _ = find_actions(facts)
    assert libraries.startswith("Set OPENBLAS_NUM_THREADS, MKL_NUM_THREADS to 2 before Python")


def test_no_shared_memory_and_a_quota_without_effect_are_no_reason_to_act():
    assert find_actions(with_facts(shared_memory_bytes=None, quota=2.0)) == (MEASURE,)


def test_a_busy_neighbour_is_named(eventually):
    cpus = os.sched_getaffinity(0)
    neighbour = subprocess.Popen([sys.executable, "-c", "while True: pass"])
    try:

        def named():
            load, busiest = facts.watch(cpus, 0.2)
            return load > 0 and neighbour.pid in {program.pid for program in busiest}

        eventually(named)
    finally:
        neighbour.kill()
        neighbour.wait()


def test_our_own_work_is_not_a_neighbours():
    load, busiest = facts.watch(os.sched_getaffinity(0), 0.1)
    assert load >= 0
    assert os.getpid() not in {program.pid for program in busiest}


def test_the_report_of_this_machine_can_be_kept():
    report = examine()
    kept = json.loads(json.dumps(report.to_dict()))
    assert kept["verdict"] == report.verdict
    assert kept["actions"] == list(report.actions)
    assert kept["usable_cores"] >= kept["physical_cores"] >= 1
    assert kept["possible_speedup"] <= kept["usable_cores"]


@pytest.mark.parametrize(("columns", "widest"), [("80", 80), ("60", 60), ("300", 100)])
def test_the_page(swimlanes, monkeypatch, columns, widest):
    monkeypatch.setenv("COLUMNS", columns)
    printed = swimlanes("doctor").stdout
    assert printed.index("speedup") < printed.index("\nFacts\n") < printed.index("\nWhat to do\n")
    lines = printed.splitlines()
    assert max(map(len, lines)) <= widest
    assert [line for line in lines if line != line.rstrip()] == []
    assert "\x1b" not in printed


def test_what_programs_are_told_limits_no_speedup(monkeypatch):
    monkeypatch.setenv("PYTHON_CPU_COUNT", "1")
    found = facts.gather()
    assert found.usable_cores == len(os.sched_getaffinity(0))
    assert found.variables["PYTHON_CPU_COUNT"] == "1"
