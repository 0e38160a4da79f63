import assert from "node:assert/strict";
import test from "node:test";
import { load, pcm, QUANTUM, rms, sine } from "./shim.mjs";

const voice = (reply, start, samples) => ({ type: "audio", reply, start, samples });
const played = (sent) => sent.filter((message) => message.type === "played");
const types = (sent) => sent.map((message) => message.type);
/** Run so many quanta; all that came out. */
const listen = (worklet, quanta) => Float32Array.from({ length: quanta }).reduce((out) => [...out, ...worklet.run()], []);

for (const rate of [24000, 48000, 44100]) {
  test(`a reply comes out as it was sent, in a context at ${rate} Hz`, async () => {
    const worklet = await load("playback.worklet.js", rate);
    worklet.tell(voice(1, 0, pcm(sine(440, 24000, 12000))));
    worklet.tell({ type: "done", reply: 1 });
    const out = Float32Array.from(listen(worklet, Math.ceil((0.6 * rate) / QUANTUM)));
    const wanted = sine(440, rate, rate / 2);
    const error = wanted.map((x, i) => out[i] - x).subarray(200, rate / 2 - 200);
    assert.ok(rms(error) < 2e-3, `${rms(error)}`);
    assert.equal(rms(out.subarray(rate / 2 + 200)), 0);
    const reports = played(worklet.sent);
    assert.equal(reports[0].from, 0);
    assert.equal(reports.at(-1).to, 12000);
    reports.forEach((report, i) => {
      assert.equal(report.reply, 1);
      if (i) assert.equal(report.from, reports[i - 1].to);
      // Sample n of a reply that began at frame f leaves at f + n, in the context's own frames.
      assert.ok(Math.abs(report.frame - reports[0].frame - (report.from * rate) / 24000) < 1e-6);
    });
    assert.ok(reports.length >= 9 && reports.length <= 12);
    assert.equal(types(worklet.sent).at(-1), "played-out");
    assert.equal(types(worklet.sent).filter((type) => type === "gap").length, 0);
  });
}

test("silence while there is nothing to say", async () => {
  const worklet = await load("playback.worklet.js", 24000);
  assert.equal(rms(worklet.run()), 0);
  assert.deepEqual(worklet.sent, []);
});

test("flush is silent within the quantum and tells how far the voice came", async () => {
  const worklet = await load("playback.worklet.js", 24000);
  worklet.tell(voice(1, 0, pcm(sine(440, 24000, 24000))));
  listen(worklet, 10);
  worklet.tell({ type: "flush" });
  const cut = worklet.run();
  assert.ok(rms(cut.subarray(0, 32)) > 0, "it fades");
  assert.equal(rms(cut.subarray(64)), 0);
  assert.equal(rms(worklet.run()), 0);
  const last = played(worklet.sent).at(-1);
  assert.equal(last.to, 11 * QUANTUM);
  assert.deepEqual(types(worklet.sent).slice(-2), ["played", "flushed"]);
  // The jump to silence is no step: neighbours differ by little more than they did in the tone.
  for (let i = 1; i < QUANTUM; i++) assert.ok(Math.abs(cut[i] - cut[i - 1]) < 0.1);
});

test("the next reply is heard after a flush, also when it comes in the same moment", async () => {
  const worklet = await load("playback.worklet.js", 24000);
  worklet.tell(voice(1, 0, pcm(sine(440, 24000, 24000))));
  listen(worklet, 2);
  worklet.tell({ type: "flush" });
  worklet.tell(voice(2, 0, pcm(new Float32Array(QUANTUM).fill(0.25))));
  const out = worklet.run();
  assert.ok(out.every((x) => x === 0.25));
});

test("a pause inside a reply is a gap, one between replies is not", async () => {
  const worklet = await load("playback.worklet.js", 24000);
  worklet.tell(voice(1, 0, pcm(sine(440, 24000, QUANTUM))));
  listen(worklet, 5);
  worklet.tell(voice(1, QUANTUM, pcm(sine(440, 24000, QUANTUM))));
  worklet.tell({ type: "done", reply: 1 });
  listen(worklet, 5);
  assert.deepEqual(worklet.sent.filter((m) => m.type === "gap"), [{ type: "gap", gaps: 1, samples: 4 * QUANTUM }]);
  worklet.tell(voice(2, 0, pcm(sine(440, 24000, QUANTUM))));
  worklet.tell({ type: "done", reply: 2 });
  listen(worklet, 5);
  assert.equal(worklet.sent.filter((m) => m.type === "gap").length, 1);
  const [first, second] = played(worklet.sent);
  assert.equal(second.frame - first.frame, 5 * QUANTUM, "after a gap the time is told anew");
});

