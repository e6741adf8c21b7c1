"""The instructor's guide: its plans add up, and speak of the lessons that there are."""

import re
from pathlib import Path

import nbformat
import pytest

from swimlanes.course import lesson_of

COURSE = Path(__file__).parents[2] / "course"
LESSONS = sorted((COURSE / "lessons").glob("*.md"))
GUIDE = (COURSE / "guide.md").read_text()
IN_PLANS = "\n".join(
    re.findall(r"^\|.*\|$", GUIDE.partition("## Lesson by lesson")[0], re.MULTILINE)
)
PLANS = {
    title: [(int(minutes), lesson) for minutes, lesson in re.findall(ROW, body)]
    for ROW in [r"\| (\d+) \| (\d\d|–) \|"]
    for title, body in re.findall(r"### (.*minutes.*)\n((?:(?!###).*\n)*?)(?=##)", GUIDE)
}


@pytest.fixture(scope="module")
def minutes(derive):
    """Return how long each lesson takes, as it says itself."""
    found = {}
    for lesson in LESSONS:
        notebook = nbformat.reads(derive.derive(lesson, with_solutions=False), as_version=4)
        read = lesson_of(f"{lesson.stem}.ipynb", notebook)
        found[lesson.stem[:2]] = read.reading_min + read.exercises_min
    return found


def test_there_are_three_plans():
    assert len(PLANS) == 3


@pytest.mark.parametrize("title", PLANS)
def test_a_plan_takes_as_long_as_it_says(title):
    promised = int(re.search(r"(\d+) minutes", title)[1])
    assert sum(minutes for minutes, _ in PLANS[title]) == promised


@pytest.mark.parametrize("title", PLANS)
def test_no_part_of_a_plan_is_longer_than_its_lesson(title, minutes):
    for planned, lesson in PLANS[title]:
        assert lesson == "–" or planned <= minutes[lesson]


def test_the_whole_course_takes_what_its_lessons_say(minutes):
    (everything,) = (plan for title, plan in PLANS.items() if title.startswith("Everything"))
    assert {lesson: planned for planned, lesson in everything if lesson != "–"} == minutes


def test_each_lesson_has_its_hints_under_its_title():
    titles = [re.search(r"^# (.*)$", path.read_text(), re.MULTILINE)[1] for path in LESSONS]
    hints = re.findall(r"^### ([01]\d .*)$", GUIDE, re.MULTILINE)
    assert hints == [title.replace(" ·", "") for title in titles]
    for part in ("**What people get wrong.**", "**Ask.**", "**Watch for**"):
        assert GUIDE.count(part) == len(LESSONS)


@pytest.mark.parametrize("section", re.findall(r'"([A-Z][^"]+)"', IN_PLANS))
def test_a_section_that_a_plan_names_exists(section):
    assert any(f"## {section}\n" in path.read_text() for path in LESSONS)


def test_every_target_that_the_guide_names_exists(repository):
    makefile = (repository / "Makefile").read_text()
    for target in re.findall(r"`make ([\w-]+)`", GUIDE):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target
