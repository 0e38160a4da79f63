// What the panel on recordings lists, and what is heard of it.

import assert from "node:assert/strict";
import test from "node:test";
import { file } from "./shim.mjs";

const { begins, byEar, byHarm, heard, nameOf, told } = await import(file("recorded_items.js"));

const turn = (start, end, more = {}) => ({ call: 0, start, end, words: "", truth: "end", silence: [end, end + 3, ""], pauses: [], decided: [end + 1.4], sounded: [end + 1.8], ...more });
const TURNS = [turn(0, 2), turn(6, 12, { pauses: [[8, 9.2, ""]] }), turn(16, 18, { truth: "doubtful", silence: [18, 20, ""] }), turn(24, 26, { pauses: [[25, 25.5, "mid"]] })];
const NONE = [-1, NaN, NaN, NaN, NaN, NaN];
const GHOSTS = Float64Array.from([[2, 2, 2.9, 3.3, 2, 5], [0, 8.02, 8.95, 9.3, 8, 9.2], [3, 18, 18.9, 19.3, 18, 20], NONE].flat());

test("what would be cut comes first, then what nobody knows, then the rest", () => {
  const items = byHarm(TURNS, GHOSTS);
  assert.deepEqual(items.map(({ place }) => place), [1, 2, 0, 3]);
  assert.equal(items[0].ghost.cuts, true);
  assert.deepEqual(items[0].silence, [8, 9.2, ""], "the pause that is cut can be labelled");
  assert.equal(items[1].ghost.doubtful, true);
  assert.equal(items[3].ghost, null);
  assert.deepEqual(items[3].silence, [26, 29, ""]);
});

test("by ear come the silences that nobody knows, then those with a label", () => {
  const items = byEar(TURNS, GHOSTS);
  assert.deepEqual(items.map(({ place, silence }) => [place, silence]), [
    [2, [18, 20, ""]],
    [3, [25, 25.5, "mid"]],
  ]);
  assert.ok(items[0].asked && items[0].ghost, "the decision falls into it");
  const before = Float64Array.from([...GHOSTS.slice(0, 12), 0, 16.5, 17, 17.3, 16.5, 17.4, ...NONE]);
  assert.equal(byEar(TURNS, before)[0].ghost, null, "one that falls before it says nothing of it");
  assert.equal(told(items[0]), "the agent may have cut it");
  assert.equal(told(items[1]), "by ear: went on");
});

test("a silence in which the agent was speaking, and speech that was not heard, cannot be labelled", () => {
  const over = byHarm([turn(0, 2, { truth: "over" })], Float64Array.from(NONE));
  assert.equal(over[0].silence, null);
  const speech = byHarm([turn(0, 4)], Float64Array.from([1, 1, 1.9, NaN, NaN, NaN]));
  assert.equal(speech[0].silence, null);
  assert.equal(speech[0].ghost.cuts, true);
});

test("one hears what was said before a silence, and what came behind it", () => {
  const [cut, doubtful] = byHarm(TURNS, GHOSTS);
  assert.deepEqual(heard(cut), [5.5, 11.2]);
  assert.deepEqual(heard(doubtful), [15.5, 22]);
  const [from, to] = heard({ place: 0, turn: turn(0.5, 2, { silence: [2, 300, ""] }), ghost: null, silence: [2, 300, ""] });
  assert.equal(from, 0);
  assert.ok(to < 9, "nobody wants to hear five minutes of silence");
});

test("a turn begins where it begins, and a long one where it matters", () => {
  assert.equal(begins(byHarm(TURNS, GHOSTS)[2], 12), -0.3);
  const long = { place: 0, turn: turn(0, 40), ghost: null, silence: [40, 43, ""] };
  const from = begins(long, 12);
  assert.ok(from > 30 && from + 12 > 41.8, String(from));
});

test("a turn is called by its time, and by its call where there are several", () => {
  assert.equal(nameOf(turn(72, 75, { call: 1 }), 1), "1:12");
  assert.equal(nameOf(turn(72, 75, { call: 1 }), 3), "call 2 · 1:12");
});
