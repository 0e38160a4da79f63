import assert from "node:assert/strict";
import test from "node:test";
import { file, rms, sine } from "./shim.mjs";

const { Resampler } = await import(file("resampler.js"));

/** Everything that comes out for some input, given in pieces of `piece` samples. */
function convert(from, to, input, piece) {
  const resampler = new Resampler(from, to);
  const out = [];
  for (let i = 0; i < input.length; i += piece) {
    resampler.push(input.subarray(i, i + piece));
    const block = new Float32Array(resampler.available);
    resampler.pull(block);
    out.push(...block);
  }
  return Float32Array.from(out);
}

for (const [from, to] of [[48000, 24000], [44100, 24000], [24000, 44100], [24000, 48000], [16000, 24000], [96000, 24000], [24000, 24000], [22050, 24000]]) {
  test(`a tone keeps its pitch, its height and its place from ${from} to ${to} Hz`, () => {
    const out = convert(from, to, sine(1000, from, from / 2), 128);
    const wanted = sine(1000, to, out.length);
    assert.ok(Math.abs(out.length - to / 2) <= 60 * Math.max(1, to / from));
    // In front of the first sample there was silence: the edge rings for as long as the filter is.
    const error = out.map((x, i) => x - wanted[i]).subarray(80, out.length - 80);
    assert.ok(rms(error) < 0.5 * 10 ** (-60 / 20), `error ${rms(error)}`);
  });
}

test("what the new rate cannot hold does not fold back", () => {
  for (const frequency of [12500, 15000, 20000]) {
    const out = convert(48000, 24000, sine(frequency, 48000, 24000), 128).subarray(100, 11800);
    assert.ok(rms(out) < 1e-3, `${frequency} Hz leaves ${rms(out)}`);
  }
});

test("the pieces make no difference", () => {
  const input = sine(441, 44100, 8000);
  assert.deepEqual(convert(44100, 24000, input, 128), convert(44100, 24000, input, 999));
});

test("needed says how much must come before so much can be pulled", () => {
  for (const [from, to] of [[24000, 44100], [24000, 48000], [48000, 24000], [24000, 24000]]) {
    const resampler = new Resampler(from, to);
    for (let k = 0; k < 50; k++) {
      const needed = resampler.needed(128);
      assert.ok(resampler.available < 128 || needed === 0);
      if (needed > 1) {
        resampler.push(new Float32Array(needed - 1));
        assert.ok(resampler.available < 128);
        resampler.push(new Float32Array(1));
      } else if (needed) resampler.push(new Float32Array(needed));
      assert.ok(resampler.available >= 128);
      resampler.pull(new Float32Array(128));
    }
  }
});

test("reset forgets", () => {
  const resampler = new Resampler(48000, 24000);
  resampler.push(sine(100, 48000, 500));
  resampler.reset();
  resampler.push(new Float32Array(500));
  const out = new Float32Array(resampler.available);
  resampler.pull(out);
  assert.equal(rms(out), 0);
});
