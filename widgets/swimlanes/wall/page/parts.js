// What all parts of the page need: to ask the wall, to tell a trouble, to make an element.

const xsrf = document.querySelector("meta[name=xsrf]").content;
export const NO_ANSWER = "The wall does not answer: it was closed, or the network is gone.";
export const element = (id) => document.getElementById(id);

async function answered(path, request) {
  const answer = await fetch(path, request).catch(() => null);
  if (!answer) throw new Error(NO_ANSWER);
  if (answer.ok) return answer;
  const content = await answer.json().catch(() => null);
  throw new Error(content?.sentence || "The wall does not answer as it should.");
}

export async function ask(path, sent) {
  const headers = { "Content-Type": "application/json", "X-XSRFToken": xsrf };
  const request = sent && { method: "POST", headers, body: JSON.stringify(sent) };
  const content = await (await answered(path, request)).json().catch(() => null);
  if (!content) throw new Error("An answer of the wall did not come to its end: the network may be slow.");
  return content;
}

// An EventSource does not tell why it was refused. An answer that has no end is given up as soon as it begins.
export async function tryOut(path) {
  const once = new AbortController();
  await answered(path, { signal: once.signal });
  once.abort();
}

export function tell(trouble) {
  element("trouble").textContent = trouble ? trouble.message || trouble : "";
}

export const act = (path, sent = {}) => ask(path, sent).then(() => tell(""), tell);

// Until a button of the dialog says something, nothing is wanted: Esc says nothing.
export function openDialog(dialog) {
  if (dialog.open) return;
  dialog.returnValue = "";
  dialog.showModal();
}

export function made(name, text = "", attributes = {}) {
  const one = document.createElement(name);
  one.textContent = text;
  for (const [key, value] of Object.entries(attributes)) one.setAttribute(key, value);
  return one;
}

export const counted = (count, noun) => `${count} ${noun}${count === 1 ? "" : "s"}`;

export const peopleHave = (count) => (count === 1 ? "1 person has" : `${count} people have`);

// Text goes into an element, with what stands between backticks as code.
export function coded(into, text) {
  text.split("`").forEach((part, index) => into.append(index % 2 ? made("code", part) : part));
  return into;
}
