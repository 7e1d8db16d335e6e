"use strict";
// Narrows the list of codes while one types; without it the form asks the server, which answers the same.
(() => {
  const field = document.getElementById("q");
  const list = document.getElementById("list");
  const shown = document.getElementById("shown");
  if (!field || !list || !shown) return;

  const rows = [...list.querySelectorAll("li[data-code]")].map(row => ({
    row,
    code: row.dataset.code,
    words: `${row.textContent} ${row.dataset.words}`.toLowerCase(),
  }));
  const groups = [...list.querySelectorAll(".group")];
  const languages = document.querySelectorAll(".languages a");
  const parts = [...list.querySelectorAll(".part")];

  const isFound = ({ code, words }, word) =>
    word.startsWith("x.") ? code.slice(1).startsWith(word.slice(1))
    : /^[0-9.-]+$/.test(word) ? code.startsWith(word)
    : words.includes(word);

  const narrow = () => {
    const search = field.value.toLowerCase().split(/\s+/).filter(word => word);
    let count = 0;
    for (const entry of rows) {
      const found = search.every(word => isFound(entry, word));
      entry.row.hidden = !found;
      if (found) count++;
    }
    for (const group of groups) group.hidden = !group.querySelector("li:not([hidden])");
    for (const part of parts) part.hidden = !part.querySelector(".group:not([hidden])");
    list.classList.toggle("narrowed", search.length > 0);
    shown.textContent = search.length === 0 ? ""
      : count === 0 ? list.dataset.none
      : list.dataset.shown.replace("{count}", count).replace("{total}", rows.length);

    const address = new URL(location.href);
    if (field.value) address.searchParams.set("q", field.value);
    else address.searchParams.delete("q");
    history.replaceState(null, "", address);
    for (const link of languages) {
      const other = new URL(link.href);
      other.search = address.search;
      other.searchParams.set("lang", link.hreflang);
      link.href = other;
    }
  };

  field.addEventListener("input", narrow);
})();
