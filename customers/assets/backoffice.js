// Conveniences for the back office. Every page works without this script.
"use strict";

// The server shows times in the reader's time zone, which only the browser knows.
const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
const told = `timezone=${encodeURIComponent(zone)}`;
if (zone && !document.cookie.split("; ").includes(told)) {
  const secure = location.protocol === "https:" ? "; Secure" : "";
  document.cookie = `${told}; path=/; max-age=31536000; SameSite=Lax${secure}`;
}

// Copy buttons. Screen readers announce the copy.
const spoken = document.createElement("p");
spoken.className = "visually-hidden";
spoken.setAttribute("role", "status");
document.body.append(spoken);
for (const button of document.querySelectorAll("[data-copy]")) {
  if (!navigator.clipboard) break;
  const label = button.innerHTML;
  let back;
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(button.dataset.copy);
    clearTimeout(back);
    button.textContent = "✓";
    spoken.textContent = "Copied";
    back = setTimeout(() => { button.innerHTML = label; spoken.textContent = ""; }, 1200);
  });
}

// One box ticks all rows of a table.
for (const all of document.querySelectorAll("[data-all]")) {
  all.hidden = false;
  all.addEventListener("change", () => {
    for (const box of document.querySelectorAll(`input[name="${all.dataset.all}"]`)) box.checked = all.checked;
  });
}

// A menu closes when something else is clicked, or with Escape.
for (const menu of document.querySelectorAll("details.menu")) {
  document.addEventListener("click", (event) => { if (!menu.contains(event.target)) menu.open = false; });
  menu.addEventListener("keydown", (event) => {
    if (event.key === "Escape") { menu.open = false; menu.querySelector("summary").focus(); }
  });
}
