"""From notebooks that ran to pages that need no kernel."""

from __future__ import annotations

from collections.abc import Iterator

import nbformat
from derive import WAY
from nbformat import NotebookNode
from still import stand_in

from swimlanes.course import Lesson, lesson_of

WIDGET = "application/vnd.jupyter.widget-view+json"
INDEX = """\
# Swimlanes: the course

See what your own cores do while Python works on many things at once. This is the course to read.
To run it, with its control panel and its exercises, start `make lab` in the repository.

![The control panel after a sweep: two lanes filled with numbered tasks, and a speedup curve that \
comes close to 2 on two cores](panel.png)

| lesson | reading and running | exercises |
|---|--:|--:|
{rows}
| all | {reading} min | {exercises} min |

What the cells printed here comes from one run on a small machine. Yours will print other numbers.

```{{toctree}}
:hidden:
:caption: Lessons

{lessons}
```

```{{toctree}}
:hidden:
:caption: Beside the lessons

cheat-sheet
further-reading
guide
reference/index
```
"""


def page(notebook: str) -> str:
    """Return the notebook as it is shown: no widgets, no verdicts on exercises left open.

    What leads on in JupyterLab is left out, too: a page has links of its own.
    """
    shown = nbformat.reads(notebook, as_version=4)
    shown.cells = [cell for cell in shown.cells if WAY not in cell.metadata.get("tags", [])]
    shown.cells = [part for cell in shown.cells for part in _parts(cell)]
    shown.metadata.pop("widgets", None)
    return str(nbformat.writes(shown))


def _parts(cell: NotebookNode) -> Iterator[NotebookNode]:
    yield cell
    if cell.cell_type != "code":
        return
    if "exercise" in cell.metadata.get("tags", []):
        cell.outputs = []
    if any(WIDGET in output.get("data", {}) for output in cell.outputs):
        cell.outputs = [o for o in cell.outputs if WIDGET not in o.get("data", {})]
        yield nbformat.v4.new_markdown_cell(_note(stand_in(cell.source)))


def _note(text: str) -> str:
    return f"````{{admonition}} In JupyterLab\n{text}\n````"


def index(notebooks: dict[str, str]) -> str:
    """Return the first page: what there is, and how long it takes."""
    lessons = {
        name: lesson_of(f"{name}.ipynb", nbformat.reads(text, as_version=4))
        for name, text in notebooks.items()
    }
    return INDEX.format(
        rows="\n".join(_row(name, lesson) for name, lesson in lessons.items()),
        reading=sum(lesson.reading_min for lesson in lessons.values()),
        exercises=sum(lesson.exercises_min for lesson in lessons.values()),
        lessons="\n".join(f"lessons/{name}" for name in lessons),
    )


def _row(name: str, lesson: Lesson) -> str:
    minutes = f"{lesson.reading_min} min | {lesson.exercises_min} min"
    return f"| [{lesson.title}](lessons/{name}.ipynb) | {minutes} |"
