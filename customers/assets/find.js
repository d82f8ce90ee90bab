// The search box suggests customers while someone types, as a combobox of the ARIA Authoring Practices.
const DEBOUNCE = 150; // milliseconds
const box = document.getElementById("search");
const shown = document.getElementById("suggested");

if (box && shown) {
  let waiting, asked, active = -1;
  const options = () => [...shown.querySelectorAll("[role=option]")];

  box.setAttribute("role", "combobox");
  box.setAttribute("aria-autocomplete", "list");
  box.setAttribute("aria-controls", "suggestions");
  box.setAttribute("aria-expanded", "false");

  function choose(index) {
    const all = options();
    active = all.length ? (index + all.length) % all.length : -1;
    all.forEach((option, place) => option.setAttribute("aria-selected", String(place === active)));
    if (active < 0) return;
    all[active].scrollIntoView({ block: "nearest" });
    box.setAttribute("aria-activedescendant", all[active].id);
  }

  function close() {
    clearTimeout(waiting);
    asked?.abort();
    active = -1;
    shown.hidden = true;
    box.setAttribute("aria-expanded", "false");
    box.removeAttribute("aria-activedescendant");
  }

  // A new request ends the one before it: no answer comes late, and none waits for another.
  async function suggest() {
    asked?.abort();
    asked = new AbortController();
    const query = new URLSearchParams({ options: "", q: box.value });
    try {
      const answer = await fetch(`${box.dataset.suggestions}?${query}`, { signal: asked.signal });
      if (!answer.ok || answer.redirected) return close();
      shown.innerHTML = await answer.text();
    } catch {
      return; // ended by the next request, or the network is away: the search works without
    }
    const says = shown.querySelector("p").textContent;
    if (document.activeElement !== box || !says) return close();
    active = -1;
    box.removeAttribute("aria-activedescendant");
    shown.hidden = false;
    box.setAttribute("aria-expanded", String(options().length > 0));
    document.getElementById("suggested-status").textContent = says;
  }

  function suggestSoon() {
    clearTimeout(waiting);
    waiting = setTimeout(suggest, DEBOUNCE);
  }

  box.addEventListener("input", suggestSoon);
  box.addEventListener("click", () => { if (shown.hidden) suggestSoon(); });
  box.addEventListener("blur", close);
  box.form.addEventListener("submit", close);
  box.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      event.preventDefault();
      if (shown.hidden) suggest();
      else choose(active < 0 && step < 0 ? -1 : active + step);
    } else if (event.key === "Escape" && !shown.hidden) {
      event.preventDefault();
      close();
    } else if (event.key === "Enter" && active >= 0 && !shown.hidden && !event.isComposing) {
      event.preventDefault();
      location.assign(options()[active].dataset.address);
    }
  });
  shown.addEventListener("mousedown", (event) => event.preventDefault()); // the box keeps the focus
  shown.addEventListener("click", (event) => {
    const option = event.target.closest("[role=option]");
    if (option) location.assign(option.dataset.address);
  });
}
