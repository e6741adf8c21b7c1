// Bring the table up to date every few seconds. Without this script, reload the page.
"use strict";

const EVERY_MS = 5000;
const people = document.getElementById("people");

async function refresh() {
  const headers = { "X-XSRFToken": people.dataset.xsrf };
  const answer = await fetch(people.dataset.source, { headers }).catch(() => null);
  if (answer && (answer.redirected || answer.status === 403)) {
    location.reload(); // logged out meanwhile
  } else if (answer?.ok && !people.querySelector(":focus")) {
    // While somebody is at a link of the table with the keyboard, it stays as it is.
    people.innerHTML = await answer.text();
  }
  setTimeout(refresh, EVERY_MS);
}

setTimeout(refresh, EVERY_MS);
