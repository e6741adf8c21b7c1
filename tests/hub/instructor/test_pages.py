"""What the instructor's pages have in common."""

from __future__ import annotations

from types import SimpleNamespace

from instructor.pages import templates


def test_every_page_leads_to_the_wall():
    room = SimpleNamespace(class_name="evening", prefix="/services/instructor/")
    page = templates.get_template("error.html").render(room=room, sentence="Not now.")
    assert '<a href="/services/wall/">The wall</a>' in page
