// Raised hands: all see how many, and the instructor whose, one after the other.
import { act, ask, element, made, openDialog, tell } from "./parts.js";

let up = 0;

const done = () => element("raised").querySelector(".choices [value='']");
const are = (count) => (count === 1 ? "1 hand is up" : `${count} hands are up`);

// Show how many, and return what is new in words.
export function showHands(count, instructor) {
  const more = count > up;
  up = count;
  element("hands").textContent = count && !instructor ? are(count) : "";
  element("list-hands").textContent = count ? `${are(count)}…` : "No hand is up";
  element("list-hands").hidden = !instructor;
  if (element("raised").open) list().catch(tell);
  return more ? `${are(count)}.` : "";
}

async function list() {
  const { hands } = await ask("hands");
  const focused = document.activeElement?.dataset?.hand;
  element("whose").replaceChildren(...hands.map(drawn));
  element("nobody").hidden = hands.length > 0;
  const all = element("lower-all");
  all.value = Math.max(0, ...hands.map(({ number }) => number)); // those that go up later stay up
  if (hands.length < 2 && document.activeElement === all) done().focus();
  all.hidden = hands.length < 2;
  const next = document.querySelector(`[data-hand="${focused}"]`) || document.querySelector("[data-hand]");
  if (focused) (next || done()).focus();
}

function drawn({ number, who, place }) {
  const line = made("li", place ? `${who}, ${place} ` : `${who} `);
  const lower = made("button", "Lower", { type: "button", "data-hand": number, "aria-label": `Lower the hand of ${who}` });
  lower.addEventListener("click", () => act("hands/lower", { number }));
  line.append(lower);
  return line;
}

element("lower-all").addEventListener("click", ({ target }) => act("hands/lower-all", { number: Number(target.value) }));
element("list-hands").addEventListener("click", async () => {
  await list().catch(tell);
  openDialog(element("raised"));
});
