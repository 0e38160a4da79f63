import assert from "node:assert/strict";
import { beforeEach, mock, test } from "node:test";
import { file } from "./shim.mjs";

mock.timers.enable({ apis: ["setTimeout"] });
const { TabModel } = await import(file("tab_model.js"));

const PASS = "voicenb-tab";
const REFUSED = 4003;
const OVER = 4001;

/** The helper's end of a socket is the test. */
class Socket {
  said = [];
  constructor(address) {
    this.address = address;
    sockets.push(this);
  }
  send(data) {
    this.said.push(data);
  }
  open() {
    this.onopen();
  }
  tell(message) {
    this.onmessage({ data: JSON.stringify(message) });
  }
  close(code) {
    this.onclose({ code });
  }
  get messages() {
    return this.said.filter((data) => typeof data === "string").map((text) => JSON.parse(text));
  }
}

let sockets;
let kept;
let places;

beforeEach(() => {
  sockets = [];
  kept = new Map();
  places = [];
  globalThis.WebSocket = Socket;
  globalThis.location = { hash: "#key", host: "127.0.0.1:8765", pathname: "/" };
  globalThis.history = { replaceState: (_state, _title, place) => places.push(place) };
  const sessionStorage = { getItem: (name) => kept.get(name) ?? null, setItem: (name, value) => kept.set(name, value) };
  globalThis.window = { sessionStorage };
});

/** A model, and what it told. */
function make() {
  const told = [];
  const model = new TabModel({ came: () => told.push("came"), found: () => told.push("found"), lost: (why) => told.push(why) });
  return { model, told };
}

/** One that was let in, and has its state. */
function letIn() {
  const made = make();
  sockets[0].open();
  sockets[0].tell({ welcome: "pass" });
  sockets[0].tell({ set: { _state: { state: "idle" }, _lines: [] } });
  return { ...made, socket: sockets[0] };
}

const heard = (model, event) => {
  const values = [];
  model.on(event, (...args) => values.push(args));
  return values;
};

test("the key leaves the address at once, and opens a socket to where the page came from", () => {
  make();
  assert.deepEqual(places, ["/"]);
  assert.equal(sockets[0].address, "ws://127.0.0.1:8765/tab");
  sockets[0].open();
  assert.deepEqual(sockets[0].messages, [{ key: "key" }]);
});

test("without key or pass it says so and asks nobody", () => {
  location.hash = "";
  const { model, told } = make();
  assert.deepEqual([told, sockets.length], [["keyless"], 0]);
  assert.throws(() => model.send({ type: "start" }), /not connected/);
});

test("a pass lets the tab in again, and a key that an address brought goes before it", () => {
  kept.set(PASS, "old");
  location.hash = "";
  make();
  sockets[0].open();
  location.hash = "#new";
  make();
  sockets[1].open();
  assert.deepEqual([sockets[0].messages, sockets[1].messages], [[{ key: "old" }], [{ key: "new" }]]);
});

test("the panel comes with the first state, and hears of each value that changes", () => {
  const { model, told } = make();
  sockets[0].open();
  sockets[0].tell({ welcome: "pass" });
  assert.equal(kept.get(PASS), "pass");
  assert.deepEqual(told, ["found"]);
  sockets[0].tell({ set: { _state: { state: "idle" }, _lines: [] } });
  assert.deepEqual(told, ["found", "came"]);
  const changed = heard(model, "change:_state");
  sockets[0].tell({ set: { _state: { state: "listening" } } });
  assert.deepEqual([changed.length, model.get("_state")], [1, { state: "listening" }]);
  assert.deepEqual(told, ["found", "came"], "once");
});

test("who no longer listens is told nothing", () => {
  const { model, socket } = letIn();
  let count = 0;
  const handler = () => {
    count += 1;
  };
  model.on("change:_state", handler);
  socket.tell({ set: { _state: {} } });
  model.off("change:_state", handler);
  socket.tell({ set: { _state: {} } });
  assert.equal(count, 1);
});

