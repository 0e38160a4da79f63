import assert from "node:assert/strict";
import test from "node:test";
import { file } from "./shim.mjs";

const { Said } = await import(file("said.js"));
const { STEP } = await import(file("trace.js"));

test("nothing is said at first, and nothing after the end", () => {
  const said = new Said();
  assert.equal(said.at(5), 0);
  said.add([0.5, 0.25], 1000);
  assert.deepEqual([1000, 1000 + STEP, 1000 + 2 * STEP].map((now) => said.at(now)), [0.5, 0.25, 0]);
});

test("what comes meanwhile is said behind the rest", () => {
  const said = new Said();
  said.add([0.5, 0.25, 0.125], 0);
  said.add([0.75], STEP);
  assert.deepEqual([1, 2, 3, 4].map((step) => said.at(step * STEP)), [0.25, 0.125, 0.75, 0]);
});
