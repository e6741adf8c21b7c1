"""Text becomes markup in one place only: nothing in the package gets around it."""

import ast
import re
from pathlib import Path

import pytest

import swimlanes
from swimlanes import drawing
from swimlanes.errors import RequestError
from swimlanes.markup import NOTHING, Markup, join, legible, markup, short
from swimlanes.shown import Shown

PACKAGE = Path(swimlanes.__file__).parent
HOME = PACKAGE / "markup.py"
FILES = [file for file in PACKAGE.rglob("*.py") if file != HOME]
TAG = re.compile(r"<[a-zA-Z/!]|<$|&(\w+|#\w+);")
NO_MARKUP = {
    ("worker.py", "<frozen"),
    ("brief.py", "<"),
    ("culprit.py", "<locals>"),
    ("tasks.py", "<Tasks: "),
    ("travel.py", "<"),
    ("queues.py", "<"),
    ("starts.py", "<frozen"),
    ("trying.py", "<lambda>|[Ll]ocal (object|function)"),
    ("trying.py", r"[\w.]+\.<locals>\.|\b_(?=[A-Z])"),
    ("values.py", r"[\w.]+\.<locals>\."),
}
# What makes markup of a string, or shows a string as such.
WAYS_AROUND = {
    "HTML", "HTMLMath", "SVG", "Javascript", "display_html", "display_svg", "display_javascript",
    "description_allow_html", "escape", "html", "markupsafe", "saxutils",
}  # fmt: skip
# A value would not stay within an attribute without quotes, and some attributes run what they hold.
ADDRESSES = {
    # The path of a file of the course, quoted.
    '<img src="{}" alt="" width="96">\n\n',
    # `swimlanes.wall.client` takes no address but of http and https.
    '<strong>Your class</strong>, on its wall: <a href="{}" target="_blank" '
    'rel="noopener noreferrer">{}</a>',
    '<div>The wall of your class: <a href="{}" target="_blank" rel="noopener noreferrer">{}</a>'
    "</div>",
}
"""Templates whose addresses are of no other kind than these."""
UNSAFE = re.compile(r"=\{|\b(on\w+|href|src|action|srcdoc)=|<(script|iframe|object|embed)\b", re.I)


def by_file(test):
    names = [str(file.relative_to(PACKAGE)) for file in FILES]
    return pytest.mark.parametrize("file", FILES, ids=names)(test)


def templates(tree):
    """Return the first argument of every call of `markup`."""
    return [
        node.args[0]
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and name_of(node.func) == "markup"
    ]


def name_of(node):
    return getattr(node, "id", getattr(node, "attr", None))


def is_of_a_pattern(node):
    """Whether it is `re.escape`, which makes a pattern and no markup."""
    return isinstance(node, ast.Attribute) and ast.unparse(node) == "re.escape"


def docstrings(tree):
    owners = (ast.Module, ast.ClassDef, ast.FunctionDef)
    bodies = [node.body for node in ast.walk(tree) if isinstance(node, owners)]
    first = [each for body in bodies for each in body]
    return [each.value for each in first if isinstance(each, ast.Expr)]


@by_file
def test_markup_is_written_in_templates_only(file):
    tree = ast.parse(file.read_text())
    allowed = {id(node) for node in [*templates(tree), *docstrings(tree)]}
    texts = [n for n in ast.walk(tree) if isinstance(n, ast.Constant) and isinstance(n.value, str)]
    raw = [n.value for n in texts if id(n) not in allowed and TAG.search(n.value)]
    assert {(file.name, text) for text in raw} <= NO_MARKUP


@by_file
def test_templates_are_literals_that_hold_their_values(file):
    for template in templates(ast.parse(file.read_text())):
        assert isinstance(template, ast.Constant), f"line {template.lineno}: no literal"
        assert template.value in ADDRESSES or not UNSAFE.search(template.value)


@by_file
def test_nothing_gets_around_it(file):
    tree = ast.parse(file.read_text())
    used = {name_of(node) for node in ast.walk(tree) if not is_of_a_pattern(node)}
    names = used | keywords(tree) | imported(tree)
    allowed = {"HTML"} if file.name == "shown.py" else set()
    assert not names & WAYS_AROUND - allowed
    assert "Markup" not in {name_of(n.func) for n in ast.walk(tree) if isinstance(n, ast.Call)}


@by_file
def test_what_a_notebook_shows_is_markup(file):
    made = [n for n in ast.walk(ast.parse(file.read_text())) if isinstance(n, ast.FunctionDef)]
    for function in made:
        if function.name in ("_repr_html_", "_repr_svg_"):
            assert ast.unparse(function.returns) == "Markup"


def keywords(tree):
    return {node.arg for node in ast.walk(tree) if isinstance(node, ast.keyword)}


def imported(tree):
    nodes = [n for n in ast.walk(tree) if isinstance(n, ast.Import | ast.ImportFrom)]
    modules = [getattr(node, "module", None) or "" for node in nodes]
    names = [alias.name for node in nodes for alias in node.names]
    return {part for name in [*modules, *names] for part in name.split(".")}


def test_text_is_escaped_and_markup_goes_in_as_it_is():
    inner = markup("<b>{}</b>", "a < b")
    assert markup('<p title="{}">{}{:.1f}</p>', "\"'>", inner, 2) == (
        '<p title="&#34;&#39;&gt;"><b>a &lt; b</b>2.0</p>'
    )


def test_joining_escapes_what_is_no_markup():
    assert join([markup("<b>x</b>"), "<i>"]) == "<b>x</b>&lt;i&gt;"
    assert isinstance(join([]), Markup)


@pytest.mark.parametrize(
    "character", ["\0", "\x1b", "\x9b", "\x7f", "\ud800", "\ufffe", "\u202e", "\u2066"]
)
def test_what_cannot_be_shown_is_replaced(character):
    assert legible(f"a{character}b") == "a\ufffdb"
    assert markup("{}", f"a{character}b") == "a\ufffdb"


def test_all_languages_stay_as_they_are():
    text = "Zürich 東京 القاهرة 🐍 e\u0301\tand\nso on\u00a0…"
    assert legible(text) == text


def test_a_long_name_is_cut():
    assert short("x" * 80) == "x" * 80
    assert short("x" * 1_000_000) == "x" * 79 + "…"


@pytest.mark.parametrize("name", ["", "1", "a b", "a{", "a>b", "é", "a;", 'a"', "</style>"])
def test_a_picture_is_not_named_so_that_its_style_breaks(name):
    with pytest.raises(RequestError, match=re.escape(repr(name))):
        drawing.lanes(None, name)


def test_a_place_refuses_a_plain_string():
    place = Shown(markup("<b>{}</b>", 1))
    with pytest.raises(TypeError, match="is text"):
        place.value = "<b>2</b>"
    assert place.value == "<b>1</b>"
    place.value = NOTHING
    assert place.value == ""
