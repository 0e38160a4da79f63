// A call without its sound.

import assert from "node:assert/strict";
import test from "node:test";
import { file } from "./shim.mjs";

const { NoSound } = await import(file("view_sound.js"));

test("its mark can be moved, within the call, and it tells so", () => {
  const sound = new NoSound(10, "none");
  let told = 0;
  sound.onchange(() => told++);
  sound.seek(4);
  assert.equal(sound.position(), 4);
  sound.seek(99);
  assert.equal(sound.position(), 10);
  sound.seek(-1);
  assert.equal(sound.position(), 0);
  assert.equal(told, 3);
});

test("it never plays", () => {
  const sound = new NoSound(10, "none");
  sound.play();
  assert.equal(sound.playing, false);
  assert.equal(sound.trouble, "none");
});
