// Polls: the instructor chooses a question, all see how the class votes, and the answer at the end.
import { act, ask, coded, counted, element, made, openDialog, peopleHave, tell } from "./parts.js";

let shown = null; // the poll on the page, as the wall gave it
let questions = new Map();

function drawn(choice, voters) {
  const line = made("li");
  const name = made("p");
  if (choice.right) name.append(made("strong", "✓ Right: "));
  name.append(choice.text);
  const bar = made("div", "", { class: "bar" });
  bar.style.setProperty("--part", voters ? choice.votes / voters : 0);
  const share = voters ? ` (${Math.round((100 * choice.votes) / voters)} %)` : "";
  const row = made("div", "", { class: "counted" });
  row.append(bar, made("p", `${counted(choice.votes, "vote")}${share}`));
  line.append(name, row);
  if (choice.right) line.append(coded(made("p", "", { class: "because" }), choice.because));
  line.classList.toggle("right", choice.right === true);
  return line;
}

function said(poll) {
  if (!poll) return "The poll was put away.";
  const right = poll.choices.filter((choice) => choice.right).map(({ text }) => text);
  return poll.ended ? `The poll has ended. Right: ${right.join("; ")}` : `A poll: ${poll.question}`;
}

// Show the poll, and return what is new in words.
export function showPoll(poll, instructor) {
  const isNew = poll?.poll !== shown?.poll || poll?.ended !== shown?.ended;
  shown = poll;
  draw(poll, instructor);
  return isNew ? said(poll) : "";
}

function draw(poll, instructor) {
  element("poll").hidden = !poll;
  element("curves").hidden = Boolean(poll);
  element("open-poll").disabled = Boolean(poll && !poll.ended);
  if (!poll) return;
  element("asked").replaceChildren();
  coded(element("asked"), poll.question);
  element("asked-code").textContent = poll.code;
  element("asked-code").hidden = !poll.code;
  const voters = `${peopleHave(poll.voters)} voted`;
  element("voters").textContent = poll.ended ? `${voters}. The poll has ended.` : `${poll.instruction} ${voters}.`;
  element("choices").replaceChildren(...poll.choices.map((choice) => drawn(choice, poll.voters)));
  element("end-poll").hidden = !instructor || poll.ended;
  element("put-away").hidden = !instructor || !poll.ended;
}

// A lesson's number, or the name of the file that holds the questions.
function groupOf(name) {
  const file = name.slice(0, name.indexOf("/"));
  if (/^[0-9]+$/.test(file)) return `Lesson ${file}`;
  const words = file.replaceAll(/[-_]+/g, " ").trim();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

async function choose() {
  const { questions: found, faults } = await ask("questions");
  if (element("polling").open) return; // pressed twice: something may be chosen already
  questions = new Map(found);
  const groups = new Map();
  for (const [name, text] of found) {
    const group = groupOf(name);
    if (!groups.has(group)) groups.set(group, made("optgroup", "", { label: group }));
    groups.get(group).append(made("option", text.split("\n")[0].replaceAll("`", ""), { value: name }));
  }
  element("questions").replaceChildren(...groups.values());
  element("poll-faults").textContent = faults.join(" ");
  preview();
  openDialog(element("polling"));
}

function preview() {
  element("preview").textContent = questions.get(element("questions").value) || "The course has no questions.";
  element("begin-poll").disabled = !questions.size;
}

element("open-poll").addEventListener("click", () => choose().catch(tell));
element("questions").addEventListener("change", preview);
element("polling").addEventListener("close", () => {
  if (element("polling").returnValue === "open") act("poll/open", { name: element("questions").value });
});
element("end-poll").addEventListener("click", () => act("poll/end", { poll: shown.poll }));
element("put-away").addEventListener("click", () => act("poll/away", { poll: shown.poll }));
