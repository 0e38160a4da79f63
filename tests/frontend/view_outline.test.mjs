// The outline of a voice, at every zoom.

import assert from "node:assert/strict";
import test from "node:test";
import { file } from "./shim.mjs";

const { Outline } = await import(file("view_outline.js"));

const outline = (bytes, step) => new Outline(Buffer.from(bytes).toString("base64"), step);

test("the loudest between two moments", () => {
  const found = outline([0, 51, 255, 0], 0.5);
  assert.equal(found.loudest(0.5, 1), 0.2);
  assert.equal(found.loudest(0, 1), 0.2);
  assert.equal(found.loudest(1, 1.5), 1);
  assert.equal(found.loudest(1.5, 2), 0);
  assert.equal(found.loudest(2, 9), 0);
});

test("however much is looked at, the loudest is found, and what is far from it is not", () => {
  const bytes = new Uint8Array(36_000);
  bytes[20_000] = 255;
  const found = outline(bytes, 0.1);
  for (const width of [0.05, 0.1, 1, 7, 60, 600]) {
    for (let from = 0; from < 3600; from += width) {
      const loud = found.loudest(from, from + width);
      if (from <= 2000 && 2000.1 <= from + width) assert.equal(loud, 1, `${width} at ${from}`);
      if (from > 2000.1 + width || from + width < 2000 - width) assert.equal(loud, 0, `${width} at ${from}`);
    }
  }
});

test("an hour is looked at as quickly as a second", () => {
  const found = outline(new Uint8Array(36_000), 0.1);
  assert.ok(found.levels.length >= 7);
  assert.ok(found.levels.at(-1).length <= 512);
});

test("nothing has no outline", () => {
  assert.equal(outline([], 0.02).loudest(0, 1), 0);
});
