from swimlanes import checks
from swimlanes.checks.verdict import marked, not_yet


def test_a_verdict_needs_no_colour_and_shows_no_markup_of_others():
    verdict = checks.most_possible("<b>")
    assert repr(verdict).startswith("○ Not yet. Give a list")
    assert "&lt;b&gt;" in verdict._repr_html_()
    assert repr(checks.most_possible([1, 2, 3, 4, 4])).startswith("✓ Right.")


def test_code_looks_like_code_in_a_notebook():
    assert (
        "stands where <code>x &lt; 1</code> was"
        in not_yet("It stands where `x < 1` was.")._repr_html_()
    )
    assert (
        marked("`a` and `b`, a lone ` stays") == "<code>a</code> and <code>b</code>, a lone ` stays"
    )


def test_a_screen_reader_is_told():
    assert 'role="status"' in not_yet("No.")._repr_html_()