test("an uneven way has more held back from then on, a long pause of the service has not", async () => {
  const worklet = await load("playback.worklet.js", 24000);
  const word = pcm(new Float32Array(QUANTUM).fill(0.5));
  worklet.tell(voice(1, 0, word));
  listen(worklet, 4);
  worklet.tell(voice(1, QUANTUM, word));
  listen(worklet, 1);
  assert.equal(worklet.processor.prebuffer, 3 * QUANTUM);
  listen(worklet, 200);
  worklet.tell(voice(1, 2 * QUANTUM, pcm(new Float32Array(6 * QUANTUM))));
  listen(worklet, 1);
  assert.equal(worklet.processor.prebuffer, 3 * QUANTUM);
});

test("what is held back more shrinks again with the replies that come evenly", async () => {
  const worklet = await load("playback.worklet.js", 24000, { prebuffer: QUANTUM });
  const word = pcm(new Float32Array(QUANTUM).fill(0.5));
  const held = [];
  for (let reply = 1; reply < 5; reply++) {
    worklet.tell(voice(reply, 0, word));
    listen(worklet, reply === 1 ? 8 : 1);
    worklet.tell(voice(reply, QUANTUM, word));
    worklet.tell({ type: "done", reply });
    listen(worklet, 3);
    held.push(worklet.processor.prebuffer);
  }
  // Seven quanta late, then 20 ms less each time, down to what it was.
  assert.deepEqual(held, [1024, 544, 128, 128]);
});

test("a gap counts whole, however its end arrives", async () => {
  const worklet = await load("playback.worklet.js", 24000, { prebuffer: 3 * QUANTUM });
  const word = pcm(new Float32Array(QUANTUM).fill(0.5));
  for (let i = 0; i < 3; i++) worklet.tell(voice(1, i * QUANTUM, word));
  listen(worklet, 5);
  // Two quanta late, and then quantum by quantum until what is held back is there: three, and these two.
  for (let i = 3; i < 8; i++) {
    worklet.tell(voice(1, i * QUANTUM, word));
    listen(worklet, 1);
  }
  assert.deepEqual(worklet.sent.filter((m) => m.type === "gap"), [{ type: "gap", gaps: 1, samples: 6 * QUANTUM }]);
  assert.equal(worklet.processor.prebuffer, 5 * QUANTUM);
});

test("in digital silence a pause is none that is heard, and more is held back before the first word", async () => {
  const worklet = await load("playback.worklet.js", 24000, { prebuffer: 2 * QUANTUM });
  const silence = pcm(new Float32Array(2 * QUANTUM));
  const word = pcm(new Float32Array(2 * QUANTUM).fill(0.5));
  worklet.tell(voice(1, 0, silence));
  listen(worklet, 5);
  worklet.tell(voice(1, 2 * QUANTUM, silence));
  worklet.tell(voice(1, 4 * QUANTUM, word));
  // Three quanta late: five are held back from then on, one more than there are.
  listen(worklet, 1);
  worklet.tell(voice(1, 6 * QUANTUM, word));
  const out = listen(worklet, 6);
  assert.equal(worklet.processor.prebuffer, 5 * QUANTUM);
  assert.deepEqual(out.map((x) => (x > 0 ? 1 : 0)).filter((_, i) => i % QUANTUM === 0), [0, 0, 1, 1, 1, 1]);
  assert.deepEqual(worklet.sent.filter((m) => m.type === "gap"), []);
  worklet.tell({ type: "done", reply: 1 });
  assert.deepEqual(played(worklet.sent).map(({ from, frame }) => [from, frame]), [[0, 0], [2 * QUANTUM, 6 * QUANTUM]], "told as it was heard");
});

// A service that sends so many milliseconds at once and the rest at the pace of speech, in messages of 20 ms that come up
// to `late` ms late; what of it is heard, as the sample at which the first is heard and the gaps.
const received = async (lead, late) => {
  const worklet = await load("playback.worklet.js", 24000, { prebuffer: 2400 });
  let next = 0;
  let first = -1;
  for (let quantum = 0; quantum < 400; quantum++) {
    const due = (message) => (20 * message < lead ? 0 : 20 * message - lead + (message % 7 === 3 ? late : 0));
    while (next < 90 && due(next) <= (1000 * quantum * QUANTUM) / 24000) {
      worklet.tell(voice(1, 480 * next, pcm(new Float32Array(480).fill(0.5))));
      next += 1;
    }
    if (first < 0 && worklet.run()[0] > 0) first = quantum * QUANTUM;
    else if (first >= 0) worklet.run();
  }
  return [first, worklet.sent.filter((m) => m.type === "gap").length];
};

