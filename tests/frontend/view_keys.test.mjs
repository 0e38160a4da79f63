// What the keys of a call's view ask for.

import assert from "node:assert/strict";
import test from "node:test";
import { file } from "./shim.mjs";

const { wishOf } = await import(file("view_keys.js"));

const nowhere = { pressed: false, chosen: false, moved: false };
const key = (key, more = {}) => ({ key, ctrlKey: false, metaKey: false, altKey: false, ...more });

test("space plays, but on a button it presses the button", () => {
  assert.deepEqual(wishOf(key(" "), nowhere), { to: "play" });
  assert.equal(wishOf(key(" "), { ...nowhere, pressed: true }), null);
  assert.deepEqual(wishOf(key("k"), { ...nowhere, pressed: true }), { to: "play" });
});

test("the arrows move, up and down only on the position itself", () => {
  assert.deepEqual(wishOf(key("ArrowLeft"), nowhere), { to: "move", seconds: -2 });
  assert.deepEqual(wishOf(key("ArrowRight"), { ...nowhere, pressed: true }), { to: "move", seconds: 2 });
  assert.equal(wishOf(key("ArrowDown"), nowhere), null);
  assert.deepEqual(wishOf(key("ArrowUp"), { ...nowhere, moved: true }), { to: "move", seconds: 2 });
});

test("from line to line, to the ends, closer and further", () => {
  assert.deepEqual(wishOf(key("]"), nowhere), { to: "line", way: 1 });
  assert.deepEqual(wishOf(key("PageUp"), { ...nowhere, moved: true }), { to: "line", way: -1 });
  assert.equal(wishOf(key("PageUp"), nowhere), null);
  assert.deepEqual(wishOf(key("Home"), nowhere), { to: "begin" });
  assert.deepEqual(wishOf(key("End"), nowhere), { to: "end" });
  assert.deepEqual(wishOf(key("+"), nowhere), { to: "zoom", steps: 1 });
  assert.deepEqual(wishOf(key("-"), nowhere), { to: "zoom", steps: -1 });
});

test("shortcuts of the browser, choices and other keys stay theirs", () => {
  for (const held of ["ctrlKey", "metaKey", "altKey"]) assert.equal(wishOf(key("+", { [held]: true }), nowhere), null);
  assert.equal(wishOf(key("ArrowRight"), { ...nowhere, chosen: true }), null);
  assert.equal(wishOf(key("x"), nowhere), null);
});
