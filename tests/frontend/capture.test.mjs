import assert from "node:assert/strict";
import test from "node:test";
import { load, QUANTUM, rms, sine } from "./shim.mjs";

const samplesOf = (message) => Float32Array.from(new Int16Array(message.buffer, 16), (x) => x / 32768);

for (const rate of [24000, 48000, 44100]) {
  test(`one second of a context at ${rate} Hz becomes 50 frames of 20 ms`, async () => {
    const { sent, run } = await load("capture.worklet.js", rate);
    const input = sine(440, rate, rate + 16 * QUANTUM);
    for (let i = 0; i + QUANTUM <= input.length; i += QUANTUM) run(input.subarray(i, i + QUANTUM));
    assert.ok(sent.length >= 50, `${sent.length}`);
    const all = Float32Array.from(sent.slice(0, 50).flatMap((message) => [...samplesOf(message)]));
    assert.equal(all.length, 24000);
    const wanted = sine(440, 24000, 24000);
    assert.ok(rms(all.map((x, i) => x - wanted[i]).subarray(100)) < 2e-3);
    sent.slice(0, 50).forEach((message, i) => {
      assert.equal(message.buffer.byteLength, 16 + 960);
      // The frame's place in the context's time is exact, whatever the rate.
      assert.ok(Math.abs(message.frame - i * 0.02 * rate) < 1e-6);
      assert.ok(message.end >= message.frame + 0.02 * rate - 1e-6);
    });
    assert.ok(Math.abs(sent[5].level - 0.5 / Math.SQRT2) < 0.02);
  });
}

test("frames of 40 ms on request", async () => {
  const { sent, run, tell } = await load("capture.worklet.js", 24000);
  tell({ type: "frame", samples: 960 });
  for (let i = 0; i < 80; i++) run(new Float32Array(QUANTUM));
  assert.ok(sent.length >= 10);
  assert.ok(sent.every((message) => message.buffer.byteLength === 16 + 1920));
});

test("no input counts as silence", async () => {
  const { sent, run } = await load("capture.worklet.js", 24000);
  for (let i = 0; i < 8; i++) run();
  assert.equal(sent.length, 2);
  assert.equal(rms(samplesOf(sent[0])), 0);
});

for (const rate of [24000, 48000]) {
  test(`quanta that the browser leaves out do not shift the time of what follows, at ${rate} Hz`, async () => {
    const { sent, run, leaveOut } = await load("capture.worklet.js", rate);
    run();
    leaveOut(4);
    const frames = 3;
    for (let i = 0; sent.length < frames; i++) run();
    const span = 0.02 * rate;
    // All but the first quantum come 4 quanta later than their number among the samples says.
    sent.slice(1).forEach((message, i) => assert.equal(message.frame, 4 * QUANTUM + (i + 1) * span));
    for (const message of sent) assert.ok(message.end >= message.frame + span && message.end < message.frame + 2 * span);
  });
}

test("what is too loud is clipped, not wrapped", async () => {
  const { sent, run } = await load("capture.worklet.js", 24000);
  for (let i = 0; i < 4; i++) run(new Float32Array(QUANTUM).fill(i % 2 ? 3 : -3));
  const values = new Set(new Int16Array(sent[0].buffer, 16));
  assert.deepEqual(values, new Set([-32768, 32767]));
});

test("buffers that come back are used again", async () => {
  const { sent, run, tell, processor } = await load("capture.worklet.js", 24000);
  for (let i = 0; i < 4; i++) run();
  const { buffer } = sent[0];
  tell({ type: "return", buffer });
  tell({ type: "return", buffer: new ArrayBuffer(3) });
  assert.equal(processor.spare.length, 1);
  for (let i = 0; i < 8; i++) run();
  assert.equal(processor.spare.length, 0);
});

test("stop ends the processor", async () => {
  const { tell, processor } = await load("capture.worklet.js", 24000);
  assert.equal(processor.process([[]]), true);
  tell({ type: "stop" });
  assert.equal(processor.process([[]]), false);
});

test("frames go to another port on request, and the page keeps the level", async () => {
  const { sent, run, tell } = await load("capture.worklet.js", 24000);
  const carried = [];
  let closed = false;
  const port = { onmessage: null, postMessage: (message) => carried.push(message), close: () => (closed = true) };
  tell({ type: "port", port });
  for (let i = 0; i < 8; i++) run(sine(440, 24000, QUANTUM));
  assert.equal(carried.length, 2);
  assert.deepEqual(carried.map(({ frame, end }) => [frame, end]), sent.map(({ frame, end }) => [frame, end]));
  assert.ok(sent.every((message) => !("buffer" in message) && message.level > 0.3));
  // What the other end gives back is used again.
  const { buffer } = carried[0];
  port.onmessage({ data: { type: "return", buffer } });
  for (let i = 0; i < 8; i++) run();
  assert.ok(carried.some((message, i) => i >= 2 && message.buffer === buffer));
  tell({ type: "port", port: null });
  assert.ok(closed);
  const count = carried.length;
  for (let i = 0; i < 8; i++) run();
  assert.equal(carried.length, count);
  assert.ok("buffer" in sent.at(-1));
});
