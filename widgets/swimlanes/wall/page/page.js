// The wall's page: it listens to what changes, and shows one topic.
import { showHands } from "./hands.js";
import { NO_ANSWER, act, ask, element, made, openDialog, peopleHave, tell, tryOut } from "./parts.js";
import { showPoll } from "./polls.js";
import { showProgress } from "./progress.js";
import { showSteering } from "./steering.js";

const SVG = "http://www.w3.org/2000/svg";
const AGAIN_MS = 5000;
const SEVERAL = 3;
const NOTHING_YET = [
  "On START, press Tell the class how far I am.",
  "In a lesson with a panel, press Share with the class below it.",
]; // a course may have no panels
const PROGRESS = "progress"; // among the numbers of topics
const style = new CSSStyleSheet();
document.adoptedStyleSheets = [style];

let me = { joined: false };
let state = { open: true, opened: 0, people: 0, topics: [], telling: 0, stages: [] };
let retry = null; // of a topic that did not come
let shown = null; // the topic on the page, as the wall gave it
let loading = false;
let events = null; // what the page listens to
let asked = null; // the person whom the instructor's dialog is about, with the topic
let closing = 0; // the class that the instructor is asked to close

// The page's policy forbids styles in markup, so they get other names there and are set one by one.
// Within text, a quote is always escaped.
function parsed(svg) {
  const renamed = svg.replaceAll(' style="', ' data-style="').replaceAll("style>", "metadata>");
  return adopted(new DOMParser().parseFromString(renamed, "image/svg+xml").documentElement);
}

function adopted(node) {
  const copy = document.createElementNS(SVG, node.localName);
  for (const { name, value } of node.attributes) {
    if (name === "data-style") copy.style.cssText = value;
    else if (!name.startsWith("xmlns")) copy.setAttribute(name, value);
  }
  for (const child of node.childNodes) {
    if (child.localName === "metadata") style.replaceSync(child.textContent);
    else if (child.nodeType === Node.TEXT_NODE) copy.append(child.data);
    else if (child.nodeType === Node.ELEMENT_NODE) copy.append(adopted(child));
  }
  return copy;
}

function drawPicture() {
  const picture = parsed(shown.picture);
  const own = picture.querySelector(`[data-person="${me.number}"]`);
  if (own) {
    own.classList.add("own");
    own.parentNode.append(own); // above all others
    picture.classList.add("mine");
  }
  picture.classList.toggle("steered", me.instructor);
  element("picture").replaceChildren(picture);
}

function mark(row) {
  const picture = document.createElementNS(SVG, "svg");
  picture.setAttribute("viewBox", "-6 -6 12 12");
  picture.setAttribute("role", "img");
  picture.setAttribute("aria-label", row.look);
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", `M0 0${row.path}`);
  path.style.cssText = row.pen;
  picture.append(path);
  return picture;
}

function drawn(row) {
  const line = document.createElement("tr");
  const head = made("th", "", { scope: "row" });
  const name = row.person === me.number ? `${row.person}, you` : `${row.person}`;
  head.append(mark(row));
  if (me.instructor) {
    const choose = made("button", name, { type: "button", "data-of": row.person });
    choose.setAttribute("aria-label", `Person ${row.person}: hide or explain`);
    choose.addEventListener("click", () => steer(row.person));
    head.append(choose);
  } else {
    head.append(name);
  }
  line.append(head);
  line.classList.toggle("own", row.person === me.number);
  line.classList.toggle("away", row.hidden);
  const cells = row.hidden ? ["hidden by the instructor"] : [...row.cells, row.note];
  for (const text of cells) line.append(made("td", text));
  if (row.hidden) line.lastChild.setAttribute("colspan", shown.columns.length - 1);
  return line;
}

function drawTable() {
  const focused = document.activeElement?.dataset?.of;
  const heads = shown.columns.map((name) => made("th", name, { scope: "col" }));
  document.querySelector("thead tr").replaceChildren(...heads);
  document.querySelector("tbody").replaceChildren(...shown.rows.map(drawn));
  if (focused) document.querySelector(`[data-of="${focused}"]`)?.focus();
}

function steer(person) {
  const row = shown.rows.find((each) => each.person === person);
  if (!me.instructor || !row) return;
  asked = { ...row, topic: shown.number };
  element("whom").textContent = `Person ${person}, the ${row.look}`;
  element("about").textContent = shown.name; // behind the dialog, another topic may take its place
  element("note").value = row.note;
  element("hide").textContent = row.hidden ? "Show again" : "Hide";
  openDialog(element("person"));
}

async function steered() {
  const choice = element("person").returnValue;
  const { topic, person, hidden } = asked;
  const sent = choice === "hide" ? { person, hidden: !hidden } : { person, note: element("note").value };
  if (choice) await act(`topics/${topic}/${choice}`, sent);
  document.querySelector(`[data-of="${person}"]`)?.focus();
}

function chosen() {
  const number = Number(element("topics").value);
  return state.topics.find((topic) => topic.number === number) || newest();
}

