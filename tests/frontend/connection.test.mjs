import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { file } from "./shim.mjs";

mock.timers.enable({ apis: ["setTimeout", "setInterval"] });
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
