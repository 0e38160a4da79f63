// A call's sound from slices, on a context whose clock is the test's: what comes out is the call, sample for sample.

import assert from "node:assert/strict";
import test, { mock } from "node:test";
import { FakeContext } from "./audio_context.mjs";
import { file } from "./shim.mjs";

const { Listening } = await import(file("listen.js"));
const { SLICE } = await import(file("slices.js"));

const RATE = 24_000;
const SIZE = SLICE * RATE;

/** Every sample of the call is another number: the caller's, and the agent's, which is its negative. */
const value = (place) => ((place * 7919) % 32_000) + 1;

function slice(start, count) {
  const bytes = new DataView(new ArrayBuffer(4 * count + 3), 3, 4 * count); // as it may lie in a message
  for (let i = 0; i < count; i++) {
    bytes.setInt16(4 * i, value(start + i), true);
    bytes.setInt16(4 * i + 2, -value(start + i), true);
  }
  return bytes;
}

/** A call of so many seconds; slices come when the test answers. */
function call(seconds) {
  const asks = [];
  const context = new FakeContext(RATE);
  const sound = new Listening({ length: Math.round(seconds * RATE), rate: RATE, ask: (start, count) => asks.push({ start, count }) }, () => context);
  let changes = 0;
  sound.onchange(() => changes++);
  const answer = () => {
    const now = asks.splice(0);
    for (const { start, count } of now) sound.take(start, slice(start, count));
    return now.length;
  };
  const answerAll = () => {
    while (answer());
  };
  return { sound, context, asks, answer, answerAll, changes: () => changes };
}

/** Assert that from a moment of the context's on the call comes out, from a place of its own on. */
function assertHeard(context, begin, place, count) {
  for (const [channel, sign] of [[0, 1], [1, -1]]) {
    const out = context.heard(begin, begin + count, channel);
    const wrong = out.findIndex((sample, i) => sample !== (sign * value(place + i)) / 32_768);
    assert.equal(wrong, -1, `side ${channel}, ${wrong} samples behind the beginning`);
  }
}

test.beforeEach(() => mock.timers.enable({ apis: ["setInterval", "setTimeout", "Date"] }));
test.afterEach(() => mock.timers.reset());

/** Let time pass on both clocks, and slices come. */
function pass({ context, answerAll }, seconds) {
  for (let left = seconds; left > 1e-9; left -= 0.1) {
    context.pass(Math.min(0.1, left));
    mock.timers.tick(100);
    answerAll();
  }
}

for (const from of [0, 1, 3.3, SLICE - 1 / RATE, SLICE, 17.77777]) {
  test(`from second ${from} on every sample comes once, across the borders of slices`, () => {
    const it = call(40);
    it.sound.play(from);
    it.answerAll();
    pass(it, 15);
    const place = Math.round(from * RATE);
    assertHeard(it.context, it.context.begin, place, 15 * RATE);
    const before = it.context.heard(0, it.context.begin);
    assert.ok(before.every((sample) => sample === 0), "nothing before it");
    assert.equal(it.sound.playing, true);
    assert.ok(Math.abs(it.sound.position() - (from + 15)) < 0.05, String(it.sound.position()));
    it.sound.close();
  });
}

test("borders lie at moments that are told without rounding", () => {
  const it = call(40);
  it.sound.play(1.23456);
  it.answerAll();
  pass(it, 10);
  const [, ...later] = it.context.pieces;
  assert.ok(later.length >= 3);
  for (const { at } of later) assert.equal(at * RATE, Math.round(at * RATE));
  it.sound.close();
});

test("an hour is not fetched: some slices ahead, a minute held", () => {
  const it = call(3600);
  it.sound.play();
  assert.deepEqual(it.asks.map(({ start }) => start / SIZE), [0, 1]);
  it.answerAll();
  pass(it, 120);
  assert.ok(it.sound.slices.held.size <= 16);
  const most = Math.max(...it.sound.slices.held.keys());
  assert.ok(most * SLICE < 120 + 5 * SLICE, `slice ${most}`);
  it.sound.close();
});

