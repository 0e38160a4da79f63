import assert from "node:assert/strict";
import test from "node:test";
import { file } from "./shim.mjs";

const { SPAN, STEP, Trace } = await import(file("trace.js"));

/** Somebody speaks from step `from` to before step `to`. */
const speak = (trace, side, from, to, level = 0.1) => {
  for (let step = from; step < to; step += 1) trace.add(side, level, step * STEP + 1);
};

test("a level is the loudest of its step, and is forgotten in time", () => {
  const trace = new Trace();
  trace.add("user", 0.1, 0);
  trace.add("user", 0.3, STEP - 1);
  trace.add("user", 0.2, STEP - 1);
  assert.ok(Math.abs(trace.user.at(0) - 0.3) < 1e-6);
  assert.equal(trace.user.at(1), 0);
  const later = Math.ceil(SPAN / STEP) + 2;
  trace.add("user", 0.05, later * STEP);
  assert.equal(trace.user.at(0), 0);
  assert.equal(trace.agent.at(0), 0);
});

test("a stretch of speech has no part for a short silence", () => {
  const trace = new Trace();
  speak(trace, "user", 2, 10);
  speak(trace, "user", 14, 20);
  speak(trace, "user", 40, 44);
  speak(trace, "user", 60, 70, 0.001);
  assert.deepEqual(trace.spoken("user", 80 * STEP), [
    { from: 2, to: 20 },
    { from: 40, to: 44 },
  ]);
});

test("the caller waits from the end of what they said to the agent's next sound", () => {
  const trace = new Trace();
  speak(trace, "user", 2, 10);
  assert.deepEqual(trace.waits(20 * STEP), [{ from: 10, to: 20 }]);
  speak(trace, "agent", 30, 50);
  assert.deepEqual(trace.waits(60 * STEP), [{ from: 10, to: 30 }]);
});

test("a pause of the caller's and speech over the agent are no waits", () => {
  const trace = new Trace();
  speak(trace, "user", 2, 10);
  speak(trace, "user", 30, 35);
  speak(trace, "agent", 50, 90);
  speak(trace, "user", 60, 70);
  assert.deepEqual(trace.waits(95 * STEP), [{ from: 35, to: 50 }]);
});

test("interruptions are kept as long as the rest", () => {
  const trace = new Trace();
  trace.cut(1000);
  trace.cut(1000 + SPAN + 1);
  assert.deepEqual(trace.cuts, [1000 + SPAN + 1]);
});
