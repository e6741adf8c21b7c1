"""The look of a quiz; colours come from the JupyterLab theme."""

from __future__ import annotations

from collections.abc import Sequence

from swimlanes.checks.verdict import Verdict, marked
from swimlanes.markup import NOTHING, Markup, join, markup
from swimlanes.quizzes.kinds import Option

_INK = "var(--jp-ui-font-color1, #212121)"
_LINE = "var(--jp-border-color1, #bdbdbd)"
_FIELD = "var(--jp-border-color0, #757575)"
_ACCENT = "var(--jp-brand-color1, #1976d2)"
_CODE = "var(--jp-code-font-family, monospace)"

STYLE = markup(
    """<style>
.swimlanes-quiz {{ max-width: 720px; padding: 12px 16px; margin: 4px 0; color: {ink};
  border: 1px solid {line}; border-radius: 4px; gap: 10px; overflow: visible; }}
.swimlanes-quiz .widget-html, .swimlanes-quiz .widget-html-content {{ width: 100%; margin: 0;
  height: auto; line-height: 1.5; font-size: 14px; }}
.swimlanes-quiz p {{ margin: 0; }}
.swimlanes-quiz code {{ font-family: {font}; font-size: 0.93em; padding: 1px 3px;
  background: var(--jp-layout-color2, #eeeeee); color: inherit; }}
.swimlanes-quiz pre {{ font-family: {font}; font-size: 13px; line-height: 1.4; margin: 8px 0 0;
  padding: 8px 10px; overflow-x: auto; background: var(--jp-layout-color2, #eeeeee);
  color: inherit; }}
.swimlanes-quiz .swimlanes-instruction {{ margin-top: 8px; font-size: 13px;
  color: var(--jp-ui-font-color2, #616161); }}
/* ipywidgets cuts long options off and takes the outline away. */
.swimlanes-quiz.swimlanes-quiz.swimlanes-quiz :focus-visible {{ outline: 2px solid {accent}
  !important; outline-offset: 1px; }}
.swimlanes-quiz .widget-radio, .swimlanes-quiz .widget-checkbox {{ width: 100%; height: auto;
  margin: 0; }}
.swimlanes-quiz .widget-radio > .widget-label {{ display: none; }}
.swimlanes-quiz .widget-radio-box {{ margin: 0 !important; gap: 6px; }}
.swimlanes-quiz .swimlanes-options {{ gap: 6px; overflow: visible; }}
.swimlanes-quiz .widget-radio-box label, .swimlanes-quiz .widget-checkbox label {{ width: 100%;
  display: flex; align-items: baseline; gap: 8px; height: auto; line-height: 1.45; margin: 0;
  font-size: 14px; white-space: normal; overflow: visible; color: {ink}; }}
.swimlanes-quiz .widget-radio-box input {{ order: -1; }}
.swimlanes-quiz .widget-radio-box input, .swimlanes-quiz .widget-checkbox label input {{
  flex: 0 0 14px; width: 14px; height: 14px; margin: 0; float: none; position: relative; top: 2px;
  accent-color: {accent}; }}
.swimlanes-quiz .swimlanes-lines {{ border: 1px solid {line}; padding: 4px; gap: 2px;
  background: var(--jp-layout-color1, #ffffff); overflow-x: auto; }}
.swimlanes-quiz .swimlanes-lines > .widget-hbox {{ gap: 4px; align-items: center;
  overflow: visible; flex: 0 0 auto; }}
.swimlanes-quiz .swimlanes-lines pre {{ margin: 0; padding: 2px 8px; background: none;
  overflow: visible; }}
.swimlanes-quiz .swimlanes-lines button {{ flex: 0 0 auto; width: 28px; min-width: 0;
  height: 26px; padding: 0; display: flex; align-items: center; justify-content: center; }}
/* Drawn arrows: a letter would be read out as part of the name. */
.swimlanes-quiz :is(.swimlanes-up, .swimlanes-down)::before {{ content: "";
  border: 5px solid transparent; border-bottom: 7px solid;
  border-top: 0; }}
.swimlanes-quiz .swimlanes-down::before {{ transform: rotate(180deg); }}
.swimlanes-quiz button {{ width: auto; min-width: 84px; margin: 0; align-self: flex-start;
  border: 1px solid {field}; }}
.swimlanes-quiz summary {{ cursor: pointer; margin-top: 6px; }}
.swimlanes-quiz ul {{ margin: 6px 0 0; padding-left: 4px; list-style: none; }}
.swimlanes-quiz li {{ position: relative; padding-left: 20px; margin: 0 0 4px; }}
.swimlanes-quiz li > b {{ position: absolute; left: 0; }}

/* After a restart of the kernel nobody would answer. */
.swimlanes-quiz.jupyter-widgets-disconnected > * {{ display: none; }}
.swimlanes-quiz.jupyter-widgets-disconnected::after {{
  content: "The kernel was restarted or has ended: run this cell again to have the quiz back."; }}
</style>""",
    ink=_INK,
    line=_LINE,
    field=_FIELD,
    accent=_ACCENT,
    font=_CODE,
)


def heading(text: str, code: str, instruction: str) -> Markup:
    """Return what is asked, with the style that all parts of the quiz need."""
    return markup(
        '{}<p><strong>{}</strong></p>{}<p class="swimlanes-instruction">{}</p>',
        STYLE,
        marked(text),
        line_of_code(code) if code else NOTHING,
        instruction,
    )


def line_of_code(line: str) -> Markup:
    """Return a line of code as it is, with its indentation."""
    return markup("<pre>{}</pre>", line)


def said(verdict: Verdict | None) -> Markup:
    """Return the verdict in a region that is there, empty, before there is one."""
    return verdict._repr_html_() if verdict else markup('<div role="status"></div>')


def others(options: Sequence[Option]) -> Markup:
    """Return why each of these options is right or wrong, folded."""
    items = join(
        markup(
            "<li><b>{}</b><em>{}</em><br>{}</li>",
            "✓" if option.right else "✗",
            option.text,
            marked(option.because),
        )
        for option in options
    )
    return markup("<details><summary>And the other options?</summary><ul>{}</ul></details>", items)
