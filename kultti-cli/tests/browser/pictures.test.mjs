// Charts as PNG: the browser, which did not write them, draws the SVG itself, and both have their ink in the same places.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, it } from "node:test";
import { launched } from "./browser.mjs";

const KULTTI = process.env.KULTTI;
// A region is 20 × 20 CSS pixels; a letter moves by a pixel where two programs round differently.
const REGION = 20;

const CHARTS = [
  ["compare", "culture.net_operating_cost_per_inhabitant", "--area", "Kokkola", "--period", "2019", "--lang", "fi"],
  ["trend", "library.loans_per_inhabitant", "--area", "Kokkola,Vaasa", "--lang", "sv"],
  ["rank", "library.loans_per_inhabitant", "--within", "region:16", "--lang", "en"],
];

let browser;
let folder;

before(async () => {
  browser = await launched();
  folder = await mkdtemp(join(tmpdir(), "kultti-pictures-"));
});

after(async () => {
  await browser.close();
  await rm(folder, { recursive: true });
});

/** How dark each region of two pictures is, and their sizes, as the browser decodes them. */
async function darkness(sources) {
  const page = await browser.newPage();
  const measured = await page.evaluate(
    async ([sources, region]) => {
      const all = [];
      for (const source of sources) {
        const image = new Image();
        image.src = source;
        await image.decode();
        all.push(image);
      }
      const [width, height] = [all[0].naturalWidth, all[0].naturalHeight];
      return all.map((image) => {
        const canvas = Object.assign(document.createElement("canvas"), { width, height });
        const pen = canvas.getContext("2d");
        pen.drawImage(image, 0, 0, width, height);
        const { data } = pen.getImageData(0, 0, width, height);
        const wide = Math.ceil(width / (2 * region));
        const regions = new Array(wide * Math.ceil(height / (2 * region))).fill(0);
        for (let at = 0; at < data.length; at += 4) {
          const x = (at / 4) % width;
          const y = Math.floor(at / 4 / width);
          regions[Math.floor(y / (2 * region)) * wide + Math.floor(x / (2 * region))] += 255 - (data[at] + data[at + 1] + data[at + 2]) / 3;
        }
        const corner = [...data.slice(0, 4)];
        return { size: [image.naturalWidth, image.naturalHeight], corner, regions: regions.map((sum) => sum / 255 / (2 * region) ** 2) };
      });
    },
    [sources, REGION],
  );
  await page.close();
  return measured;
}

for (const words of CHARTS)
  it(words.slice(0, 2).join(" "), async () => {
    for (const ending of ["svg", "png"]) execFileSync(KULTTI, [...words, "-o", join(folder, `chart.${ending}`)]);
    // Both take the first family that is there; what a system shows as its own font is its own affair.
    const svg = (await readFile(join(folder, "chart.svg"), "utf8")).replace("system-ui, -apple-system, ", "");
    const png = await readFile(join(folder, "chart.png"));
    // The measure can fail: the same picture without its words is not like it.
    const bare = svg.replace(/<text.*?<\/text>/g, "");
    const vector = (text) => `data:image/svg+xml,${encodeURIComponent(text)}`;
    const [ours, drawn, wordless] = await darkness([`data:image/png;base64,${png.toString("base64")}`, vector(svg), vector(bare)]);
    const apart = (one, other) => one.regions.map((ink, at) => Math.abs(ink - other.regions[at]));
    assert.deepEqual(ours.corner, [255, 255, 255, 255]);
    ours.size.forEach((side, at) => assert.ok(Math.abs(side - 2 * drawn.size[at]) <= 1, `${ours.size} for ${drawn.size}`));
    const inked = drawn.regions.filter((ink) => ink > 0.02).length;
    assert.ok(inked > 100, `only ${inked} regions have ink`);
    const most = Math.max(...apart(ours, drawn));
    assert.ok(most < 0.08, `a region has ${most} more or less ink`);
    assert.ok(Math.max(...apart(ours, wordless)) > 0.16);
  });