// One person alone does not change what all look at.
function newest() {
  const most = Math.max(0, ...state.topics.map(({ people }) => people));
  return state.topics.find(({ people }) => people >= Math.min(SEVERAL, most));
}

function listTopics() {
  const list = element("topics");
  const value = list.value || "0";
  const choices = state.topics.map(({ number, name, people }) =>
    made("option", `${name} (${people})`, { value: number }),
  );
  if (state.telling) choices.unshift(made("option", `how far the class is (${state.telling})`, { value: PROGRESS }));
  list.replaceChildren(made("option", `the newest of ${SEVERAL} people or more`, { value: 0 }), ...choices);
  list.value = value;
  if (!list.value) list.value = "0"; // what was chosen has gone
}

// As long as nobody has shared anything, it is all that there is to see.
function chooseProgress() {
  const chosen = state.telling && (element("topics").value === PROGRESS || !state.topics.length);
  element("progress").hidden = !chosen;
  element("picture").hidden = chosen;
  if (chosen) showProgress(state);
}

async function show() {
  if (retry) tell("");
  clearTimeout(retry);
  retry = null;
  const topic = chosen();
  chooseProgress();
  element("close").hidden = !state.open;
  element("reopen").hidden = state.open;
  const shared = state.people ? `${peopleHave(state.people)} shared something` : "";
  element("people").textContent = state.open ? shared : "The class is closed.";
  if (!topic) {
    shown = null;
    element("picture").replaceChildren(...(state.open ? NOTHING_YET.map((text) => made("p", text)) : []));
    document.querySelector("tbody").replaceChildren();
    return;
  }
  if (loading || (shown?.number === topic.number && shown.revision === topic.revision)) return;
  loading = true;
  try {
    const { number, name, revision } = topic;
    const content = await ask(`topics/${number}`);
    // One's own number comes with the first that one shares.
    if (!me.number && !me.instructor) me = await ask("enter");
    shown = { number, name, revision, ...content };
    drawPicture();
    drawTable();
  } catch (error) {
    tell(error);
    retry = setTimeout(show, AGAIN_MS);
    return;
  } finally {
    loading = false;
  }
  show(); // what came meanwhile
}

function listen() {
  events?.close(); // whoever enters once more is somebody else
  events = new EventSource("events");
  let first = true;
  events.onopen = () => tell("");
  events.onmessage = (message) => {
    const { opened } = state;
    state = JSON.parse(message.data);
    if (opened && state.opened !== opened) me.number = null; // it was of another class
    const shared = first ? "" : state.news;
    first = false;
    const parts = [showPoll(state.poll, me.instructor), showSteering(state, me.instructor), showHands(state.hands, me.instructor)];
    const told = [shared, ...parts];
    if (told.some(Boolean)) element("news").textContent = told.filter(Boolean).join(" ");
    listTopics();
    show();
  };
  events.onerror = ({ target }) => {
    if (target.readyState === EventSource.CLOSED) tryOut("events").catch(tell).then(again);
    else tell(NO_ANSWER); // the browser tries again
  };
}

function again() {
  setTimeout(() => begin().catch((trouble) => (tell(trouble), again())), AGAIN_MS);
}

async function begin() {
  me = await ask("enter");
  if (me.login) {
    location.assign("login"); // and back again
    return;
  }
  element("enter").hidden = me.joined;
  document.querySelector("main").hidden = !me.joined;
  if (!me.joined) {
    element("code").focus();
    return;
  }
  element("steering").hidden = !me.instructor;
  // Who types no scheme means http.
  const scheme = location.protocol === "https:" ? "https://" : "";
  const address = `${scheme}${location.host}${location.pathname}`.replace(/\/$/, "");
  element("joining").textContent = me.code ? `Join: ${address} · ${me.code}` : "";
  shown = null; // it is drawn for whoever looks
  listen();
}

async function enter(secret) {
  tell("");
  try {
    await ask("enter", { code: secret });
  } catch (trouble) {
    tell(trouble);
    if (events) return; // who looked already still does
  }
  await begin().catch(tell);
}

// Nobody reads it from the projector.
function taken() {
  const secret = location.hash.slice(1);
  if (secret) history.replaceState(null, "", location.pathname);
  return secret;
}

element("enter").addEventListener("submit", (event) => {
  event.preventDefault();
  enter(element("code").value);
});
element("topics").addEventListener("change", () => show());
element("person").addEventListener("close", steered);
element("picture").addEventListener("click", (event) => {
  const curve = event.target.closest("[data-person]");
  if (curve) steer(Number(curve.dataset.person));
});
element("close").addEventListener("click", () => {
  closing = state.opened;
  openDialog(element("closing"));
});
element("closing").addEventListener("close", () => {
  if (element("closing").returnValue === "close") act("close", { opened: closing });
});
element("reopen").addEventListener("click", () => act("reopen"));

// As when an address with a secret is pasted where the page is open.
addEventListener("hashchange", () => {
  const secret = taken();
  if (secret) enter(secret);
});

const secret = taken();
if (secret) enter(secret);
else begin().catch(tell);
