// The checks themselves: a good page passes all of them, and for each there are pages that it finds broken.

import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { pathToFileURL } from "node:url";
import { BROKEN } from "./broken.mjs";
import { launched, Subject } from "./browser.mjs";
import { CHECKS } from "./checks.mjs";

let browser;
let folder;
let good;

before(async () => {
  browser = await launched();
  folder = await mkdtemp(join(tmpdir(), "kultti-broken-"));
  good = await readFile(new URL("good.html", import.meta.url), "utf8");
});

after(async () => {
  await browser.close();
  await rm(folder, { recursive: true });
});

async function found(check, html, options) {
  const path = join(folder, "page.html");
  await writeFile(path, html);
  const subject = new Subject(browser, { url: pathToFileURL(path).href, language: "sv" });
  try {
    return await CHECKS[check](subject, options);
  } finally {
    await subject.close();
  }
}

describe("a good page", () => {
  for (const check of Object.keys(CHECKS)) it(check, async () => assert.deepEqual(await found(check, good), []));
});

describe("a broken page is caught", () => {
  for (const { check, why, edits, options } of BROKEN)
    it(`${check}: ${why}`, async () => {
      let html = good;
      for (const [was, is] of edits) {
        assert.ok(html.includes(was), `good.html has no ${was}`);
        html = html.replace(was, is);
      }
      assert.notDeepEqual(await found(check, html, options), []);
    });

  it("for every check", () => {
    const caught = new Set(BROKEN.map(({ check }) => check));
    assert.deepEqual(Object.keys(CHECKS).filter((check) => !caught.has(check)), []);
  });
});
