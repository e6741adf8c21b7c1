// Shows one slide at a time. What does not fit on a slide goes on to another one.
"use strict";

const stage = document.getElementById("stage");
const STEPS = { ArrowRight: 1, PageDown: 1, " ": 1, ArrowLeft: -1, PageUp: -1, Home: -Infinity, End: Infinity };
const SMALLEST = 0.55; // of the usual size of text
let slides = [];
let current = 0;

function tooTall(slide) {
  return slide.scrollHeight > slide.clientHeight;
}

// Moves blocks from the end of a slide to a new one until it fits; returns the new one, if any.
function breakSlide(slide) {
  const body = slide.querySelector(".body");
  const moved = [];
  while (tooTall(slide) && body.children.length > 1) {
    moved.unshift(body.lastElementChild);
    body.lastElementChild.remove();
  }
  if (tooTall(slide)) shrink(slide, body);
  if (!moved.length) return null;
  const next = slide.cloneNode(true);
  const title = next.querySelector("h1, h2");
  if (!title.dataset.again) title.append(" (continued)");
  title.dataset.again = "yes";
  next.querySelector(".body").style.zoom = "";
  next.querySelector(".body").replaceChildren(...moved);
  slide.after(next);
  return next;
}

// A single block that is too tall is drawn smaller.
function shrink(slide, body) {
  for (let size = 0.95; tooTall(slide) && size >= SMALLEST; size -= 0.05) body.style.zoom = size;
}

function fitWindow() {
  const scale = Math.min(innerWidth / 1280, innerHeight / 720);
  const left = (innerWidth - 1280 * scale) / 2;
  stage.style.transform = `translate(${left}px, ${(innerHeight - 720 * scale) / 2}px) scale(${scale})`;
}

function show(number) {
  current = Math.max(0, Math.min(slides.length - 1, number));
  slides.forEach((slide, index) => slide.classList.toggle("current", index === current));
  document.getElementById("place").textContent = `Slide ${current + 1} of ${slides.length}`;
  document.getElementById("back").disabled = current === 0;
  document.getElementById("next").disabled = current === slides.length - 1;
  history.replaceState(null, "", `#${current + 1}`);
}

// A screen reader goes on reading at the slide; a button that was pressed keeps the focus.
function go(step) {
  show(current + step);
  if (document.activeElement.tagName !== "BUTTON") slides[current].focus({ preventScroll: true });
}

function start() {
  document.body.classList.add("shown");
  for (let slide = stage.firstElementChild; slide; slide = slide.nextElementSibling) breakSlide(slide);
  slides = [...stage.children];
  slides.forEach((slide) => (slide.tabIndex = -1));
  show(Number(location.hash.slice(1) || 1) - 1);
  fitWindow();
}

addEventListener("resize", fitWindow);
addEventListener("hashchange", () => show(Number(location.hash.slice(1)) - 1));
addEventListener("keydown", (event) => {
  const onButton = event.key === " " && event.target.tagName === "BUTTON";
  if (!(event.key in STEPS) || onButton || event.ctrlKey || event.altKey || event.metaKey) return;
  event.preventDefault();
  go(STEPS[event.key]);
});
document.getElementById("back").addEventListener("click", () => go(-1));
document.getElementById("next").addEventListener("click", () => go(1));
addEventListener("load", start);