test("before it plays the slice where it stands is fetched, and no other", () => {
  const it = call(3600);
  it.sound.seek(1801);
  assert.deepEqual(it.asks, [{ start: 450 * SIZE, count: SIZE }]);
  assert.equal(it.sound.position(), 1801);
  assert.equal(it.sound.playing, false);
});

test("a slice that is late is waited for, and then nothing is missing", () => {
  const it = call(40);
  it.sound.play();
  assert.equal(it.sound.waiting, true);
  assert.equal(it.sound.playing, true);
  const [first] = it.asks.splice(0, 1);
  it.sound.take(first.start, slice(first.start, first.count));
  assert.equal(it.sound.waiting, false);
  const begin = it.context.begin;
  for (let i = 0; i < 60; i++) {
    it.context.pass(0.1);
    mock.timers.tick(100);
  }
  assert.equal(it.sound.waiting, true);
  assert.equal(it.sound.position(), SLICE, "it stands at the border");
  assertHeard(it.context, begin, 0, SIZE);
  it.context.pieces.length = 0;
  it.answerAll();
  assert.equal(it.sound.waiting, false);
  pass(it, 5);
  assertHeard(it.context, it.context.begin, SIZE, 5 * RATE);
  it.sound.close();
});

test("a pause keeps the place that was heard, and it goes on from there", () => {
  const it = call(40);
  it.context.outputLatency = 0.1;
  it.sound.play();
  it.answerAll();
  pass(it, 3);
  const at = it.sound.position();
  assert.ok(Math.abs(at - 2.88) < 0.02, String(at));
  it.sound.pause();
  assert.equal(it.sound.playing, false);
  assert.equal(it.sound.position(), at);
  const stopped = it.context.currentTime;
  assert.ok(it.context.pieces.every(({ until }) => until >= stopped && until < stopped + 0.02), "it is silent at once");
  mock.timers.tick(600);
  assert.equal(it.context.state, "suspended");
  it.context.pieces.length = 0;
  it.sound.play();
  it.answerAll();
  assertHeard(it.context, it.context.begin, Math.round(at * RATE), RATE);
  it.sound.close();
});

test("a seek while it plays is exact, and what was laid out is not heard", () => {
  const it = call(60);
  it.sound.play();
  it.answerAll();
  pass(it, 2);
  it.sound.seek(33.333);
  it.answerAll();
  pass(it, 9);
  assertHeard(it.context, it.context.begin, Math.round(33.333 * RATE), 9 * RATE);
  assert.equal(it.sound.playing, true);
  it.sound.seek(-5);
  assert.equal(it.sound.position(), 0);
  it.sound.seek(1e9);
  assert.ok(it.sound.position() <= 60);
  it.sound.seek(NaN);
  it.sound.close();
});

test("at the end it stops, and plays from the beginning", () => {
  const it = call(9.5);
  it.sound.play(8);
  it.answerAll();
  pass(it, 2);
  assert.equal(it.sound.playing, false);
  assert.equal(it.sound.position(), 9.5);
  assertHeard(it.context, it.context.begin, 8 * RATE, 1.5 * RATE);
  it.context.pieces.length = 0;
  it.sound.play();
  it.answerAll();
  assertHeard(it.context, it.context.begin, 0, RATE);
  it.sound.close();
});

for (const rate of [0.5, 0.75, 1.5, 2]) {
  test(`at ${rate} times the pace the place runs at that pace, and the end comes so much sooner or later`, () => {
    const it = call(20);
    it.sound.rate = rate;
    it.sound.play();
    it.answerAll();
    pass(it, 6);
    assert.ok(Math.abs(it.sound.position() - 6 * rate) < 0.1, String(it.sound.position()));
    const ends = it.context.pieces.map(({ at, buffer }) => Math.round(at * RATE) + buffer.length);
    const begins = it.context.pieces.map(({ at }) => Math.round(at * RATE));
    assert.deepEqual(begins.slice(1), ends.slice(0, -1), "no gap between pieces");
    pass(it, 20 / rate - 6 + 0.3);
    assert.equal(it.sound.playing, false);
    assert.equal(it.sound.position(), 20);
    it.sound.close();
  });
}