test("what is sent ahead is heard at once, what comes at the pace of speech behind what evens it out", async () => {
  assert.deepEqual(await received(200, 70), [0, 0]);
  const [first, gaps] = await received(0, 70);
  assert.equal(gaps, 0);
  assert.ok(first > 0 && first <= 2400, `${first}`);
});

test("a voice that runs dry decays instead of clicking", async () => {
  const worklet = await load("playback.worklet.js", 24000);
  worklet.tell(voice(1, 0, pcm(new Float32Array(64).fill(0.8))));
  const out = worklet.run();
  assert.ok(out[64] > 0.5 && out[64] < 0.8);
  assert.ok(Math.abs(out[127]) < 1e-4);
});

test("played out is told when all of a reply was heard, whichever came first", async () => {
  const worklet = await load("playback.worklet.js", 24000);
  worklet.tell({ type: "done", reply: 7 });
  assert.deepEqual(worklet.sent, [{ type: "played-out", reply: 7 }]);
  worklet.tell(voice(8, 0, pcm(new Float32Array(200))));
  listen(worklet, 3);
  assert.equal(types(worklet.sent).filter((type) => type === "played-out").length, 1);
  worklet.tell({ type: "done", reply: 8 });
  assert.deepEqual(worklet.sent.at(-1), { type: "played-out", reply: 8 });
});

test("two replies in a row have their own places", async () => {
  const worklet = await load("playback.worklet.js", 24000);
  worklet.tell(voice(1, 0, pcm(new Float32Array(100))));
  worklet.tell({ type: "done", reply: 1 });
  worklet.tell(voice(2, 0, pcm(new Float32Array(300))));
  worklet.tell({ type: "done", reply: 2 });
  listen(worklet, 5);
  assert.deepEqual(
    played(worklet.sent).map(({ reply, from, to, frame }) => [reply, from, to, frame]),
    [[1, 0, 100, 0], [2, 0, 300, 100]],
  );
});

test("the prebuffer holds a beginning back, but never for longer than itself, and not when all is there", async () => {
  const worklet = await load("playback.worklet.js", 24000, { prebuffer: 5 * QUANTUM });
  worklet.tell(voice(1, 0, pcm(new Float32Array(QUANTUM).fill(0.5))));
  assert.equal(rms(worklet.run()), 0);
  worklet.tell(voice(1, QUANTUM, pcm(new Float32Array(4 * QUANTUM).fill(0.5))));
  assert.equal(worklet.run()[0], 0.5);
  listen(worklet, 10);
  worklet.tell({ type: "done", reply: 1 });
  worklet.tell(voice(2, 0, pcm(new Float32Array(QUANTUM).fill(0.5))));
  assert.equal(rms(listen(worklet, 4)), 0);
  assert.equal(worklet.run()[0], 0.5);
  listen(worklet, 2);
  worklet.tell(voice(3, 0, pcm(new Float32Array(QUANTUM).fill(0.5))));
  worklet.tell({ type: "done", reply: 3 });
  assert.equal(worklet.run()[0], 0.5);
});

test("minutes sent ahead are kept", async () => {
  const worklet = await load("playback.worklet.js", 24000, { capacity: 1024 });
  for (let i = 0; i < 100; i++) worklet.tell(voice(1, 480 * i, pcm(new Float32Array(480).fill(i / 200))));
  const out = listen(worklet, (100 * 480) / QUANTUM);
  for (let i = 0; i < 100; i++) assert.ok(Math.abs(out[480 * i + 240] - i / 200) < 1e-4);
});

test("rendering allocates no samples", async () => {
  const worklet = await load("playback.worklet.js", 48000);
  worklet.tell(voice(1, 0, pcm(sine(440, 24000, 24000))));
  const before = [worklet.processor.ring.samples, worklet.processor.block, worklet.processor.resampler.held];
  const kinds = ["Float32Array", "Int16Array", "Float64Array", "Uint32Array", "ArrayBuffer"];
  const kept = kinds.map((kind) => globalThis[kind]);
  const output = new Float32Array(QUANTUM);
  kinds.forEach((kind) => (globalThis[kind] = class { constructor() { throw new Error(`${kind} made while rendering`); } }));
  try {
    for (let i = 0; i < 300; i++) worklet.processor.process([[]], [[output]]);
  } finally {
    kinds.forEach((kind, i) => (globalThis[kind] = kept[i]));
  }
  assert.deepEqual(before.map((a) => a.length), [worklet.processor.ring.samples, worklet.processor.block, worklet.processor.resampler.held].map((a) => a.length));
});

