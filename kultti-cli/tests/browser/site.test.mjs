// The open site from a disk, as a reader opens a folder: every check on a page of each sort, the search, and the language switch.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { pathToFileURL } from "node:url";
import { launched, Subject } from "./browser.mjs";
import { CHECKS } from "./checks.mjs";

const KULTTI = process.env.KULTTI;
const CULTURE = "culture.net_operating_cost_per_inhabitant";

// A page of each sort, the languages in turn: a municipality, one that is no more, a region, lists, what the site says of itself.
const PAGES = [
  "fi/index.html",
  "sv/areas/272.html",
  "en/areas/911.html",
  "en/areas/index.html",
  "sv/regions/16.html",
  `fi/indicators/${CULTURE}.html`,
  "sv/compare/region-16.html",
  "en/catalogue.html",
  "fi/release.html",
  "sv/accessibility.html",
];

let browser;
let folder;

before(async () => {
  browser = await launched();
  folder = await mkdtemp(join(tmpdir(), "kultti-site-"));
  execFileSync(KULTTI, ["site", "-o", folder, "--areas", "Kokkola,Mariehamn"], { stdio: ["ignore", "ignore", "pipe"] });
});

after(async () => {
  await browser.close();
  await rm(folder, { recursive: true });
});

const address = (page) => pathToFileURL(join(folder, page)).href;
const opened = (page) => new Subject(browser, { url: address(page), language: page.slice(0, 2), home: `${pathToFileURL(folder).href}/` });

for (const page of PAGES)
  describe(page, () => {
    let subject;
    before(() => {
      subject = opened(page);
    });
    after(() => subject.close());
    for (const [name, check] of Object.entries(CHECKS)) it(name, async () => assert.deepEqual(await check(subject), []));
  });

describe("the site", () => {
  it("finds a municipality by the keyboard, without diacritics and in another language", async () => {
    const subject = opened("sv/index.html");
    const { page } = await subject.open();
    await page.locator("#search-text").focus();
    await page.keyboard.type("maarianh");
    const first = page.locator("#search-results a").first();
    await page.keyboard.press("Enter");
    assert.ok(await first.evaluate((link) => link === document.activeElement), "Enter leads to the first result");
    await page.keyboard.press("Enter");
    await page.waitForURL(address("sv/areas/478.html"));
    assert.match(await page.locator("h1").innerText(), /Mariehamn/);
    await subject.close();
  });

  it("stays on the page when the language changes", async () => {
    for (const where of [`indicators/${CULTURE}.html`, "areas/272.html", "catalogue.html"]) {
      const subject = opened(`fi/${where}`);
      const { page } = await subject.open();
      for (const language of ["sv", "en", "fi"]) {
        await page.locator(`nav a[hreflang=${language}]`).click();
        await page.waitForURL(address(`${language}/${where}`));
        assert.equal(await page.locator("html").getAttribute("lang"), language);
      }
      await subject.close();
    }
  });
});
