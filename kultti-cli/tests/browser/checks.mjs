// What is looked at on every page: each check gives its findings, none of them when all is well.

import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { axe } from "./browser.mjs";
import * as inside from "./inside.mjs";

// WCAG 2.1 A and AA as EN 301 549 takes them over, and what is good practice beyond.
const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "EN-301-549", "best-practice"];
const READER = fileURLToPath(new URL("../../../kultti-py/tests/independent/read_pdf.py", import.meta.url));

async function asked({ page }, question, argument) {
  await page.evaluate(inside.named);
  return page.evaluate(question, argument);
}

async function accessible(subject, settings, runOnly = { type: "tag", values: TAGS }) {
  const view = await subject.afresh(settings);
  await view.page.evaluate(axe.source);
  const { violations } = await view.page.evaluate((runOnly) => {
    // What a picture is made of assistive technology does not see, and there is much of it: only its name and place are looked at.
    for (const part of document.querySelectorAll("svg > :not(title, desc)")) part.remove();
    return window.axe.run(document, { runOnly, resultTypes: ["violations"] });
  }, runOnly);
  await view.context.close();
  return violations.map((broken) => `${broken.id}: ${broken.help}: ${broken.nodes.map((node) => node.html.slice(0, 100)).join(" | ")}`);
}

// What depends on colours and on the width of the window; all else is the same as on a light and wide page.
const SEEN = { type: "rule", values: ["color-contrast", "link-in-text-block", "scrollable-region-focusable", "target-size", "meta-viewport"] };

async function fits(subject, settings, style) {
  const view = await subject.afresh(settings);
  // As a reader's own style: no policy of the page forbids it.
  if (style)
    await view.page.evaluate((style) => {
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(style);
      document.adoptedStyleSheets.push(sheet);
    }, style);
  const findings = await asked(view, inside.fit);
  await view.context.close();
  return findings;
}

async function keyboard(subject) {
  const view = await subject.afresh();
  const { page } = view;
  const stops = await asked(view, inside.reachable);
  const findings = stops.filter((stop) => stop.positive).map((stop) => `has an order of its own: ${stop.name}`);
  const order = [];
  let last = null;
  for (let step = 0; step < stops.length * 2 + 10; step += 1) {
    await page.keyboard.press("Tab");
    const at = await page.evaluate(inside.focused);
    if (!at || (order.length && at.stop === order[0])) break;
    if (at.stop === null && at.name === last) {
      findings.push(`the focus does not leave ${at.name}`);
      break;
    }
    last = at.name;
    if (at.stop !== null) {
      if (at.stop === order.at(-1)) {
        findings.push(`the focus does not leave ${at.name}`);
        break;
      }
      order.push(at.stop);
    }
    if (!at.ring) findings.push(`the focus is not seen: ${at.name}`);
    if (!at.inside) findings.push(`has the focus outside the window: ${at.name}`);
  }
  stops.forEach((stop, at) => {
    if (!order.includes(at)) findings.push(`Tab does not reach ${stop.name}`);
  });
  if (order.some((stop, at) => at > 0 && stop < order[at - 1])) findings.push("Tab does not follow the order of the page");
  await view.context.close();
  return findings;
}

async function skipLink(subject) {
  const view = await subject.afresh();
  const { page } = view;
  await asked(view, inside.reachable);
  await page.keyboard.press("Tab");
  const href = await page.evaluate(() => document.activeElement.getAttribute?.("href") ?? "");
  const first = await page.evaluate(inside.focused);
  const findings = [];
  if (!href.startsWith("#")) findings.push(`the first stop is no skip link: ${first?.name}`);
  else {
    if (!first.inside) findings.push("the skip link is not seen when it has the focus");
    await page.keyboard.press("Enter");
    await page.keyboard.press("Tab");
    const skipped = await page.evaluate((id) => {
      const target = document.getElementById(id);
      const now = document.activeElement;
      // A page whose content has nothing to stop at leaves the focus where it was.
      const ahead = [...document.querySelectorAll("[data-stop]")].some((stop) => target?.contains(stop) && stop !== target);
      const after = Boolean(target && now && target.compareDocumentPosition(now) & (Node.DOCUMENT_POSITION_FOLLOWING | Node.DOCUMENT_POSITION_CONTAINED_BY));
      return { main: Boolean(target?.closest("main")), after: after || !ahead };
    }, decodeURIComponent(href.slice(1)));
    if (!skipped.main) findings.push(`the skip link leads to ${href}, which is not in main`);
    else if (!skipped.after) findings.push("after the skip link Tab goes on elsewhere");
  }
  await view.context.close();
  return findings;
}

