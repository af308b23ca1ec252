// What runs inside a page: each function stands alone, because its text is sent to the browser. Findings are sentences.

/** How a finding names an element. */
export function named() {
  window.nameOf = (element) => {
    const text = (element.textContent ?? "").trim().replace(/\s+/g, " ").slice(0, 40);
    return `<${element.tagName.toLowerCase()}${element.id ? ` id="${element.id}"` : ""}> ${text}`.trim();
  };
  // Not what is meant for screen readers alone: one pixel, clipped, or beside the screen until it has the focus.
  window.seen = (element) => {
    const box = element.getBoundingClientRect();
    if (box.width <= 1 || box.height <= 1 || box.right <= 0) return false;
    return element.checkVisibility({ checkOpacity: true, checkVisibilityCSS: true });
  };
}

/** What does not fit into the width of the window, and text that is cut off. */
export function fit() {
  const findings = [];
  const width = document.documentElement.clientWidth;
  const whole = document.scrollingElement.scrollWidth;
  if (whole > width) findings.push(`the page is ${whole} px wide in a window of ${width}`);
  const scrolls = (element) => /auto|scroll/.test(getComputedStyle(element).overflowX) && element.scrollWidth > element.clientWidth;
  for (const element of document.body.querySelectorAll("*")) {
    const svg = element.parentElement.closest("svg");
    if (svg) {
      if (element.tagName !== "text") continue;
      const box = element.getBoundingClientRect();
      const frame = svg.getBoundingClientRect();
      if (frame.width && (box.left < frame.left - 1 || box.right > frame.right + 1)) findings.push(`a word of a picture leaves it: ${nameOf(element)}`);
      continue;
    }
    if (!seen(element)) continue;
    const style = getComputedStyle(element);
    if (scrolls(element)) {
      const label = element.getAttribute("aria-label") || document.getElementById(element.getAttribute("aria-labelledby"))?.textContent;
      if (element.tabIndex < 0) findings.push(`scrolls and cannot be focused: ${nameOf(element)}`);
      else if (element.tagName !== "PRE" && !label) findings.push(`scrolls and has no name: ${nameOf(element)}`);
      continue;
    }
    let around = element.parentElement;
    while (around && !scrolls(around)) around = around.parentElement;
    if (!around && element.getBoundingClientRect().right > width + 1) findings.push(`reaches beyond the window: ${nameOf(element)}`);
    const cuts = /hidden|clip/.test(style.overflowX + style.overflowY);
    if (cuts && (element.scrollWidth > element.clientWidth + 1 || element.scrollHeight > element.clientHeight + 1))
      findings.push(`cuts off its text: ${nameOf(element)}`);
  }
  return findings;
}

/** The spacing of text that WCAG 1.4.12 lets readers set. */
export const SPACED =
  "* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important } p { margin-bottom: 2em !important }";

/** Headings: one of the first level, first, and none left out on the way down. */
export function headings() {
  const all = [...document.querySelectorAll("h1, h2, h3, h4, h5, h6, [role=heading]")];
  const level = (heading) => Number(heading.getAttribute("aria-level") ?? heading.tagName.slice(1));
  const findings = [];
  const first = all.filter((heading) => level(heading) === 1).length;
  if (first !== 1) findings.push(`${first} headings of the first level`);
  all.forEach((heading, at) => {
    const before = at ? level(all[at - 1]) : 0;
    if (level(heading) > before + 1) findings.push(`level ${level(heading)} after ${before}: ${nameOf(heading)}`);
    if (!heading.textContent.trim()) findings.push("a heading without words");
  });
  return findings;
}

/** Pictures and figures: each has a name that assistive technology reads, or is hidden from it. */
export function pictures() {
  const name = (element) => {
    const ids = (element.getAttribute("aria-labelledby") ?? "").split(/\s+/).filter(Boolean);
    const labelled = ids.map((id) => document.getElementById(id)?.textContent ?? "").join(" ");
    const own = element.tagName === "svg" ? element.querySelector(":scope > title")?.textContent : element.querySelector("figcaption")?.textContent;
    return (labelled || element.getAttribute("aria-label") || element.getAttribute("alt") || own || "").trim();
  };
  const findings = [];
  for (const element of document.querySelectorAll("img, svg, figure, [role=img]")) {
    if (element.closest("[aria-hidden=true]")) continue;
    if (!name(element)) findings.push(`without a name: ${element.outerHTML.slice(0, 80)}`);
    for (const id of (element.getAttribute("aria-labelledby") ?? "").split(/\s+/).filter(Boolean))
      if (!document.getElementById(id)) findings.push(`named by an element that is not there: ${id}`);
  }
  const ids = [...document.querySelectorAll("[id]")].map((element) => element.id);
  for (const id of new Set(ids.filter((id, at) => ids.indexOf(id) !== at))) findings.push(`several elements with the id ${id}`);
  return findings;
}

/** Tables: a caption, and heads that say what they are the head of. */
export function tables() {
  const findings = [];
  for (const table of document.querySelectorAll("table")) {
    const which = nameOf(table.caption ?? table);
    if (!table.caption?.textContent.trim()) findings.push(`without a caption: ${which}`);
    const heads = [...table.querySelectorAll("th")];
    if (!heads.length) findings.push(`without heads: ${which}`);
    for (const head of heads) {
      if (!["col", "row", "colgroup", "rowgroup"].includes(head.getAttribute("scope"))) findings.push(`a head without scope: ${nameOf(head)}`);
      if (!head.textContent.trim()) findings.push(`a head without words: ${which}`);
    }
    for (const row of table.tBodies[0]?.rows ?? [])
      if (!row.querySelector("th")) findings.push(`a row without a head: ${nameOf(row)}`);
  }
  return findings;
}

