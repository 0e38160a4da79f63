// How much of a call is seen.

import assert from "node:assert/strict";
import test from "node:test";
import { file } from "./shim.mjs";

const { Scale } = await import(file("view_scale.js"));

test("a call that can be read as a whole is seen as a whole, a longer one is not", () => {
  assert.equal(new Scale(30, 1200).pixels, 40);
  assert.equal(new Scale(30, 1200).whole, 1200);
  const long = new Scale(3600, 1200);
  assert.equal(long.pixels, 40);
  assert.equal(long.whole, 144_000);
});

test("no closer than a word, no further than the whole call", () => {
  const scale = new Scale(3600, 1200);
  scale.zoom(-100);
  assert.ok(scale.furthest && Math.abs(scale.whole - 1200) < 1e-6);
  scale.zoom(1);
  assert.ok(!scale.furthest && scale.whole > 1200);
  scale.zoom(100);
  assert.ok(scale.closest && scale.pixels <= 480);
});

test("a call of an instant can be shown", () => {
  const scale = new Scale(0, 1200);
  scale.zoom(1);
  assert.ok(Number.isFinite(scale.pixels) && scale.whole >= 1200);
});

test("another width: who has not zoomed sees what suits it, who has keeps what was chosen", () => {
  const scale = new Scale(30, 1200);
  scale.fit(900);
  assert.equal(scale.pixels, 30);
  scale.fit(300);
  assert.equal(scale.pixels, 40);
  scale.zoom(2);
  assert.ok(Math.abs(scale.pixels - 80) < 1e-9);
  scale.fit(1200);
  assert.ok(Math.abs(scale.pixels - 80) < 1e-9);
});

test("who sees the whole call sees all of it at another width as well", () => {
  const scale = new Scale(600, 1200);
  scale.zoom(-100);
  scale.fit(400);
  assert.ok(scale.furthest && Math.abs(scale.whole - 400) < 1e-6);
});

test("the ruler's numbers have room", () => {
  const scale = new Scale(3600, 1200);
  for (let n = 0; n < 40; n++, scale.zoom(n < 20 ? 1 : -1)) assert.ok(scale.ruler * scale.pixels >= 64, `${scale.pixels}`);
});
