import assert from "node:assert/strict";
import { test } from "node:test";
import { file } from "./shim.mjs";

const { Replies } = await import(file("replies.js"));
const { fromBase64, toBase64 } = await import(file("base64.js"));

const audio = (reply_id, ...samples) => ({ type: "reply.audio", reply_id, data: toBase64(Int16Array.from(samples)) });
const brief = ({ play, flush, done }) => ({
  ...(play && { play: [play.reply, play.start, ...play.samples] }),
  ...(flush && { flush }),
  ...(done && { done }),
});
const all = (replies, ...messages) => messages.map((message) => brief(replies.take(message)));

test("samples go into base64 and come back, whatever they are", () => {
  const samples = Int16Array.from({ length: 20_000 }, (_, i) => (i * 7919) % 65536 - 32768);
  assert.deepEqual(fromBase64(toBase64(samples)), samples);
  assert.equal(toBase64(Int16Array.of(1, -2)), Buffer.from([1, 0, 254, 255]).toString("base64"));
  for (const text of ["", "%", undefined, 3]) assert.equal(fromBase64(text).length, 0);
  assert.deepEqual([...fromBase64(Buffer.from([1, 0, 9]).toString("base64"))], [1]);
});

test("a reply is played sample behind sample, and is done once", () => {
  const deeds = all(
    new Replies(),
    { type: "reply.started", reply_id: "a" },
    audio("a", 1, 2),
    audio("a", 3),
    { type: "transcript.agent", reply_id: "a", text: "", interrupted: false },
    { type: "reply.done", reply_id: "a", status: "completed" },
    audio("b", 4),
  );
  assert.deepEqual(deeds, [{}, { play: [1, 0, 1, 2] }, { play: [1, 2, 3] }, {}, { done: 1 }, { play: [2, 0, 4] }]);
});

test("the caller's speech silences what was heard, and what comes of it later is too late", () => {
  const deeds = all(
    new Replies(),
    audio("a", 1),
    { type: "reply.started", reply_id: "b" },
    { type: "input.speech.started" },
    audio("a", 2),
    audio("b", 3),
    { type: "reply.done", reply_id: "a", status: "interrupted" },
  );
  assert.deepEqual(deeds, [{ play: [1, 0, 1] }, {}, { flush: {} }, {}, { play: [2, 0, 3] }, { done: 1 }]);
});

test("where the service cuts a reply off itself, only that one falls silent", () => {
  for (const cut of [
    { type: "reply.done", reply_id: "a", status: "interrupted" },
    { type: "transcript.agent", reply_id: "a", interrupted: true },
  ]) {
    const [, { flush }, late] = all(new Replies(), audio("a", 1), cut, audio("a", 2));
    assert.deepEqual([flush, late], [{ reply: 1 }, {}]);
  }
});

test("a reply without a name is the latest one", () => {
  const deeds = all(new Replies(), { type: "reply.started", reply_id: "a" }, audio(undefined, 1), audio("a", 2), { type: "reply.done" });
  assert.deepEqual(deeds, [{}, { play: [1, 0, 1] }, { play: [1, 1, 2] }, { done: 1 }]);
});

const turns = (interrupt_response) => ({ input: { turn_detection: { interrupt_response } } });
const interrupted = (replies) => {
  replies.take(audio(`reply ${replies.count}`, 1));
  return "flush" in replies.take({ type: "input.speech.started" });
};

test("each reply that begins without a name is another one", () => {
  const done = { type: "reply.done", status: "completed" };
  const deeds = all(new Replies(), { type: "reply.started" }, audio(undefined, 1), done, { type: "reply.started" }, audio(undefined, 2), done);
  assert.deepEqual(deeds, [{}, { play: [1, 0, 1] }, { done: 1 }, {}, { play: [2, 0, 2] }, { done: 2 }]);
  const cut = all(new Replies(), audio(undefined, 1), { type: "input.speech.started" }, audio(undefined, 2), { type: "reply.started" }, audio(undefined, 3));
  assert.deepEqual(cut, [{ play: [1, 0, 1] }, { flush: {} }, {}, {}, { play: [2, 0, 3] }]);
  const many = new Replies();
  for (let i = 1; i < 200; i += 1) assert.deepEqual(all(many, { type: "reply.started" }, audio(undefined, i)), [{}, { play: [i, 0, i] }]);
});

test("with interruptions off the caller's speech silences nothing, from when that is in force", () => {
  const replies = new Replies();
  assert.ok(interrupted(replies));
  replies.sent({ type: "session.update", session: turns(false) });
  assert.ok(interrupted(replies), "it is not acknowledged yet");
  replies.take({ type: "session.updated" });
  assert.ok(!interrupted(replies));
  replies.sent({ type: "session.update", session: { system_prompt: "" } });
  replies.take({ type: "session.updated", config: {} });
  assert.ok(!interrupted(replies), "of which nothing was said");
  replies.sent({ type: "session.update", session: turns(true) });
  replies.take({ type: "session.error", code: "INVALID_VALUE" });
  replies.take({ type: "session.updated", config: { input: {} } });
  assert.ok(!interrupted(replies), "it was refused");
  replies.take({ type: "session.updated", config: { input: { turn_detection: {} } } });
  assert.ok(interrupted(replies), "what the service says counts");
});

test("who waits falls silent when the service ends the reply", () => {
  const replies = new Replies();
  replies.waits = true;
  assert.ok(!interrupted(replies));
  assert.deepEqual(all(replies, audio("a", 1), { type: "reply.done", reply_id: "a", status: "interrupted" }).at(-1), { flush: { reply: 2 }, done: 2 });
  replies.waits = false;
  assert.ok(interrupted(replies));
});

test("messages of any kind are taken", () => {
  for (const message of [null, undefined, 3, [], { type: 4 }, { type: "session.ready" }, { type: "reply.audio" }]) {
    assert.deepEqual(all(new Replies(), message), [{}]);
  }
});

test("of many replies only the last ones are known", () => {
  const replies = new Replies();
  for (let n = 0; n < 500; n++) replies.take(audio(`${n}`, 1));
  assert.ok(replies.all.size <= 64);
});