test("messages and their buffers go and come in one frame", async () => {
  const { model, socket } = letIn();
  const custom = heard(model, "msg:custom");
  model.send({ type: "page" }, undefined, [Uint8Array.of(1, 2).buffer, Uint8Array.of(3).buffer]);
  const frame = await socket.said.at(-1).arrayBuffer();
  const length = new DataView(frame).getUint32(0, true);
  const head = JSON.parse(new TextDecoder().decode(new Uint8Array(frame, 4, length)));
  assert.deepEqual(head, { message: { send: { type: "page" } }, sizes: [2, 1] });
  assert.deepEqual([...new Uint8Array(frame, 4 + length)], [1, 2, 3]);
  // The helper packs in the same way.
  socket.onmessage({ data: frame });
  const [[content, buffers]] = custom;
  assert.deepEqual(content, { type: "page" });
  const bytes = buffers.map((view) => [...new Uint8Array(view.buffer, view.byteOffset, view.byteLength)]);
  assert.deepEqual(bytes, [[1, 2], [3]]);
});

test("of the ways the direct one leads to where the page came from, and there is no proxy", () => {
  const { model, socket } = letIn();
  const custom = heard(model, "msg:custom");
  const direct = { kind: "direct", url: "ws://127.0.0.1:1/page", secret: "once" };
  const ways = [direct, { kind: "proxy", url: "proxy/1/page" }, { kind: "kernel" }];
  socket.tell({ send: { type: "connect", ask: "1", ways } });
  assert.deepEqual(custom[0][0].ways, [{ ...direct, url: "/page" }, { kind: "kernel" }]);
});

test("what is said while it is not connected is said later, once, and sound is not", () => {
  const { model, told, socket } = letIn();
  socket.close(1006);
  assert.equal(told.at(-1), null);
  model.send({ type: "mute", muted: true });
  model.send({ type: "page" }, undefined, [new ArrayBuffer(2)]);
  model.send({ type: "start", ask: "2" });
  const live = heard(model, "comm_live_update");
  mock.timers.tick(1000);
  sockets[1].open();
  sockets[1].tell({ welcome: "next" });
  assert.equal(live.length, 1, "who listens asks for everything anew");
  assert.deepEqual(sockets[1].messages, [{ key: "pass" }, { send: { type: "mute", muted: true } }, { send: { type: "start", ask: "2" } }]);
});

/** A start that a socket took with it, and what the next one is told. */
function after(...words) {
  const { model, socket } = letIn();
  model.send({ type: "start", ask: "1" });
  for (const [from, content] of words) {
    if (from === "kernel") socket.tell({ send: content });
    else model.send(content);
  }
  socket.close(1006);
  mock.timers.tick(1000);
  sockets[1].open();
  sockets[1].tell({ welcome: "next" });
  return sockets[1].messages.slice(1).map(({ send }) => send.type);
}

test("a start without an answer is asked again", () => {
  assert.deepEqual(after(), ["start"]);
  sockets = [];
  assert.deepEqual(after(["kernel", { type: "starting", ask: "1" }]), ["start"], "this is none");
  sockets = [];
  assert.deepEqual(after(["kernel", { type: "error", ask: "another's" }]), ["start"]);
});

test("one that was answered or given up is not", () => {
  for (const word of [
    ["kernel", { type: "connect", ask: "1", ways: [] }],
    ["kernel", { type: "error", ask: "1" }],
    ["page", { type: "stop" }],
    ["page", { type: "failed" }],
  ]) {
    sockets = [];
    assert.deepEqual(after(word), [], JSON.stringify(word));
  }
});

test("why there is nothing to wait for", () => {
  for (const [code, welcomed, why] of [
    [REFUSED, false, "used"],
    [REFUSED, true, "over"],
    [OVER, true, "over"],
  ]) {
    sockets = [];
    const { model, told, socket } = welcomed ? letIn() : { ...make(), socket: sockets[0] };
    const live = heard(model, "comm_live_update");
    socket.close(code);
    assert.equal(told.at(-1), why);
    assert.equal(live.length, 1);
    assert.throws(() => model.send({ type: "attach" }), /not connected/, "as the panel finds out");
    mock.timers.tick(10_000);
    assert.equal(sockets.length, 1, "it is not tried again");
  }
});

test("a program that cannot be reached is tried for some minutes, then given up", () => {
  const { told } = letIn();
  for (let tries = 0; tries < 400 && told.at(-1) !== "broken"; tries++) {
    sockets.at(-1).close(1006);
    mock.timers.tick(1000);
  }
  assert.equal(told.at(-1), "broken");
  assert.equal(sockets.length, 301);
});
