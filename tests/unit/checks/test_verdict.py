from swimlanes import checks
from swimlanes.checks.verdict import Verdict, marked, not_yet, shortened


def test_a_verdict_needs_no_colour_and_shows_no_markup_of_others():
    verdict = checks.most_possible("<b>")
    assert repr(verdict).startswith("○ Not yet. The answer should be a list")
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


def test_what_was_printed_is_shown_below():
    verdict = Verdict(False, "No.", printed="<b>\n" * 20, more="Stuck?")
    assert repr(verdict).endswith("<b>\n… and 8 more lines\nStuck?")
    assert "&lt;b&gt;\n… and 8 more lines</pre>" in verdict._repr_html_()


def test_of_much_that_was_printed_the_end_is_shown():
    said = shortened("[the first 99 bytes are left out]\nalf a line\nlast")
    assert said == "… and much more before this:\nalf a line\nlast"
