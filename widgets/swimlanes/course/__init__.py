"""The course in a participant's folder: its lessons, how far they got, a lesson's original."""

from __future__ import annotations

from swimlanes.course.cells import names_in, origin
from swimlanes.course.kernels import NoServer, Running, running, shut_down
from swimlanes.course.lessons import Lesson, lesson_of, lessons_in
from swimlanes.course.originals import NoOriginals, changed, originals, reset
from swimlanes.course.page import KERNEL, START, start_page, table
from swimlanes.course.progress import forget, record, recorded

__all__ = [
    "KERNEL",
    "START",
    "Lesson",
    "NoOriginals",
    "NoServer",
    "Running",
    "changed",
    "forget",
    "lesson_of",
    "lessons_in",
    "names_in",
    "origin",
    "originals",
    "record",
    "recorded",
    "reset",
    "running",
    "shut_down",
    "start_page",
    "table",
]
