import assert from "node:assert/strict";
import { test } from "node:test";
import { file } from "./shim.mjs";

const FRAME = 384; // samples, 16 ms
let instances = 0;

/** A worker of its own, whose page, clock, network and microphone are in the test's hands. */
async function line() {
  const told = [];
  const played = [];
  const sockets = [];
  let now = 0;
  performance.now = () => now;
  globalThis.WebSocket = class {
    static OPEN = 1;
    readyState = 1;
    bufferedAmount = 0;
    sent = [];
    flows = true;
    constructor() {
      sockets.push(this);
    }
    send(frame) {
      this.sent.push(frame);
      if (!this.flows) this.bufferedAmount += frame.length;
    }
    close() {
      this.readyState = 2;
    }
  };
  globalThis.self = { postMessage: (message) => told.push(message), onmessage: null };
  await import(`${file("line.worker.js")}?${instances++}`);
  const page = (data) => self.onmessage({ data });
  const capture = { onmessage: null, postMessage: () => {} };
  page({ type: "sound", rate: 24_000, capture, playback: { postMessage: (message) => played.push(message) } });
  let frame = 0;
  return {
    told,
    played,
    page,
    get socket() {
      return sockets.at(-1);
    },
    connect(number, more = {}) {
      page({ type: "reach", line: number, url: "ws://service.example", origin: performance.timeOrigin, ...more });
      this.socket.onopen();
      this.socket.onmessage({ data: JSON.stringify({ type: "session.ready", config: {} }) });
    },
    /** The microphone hears so many seconds. */
    hears(seconds, apart = 16) {
      for (const end = now + 1000 * seconds; now < end; now += apart) {
        const buffer = new ArrayBuffer(16 + 2 * FRAME);
        capture.onmessage({ data: { buffer, frame, end: frame + FRAME } });
        frame += FRAME;
      }
    },
    stands: (milliseconds) => void (now += milliseconds),
    said: (socket) => socket.sent.filter((text) => text.includes("input.audio")).length,
    over: () => told.filter(({ entry }) => entry?.kind === 3),
    lost: () => told.findLast(({ entry }) => entry)?.lost,
  };
}

test("a socket from which nothing goes out any more is let go of, and told to be lost", async () => {
  const call = await line();
  call.connect(1);
  call.hears(2);
  const first = call.socket;
  assert.ok(call.said(first) > 100);
  first.flows = false;
  call.hears(4.5);
  assert.equal(call.over().length, 0);
  call.hears(1);
  assert.equal(call.over().length, 1);
  const payload = call.over()[0].entry.payload;
  assert.equal(new DataView(payload.buffer).getUint16(0, true), 4006);
  assert.equal(new TextDecoder().decode(payload.subarray(2)), "5");
  assert.equal(first.readyState, 2);
  const before = call.said(first);
  call.hears(3);
  assert.equal(call.said(first), before, "what is said meanwhile is kept");
  call.connect(2);
  assert.ok(Math.abs(call.said(call.socket) - 3500 / 16) < 40, "and sent on the next one");
  call.hears(1);
  assert.equal(call.over().length, 1);
});

test("a socket that goes on slowly is not lost, and neither is one that waits behind a thread that stood still", async () => {
  const call = await line();
  call.connect(1);
  call.socket.flows = false;
  for (let second = 0; second < 30; second += 1) {
    call.hears(1);
    call.socket.bufferedAmount = Math.max(0, call.socket.bufferedAmount - 10_000);
  }
  assert.equal(call.over().length, 0);
  call.stands(60_000);
  call.hears(1);
  assert.equal(call.over().length, 0);
});

test("all that was kept goes out in one burst, and what is said behind it is not lost", async () => {
  const call = await line();
  call.connect(1);
  call.hears(1);
  call.socket.onclose({ code: 1006, reason: "" });
  call.hears(8);
  page_reaches(call);
  const kept = call.said(call.socket);
  assert.ok(Math.abs(kept - 8000 / 16) < 20, `${kept} frames`);
  call.hears(2);
  assert.ok(call.said(call.socket) - kept > 100);
  assert.equal(call.lost(), 0);
});

/** The next connection, over which nothing has gone out yet when what was kept is sent. */
function page_reaches(call) {
  call.page({ type: "reach", line: 2, url: "ws://service.example", origin: performance.timeOrigin });
  call.socket.flows = false;
  call.socket.onopen();
  call.socket.onmessage({ data: JSON.stringify({ type: "session.ready", config: {} }) });
}

test("the agent falls silent when the caller speaks, unless it is to wait for the end of the reply", async () => {
  const call = await line();
  const flushed = () => call.played.filter(({ type }) => type === "flush").length;
  const speaks = (reply_id) => {
    for (const message of [{ type: "reply.audio", reply_id, data: "AAAA" }, { type: "input.speech.started" }]) {
      call.socket.onmessage({ data: JSON.stringify(message) });
    }
  };
  call.connect(1);
  speaks("a");
  assert.equal(flushed(), 1);
  call.page({ type: "barge-in", waits: true });
  speaks("b");
  assert.equal(flushed(), 1);
  call.connect(2, { waits: true });
  speaks("c");
  assert.equal(flushed(), 1);
  call.page({ type: "barge-in", waits: false });
  speaks("d");
  assert.equal(flushed(), 2);
});
