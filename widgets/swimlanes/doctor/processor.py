"""Whether the processor is of the kind that this Python is built for, or only pretends to be."""

from __future__ import annotations

import platform
import re
from contextlib import suppress
from pathlib import Path

KERNEL = Path("/proc/sys/kernel/arch")
"""What the kernel is built for, from Linux 6.1 on: an emulator of programs leaves it as it is."""
PROCESSORS = Path("/proc/cpuinfo")
"""Some emulators change it, some do not. Each kind of processor has fields of its own."""

APPLE = "Apple silicon"
X86, ARM = "x86", "ARM"
IMAGES = {X86: "linux/amd64", ARM: "linux/arm64", APPLE: "linux/arm64"}
"""The platform whose images a kind of processor runs itself."""


def emulated_on() -> str | None:
    """Return the kind of the processor if this Python is built for another kind, else None."""
    return foreign(platform.machine(), _read(KERNEL), _read(PROCESSORS))


def foreign(machine: str, kernel: str, processors: str) -> str | None:
    """Return the kind of the processor if it is not that of `machine`, and if something shows that.

    Parameters
    ----------
    machine : str
        What Python is told: ``x86_64`` or ``aarch64``, also by an emulator.
    kernel, processors : str
        The contents of `KERNEL` and `PROCESSORS`, empty where there is no such file.

    Examples
    --------
    >>> foreign("aarch64", "x86_64", "")
    'x86'
    >>> foreign("aarch64", "", "CPU implementer : 0x61")
    """
    if re.search(r"^vendor_id\s*: VirtualApple$", processors, re.MULTILINE):
        return APPLE
    kind = _kind(kernel.strip()) or _kind_by_fields(processors)
    return kind if kind and kind != _kind(machine) else None


def _kind(machine: str) -> str:
    """Return the kind of a machine, which runs programs for 32 bits as well."""
    if re.fullmatch(r"x86_64|amd64|i[3-6]86", machine):
        return X86
    return ARM if machine.startswith(("aarch64", "arm")) else machine


def _kind_by_fields(processors: str) -> str:
    if re.search(r"^CPU implementer\s*:", processors, re.MULTILINE):
        return ARM
    return X86 if re.search(r"^flags\s*: fpu ", processors, re.MULTILINE) else ""


def _read(file: Path) -> str:
    with suppress(OSError):
        return file.read_text(errors="replace")
    return ""
