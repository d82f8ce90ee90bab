// The preview of where a change shows follows what is typed. The server answers it and saves nothing.
"use strict";

const WAIT = 400; // milliseconds without a keystroke
for (const shown of document.querySelectorAll("[data-preview]")) {
  const form = shown.closest("form");
  const button = form.querySelector("button[name=preview]");
  let waiting, asked;
  button.hidden = true;
  const ask = async () => {
    asked?.abort();
    asked = new AbortController();
    try {
      const answer = await fetch(shown.dataset.preview, { method: "POST", body: new FormData(form), signal: asked.signal });
      if (!answer.ok || answer.redirected) throw new Error("no preview");
      shown.innerHTML = await answer.text();
    } catch (error) {
      if (error.name === "AbortError") return;
      shown.textContent = "";
      button.hidden = false;
    }
  };
  form.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(ask, WAIT); });
  form.addEventListener("submit", () => { clearTimeout(waiting); asked?.abort(); });
}