test("another pace goes on from where it is", () => {
  const it = call(60);
  it.sound.play();
  it.answerAll();
  pass(it, 4);
  const at = it.sound.position();
  it.sound.rate = 1.5;
  assert.ok(Math.abs(it.sound.position() - at) < 1e-3);
  pass(it, 2);
  assert.ok(Math.abs(it.sound.position() - at - 3) < 0.1);
  it.sound.rate = 0;
  assert.equal(it.sound.rate, 1.5);
  it.sound.close();
});

test("who seeks about waits behind three slices, not behind all that were passed", () => {
  const it = call(3600);
  for (let to = 0; to < 3000; to += 100) it.sound.seek(to);
  assert.equal(it.asks.length, 3);
  it.answer();
  assert.deepEqual(it.asks.map(({ start }) => start / RATE), [2900]);
});

test("a slice that does not come is asked for again", () => {
  const it = call(40);
  it.sound.play();
  assert.equal(it.asks.splice(0).length, 2);
  mock.timers.tick(9_000);
  assert.equal(it.asks.length, 0);
  mock.timers.tick(1_500);
  assert.deepEqual(it.asks.map(({ start }) => start / SIZE), [0, 1]);
  it.sound.close();
});

test("another page's slices are not taken", () => {
  const it = call(40);
  it.sound.take(5 * SIZE, slice(5 * SIZE, SIZE));
  assert.equal(it.sound.slices.held.size, 0);
});

test("where the browser wants a click first, it stops and says so", async () => {
  const it = call(40);
  it.context.state = "suspended";
  it.context.allowed = false;
  it.sound.play();
  it.answerAll();
  mock.timers.tick(1_000);
  for (let i = 0; i < 5; i++) await null;
  assert.equal(it.sound.playing, false);
  assert.equal(it.sound.blocked, true);
  it.context.allowed = true;
  it.sound.play();
  for (let i = 0; i < 5; i++) await null;
  assert.equal(it.sound.playing, true);
  assert.equal(it.sound.blocked, false);
  it.sound.close();
});

test("where somebody has clicked, a device that takes its time is waited for", async (context) => {
  const was = Object.getOwnPropertyDescriptor(globalThis, "navigator");
  context.after(() => (was ? Object.defineProperty(globalThis, "navigator", was) : delete globalThis.navigator));
  Object.defineProperty(globalThis, "navigator", { value: { userActivation: { hasBeenActive: true } }, configurable: true });
  const it = call(40);
  it.context.state = "suspended";
  it.context.allowed = false;
  it.sound.play();
  it.answerAll();
  mock.timers.tick(5_000);
  for (let i = 0; i < 5; i++) await null;
  assert.equal(it.sound.playing, true);
  assert.equal(it.sound.blocked, false);
  it.sound.close();
});

test("trouble stops it, and it goes on when that is over", () => {
  const it = call(40);
  it.sound.play();
  it.answerAll();
  pass(it, 1);
  it.sound.fail("The kernel is gone.");
  assert.equal(it.sound.playing, false);
  const at = it.sound.position();
  assert.ok(at > 0.9);
  it.sound.play();
  assert.equal(it.sound.playing, false);
  it.sound.seek(20);
  assert.equal(it.sound.position(), 20);
  it.sound.fail("");
  it.sound.play();
  assert.equal(it.sound.playing, true);
  it.sound.close();
});

test("it tells of what changes and not of each picture", () => {
  const it = call(40);
  it.sound.play();
  it.answerAll();
  const before = it.changes();
  pass(it, 3);
  assert.equal(it.changes(), before);
  it.sound.pause();
  assert.equal(it.changes(), before + 1);
  it.sound.seek(2);
  assert.equal(it.changes(), before + 2);
});

test("a call without a sample is no trouble", () => {
  const it = call(0);
  it.sound.play();
  assert.equal(it.sound.playing, false);
  assert.equal(it.sound.position(), 0);
  assert.deepEqual(it.asks, []);
});
