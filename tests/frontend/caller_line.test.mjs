import assert from "node:assert/strict";
import { test } from "node:test";
import { file } from "./shim.mjs";

const { CallerLine } = await import(file("caller_line.js"));

const ramp = (length, from = 1) => Int16Array.from({ length }, (_, i) => from + i);
const through = (line, frame) => {
  line.through(frame);
  return [...frame];
};

test("a muted caller is silent, sample for sample", () => {
  const line = new CallerLine();
  assert.deepEqual(through(line, ramp(3)), [1, 2, 3]);
  line.muted = true;
  assert.deepEqual(through(line, ramp(3)), [0, 0, 0]);
});

test("what is said by hand takes the microphone's place, also where that is muted", () => {
  const line = new CallerLine();
  line.muted = true;
  line.say(ramp(4, 100));
  line.say(ramp(1, 200));
  assert.deepEqual(through(line, ramp(3)), [100, 101, 102]);
  assert.deepEqual(through(line, ramp(3)), [103, 200, 0]);
  line.muted = false;
  assert.deepEqual(through(line, ramp(3)), [1, 2, 3]);
  assert.equal(line.waiting, 0);
});

test("what is said by hand is bounded", () => {
  const line = new CallerLine();
  for (let minute = 0; minute < 5; minute++) line.say(new Int16Array(60 * 24_000));
  assert.equal(line.waiting, 120 * 24_000);
});

test("what is kept comes back in order, once; of too much the latest", () => {
  const line = new CallerLine();
  for (let second = 0; second < 12; second++) line.keep({ samples: new Int16Array(24_000).fill(second), captured: second });
  assert.deepEqual(line.account(), { seconds: 9, left_out: 3 });
  assert.deepEqual(line.account(), { seconds: 9, left_out: 0 });
  const kept = line.release();
  assert.deepEqual(kept.map(({ captured, held }) => [captured, held]), Array.from({ length: 9 }, (_, i) => [i + 3, true]));
  assert.deepEqual(line.release(), []);
  line.keep({ samples: new Int16Array(24_000), captured: 0 });
  assert.deepEqual(line.account(), { seconds: 1, left_out: 0 });
});
