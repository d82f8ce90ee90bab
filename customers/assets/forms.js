// The forms of the back office and of the admin. Every page works without this script.
"use strict";

// A form is not sent again while its first sending is under way, as with Enter pressed twice.
const PAUSE = 1500; // milliseconds
for (const form of document.querySelectorAll("main form[method=post]")) {
  let sent = -Infinity;
  form.addEventListener("submit", (event) => {
    if (event.timeStamp - sent < PAUSE) event.preventDefault();
    else sent = event.timeStamp;
  });
}

// Leaving a page with something typed that was not sent asks first.
let typed = document.querySelector("[data-typed]") !== null;
for (const form of document.querySelectorAll("main form[method=post]:not(#changelist-form)")) {
  form.addEventListener("input", (event) => { typed ||= event.isTrusted && !event.target.matches("[type=checkbox]"); });
  form.addEventListener("submit", () => { typed = false; });
}
window.addEventListener("beforeunload", (event) => { if (typed) event.preventDefault(); });
