import assert from "node:assert/strict";
import test from "node:test";
import { file } from "./shim.mjs";

const { Ring } = await import(file("ring.js"));

const count = (from, to) => Int16Array.from({ length: to - from }, (_, i) => from + i);
const taken = (ring, most) => {
  const block = new Float32Array(most);
  const got = ring.take(block, 0, most);
  return { reply: ring.reply, from: ring.from, samples: [...block.subarray(0, got)].map((x) => x * 32768) };
};

test("samples come out in order with their reply and their place", () => {
  const ring = new Ring(16);
  ring.write(1, 0, count(0, 6));
  ring.write(1, 6, count(6, 9));
  ring.write(2, 0, count(50, 54));
  assert.equal(ring.length, 13);
  assert.deepEqual(taken(ring, 4), { reply: 1, from: 0, samples: [0, 1, 2, 3] });
  assert.deepEqual(taken(ring, 99), { reply: 1, from: 4, samples: [4, 5, 6, 7, 8] });
  assert.deepEqual(taken(ring, 99), { reply: 2, from: 0, samples: [50, 51, 52, 53] });
  assert.equal(ring.take(new Float32Array(4), 0, 4), 0);
  assert.equal(ring.next, -1);
});

test("it goes round and round", () => {
  const ring = new Ring(8);
  for (let k = 0; k < 100; k++) {
    ring.write(1, 5 * k, count(5 * k, 5 * k + 5));
    assert.deepEqual(taken(ring, 5).samples, [...count(5 * k, 5 * k + 5)]);
  }
  assert.equal(ring.samples.length, 8);
});

test("a full ring grows and loses nothing", () => {
  const ring = new Ring(8);
  ring.write(1, 0, count(0, 5));
  assert.equal(taken(ring, 3).samples.length, 3);
  ring.write(1, 5, count(5, 40));
  assert.deepEqual(taken(ring, 99), { reply: 1, from: 3, samples: [...count(3, 40)] });
});

test("many stretches", () => {
  const ring = new Ring(1024);
  for (let reply = 0; reply < 300; reply++) ring.write(reply, 7, Int16Array.of(reply));
  assert.ok(ring.holds(299));
  for (let reply = 0; reply < 300; reply++) assert.deepEqual(taken(ring, 9), { reply, from: 7, samples: [reply] });
  assert.ok(!ring.holds(299));
});

test("a jump inside a reply is told", () => {
  const ring = new Ring(16);
  ring.write(3, 0, count(0, 2));
  ring.write(3, 10, count(10, 12));
  assert.equal(taken(ring, 9).from, 0);
  assert.equal(taken(ring, 9).from, 10);
});

test("clear forgets", () => {
  const ring = new Ring(16);
  ring.write(1, 0, count(0, 9));
  ring.clear();
  assert.equal(ring.length, 0);
  assert.ok(!ring.holds(1));
  ring.write(2, 0, count(0, 3));
  assert.deepEqual(taken(ring, 9), { reply: 2, from: 0, samples: [0, 1, 2] });
});
