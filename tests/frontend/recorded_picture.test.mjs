// Where the name of a decision stands in the picture of a turn.

import assert from "node:assert/strict";
import test from "node:test";
import { file } from "./shim.mjs";

const { nameAt } = await import(file("recorded_picture.js"));

test("a name stands before its decision, inside the picture", () => {
  assert.equal(nameAt(300, 160, 460, null), 142);
  assert.equal(nameAt(300, 160, 460, 312), 142);
  assert.equal(nameAt(80, 160, 460, null), 0);
});

test("the mark of the first sound is not drawn over it", () => {
  assert.equal(nameAt(80, 160, 460, 96), 105, "no room before: behind it");
  assert.equal(nameAt(80, 160, 460, 240), 0, "room between the edge and the mark");
});
