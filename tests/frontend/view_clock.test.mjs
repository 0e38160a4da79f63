// Seconds as people read them.

import assert from "node:assert/strict";
import test from "node:test";
import { file } from "./shim.mjs";

const { clock, moment, spokenClock } = await import(file("view_clock.js"));

test("minutes and seconds, hours where there are some", () => {
  assert.equal(clock(0), "0:00");
  assert.equal(clock(65.9), "1:05");
  assert.equal(clock(3729), "1:02:09");
  assert.equal(clock(-1), "0:00");
});

test("tenths are cut, so that no second is told before it has come", () => {
  assert.equal(clock(59.99, true), "0:59.9");
  assert.equal(clock(21.4, true), "0:21.4");
  assert.equal(clock(0.3, true), "0:00.3"); // 10 × 0.3 is a little less than 3
  assert.equal(clock(3600, true), "1:00:00.0");
});

test("a moment that is written down is rounded", () => {
  assert.equal(moment(13.48), "0:13.5");
  assert.equal(moment(0.56), "0:00.6");
  assert.equal(moment(59.97), "1:00.0");
});

test("for who listens", () => {
  assert.equal(spokenClock(1), "1 second");
  assert.equal(spokenClock(21.4), "21 seconds");
  assert.equal(spokenClock(61), "1 minute 1 second");
  assert.equal(spokenClock(3605), "60 minutes 5 seconds");
});
