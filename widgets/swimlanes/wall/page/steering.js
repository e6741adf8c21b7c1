// What the instructor tells all: a line, the lesson to be at, a timer.
import { act, ask, counted, element, made, openDialog, tell } from "./parts.js";

const IS_UP = "Time is up";
const WORDS = {
  announcement: ({ text }) => text,
  lesson: ({ title }) => `Everybody at ${title} now.`,
  timer: ({ minutes }) => (leftMs() > 0 ? `A timer runs: ${counted(minutes, "minute")}.` : `${IS_UP}.`),
};
const SENT = {
  announcement: () => ({ text: element("line").value, link: inAscii(element("address").value) }),
  lesson: () => ({ file: element("lessons").value }),
  timer: () => ({ minutes: element("minutes").valueAsNumber }),
};
const KINDS = Object.keys(WORDS);

let names = {}; // of what is on the page, by kinds
let ends = { page: 0, clock: 0 }; // when the timer does, ms
let ticking = null;

// The page's own clock may stand still while the computer sleeps; the other one may be set back.
const leftMs = () => Math.min(ends.page - performance.now(), ends.clock - Date.now());

// Show all of it, and return what is new in words.
export function showSteering(state, instructor) {
  const fresh = KINDS.filter((kind) => state[kind] && state[kind].name !== names[kind]);
  names = Object.fromEntries(KINDS.map((kind) => [kind, state[kind]?.name]));
  for (const kind of KINDS) element(kind).hidden = !state[kind];
  element("told").hidden = !KINDS.some((kind) => state[kind]);
  for (const button of document.querySelectorAll("#told button")) button.hidden = !instructor;
  const { announcement, lesson, timer } = state;
  element("announced").textContent = announcement?.text ?? "";
  const link = announcement?.link || "";
  element("link").textContent = link;
  element("link").hidden = !link;
  if (link) element("link").href = link;
  element("offered").textContent = lesson?.title ?? "";
  clearTimeout(ticking);
  if (timer) {
    const lasts = 1000 * (timer.ends_s - state.now_s);
    ends = { page: performance.now() + lasts, clock: Date.now() + lasts };
    element("of").textContent = `of ${counted(timer.minutes, "minute")}`;
    tick(fresh.includes("timer"));
  }
  return fresh.map((kind) => WORDS[kind](state[kind])).join(" ");
}

// A screen reader hears of the beginning and the end, and of no second between them.
function tick(begins) {
  const left = Math.max(0, leftMs());
  const seconds = Math.ceil(left / 1000);
  const clock = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
  if (!seconds && !begins && element("left").textContent !== IS_UP) element("news").textContent = `${IS_UP}.`;
  element("left").textContent = seconds ? clock : IS_UP;
  element("of").hidden = !seconds;
  if (seconds) ticking = setTimeout(tick, left % 1000 || 1000);
}

const inAscii = (link) => link && new URL(link).href;

async function choose() {
  const { lessons, fault } = await ask("lessons");
  if (element("telling").open) return; // pressed twice: something may be chosen already
  element("lessons").replaceChildren(...lessons.map(([file, title]) => made("option", title, { value: file })));
  element("lessons-fault").textContent = fault;
  element("offer").disabled = !lessons.length;
  openDialog(element("telling"));
}

element("tell").addEventListener("click", () => choose().catch(tell));
element("telling").addEventListener("close", () => {
  const kind = element("telling").returnValue;
  if (kind) act(`tell/${kind}`, SENT[kind]());
});
element("told").addEventListener("click", ({ target }) => {
  if (!target.value) return;
  act("tell/back", { kind: target.value, name: names[target.value] });
  element("tell").focus({ preventScroll: true }); // what was pressed goes away
});
// What is below gets the rest of the screen.
new ResizeObserver(() =>
  document.body.style.setProperty("--told", `${element("told").offsetHeight}px`),
).observe(element("told"));
