// The names of marks: none is written over another, and none is left out where there is room.

import assert from "node:assert/strict";
import test from "node:test";
import { file } from "./shim.mjs";

const { beside } = await import(file("view_names.js"));
const wide = (text) => 6 * text.length;
const told = (...marks) => beside(marks.map(([x, text]) => ({ x, text })), wide, 1000).map(({ x, text, before }) => [x, text, before]);

test("a name stands behind its mark", () => {
  assert.deepEqual(told([100, "cut off"], [400, "interruption"]), [[100, "cut off", false], [400, "interruption", false]]);
});

test("beside another mark it stands before its own", () => {
  assert.deepEqual(told([100, "cut off"], [110, "interruption"]), [[100, "cut off", true], [110, "interruption", false]]);
  assert.deepEqual(told([995, "cut off"]).length, 1, "at the end too");
});

test("between two marks it is told with the next one's", () => {
  assert.deepEqual(told([100, "a"], [104, "cut off"], [108, "interruption"]), [[100, "a", true], [108, "cut off, interruption", false]]);
});

test("where there is no room none is written over another", () => {
  let state = 7;
  const chance = () => (state = (state * 16807) % 2147483647) / 2147483647;
  for (let round = 0; round < 50; round++) {
    const marks = Array.from({ length: 12 }, () => Math.floor(1000 * chance())).sort((a, b) => a - b);
    const spans = told(...marks.map((x) => [x, "cut off"])).map(([x, text, before]) => (before ? [x - 4 - wide(text), x - 4] : [x + 5, x + 5 + wide(text)]));
    for (let n = 1; n < spans.length; n++) assert.ok(spans[n - 1][1] <= spans[n][0], JSON.stringify(spans));
  }
});
