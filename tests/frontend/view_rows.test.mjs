// The axis of the table of turns, and its stages in words.

import assert from "node:assert/strict";
import test from "node:test";
import { file } from "./shim.mjs";

const { span, ticks } = await import(file("view_rows.js"));
const { notAnswered } = await import(file("view_document.js"));
const { toldStages } = await import(file("view_stages.js"));

test("behind the longest wait there is room for what is told of it", () => {
  assert.ok(span([{ wait: 2 }, { wait: 4 }]) * 0.66 - 4 < 1e-9);
  assert.ok(span([{ wait: null }]) > 1);
  assert.ok(span([]) > 1);
});

test("the numbers begin at 0, are whole steps apart, and not too many", () => {
  for (const whole of [1.5, 3, 6, 15, 40, 300]) {
    const found = ticks(whole);
    assert.equal(found[0], 0);
    assert.ok(found.length >= 2 && found.length <= 8, `${whole}: ${found}`);
    assert.ok(found.at(-1) <= whole);
  }
});

test("a wait in words", () => {
  const stages = [{ kind: "silence", start: 0, length: 0.9 }, { kind: "reply", start: 0.9, length: 0.123 }];
  assert.equal(toldStages(stages, { silence: "silence", reply: "reply" }), "0.90 s silence, 0.12 s reply");
  assert.equal(toldStages([], {}), "");
  const parted = [...stages, { kind: "silence", start: 1.023, length: 0.1 }];
  assert.equal(toldStages(parted, { silence: "silence", reply: "reply" }), "1.00 s silence, 0.12 s reply");
});

test("what was not captured may have been answered", () => {
  assert.equal(notAnswered({ wait: null, told: "unanswered" }), true);
  assert.equal(notAnswered({ wait: null, told: "no answer, first sound 0.99 s" }), true);
  assert.equal(notAnswered({ wait: null, told: "not captured" }), false);
  assert.equal(notAnswered({ wait: 1.2, told: "1.20 s" }), false);
});
