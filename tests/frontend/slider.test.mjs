// The two silences of turn detection: one pushes the other, and both stay what a service takes.

import assert from "node:assert/strict";
import test from "node:test";
import { file } from "./shim.mjs";

const { DELAYS, pushed, SILENCES, THRESHOLDS } = await import(file("slider.js"));

test("the stops are those of the contract, in order", () => {
  for (const [stops, least, most] of [[SILENCES, 50, 10_000], [THRESHOLDS, 0, 1], [DELAYS, 0, 1000]]) {
    assert.equal(stops[0], least);
    assert.equal(stops.at(-1), most);
    assert.deepEqual(stops, [...new Set(stops)].sort((one, other) => one - other));
  }
  for (const stop of [400, 1400, 2000, 2200, 3000, 4000, 6000]) assert.ok(SILENCES.includes(stop), String(stop));
});

test("wherever one is moved, the shorter stays the shorter", () => {
  for (const name of ["min_silence", "max_silence"]) {
    for (const value of SILENCES) {
      for (const shown of [{ min_silence: 1400, max_silence: 4000 }, { min_silence: 50, max_silence: 100 }, { min_silence: 9750, max_silence: 10_000 }, { min_silence: 1234, max_silence: 1235 }]) {
        const { min_silence, max_silence } = pushed(name, value, shown);
        assert.ok(min_silence < max_silence && min_silence >= 50 && max_silence <= 10_000, `${name} ${value}: ${min_silence}, ${max_silence}`);
      }
    }
  }
});

test("the other one is pushed by one stop, and left alone where there is room", () => {
  const shown = { min_silence: 1400, max_silence: 4000 };
  assert.deepEqual(pushed("min_silence", 2000, shown), { min_silence: 2000, max_silence: 4000 });
  assert.deepEqual(pushed("min_silence", 4000, shown), { min_silence: 4000, max_silence: 4250 });
  assert.deepEqual(pushed("max_silence", 1000, shown), { min_silence: 950, max_silence: 1000 });
  assert.deepEqual(pushed("min_silence", 10_000, shown), { min_silence: 9750, max_silence: 10_000 });
});
