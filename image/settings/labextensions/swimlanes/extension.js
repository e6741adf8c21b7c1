/* The course's start page shows its contents by itself: nobody has to run its cell.

   An extension of JupyterLab and Notebook in the form in which they load it, so that nothing has
   to be built. It is in no folder `static`: from there, browsers keep files for a year. */

(() => {
  "use strict";

  const CODE = "from swimlanes import contents\n\ncontents()";

  /** Return whether a notebook may run code unasked: by the server's word, so no look-alike may. */
  function mayStart(path) {
    const told = JSON.parse(document.getElementById("jupyter-config-data").textContent);
    return (told.swimlanesPages ?? []).includes(`${told.serverRoot}/${path}`);
  }

  /** What the code shows, in place of the output in the file: the notebook itself stays as it is. */
  class Contents {
    constructor(panel, context) {
      this.panel = panel;
      this.context = context;
      this.session = context.sessionContext;
      this.area = null;
      this.session.kernelChanged.connect(() => this.want());
      this.session.statusChanged.connect((_, status) =>
        status.endsWith("restarting") ? this.want() : this.look()
      );
      this.want();
    }

    want() {
      this.wanted = true;
      this.look();
    }

    /** Run the code if it is wanted and the kernel is ready: before, what is asked may be lost. */
    async look() {
      await this.context.ready;
      if (this.panel.isDisposed) return;
      const cell = this.panel.content.widgets.find(
        (one) => one.model.type === "code" && one.model.sharedModel.getSource() === CODE
      );
      const kernel = this.session.session?.kernel;
      if (!this.wanted || !cell || kernel?.status !== "idle") return;
      this.wanted = false;
      await cell.ready;
      const area = await this.run(kernel, cell.outputArea);
      if (area) this.show(area, cell);
    }

    /** Return the output of the code; null if it fails, and the page goes on showing its file. */
    async run(kernel, stored) {
      const area = new stored.constructor({
        model: new stored.model.constructor({ trusted: true }),
        rendermime: stored.rendermime,
        contentFactory: stored.contentFactory,
      });
      area.future = kernel.requestExecute(
        { code: CODE, store_history: false, allow_stdin: false },
        false
      );
      const reply = await area.future.done.catch(() => null); // the kernel has gone, or the page
      if (reply?.content.status === "ok") return area;
      area.dispose();
      return null;
    }

    /** Show the output, without the code, until somebody runs the cell. */
    show(area, cell) {
      const stored = cell.outputArea;
      const code = cell.layout.widgets.find((part) => part.hasClass("jp-Cell-inputWrapper"));
      this.area?.dispose();
      this.area = area;
      area.addClass("jp-Cell-outputArea");
      stored.parent.insertWidget(stored.parent.widgets.indexOf(stored), area);
      stored.hide();
      code.hide();
      stored.model.changed.connect(() => {
        area.dispose();
        stored.show();
        code.show();
      });
      // Somebody has the file read again, which makes its cells anew.
      cell.disposed.connect(() => this.want());
    }
  }

  const start = {
    id: "swimlanes:start",
    description: "The course's start page shows its contents by itself.",
    autoStart: true,
    activate: (app) => {
      app.docRegistry.addWidgetExtension("Notebook", {
        createNew: (panel, context) => {
          if (mayStart(context.path)) new Contents(panel, context);
        },
      });
    },
  };

  window._JUPYTERLAB = window._JUPYTERLAB ?? {};
  window._JUPYTERLAB.swimlanes = { init: () => {}, get: async () => () => [start] };
})();
