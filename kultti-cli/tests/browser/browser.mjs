// The browser of the system, and pages in it without a network.

import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { delimiter, join } from "node:path";

// The packages lie outside the checkout: `make test-browser` says where.
const installed = process.env.KULTTI_BROWSER;
if (!installed) throw new Error("KULTTI_BROWSER names no folder with node_modules; run `make test-browser`");
const require = createRequire(join(installed, "package.json"));
const { chromium } = require("playwright-core");
export const axe = require("axe-core");

const NAMES = ["chromium", "chromium-browser", "google-chrome", "microsoft-edge"];

function program() {
  if (process.env.KULTTI_CHROMIUM) return process.env.KULTTI_CHROMIUM;
  const folders = (process.env.PATH ?? "").split(delimiter);
  const found = NAMES.flatMap((name) => folders.map((folder) => join(folder, name))).find((path) => existsSync(path));
  if (!found) throw new Error(`no browser: none of ${NAMES.join(", ")} is on the path`);
  return found;
}

export function launched() {
  // Chromium refuses its sandbox to root.
  const args = process.getuid?.() === 0 ? ["--no-sandbox"] : [];
  return chromium.launch({ executablePath: program(), args });
}

/** A page of Kultti: where it is, in which language, and below which address its own files lie (itself alone without one). */
export class Subject {
  #browser;
  #open = [];

  constructor(browser, { url, language, home = url }) {
    this.#browser = browser;
    Object.assign(this, { url, language, home });
  }

  /** The page as a reader with these settings opens it, with what it asked for and complained of. */
  async open({ width = 1280, height = 800, scheme = "light", script = true } = {}) {
    const known = this.#open.find((view) => view.settings === JSON.stringify([width, height, scheme, script]));
    if (known) return known;
    const context = await this.#browser.newContext({
      viewport: { width, height },
      colorScheme: scheme,
      javaScriptEnabled: script,
      reducedMotion: "reduce",
      offline: true,
    });
    const page = await context.newPage();
    const view = { page, context, requests: [], complaints: [], settings: JSON.stringify([width, height, scheme, script]) };
    context.on("request", (request) => view.requests.push(request.url()));
    page.on("console", (said) => {
      if (["error", "warning"].includes(said.type())) view.complaints.push(said.text());
    });
    page.on("pageerror", (error) => view.complaints.push(String(error)));
    await page.goto(this.url, { waitUntil: "load" });
    await page.waitForTimeout(20);
    this.#open.push(view);
    return view;
  }

  /** The same, for a check that changes the page. */
  async afresh(settings) {
    const view = await this.open(settings);
    this.#open.splice(this.#open.indexOf(view), 1);
    return view;
  }

  async close() {
    await Promise.all(this.#open.map((view) => view.context.close()));
    this.#open = [];
  }
}
