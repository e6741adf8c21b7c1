"""The panel's own style rules; colours come from the JupyterLab theme."""

from swimlanes import connection
from swimlanes.markup import markup

_INK = "var(--jp-ui-font-color1, #212121)"
_QUIET = "var(--jp-ui-font-color2, #616161)"
_LINE = "var(--jp-border-color2, #e0e0e0)"
_FIELD = "var(--jp-border-color0, #757575)"
_LINK = "var(--jp-content-link-color, #1565c0)"
_ACCENT = "var(--jp-brand-color1, #1976d2)"

STYLE = connection.STYLE + markup(
    """<style>
.swimlanes {{ max-width: 1060px; padding: 4px 8px 8px 2px; color: {ink}; overflow: visible; }}
.swimlanes .widget-html, .swimlanes .widget-html > .widget-html-content {{
  width: 100%; margin: 0; height: auto; }}
.swimlanes .widget-html-content {{ line-height: 1.4; }}
.swimlanes .widget-vbox, .swimlanes .widget-hbox {{ overflow: visible; }}
/* ipywidgets takes the outline of fields away, and must be outdone. */
.swimlanes.swimlanes.swimlanes :focus-visible {{ outline: 2px solid {accent} !important;
  outline-offset: 1px; }}

.swimlanes-header {{ display: flex; flex-wrap: wrap; gap: 0 12px; align-items: baseline;
  border-bottom: 1px solid {line}; padding: 0 0 5px; margin: 0 0 8px; }}
.swimlanes-header > b {{ font-size: 16px; }}
.swimlanes-header > span:nth-child(2) {{ flex: 1; }}
.swimlanes-quiet {{ color: {quiet}; }}
.swimlanes-badge {{ color: #000; border-radius: 10px; padding: 1px 10px; }}
.swimlanes-bar {{ border-left: 3px solid; padding: 0 10px; margin: 2px 0 8px; font-size: 13px; }}
.swimlanes-bar div + div {{ margin-top: 3px; }}
/* Below the ring around a button that has the keyboard's focus. */
.swimlanes-status {{ min-height: 18px; margin-top: 7px; font-size: 12px; }}
/* The kernel is busy, and not with us; a click makes it so for a moment only. */
.swimlanes-cell-runs {{ display: none; margin: 2px 0 4px; font-size: 12px; }}
.jp-NotebookPanel:has(.jp-Notebook-ExecutionIndicator[data-status="busy"])
  .swimlanes-controls:not(.swimlanes-busy) .swimlanes-cell-runs {{ display: block;
  visibility: hidden; animation: swimlanes-appear 1ms 0.7s forwards; }}
@keyframes swimlanes-appear {{ to {{ visibility: visible; }} }}
.swimlanes-text {{ white-space: pre-wrap; overflow-wrap: anywhere; font-size: 12px; }}
.swimlanes summary {{ cursor: pointer; }}

.swimlanes-body {{ flex-flow: row wrap; gap: 0 20px; }}
.swimlanes-controls {{ flex: 1 1 190px; max-width: 220px; }}
/* Where the pictures have no room beside them, the controls take the whole width. */
.swimlanes.swimlanes {{ container-type: inline-size; }}
@container (max-width: 665px) {{
  .swimlanes .swimlanes-controls {{ max-width: none; flex: 1 1 100%; flex-flow: row wrap;
    align-items: flex-start; gap: 0 24px; margin-bottom: 8px; }}
  .swimlanes-controls > * {{ flex: 1 1 200px; max-width: 260px; }}
  .swimlanes-controls > :has(.swimlanes-status, .swimlanes-cell-runs, .swimlanes-hint) {{
    flex: 1 0 100%; max-width: none; }}
}}
.swimlanes-pictures {{ flex: 3 1 456px; min-width: 0; }}
.swimlanes-lower {{ flex-flow: row wrap; align-items: flex-start; gap: 4px 16px;
  margin-top: 6px; }}
.swimlanes-lower > * {{ flex: 1 1 330px; min-width: 0; max-width: 510px; }}
.swimlanes-room {{ overflow-x: auto; }}
.swimlanes-words {{ min-height: 44px; margin-top: 4px; }}
.swimlanes-earlier {{ margin-top: 6px; }}
.swimlanes button.swimlanes-clear {{ width: auto; align-self: flex-end; }}

.swimlanes-controls .widget-text {{ width: 100%; height: auto; margin: 0 0 6px;
  flex-wrap: wrap; }}
.swimlanes-controls .widget-text > .widget-label {{ width: auto; text-align: left; }}
.swimlanes-controls .widget-text > input[type="text"] {{ flex: 1 0 100%; height: 26px;
  border: 1px solid {field}; }}
.swimlanes-controls .widget-dropdown {{ width: 100%; height: auto; margin: 0 0 6px;
  flex-wrap: wrap; }}
.swimlanes-controls .widget-dropdown > select {{ flex: 1 0 100%; height: 26px;
  border: 1px solid {field}; }}
.swimlanes-controls .swimlanes-named {{ margin: 0 0 5px; }}
.swimlanes-controls .swimlanes-named > .widget-inline-hbox {{ width: 100%; margin: 0;
  height: 24px; flex-wrap: nowrap; }}
.swimlanes-controls .swimlanes-named > .widget-html {{ height: auto; }}
.swimlanes-named > .widget-inline-hbox > .widget-label {{ flex: 1 1 auto; width: auto;
  text-align: left; }}
.swimlanes .widget-dropdown > .widget-label {{ width: auto; text-align: left; }}
.swimlanes-controls .swimlanes-named > .widget-inline-hbox > :is(input, select) {{
  flex: 0 0 auto; height: 22px; padding: 0 2px 0 4px; font-weight: 600; text-align: right;
  border: 1px solid {field}; border-radius: 2px; }}
.swimlanes-controls .swimlanes-named > .widget-inline-hbox > input {{ width: 76px; }}
.swimlanes-controls .swimlanes-named > .widget-inline-hbox > select {{ width: auto;
  padding-right: 20px; }}
.swimlanes-controls .swimlanes-named > .widget-slider {{ width: auto; margin: 0 8px;
  height: 16px; }}
.swimlanes-named .slider-container {{ padding: 0; margin: 0; flex: 1 1 auto; }}
/* The handle has no name: it is hidden from keyboard and screen reader, who use the field above;
   its touch area stays, looks like the handle and takes the mouse. */
.swimlanes-named .noUi-handle {{ visibility: hidden; }}
.swimlanes-named .noUi-touch-area {{ visibility: visible; border-radius: 50%; cursor: pointer;
  background: {accent}; border: 1px solid {accent}; box-sizing: border-box; }}
.swimlanes-named [disabled] .noUi-touch-area {{ background: {line}; border-color: {field}; }}
.swimlanes-named .noUi-touch-area:hover {{ border: 3px double var(--jp-layout-color1, #fff); }}

.swimlanes-remark {{ font-size: 11px; line-height: 1.35; margin: 0 0 4px; }}
.swimlanes-hint {{ margin-top: 7px; }}
.swimlanes .widget-checkbox {{ width: 100%; margin: 0; }}
.swimlanes-marks {{ margin: 2px 0 4px; font-size: 11px; line-height: 1.25; color: {quiet}; }}
/* As high as a line of text, in whatever size a browser shows it. */
.swimlanes-marks div {{ position: relative; height: 1.25em; }}
.swimlanes-marks span {{ position: absolute; white-space: nowrap; }}
.swimlanes-missing {{ margin: 0 0 6px; font-size: 11px; line-height: 1.35; color: {quiet}; }}
.swimlanes-missing div {{ margin: 3px 0 0; overflow-wrap: anywhere; }}
.swimlanes-controls .widget-vbox > button {{ width: auto; margin: 0 0 6px; height: 24px;
  line-height: 22px; align-self: flex-start; }}
.swimlanes-controls > .widget-hbox {{ gap: 6px; }}
.swimlanes-controls > .widget-hbox button {{ flex: 1 1 0; width: auto; min-width: 0; margin: 0; }}

.swimlanes button.swimlanes-barred {{ background: none; color: {quiet}; cursor: default;
  border: 1px dashed {field}; box-shadow: none; }}
.swimlanes button.swimlanes-compare {{ width: 100%; margin: 6px 0 0; }}
.swimlanes-left-out {{ font-size: 12px; color: {quiet}; margin: 2px 0 4px; }}
.swimlanes-left-out div {{ margin-top: 2px; overflow-wrap: anywhere; }}

.swimlanes button.swimlanes-fold {{ width: auto; align-self: flex-start; background: none;
  box-shadow: none; padding: 0 4px; margin: 0; height: 24px; color: {ink}; text-align: left; }}
.swimlanes button.swimlanes-fold:hover {{ text-decoration: underline; }}
/* A drawn caret: a letter would be read out as part of the name. */
.swimlanes button.swimlanes-fold::before {{ content: ""; display: inline-block; margin-right: 6px;
  border: 4px solid transparent; border-left: 6px solid; border-right: 0; }}
.swimlanes button.swimlanes-fold.mod-active::before {{ transform: rotate(90deg); }}
.swimlanes-folds {{ gap: 0 20px; flex-flow: row wrap; border-top: 1px solid {line};
  margin-top: 6px; padding-top: 4px; }}
.swimlanes-code {{ margin: 0; }}
.swimlanes-code figcaption {{ color: {quiet}; font-size: 12px; margin: 2px 0; }}
.swimlanes-code pre {{ user-select: all; overflow-x: auto; font-size: 12px; padding: 8px;
  border: 1px solid {line}; margin: 0; }}
.swimlanes-tables .swimlanes-table {{ margin: 4px 0 12px; max-width: 720px; }}
/* In a narrow place words of a table are broken, and what is wider still can be moved. */
.swimlanes .swimlanes-table :is(th,td) {{ white-space: normal; }}
.swimlanes-tables .widget-html-content {{ overflow-x: auto; }}
.swimlanes-archive .widget-hbox {{ flex-flow: row wrap; }}
.swimlanes-archive .widget-dropdown {{ width: 340px; max-width: 100%; }}
.swimlanes-archive .widget-dropdown > .widget-label {{ flex: 0 0 64px; }}
.swimlanes-archive .widget-hbox button {{ width: 84px; flex: none; }}
.swimlanes-share .widget-hbox {{ flex-flow: row wrap; gap: 0 8px; }}
.swimlanes-share :is(.widget-text, .widget-dropdown) {{ width: 300px; max-width: 100%; }}
.swimlanes-share .widget-dropdown {{ width: auto; align-self: flex-start; }}
.swimlanes-share :is(.widget-text, .widget-dropdown) > .widget-label {{ width: auto; }}
.swimlanes-share input {{ border: 1px solid {field}; }}
.swimlanes-share button:not(.swimlanes-fold) {{ width: 84px; flex: none; }}
.swimlanes-share .swimlanes-table {{ width: auto; margin: 4px 0 6px; }}
.swimlanes-share .swimlanes-table :is(th,td) {{ text-align: left; padding: 1px 16px 1px 0; }}
.swimlanes .swimlanes-share .swimlanes-table :is(caption,th) {{ white-space: nowrap; }}
.swimlanes-share a {{ color: {link}; text-decoration: underline; overflow-wrap: anywhere; }}

.swimlanes-curve {{ position: relative; }}
.swimlanes-show {{ position: absolute; right: 0; bottom: 22px; width: auto; z-index: 1;
  margin: 0; }}
.swimlanes-show > .widget-label {{ position: absolute; width: 1px; height: 1px; overflow: hidden;
  clip-path: inset(50%); }}
.swimlanes .swimlanes-show > select {{ height: 22px; width: auto; font-size: 11px;
  padding: 0 18px 0 4px; border: 1px solid {field}; }}

/* After a restart of the kernel nothing of it is true any more. */
.swimlanes.jupyter-widgets-disconnected > * {{ display: none; }}
.swimlanes.jupyter-widgets-disconnected::after {{
  content: "The kernel was restarted or has ended: run this cell again to have a new panel."; }}
</style>""",
    ink=_INK,
    quiet=_QUIET,
    line=_LINE,
    field=_FIELD,
    accent=_ACCENT,
    link=_LINK,
)