async function withoutScript(subject) {
  const [on, off] = [await subject.open(), await subject.open({ script: false })];
  const [with_, without] = [await asked(on, inside.words), await asked(off, inside.words)];
  const there = new Set(without);
  const findings = with_.filter((part) => !there.has(part)).map((part) => `is there only with JavaScript: ${part.slice(0, 60)}`);
  if (without.join(" ").length < 200) findings.push("says next to nothing without JavaScript");
  return findings;
}

/** A page as the PDF that it is printed as, read by somebody else. */
export async function printed(page, options = { tagged: true, outline: true }) {
  const folder = await mkdtemp(join(tmpdir(), "kultti-pdf-"));
  try {
    const path = join(folder, "page.pdf");
    await writeFile(path, await page.pdf(options));
    const python = process.env.KULTTI_ORACLES;
    if (!python) throw new Error("KULTTI_ORACLES names no python that reads PDF; run `make test-browser`");
    const { stdout } = await promisify(execFile)(python, [READER, path], { maxBuffer: 1 << 24 });
    return JSON.parse(stdout);
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function print(subject, options) {
  const view = await subject.open();
  const pdf = await printed(view.page, options);
  const findings = [];
  if (!pdf.marked) findings.push("the PDF does not say that it is tagged");
  if (pdf.language !== subject.language) findings.push(`the language of the PDF is "${pdf.language}"`);
  if (pdf.tags.H1 !== 1) findings.push(`the PDF has ${pdf.tags.H1 ?? 0} tags H1`);
  if (!pdf.outline.length) findings.push("the PDF has no outline");
  if (!pdf.title) findings.push("the PDF has no title");
  for (const figure of pdf.figures) if (!figure) findings.push("a figure of the PDF has no alternative text");
  await view.page.emulateMedia({ media: "print" });
  const cells = await view.page.evaluate(() => [...document.querySelectorAll("td")].filter((cell) => cell.checkVisibility() && cell.textContent.trim()).length);
  await view.page.emulateMedia({ media: null });
  if ((pdf.tags.TD ?? 0) < cells) findings.push(`the PDF has ${pdf.tags.TD ?? 0} tags TD for ${cells} cells`);
  return findings;
}

const elsewhere = (subject, url) => !url.startsWith(subject.home) && !/^(data|blob|about):/.test(url);
const inPage = (question) => async (subject) => asked(await subject.open(), question, subject.language);

/** Every check by what it looks at; `options` is for the tests of the checks alone. */
export const CHECKS = {
  "requests nothing from elsewhere": async (subject) => (await subject.open()).requests.filter((url) => elsewhere(subject, url)),
  "console stays silent": async (subject) => (await subject.open()).complaints,
  "content security policy": inPage(inside.policy),
  "axe, light": (subject) => accessible(subject, { scheme: "light" }),
  "axe, dark": (subject) => accessible(subject, { scheme: "dark" }, SEEN),
  "axe, 320 px": (subject) => accessible(subject, { width: 320, height: 640 }, SEEN),
  "reads without JavaScript": withoutScript,
  "reflow at 320 px": (subject) => fits(subject, { width: 320, height: 640 }),
  "zoom 200 %": (subject) => fits(subject, { width: 640, height: 400 }),
  "text at 200 %": (subject) => fits(subject, {}, "html { font-size: 200% !important }"),
  "text spacing": (subject) => fits(subject, {}, inside.SPACED),
  "text spacing at 320 px": (subject) => fits(subject, { width: 320, height: 640 }, inside.SPACED),
  "keyboard reaches everything": keyboard,
  "skip link": skipLink,
  headings: inPage(inside.headings),
  "pictures have names": inPage(inside.pictures),
  "tables have captions and heads": inPage(inside.tables),
  "language is said": inPage(inside.languages),
  "links on the page lead somewhere": inPage(inside.anchors),
  "prints as a tagged PDF": print,
};
