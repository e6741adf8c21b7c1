"""What the facts mean: the verdict, and what to do."""

from __future__ import annotations

from collections.abc import Iterator

from swimlanes.brief import plural, size
from swimlanes.cores import TOLD_TO_PROGRAMS, whole
from swimlanes.doctor.facts import COUNTED_BY_LIBRARIES, Facts
from swimlanes.doctor.processor import IMAGES

PARTICIPANT_BYTES = 10**9
"""A notebook server with its kernel takes 160 MB; the rest is for workers and their data."""
SHARED_MEMORY_BYTES = 64 * 2**20
"""What a container has in /dev/shm unless it is given more."""

WORTH_A_WORD = 0.05
"""Smallest load by other programs that is mentioned, cores."""
MEASURE = "Measure the curve itself with: swimlanes study"


def find_verdict(facts: Facts) -> str:
    """Say whether a speedup can be shown here, and how large it can be."""
    if facts.emulated_on:
        return (
            f"No fair speedup can be shown here: this Python is built for {facts.machine}, and the "
            f"processor is {facts.emulated_on}. It is emulated, so its times mean nothing."
        )
    if facts.usable_cores == 1:
        return (
            f"No speedup can be shown here: there is one core to use ({facts.reason}), so every "
            "curve of compute-bound work is flat."
        )
    cores = f"{facts.usable_cores} cores ({facts.reason})"
    if facts.physical_cores == 1:
        return f"Hardly any speedup can be shown here: there are {cores}."
    if facts.crowded:
        return (
            f"No fair speedup can be shown right now: there are {cores}, but other programs "
            f"keep {facts.others_load:.2f} of {_all_cpus(facts)} busy."
        )
    less = ""
    if facts.others_in_the_way >= WORTH_A_WORD:
        less = f", perhaps {facts.others_in_the_way:.2f} less while other programs compute"
    return (
        f"A speedup can be shown here, up to {facts.possible_speedup:.1f}{less}: there are {cores}."
    )


def _all_cpus(facts: Facts) -> str:
    """Name the CPUs on which the load of others was seen, after the usable cores were named."""
    cpus = len(facts.cpus)
    return "them" if cpus == facts.usable_cores else f"the {cpus} CPUs"


def find_actions(facts: Facts) -> tuple[str, ...]:
    """Say what to do here, the most important first."""
    return tuple(_actions(facts))


def _actions(facts: Facts) -> Iterator[str]:
    if facts.emulated_on:
        yield _take_the_right_image(facts.emulated_on)
    if facts.usable_cores == 1 and facts.bound_by != "cgroup quota":
        yield _get_a_second_core(facts)
    if facts.quota is not None and facts.quota < len(facts.cpus):
        yield _replace_the_quota(facts.quota, facts)
    if facts.crowded:
        yield _wait_for_programs(facts)
    if facts.physical_cores < facts.usable_cores:
        yield _pin_to_physical_cores(facts)
    yield from _correct_variables(facts)
    if facts.shared_memory_bytes is not None and facts.shared_memory_bytes <= SHARED_MEMORY_BYTES:
        yield _give_shared_memory(facts.shared_memory_bytes)
    if facts.memory_bytes < max(1, facts.participants) * PARTICIPANT_BYTES:
        yield _give_memory(facts)
    if facts.start_method != "fork":
        yield _prepare_functions(facts)
    if facts.speedup_possible:
        yield MEASURE
    for mode, reason in facts.unavailable_modes.items():
        yield f"{reason} Only the mode {mode} needs that."


def _take_the_right_image(processor: str) -> str:
    platform = IMAGES.get(processor)
    for_it = f" (for a container: make image PLATFORM={platform})" if platform else ""
    return f"Use a Python that is built for {processor}{for_it}."


def _get_a_second_core(facts: Facts) -> str:
    if facts.bound_by == "host":
        return "Take a machine with two cores, or give this virtual machine a second one."
    return (
        f"Pin to two cores or more: this is pinned to CPU {facts.cpus[0]} of the host's "
        f"{facts.host_cores}. For a container: --cpuset-cpus 0-1, or CORES=0-1 make lab."
    )


def _replace_the_quota(quota: float, facts: Facts) -> str:
    cores = "0-1" if quota <= 2 else f"0-{facts.usable_cores - 1}"
    return (
        f"Pin to cores (--cpuset-cpus {cores}) instead of the quota (--cpus {quota:g}): under a "
        "quota all workers stand still whenever the time of a period is used up."
    )


def _wait_for_programs(facts: Facts) -> str:
    """Tell of the programs that compute; they may be somebody else's."""
    if not facts.busiest:
        return (
            "Wait until the programs that keep these cores busy have ended, and look again. They "
            "cannot be seen from here. On the host, the command top shows them."
        )
    names = ", ".join(
        f"{program.name} (process {program.pid}, {program.load:.2f} cores)"
        for program in facts.busiest
    )
    return (
        f"Wait until the programs that keep the cores busy have ended, and look again: {names}. If "
        "they are yours, you may close them."
    )


def _pin_to_physical_cores(facts: Facts) -> str:
    return (
        f"Expect about {facts.physical_cores}.0, not {facts.usable_cores}.0: two hardware threads "
        "of one physical core do little more than one. Pin each participant to CPUs of different "
        "cores; the column CORE of lscpu --extended tells them apart."
    )


def _correct_variables(facts: Facts) -> Iterator[str]:
    """Find what makes Python or a numerical library start more threads or workers than cores."""
    for name, value in facts.variables.items():
        number = whole(value or "") or facts.usable_cores
        if number > facts.usable_cores:
            yield f"Set {name} to {facts.usable_cores}: it is {value}, more than may be used."
        elif name in TOLD_TO_PROGRAMS and number < facts.usable_cores:
            yield (
                f"Remove the variable {name}, or set it to {facts.usable_cores}: it is {value}, so "
                "programs that obey it start fewer workers than there are cores."
            )
    unset = [name for name in COUNTED_BY_LIBRARIES if facts.variables.get(name) is None]
    if unset and facts.quota is not None and facts.quota < len(facts.cpus):
        yield (
            f"Set {', '.join(unset)} to {facts.usable_cores} before Python starts, as the image "
            "does: numerical libraries do not see a quota, and start "
            f"{plural(len(facts.cpus), 'thread')}."
        )


def _give_shared_memory(room_bytes: int) -> str:
    return (
        f"Make more room in /dev/shm than {size(room_bytes)} (for a container: "
        "--shm-size 256m): large arrays in shared memory would end in a bus error."
    )


def _give_memory(facts: Facts) -> str:
    enough = f"a notebook and a handful of workers need about {size(PARTICIPANT_BYTES)}"
    if facts.participants > 1:
        fitting = max(1, facts.memory_bytes // PARTICIPANT_BYTES)
        who = plural(fitting, "participant")
        return f"There is memory for {who} only: {enough} for each participant."
    return f"Allow more memory than {size(facts.memory_bytes)}: {enough}."


def _prepare_functions(facts: Facts) -> str:
    return (
        f"Tell participants that Pool starts its workers with {facts.start_method} here: a plain "
        "Pool cannot call a function that was defined in a notebook cell, and the cell stays busy "
        "for ever. Swimlanes can; for a plain Pool, keep functions in a file of their own."
    )
