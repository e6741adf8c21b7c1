"""The panel's own style rules; colours come from the JupyterLab theme."""

STYLE = """<style>
.swimlanes { max-width: 1000px; padding: 4px 8px 8px 2px; color: var(--jp-ui-font-color1); }
.swimlanes .widget-html, .swimlanes .widget-html > .widget-html-content {
  width: 100%; margin: 0; }
.swimlanes .widget-html-content { line-height: 1.4; }
.swimlanes-controls .widget-slider, .swimlanes-controls .widget-dropdown {
  width: 100%; height: auto; margin: 0 0 10px; flex-wrap: wrap; }
.swimlanes-controls .widget-label { width: auto; min-width: 0; flex: 1 1 auto; order: 1;
  text-align: left; max-width: none; }
.swimlanes-controls .widget-readout { order: 2; min-width: 48px; margin: 0; text-align: right;
  font-weight: 600; }
.swimlanes-controls .slider-container { order: 3; margin: 0 8px; padding: 0;
  flex: 1 0 calc(100% - 16px); }
.swimlanes-controls .widget-dropdown > select { order: 3; flex: 1 0 100%; height: 28px; }
.swimlanes-controls .widget-checkbox { width: 100%; }
.swimlanes-marks { position: relative; margin: -7px 0 4px;
  font-size: 11px; color: var(--jp-ui-font-color2); }
.swimlanes-marks span { position: absolute; white-space: nowrap; }
.swimlanes-missing { margin: 0 0 8px; font-size: 11px; line-height: 1.35;
  color: var(--jp-ui-font-color2); }
.swimlanes-missing summary { cursor: pointer; }
.swimlanes-missing div { margin: 3px 0 0; overflow-wrap: anywhere; }
.swimlanes-controls .widget-hbox { gap: 6px; }
.swimlanes-controls .widget-hbox button { flex: 1 1 0; width: auto; min-width: 0; margin: 0; }
.swimlanes :focus-visible { outline: 2px solid var(--jp-brand-color1); outline-offset: 1px; }
</style>"""