test("a voice may come by another port, until that is taken away", async () => {
  const worklet = await load("playback.worklet.js", 24000);
  const port = { onmessage: null, close() {} };
  worklet.tell({ type: "port", port });
  port.onmessage({ data: voice(1, 0, pcm(sine(440, 24000, 2400))) });
  port.onmessage({ data: { type: "done", reply: 1 } });
  assert.ok(rms(Float32Array.from(listen(worklet, 10))) > 0.3);
  listen(worklet, 20);
  assert.equal(types(worklet.sent).at(-1), "played-out");
  worklet.tell({ type: "port", port: null });
  assert.equal(worklet.processor.carrier, null);
});

const ducked = (sent) => sent.filter((message) => message.type === "ducked");
const loudness = (out, rate) => rms(out.subarray(out.length - Math.round(0.02 * rate))) * Math.SQRT2;

for (const rate of [24000, 48000, 44100]) {
  test(`a voice is made quieter from the next quantum on, and loud again, at ${rate} Hz`, async () => {
    const worklet = await load("playback.worklet.js", rate);
    worklet.tell(voice(1, 0, pcm(sine(400, 24000, 48000))));
    const before = Float32Array.from(listen(worklet, 40));
    assert.ok(Math.abs(loudness(before, rate) - 0.5) < 0.01);
    worklet.tell({ type: "duck", gain: 0.2 });
    const quiet = Float32Array.from(listen(worklet, 40));
    assert.ok(Math.abs(loudness(quiet, rate) - 0.1) < 0.005, `${loudness(quiet, rate)}`);
    assert.deepEqual(ducked(worklet.sent), [{ type: "ducked", gain: 0.2, frame: 40 * QUANTUM }]);
    // It is on its way within the first quantum, there after 20 ms, and makes no step.
    const first = rms(quiet.subarray(0, QUANTUM));
    assert.ok(first < rms(before.subarray(-QUANTUM)) && first > 0.1);
    const all = [...before.subarray(-QUANTUM), ...quiet];
    const steep = (2 * Math.PI * 400 * 0.5) / rate;
    for (let i = 1; i < all.length; i++) assert.ok(Math.abs(all[i] - all[i - 1]) < 1.2 * steep);
    worklet.tell({ type: "duck", gain: 1 });
    assert.ok(Math.abs(loudness(Float32Array.from(listen(worklet, 40)), rate) - 0.5) < 0.01);
    assert.deepEqual(ducked(worklet.sent).at(-1), { type: "ducked", gain: 1, frame: 80 * QUANTUM });
  });
}

test("a quieter voice that is flushed is silent within the quantum, and the next one is loud", async () => {
  const worklet = await load("playback.worklet.js", 24000);
  worklet.tell(voice(1, 0, pcm(sine(440, 24000, 24000))));
  listen(worklet, 4);
  worklet.tell({ type: "duck", gain: 0.2 });
  listen(worklet, 10);
  worklet.tell({ type: "flush" });
  worklet.tell({ type: "duck", gain: 1 });
  const cut = worklet.run();
  assert.ok(Math.max(...cut) < 0.15);
  assert.equal(rms(cut.subarray(64)), 0);
  worklet.tell(voice(2, 0, pcm(new Float32Array(QUANTUM).fill(0.25))));
  assert.ok(worklet.run().every((x) => x === 0.25));
  assert.deepEqual(ducked(worklet.sent).map(({ gain }) => gain), [0.2, 1]);
});

test("a flush alone ends it as well, also where the next reply comes in the same moment", async () => {
  const worklet = await load("playback.worklet.js", 24000);
  worklet.tell(voice(1, 0, pcm(sine(440, 24000, 24000))));
  worklet.tell({ type: "duck", gain: 0.2 });
  listen(worklet, 10);
  worklet.tell({ type: "flush" });
  worklet.tell(voice(2, 0, pcm(new Float32Array(QUANTUM).fill(0.25))));
  assert.ok(worklet.run().every((x) => x === 0.25));
  assert.deepEqual(ducked(worklet.sent).map(({ gain }) => gain), [0.2, 1]);
});

test("the same gain once more is no news", async () => {
  const worklet = await load("playback.worklet.js", 24000);
  for (const gain of [1, 0.2, 0.2]) {
    worklet.tell({ type: "duck", gain });
    listen(worklet, 10);
  }
  assert.deepEqual(ducked(worklet.sent).map(({ gain }) => gain), [0.2]);
});
