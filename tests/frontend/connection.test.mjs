import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { file } from "./shim.mjs";

mock.timers.enable({ apis: ["setTimeout", "setInterval"] });
let now = 0;
performance.now = () => now;
const { Connection } = await import(file("connection.js"));

/** A channel of which the test is the other end. */
class Channel {
  lost = 0;
  report = 2400;
  said = [];
  text(message) {
    this.said.push(message);
  }
  frame() {}
  leave() {}
  close() {}
  get echoes() {
    return this.said.filter((message) => message.type === "echo");
  }
}

const begin = () => {
  const channel = new Channel();
  const connection = new Connection(channel, { text() {}, sound() {}, lost() {} });
  mock.timers.tick(1000);
  return { channel, connection };
};

test("clock comparisons have ids of their own, and each answer is the answer to one", () => {
  const { channel, connection } = begin();
  assert.deepEqual(channel.echoes.map(({ id }) => id), [0, 1, 2, 3, 4, 5]);
  assert.ok(channel.echoes.every((echo) => !("rtt" in echo)));
  channel.ontext({ type: "echo", id: 5 });
  const { roundTrip } = connection;
  assert.ok(roundTrip >= 0 && roundTrip < Infinity);
  channel.ontext({ type: "echo", id: 5 });
  channel.ontext({ type: "echo", id: 99 });
  assert.equal(connection.roundTrip, roundTrip);
  mock.timers.tick(1000);
  assert.deepEqual([channel.echoes[6].id, channel.echoes[6].rtt], [6, roundTrip]);
  connection.close();
});

test("of a long call only those are kept that may still be answered", () => {
  const { channel, connection } = begin();
  for (let answered = 0; answered < 1800; answered++) {
    mock.timers.tick(2000);
    channel.ontext({ type: "echo", id: channel.echoes.at(-1).id });
  }
  assert.ok(connection.echoes.size <= 6, `${connection.echoes.size}`);
  assert.equal(new Set(channel.echoes.map(({ id }) => id)).size, channel.echoes.length);
  for (let unanswered = 0; unanswered < 1800; unanswered++) mock.timers.tick(2000);
  assert.equal(connection.echoes.size, 30);
  connection.close();
  const count = channel.said.length;
  mock.timers.tick(10000);
  assert.equal(channel.said.length, count);
});

test("where nothing is answered for long, that is told; where something is, it is not", () => {
  const channel = new Channel();
  let silent = 0;
  const connection = new Connection(channel, { text() {}, sound() {}, lost() {}, silent: () => (silent += 1) });
  for (let minute = 0; minute < 30; minute++) {
    mock.timers.tick(2000);
    now += 2000;
    channel.ontext({ type: "echo", id: channel.echoes.at(-1).id });
  }
  assert.equal(silent, 0);
  for (let second = 0; second < 44; second += 2) {
    mock.timers.tick(2000);
    now += 2000;
  }
  assert.equal(silent, 0);
  mock.timers.tick(6000);
  now += 6000;
  mock.timers.tick(2000);
  assert.ok(silent > 0);
  connection.close();
});

test("another gain is told, with its moment", () => {
  const channel = new Channel();
  const connection = new Connection(channel, { text() {}, sound() {}, lost() {} });
  connection.ducked(0.2, 1234);
  assert.deepEqual(channel.said.at(-1), { type: "ducked", gain: 0.2, at: 1234 });
  connection.close();
});

test("what the line has to tell comes before what was heard of it", () => {
  const channel = new Channel();
  const connection = new Connection(channel, { text() {}, sound() {}, lost() {} });
  connection.line = { flush: () => channel.said.push("flushed") };
  connection.heard(1, 0, 2400, 0);
  connection.playedOut(1);
  const said = channel.said.filter((message) => message === "flushed" || message.type !== "echo");
  for (const kind of ["heard", "played-out"]) {
    assert.equal(said[said.findIndex((message) => message.type === kind) - 1], "flushed", kind);
  }
  connection.close();
});
