/* The course's start page shows its contents by itself: nobody has to run its cell. Above each
   notebook stands what the instructor tells the class. Widgets get the keys that they need.

   An extension of JupyterLab and Notebook in the form in which they load it, so that nothing has
   to be built. It is in no folder `static`: from there, browsers keep files for a year. */

(() => {
  "use strict";

  const CODE = "from swimlanes import contents\n\ncontents()";
  const AGAIN_MS = 5000; // after which a lab that does not answer is asked again, at first
  const SELDOM_MS = 60000; // and at most

  const told = JSON.parse(document.getElementById("jupyter-config-data").textContent);

  /** Return whether a notebook may run code unasked: by the server's word, so no look-alike may. */
  function mayStart(path) {
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


  const STYLE = `
    .swimlanes-class { box-sizing: border-box; max-height: 60vh; overflow-y: auto;
      color: var(--jp-ui-font-color1); background: var(--jp-layout-color2);
      font-size: var(--jp-ui-font-size1); }
    .swimlanes-class-row { padding: 4px 12px; border-bottom: 1px solid var(--jp-border-color1);
      overflow-wrap: anywhere; }
    .swimlanes-class [role="status"] { display: inline-block; margin: 4px 8px 4px 0; }
    .swimlanes-class [role="timer"] { font-size: var(--jp-ui-font-size2);
      font-variant-numeric: tabular-nums; }
    .swimlanes-class a { color: var(--jp-content-link-color); text-decoration: underline; }
    .swimlanes-class fieldset { margin: 0; padding: 0; border: 0; min-width: 0; }
    .swimlanes-class legend { padding: 0 32px 4px 0; font-weight: 600; }
    .swimlanes-class label, .swimlanes-class li { display: block; padding: 3px 0; }
    .swimlanes-class pre { margin: 4px 0; padding: 4px 8px; overflow-x: auto;
      background: var(--jp-layout-color0); }
    .swimlanes-class code, .swimlanes-class pre { font-family: var(--jp-code-font-family); }
    .swimlanes-class button { padding: 4px 12px; border: 1px solid var(--jp-border-color1);
      border-radius: 3px; color: inherit; background: var(--jp-layout-color0); cursor: pointer; }
    .swimlanes-class :focus-visible { outline: 2px solid var(--jp-brand-color1); outline-offset: 2px; }
    .swimlanes-class ol { margin: 0; padding: 0; list-style: none; }
    .swimlanes-class-bar { height: 6px; max-width: 400px; background: var(--jp-layout-color3); }
    .swimlanes-class-bar div { height: 100%; background: var(--jp-brand-color1); }
    .swimlanes-class-close { float: right; }`;

  function made(name, text = "", attributes = {}) {
    const one = document.createElement(name);
    one.textContent = text;
    for (const [key, value] of Object.entries(attributes)) one.setAttribute(key, value);
    return one;
  }

  /** Put text into an element, with what stands between backticks as code. */
  function coded(into, text) {
    text.split("`").forEach((part, index) => into.append(index % 2 ? made("code", part) : part));
    return into;
  }

  /** Return what a page shows with a request to prove that it is the lab's own: a hub wants that. */
  function xsrf() {
    return document.cookie.match(/(?:^|; )_xsrf=([^;]*)/)?.[1] ?? "";
  }

  /** What the class is told, heard by the pages of this window that are looked at. */
  class Class {
    constructor(commands) {
      this.commands = commands;
      this.bars = new Set();
      this.votes = new Map(); // what was voted for here, by polls
      this.closed = new Set();
      this.now = {};
      this.pauseMs = AGAIN_MS;
      document.head.append(made("style", STYLE));
      document.addEventListener("visibilitychange", () => this.listen());
    }

    add(bar) {
      this.bars.add(bar);
      this.listen();
      bar.show(this.now);
    }

    remove(bar) {
      this.bars.delete(bar);
      bar.show({});
      this.listen();
    }

    /** Listen as long as there is somebody to see it: a browser has few connections for all pages. */
    listen() {
      const wanted = this.bars.size > 0 && !document.hidden;
      if (wanted === Boolean(this.events)) return;
      this.events?.close();
      this.events = wanted ? new EventSource(`${told.baseUrl}swimlanes/class?_xsrf=${xsrf()}`) : null;
      if (!wanted) return;
      // A browser would ask again with the same proof, which may be too old.
      this.events.onerror = () => {
        this.events.close();
        this.events = null;
        setTimeout(() => this.listen(), this.pauseMs);
        this.pauseMs = Math.min(2 * this.pauseMs, SELDOM_MS);
      };
      this.events.onmessage = (message) => {
        this.pauseMs = AGAIN_MS;
        this.now = JSON.parse(message.data);
        const { timer, now_s } = this.now;
        if (timer) {
          const lasts = 1000 * (timer.ends_s - now_s);
          timer.ends = { page: performance.now() + lasts, clock: Date.now() + lasts };
        }
        this.showAll();
      };
    }

    showAll() {
      for (const bar of this.bars) bar.show(this.now);
    }

    close(key) {
      this.closed.add(key);
      this.showAll();
    }

    /** Send a vote, and return why it does not count, or nothing. */
    async vote(poll, chosen) {
      const answer = await fetch(`${told.baseUrl}swimlanes/vote`, {
        method: "POST",
        headers: { "Content-Type": "application/json", "X-XSRFToken": xsrf() },
        body: JSON.stringify({ poll, chosen }),
      })
        .then((came) => came.json())
        .catch(() => ({ sentence: "Your lab does not answer: reload the page, then vote again." }));
      if (!answer.sentence) this.votes.set(poll, chosen);
      return answer.sentence ?? answer.message;
    }
  }

  /** One thing that the class is told, until it is closed here or taken back. */
  class Row {
    constructor(ofClass, panel) {
      this.ofClass = ofClass;
      this.panel = panel;
      this.key = null;
      this.node = made("div", "", { class: "swimlanes-class-row" });
      this.node.hidden = true;
      this.heard = made("div", "", { role: "status" });
    }

    show(what) {
      this.what = what;
      const key = what ? `${what.poll ?? what.name} ${what.ended ?? ""}` : null;
      const shown = this.ofClass.closed.has(key) ? null : key;
      if (shown === this.key) return;
      this.key = shown;
      this.node.hidden = !shown;
      this.node.replaceChildren(this.heard);
      this.say("");
      if (!shown) return;
      const close = made("button", "Close", { type: "button", class: "swimlanes-class-close" });
      close.addEventListener("click", () => {
        this.ofClass.close(key);
        const next = this.node.parentNode.querySelector(":not([hidden]) > .swimlanes-class-close");
        if (next) next.focus();
        else this.panel.content.activate();
      });
      this.node.prepend(close);
      this.node.append(...this.parts(what));
      // A screen reader speaks what changes in a place that it knows already.
      requestAnimationFrame(() => {
        if (this.key === key) this.say(this.words(what));
      });
    }

    /** Say something once, however often it is said. */
    say(words) {
      if (this.heard.textContent !== words) this.heard.textContent = words;
    }

    parts() {
      return [];
    }
  }

  class Announcement extends Row {
    words({ text }) {
      return `From your instructor: ${text}`;
    }

    parts({ link }) {
      const elsewhere = { href: link, target: "_blank", rel: "noopener noreferrer" };
      return link ? [made("a", link, elsewhere)] : [];
    }
  }

  class Lesson extends Row {
    words({ title, path }) {
      const here = path === this.panel.context.path;
      const more = here ? " You are there." : path ? "" : " Your course has no such lesson.";
      return `Everybody at ${title} now.${more}`;
    }

    parts({ path }) {
      if (!path || path === this.panel.context.path) return [];
      const pages = `${told.baseUrl}${told.notebookPage ? "notebooks" : "lab/tree"}/`;
      const link = made("a", "Open this lesson", {
        href: pages + path.split("/").map(encodeURIComponent).join("/"),
      });
      link.addEventListener("click", (event) => {
        if (told.notebookPage) return; // which has a page for each notebook
        event.preventDefault();
        this.ofClass.commands.execute("docmanager:open", { path });
      });
      return [link];
    }
  }

  // The page's own clock may stand still while the computer sleeps; the other one may be set back.
  const leftMs = (ends) => Math.min(ends.page - performance.now(), ends.clock - Date.now());

  class Timer extends Row {
    show(timer) {
      clearTimeout(this.ticking);
      super.show(timer);
      if (this.key) this.tick();
    }

    words({ minutes, ends }) {
      if (leftMs(ends) <= 0) return "Time is up.";
      return `A timer runs: ${minutes} minute${minutes === 1 ? "" : "s"}.`;
    }

    parts() {
      this.left = made("strong", "", { role: "timer" });
      return [this.left];
    }

    /** Count down, and tell of the end: a screen reader does not hear the seconds before it. */
    tick() {
      const left = Math.max(0, leftMs(this.what.ends));
      const seconds = Math.ceil(left / 1000);
      const clock = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
      this.left.textContent = seconds ? clock : "";
      if (seconds) this.ticking = setTimeout(() => this.tick(), left % 1000 || 1000);
      else this.say(this.words(this.what));
    }
  }

  class Poll extends Row {
    words({ ended, instruction }) {
      return ended ? "The poll has ended." : `Your class votes. ${instruction}`;
    }

    parts(poll) {
      return [poll.ended ? this.result(poll) : this.form(poll)];
    }

    question(poll, kind) {
      const question = coded(made(kind), poll.question);
      return poll.code ? [question, made("pre", poll.code)] : [question];
    }

    form(poll) {
      const form = document.createElement("form");
      const set = document.createElement("fieldset");
      const earlier = this.ofClass.votes.get(poll.poll) ?? [];
      const boxes = poll.choices.map(({ text }, index) => {
        const box = made("input", "", {
          type: poll.several ? "checkbox" : "radio",
          name: `swimlanes-${poll.poll}`,
        });
        box.checked = earlier.includes(index);
        const label = document.createElement("label");
        label.append(box, ` ${text}`);
        return [box, label];
      });
      const send = made("button", "Vote");
      set.append(...this.question(poll, "legend"), ...boxes.map(([, label]) => label), send);
      form.append(set);
      form.addEventListener("submit", async (event) => {
        event.preventDefault();
        const chosen = [...boxes.keys()].filter((index) => boxes[index][0].checked);
        if (!chosen.length) {
          this.say(poll.instruction);
          return;
        }
        const trouble = await this.ofClass.vote(poll.poll, chosen);
        this.say(trouble || "You have voted. You may change it until the poll ends.");
      });
      return form;
    }

    result(poll) {
      const list = document.createElement("ol");
      const mine = this.ofClass.votes.get(poll.poll) ?? [];
      list.append(
        ...poll.choices.map(({ text, votes, right, because }, index) => {
          const line = made("li", `${right ? "✓ Right: " : ""}${text}`);
          const count = `${votes} of ${poll.voters}${mine.includes(index) ? ", and you" : ""}`;
          const bar = made("div", "", { class: "swimlanes-class-bar" });
          bar.append(document.createElement("div"));
          bar.firstChild.style.width = `${poll.voters ? (100 * votes) / poll.voters : 0}%`;
          line.append(` (${count})`, bar, coded(document.createElement("span"), because));
          return line;
        })
      );
      const result = document.createElement("div");
      result.append(...this.question(poll, "strong"), list);
      return result;
    }
  }

  const ROWS = { announcement: Announcement, lesson: Lesson, timer: Timer, poll: Poll };

  /** The bar above one notebook, with a row for each kind. */
  class Bar {
    constructor(ofClass, panel) {
      this.node = document.createElement("div");
      this.part = made("section", "", { class: "swimlanes-class", "aria-label": "Your class" });
      this.node.append(this.part);
      this.rows = Object.entries(ROWS).map(([kind, Kind]) => [kind, new Kind(ofClass, panel)]);
      this.part.append(...this.rows.map(([, row]) => row.node));
      // JupyterLab gives what is no module of it no class of widgets: this is the one of all panels.
      let Widget = panel.constructor;
      while (Object.getPrototypeOf(Widget).prototype) Widget = Object.getPrototypeOf(Widget);
      this.widget = new Widget({ node: this.node });
      panel.contentHeader.addWidget(this.widget);
      new ResizeObserver(() => this.fit()).observe(this.part);
      panel.disposed.connect(() => ofClass.remove(this));
      ofClass.add(this);
    }

    /** Take the height that the content has: the panel gives no other. */
    fit() {
      this.node.style.minHeight = `${this.part.offsetHeight}px`;
      this.widget.parent?.fit();
    }

    show(now) {
      for (const [kind, row] of this.rows) row.show(now[kind]);
      this.part.hidden = this.rows.every(([, row]) => !row.key);
      this.fit();
    }
  }

  /** Return whether a key is for what has the focus: a list takes arrows and letters, too. */
  function isPlain({ key, ctrlKey, altKey, metaKey, shiftKey }) {
    return !(ctrlKey || altKey || metaKey || key === "Escape" || (shiftKey && key === "Enter"));
  }

  /** Keep JupyterLab's shortcuts from a widget's keys: `m` would make Markdown of its cell. */
  function leaveKeys(event) {
    const field = event.target;
    if (field.closest?.(".jupyter-widgets"))
      field.toggleAttribute("data-lm-suppress-shortcuts", isPlain(event));
  }

  const start = {
    id: "swimlanes:start",
    description: "The start page shows its contents, pages what a class is told; widgets keep keys.",
    autoStart: true,
    activate: (app) => {
      window.addEventListener("keydown", leaveKeys, true); // before JupyterLab, which is below it
      const ofClass = new Class(app.commands);
      app.docRegistry.addWidgetExtension("Notebook", {
        createNew: (panel, context) => {
          if (mayStart(context.path)) new Contents(panel, context);
          new Bar(ofClass, panel);
        },
      });
    },
  };

  window._JUPYTERLAB = window._JUPYTERLAB ?? {};
  window._JUPYTERLAB.swimlanes = { init: () => {}, get: async () => () => [start] };
})();