/** The language of the page, and of what stands on it in another. */
export function languages(language) {
  const findings = [];
  if (document.documentElement.lang !== language) findings.push(`the page says "${document.documentElement.lang}", not "${language}"`);
  // Small words that stand in every sentence of one language and are no words of the other two.
  const SMALL = {
    fi: "ja on ei ovat että sekä tai joka jotka mukaan kuin eivät niiden tämä sen",
    sv: "och är att som inte för med av till den det ett eller har från på",
    en: "the of and is are to that for with by from not which this or has",
  };
  const small = Object.fromEntries(Object.entries(SMALL).map(([key, words]) => [key, new Set(words.split(" "))]));
  const SWITCH = { fi: /^(suomi|suomeksi)$/i, sv: /^((på )?svenska)$/i, en: /^((in )?english)$/i };
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const parent = walker.currentNode.parentElement;
    if (parent.closest("script, style, code, pre, noscript")) continue;
    const text = walker.currentNode.data.trim();
    const said = parent.closest("[lang]")?.getAttribute("lang") ?? "";
    for (const [key, words] of Object.entries(SWITCH))
      if (words.test(text) && said !== key) findings.push(`"${text}" is marked as "${said}"`);
    const words = text.toLowerCase().match(/\p{L}+/gu) ?? [];
    const count = (key) => words.filter((word) => small[key]?.has(word)).length;
    for (const key of Object.keys(small))
      if (key !== said && count(key) >= 3 && count(said) === 0) findings.push(`looks like "${key}" and is marked as "${said}": ${text.slice(0, 60)}`);
  }
  return findings;
}

/** Links to places on the same page that are not there. */
export function anchors() {
  const missing = [...document.querySelectorAll('a[href^="#"]')].filter((link) => !document.getElementById(decodeURIComponent(link.hash.slice(1))));
  return missing.map((link) => `leads nowhere: ${link.getAttribute("href")}`);
}

/** What a policy of content must say where nothing but the page itself is needed. */
export function policy() {
  const meta = document.querySelector('meta[http-equiv="Content-Security-Policy"]');
  if (!meta) return ["the page has no content security policy"];
  const rules = Object.fromEntries(meta.content.split(";").map((rule) => rule.trim().split(/\s+/)).map(([name, ...from]) => [name, from]));
  const findings = [];
  if (rules["default-src"]?.join(" ") !== "'none'") findings.push("the policy does not begin with default-src 'none'");
  for (const [name, from] of Object.entries(rules)) {
    if (name.startsWith("script-src") && from.some((source) => /unsafe|\*|https?:/.test(source))) findings.push(`${name} ${from.join(" ")}`);
    if (from.some((source) => /^(\*|https?:)/.test(source))) findings.push(`${name} lets in ${from.join(" ")}`);
  }
  return findings;
}

/** The words that are seen, one text for each heading, cell, paragraph and item. */
export function words() {
  const parts = [...document.querySelectorAll("h1, h2, h3, h4, p, li, th, td, caption, figcaption, dt, dd")];
  return parts.filter((part) => seen(part)).map((part) => part.innerText.trim().replace(/\s+/g, " ")).filter(Boolean);
}

/** What Tab has to reach, in the order of the page. */
export function reachable() {
  const CONTROLS = "a[href], button, input, select, textarea, summary, [tabindex]";
  const all = [...document.querySelectorAll(CONTROLS)].filter(
    (element) => element.tabIndex >= 0 && !element.disabled && element.checkVisibility({ checkVisibilityCSS: true }),
  );
  all.forEach((element, at) => element.setAttribute("data-stop", at));
  return all.map((element) => ({ name: nameOf(element), positive: element.tabIndex > 0 }));
}

/** Where the focus is, and whether it is seen. */
export function focused() {
  const element = document.activeElement;
  if (!element || element === document.body || element === document.documentElement) return null;
  const style = getComputedStyle(element);
  const channels = (colour) => {
    const [red, green, blue, alpha = 1] = colour.match(/[\d.]+/g).map(Number);
    return [red, green, blue, alpha];
  };
  let around = element.parentElement;
  while (around && channels(getComputedStyle(around).backgroundColor)[3] === 0) around = around.parentElement;
  const ground = around ? channels(getComputedStyle(around).backgroundColor) : [255, 255, 255, 1];
  const bright = ([red, green, blue]) => {
    const [r, g, b] = [red, green, blue].map((channel) => (channel / 255 <= 0.04045 ? channel / 255 / 12.92 : ((channel / 255 + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ring = channels(style.outlineColor);
  const [dark, light] = [bright(ring), bright(ground)].sort((a, b) => a - b);
  const drawn = style.outlineStyle !== "none" && (style.outlineStyle === "auto" || parseFloat(style.outlineWidth) >= 2) && ring[3] > 0;
  const box = element.getBoundingClientRect();
  const inside = box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth;
  return {
    stop: element.hasAttribute("data-stop") ? Number(element.getAttribute("data-stop")) : null,
    name: nameOf(element),
    ring: drawn && (style.outlineStyle === "auto" || (light + 0.05) / (dark + 0.05) >= 3),
    inside,
  };
}
