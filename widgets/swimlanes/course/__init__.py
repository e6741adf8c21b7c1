"""The course in a participant's folder: its lessons, how far they got, a lesson's original."""

from __future__ import annotations

from swimlanes.course.cells import module_with, names_in, origin
from swimlanes.course.kernels import NoServer, Running, running, shut_down
from swimlanes.course.lessons import Lesson, has_mark, lesson_of
from swimlanes.course.material import Material, Piece, material
from swimlanes.course.originals import NoOriginals, changed, reset
from swimlanes.course.own import own_exercise, own_file, quizzes_named
from swimlanes.course.page import START, start_page, table
from swimlanes.course.place import MANIFEST, find_modules, originals
from swimlanes.course.progress import forget, record, recorded, tried
from swimlanes.course.texts import KERNEL

__all__ = [
    "KERNEL",
    "MANIFEST",
    "START",
    "Lesson",
    "Material",
    "NoOriginals",
    "NoServer",
    "Piece",
    "Running",
    "changed",
    "find_modules",
    "forget",
    "has_mark",
    "lesson_of",
    "material",
    "module_with",
    "names_in",
    "origin",
    "originals",
    "own_exercise",
    "own_file",
    "quizzes_named",
    "record",
    "recorded",
    "reset",
    "running",
    "shut_down",
    "start_page",
    "table",
    "tried",
]
