from swimlanes import checks


def test_a_verdict_needs_no_colour_and_shows_no_markup_of_others():
    verdict = checks.most_possible("<b>")
    assert repr(verdict).startswith("○ Not yet. Give a list")
    assert "&lt;b&gt;" in verdict._repr_html_()
    assert repr(checks.most_possible([1, 2, 3, 4, 4])).startswith("✓ Right.")
