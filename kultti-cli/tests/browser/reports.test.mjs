// Reports as people open them, in three languages: every check on pages of municipalities of every sort.

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

// Words of `kultti report`: one with its peers, two of Åland that lack figures, one that another joined, and that one.
const REPORTS = [
  ["fi", "--area", "Kokkola", "--peers", "similar:8", "--period", "2019"],
  ["sv", "--area", "Mariehamn"],
  ["en", "--area", "Sottunga"],
  ["en", "--area", "Nurmes"],
  ["sv", "--area", "Valtimo", "--territory", "then", "--period", "2018"],
];

let browser;
let folder;

before(async () => {
  browser = await launched();
  folder = await mkdtemp(join(tmpdir(), "kultti-reports-"));
});

after(async () => {
  await browser.close();
  await rm(folder, { recursive: true });
});

REPORTS.forEach(([language, ...words], at) =>
  describe(`kultti report ${words.join(" ")} --lang ${language}`, () => {
    let subject;

    before(() => {
      const path = join(folder, `report-${at}.html`);
      execFileSync(KULTTI, ["report", ...words, "--lang", language, "-o", path]);
      subject = new Subject(browser, { url: pathToFileURL(path).href, language });
    });

    after(() => subject.close());

    for (const [name, check] of Object.entries(CHECKS)) it(name, async () => assert.deepEqual(await check(subject), []));
  }),
);
