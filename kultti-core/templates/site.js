"use strict";
(() => {
  // The same rule as the verbs have: without case, diacritics and outer blanks.
  const fold = (text) => text.trim().normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
  const form = document.getElementById("search");
  const input = document.getElementById("search-text");
  const count = document.getElementById("search-count");
  const results = document.getElementById("search-results");
  const MOST = 20;

  // 0 for a name that begins with all that was typed, 1 for a text that holds it, 2 for texts that hold every word.
  const worth = (entry, whole, words) => {
    if (entry.t.some((text) => text.startsWith(whole))) return 0;
    if (entry.t.some((text) => text.includes(whole))) return 1;
    return words.every((word) => entry.t.some((text) => text.includes(word))) ? 2 : -1;
  };

  const item = (entry) => {
    const line = document.createElement("li");
    const link = document.createElement("a");
    link.href = entry.u;
    link.textContent = entry.n;
    line.append(link);
    if (entry.k) {
      const aside = document.createElement("small");
      aside.textContent = entry.k;
      line.append(" ", aside);
    }
    return line;
  };

  const search = () => {
    const whole = fold(input.value);
    results.replaceChildren();
    count.textContent = "";
    if (!whole) return;
    const words = whole.split(/\s+/u);
    const found = KULTTI_INDEX
      .map((entry) => [worth(entry, whole, words), entry])
      .filter(([level]) => level >= 0)
      .sort((left, right) => left[0] - right[0]);
    count.textContent = form.dataset.found.replace("{n}", String(found.length));
    results.replaceChildren(...found.slice(0, MOST).map(([, entry]) => item(entry)));
  };

  if (!form || typeof KULTTI_INDEX === "undefined") return;
  document.getElementById("search-without").hidden = true;
  form.hidden = false;
  input.addEventListener("input", search);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    results.querySelector("a")?.focus();
  });
  search();
})();
