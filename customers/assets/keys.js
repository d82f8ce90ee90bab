// Keys of the back office. Those without Ctrl do nothing in a field, and can be switched off.
const help = document.getElementById("keys");
const rows = () => [...document.querySelectorAll("main tbody th[scope=row] a")];

function goToSearch() {
  const search = document.getElementById("search");
  search?.select();
  search?.click();
}

// The next row of a list, or the previous one.
function move(step) {
  const all = rows();
  const row = document.activeElement.closest("tr");
  const at = all.findIndex((link) => row?.contains(link));
  all[at < 0 ? 0 : Math.min(Math.max(at + step, 0), all.length - 1)]?.focus();
}

// The customer of the row that has the focus, or of the page.
function edit() {
  const row = document.activeElement.closest("tbody tr");
  const link = row?.querySelector("[data-edit]");
  if (link) location.assign(link.dataset.edit);
  else document.querySelector('main a[href$="/edit/"]')?.click();
}

const KEYS = {
  "/": goToSearch,
  "?": () => help?.showModal(),
  j: () => move(1),
  k: () => move(-1),
  e: edit,
};

document.addEventListener("keydown", (event) => {
  if (event.key === "k" && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    goToSearch();
    return;
  }
  const isOff = document.body.dataset.keys === "off" || event.ctrlKey || event.metaKey || event.altKey;
  const field = event.target.closest("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable], dialog");
  if (isOff || field || !Object.hasOwn(KEYS, event.key)) return;
  event.preventDefault();
  KEYS[event.key]();
});
