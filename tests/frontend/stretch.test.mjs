// Speech faster or slower, at the same pitch.

import assert from "node:assert/strict";
import test from "node:test";
import { file, rms, sine } from "./shim.mjs";

const { HOP, Stretch } = await import(file("stretch.js"));
const RATE = 24_000;

/** All of a sound at another pace, given in pieces as it comes. */
function stretched(rate, left, right = left, piece = 9_600) {
  const it = new Stretch(rate);
  const parts = [];
  for (let at = 0; at < left.length; at += piece) parts.push(it.push(left.slice(at, at + piece), right.slice(at, at + piece)));
  parts.push(it.finish());
  return [0, 1].map((side) => Float32Array.from(parts.flatMap((part) => [...part[side]])));
}

/** The frequency of a tone, by how often it crosses zero upwards. */
function frequency(samples) {
  let crossings = 0;
  for (let i = 1; i < samples.length; i++) crossings += samples[i - 1] < 0 && samples[i] >= 0;
  return (crossings * RATE) / samples.length;
}

for (const rate of [0.5, 0.75, 1.25, 1.5, 2]) {
  test(`a tone at ${rate} times the pace is so much shorter, and as high and as loud as it was`, () => {
    const [out] = stretched(rate, sine(220, RATE, 4 * RATE));
    assert.equal(out.length % HOP, 0);
    assert.ok(Math.abs(out.length - (4 * RATE) / rate) < 4 * HOP, String(out.length));
    const middle = out.subarray(RATE / 2, RATE);
    assert.ok(Math.abs(frequency(middle) - 220) < 5, String(frequency(middle)));
    assert.ok(Math.abs(rms(middle) - 0.5 / Math.SQRT2) < 0.02, String(rms(middle)));
    // No click: neighbours differ by little more than they do in the tone.
    const steepest = Math.max(...middle.slice(1).map((sample, i) => Math.abs(sample - middle[i])));
    assert.ok(steepest < 0.05, String(steepest));
  });
}

test("at the pace of speech it is what it was", () => {
  const tone = sine(220, RATE, RATE);
  const [out] = stretched(1, tone);
  const error = tone.map((sample, i) => out[i] - sample).subarray(0, RATE - 4 * HOP);
  assert.ok(rms(error) < 1e-3, String(rms(error)));
});

test("both sides stay together", () => {
  const click = new Float32Array(2 * RATE);
  click.fill(0.8, RATE, RATE + 240);
  const [left, right] = stretched(1.5, click, click.slice());
  assert.deepEqual(left, right);
  const at = left.findIndex((sample) => sample > 0.4);
  assert.ok(Math.abs(at - RATE / 1.5) < 0.02 * RATE, String(at));
});

test("in whatever pieces it comes, it is the same", () => {
  const sound = sine(150, RATE, 2 * RATE).map((sample, i) => sample * Math.sin(i / 5_000));
  assert.deepEqual(stretched(1.5, sound, sound, 48_000), stretched(1.5, sound, sound, 1_111));
});

test("silence stays silent", () => {
  const [out] = stretched(2, new Float32Array(RATE));
  assert.ok(out.every((sample) => sample === 0));
});

test("of an hour no more is kept than a window needs", () => {
  const it = new Stretch(2);
  const piece = new Float32Array(96_000);
  for (let i = 0; i < 20; i++) it.push(piece, piece);
  assert.ok(it.sides[0].length < 4_000, String(it.sides[0].length));
});
