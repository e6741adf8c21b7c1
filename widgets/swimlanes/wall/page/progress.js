// How far the class is: for each exercise a bar, and the same in words.
import { element, made, peopleHave } from "./parts.js";

const PARTS = [["right", "right"], ["trying", "trying"], ["untouched", "not begun"]];

function barOf(exercise) {
  const bar = made("div", "", { class: "stack", "aria-hidden": "true" });
  for (const [kind] of PARTS) {
    const part = made("span", "", { class: kind });
    part.style.flexGrow = exercise[kind];
    bar.append(part);
  }
  return bar;
}

function rowOf(exercise) {
  const row = made("tr");
  const counts = PARTS.map(([kind, words]) => `${exercise[kind]} ${words}`);
  const bar = made("td");
  bar.append(barOf(exercise));
  row.append(made("th", exercise.title, { scope: "row" }), bar, made("td", counts.join(", ")));
  return row;
}

function tableOf({ title, exercises }) {
  const table = made("table");
  table.append(made("caption", title), ...exercises.map(rowOf));
  return table;
}

export function showProgress({ telling, stages }) {
  element("agreed").textContent = `${peopleHave(telling)} agreed to tell how far they are.`;
  const begun = stages.length ? [] : [made("p", "Nobody of them has begun an exercise.")];
  element("stages").replaceChildren(...begun, ...stages.map(tableOf));
}
