// The widget's model where there is no notebook: kept up to date over a socket, by the same kernel object.

import { storage } from "./storage.js";

/** @typedef {import("./kernel.js").Model} Model */

/** @typedef {"keyless" | "used" | "over" | "broken"} Lost why there is nothing to wait for */

/**
 * @typedef {object} TabEvents
 * @property {() => void} came the state is there for the first time
 * @property {() => void} found it is connected
 * @property {(why: Lost | null) => void} lost it is not; null while it tries again
 */

// This tab's pass, by which it is known again when it is loaded anew.
const PASS = "voicenb-tab";
// Close codes of the helper's.
const REFUSED = 4003;
const OVER = 4001;
const RETRY = 1000;
// Some minutes: a laptop that sleeps, a tunnel that is opened again.
const TRIES = 300;
const HELD = 100;

/** What a notebook would say differently when there is no kernel. */
const ABSENT = {
  meaning: "", // what became of the program stands below the panel, or in it where a call went with it
  message: "The program behind this page is gone, and the call with it.",
  remedy: "Start it again. What was recorded is in vn.recordings().",
};

/** There, too, nothing can be typed into a cell. */
const NEXT = "Next: change the agent (its file, or the script that made it) and start it again. voicenb guide says how to tune how long it waits for you, and what a recording has.";

/** @implements {Model} */
export class TabModel {
  /** @param {TabEvents} events */
  constructor(events) {
    this.events = events;
    this.absent = ABSENT;
    this.next = NEXT;
    /** @type {Record<string, any>} */
    this.values = {};
    /** @type {Map<string, Set<(...args: any[]) => void>>} */
    this.handlers = new Map();
    /** @type {WebSocket | null} open, and let in */
    this.socket = null;
    this.tries = 0;
    this.begun = false;
    /** Whether it will not be connected any more. */
    this.over = false;
    /** @type {string[]} what was to be said while it was not connected */
    this.held = [];
    /** @type {{ id: string, text: string } | null} the question to be let into a call, until it is answered */
    this.question = null;
    // Out of the address at once: not to be kept in the history, nor to be read out of a picture of the screen.
    this.key = location.hash.slice(1);
    if (this.key) history.replaceState(null, "", location.pathname);
    if (this.key || this.#pass) this.#connect();
    else this.#end("keyless");
  }

  /** What lets this tab in again; empty where there is none. */
  get #pass() {
    return storage("sessionStorage")?.getItem(PASS) ?? "";
  }

  /** @param {string} name */
  get(name) {
    return this.values[name];
  }

  /**
   * @param {string} event
   * @param {(...args: any[]) => void} handler
   */
  on(event, handler) {
    const handlers = this.handlers.get(event) ?? new Set();
    this.handlers.set(event, handlers.add(handler));
  }

  /**
   * @param {string} event
   * @param {(...args: any[]) => void} handler
   */
  off(event, handler) {
    this.handlers.get(event)?.delete(handler);
  }

  /**
   * @param {any} content
   * @param {object} [_callbacks]
   * @param {ArrayBuffer[]} [buffers]
   */
  send(content, _callbacks, buffers = []) {
    if (this.over) throw new Error("not connected");
    const text = JSON.stringify({ send: content });
    if (content.type === "start") this.question = { id: content.ask, text };
    // Who gives up does not want the answer any more, nor the call that it would begin.
    if (content.type === "stop" || content.type === "failed") this.question = null;
    if (this.socket) this.socket.send(buffers.length ? pack({ send: content }, buffers) : text);
    // Sound that comes late is of no use.
    else if (!buffers.length && content.type !== "start" && this.held.length < HELD) this.held.push(text);
  }

  /**
   * @param {string} event
   * @param {any[]} values
   */
  #fire(event, ...values) {
    for (const handler of [...(this.handlers.get(event) ?? [])]) handler(...values);
  }

  #connect() {
    const socket = new WebSocket(`ws://${location.host}/tab`);
    socket.binaryType = "arraybuffer";
    // A key that an address brought is newer than a pass that this tab had for another panel.
    socket.onopen = () => socket.send(JSON.stringify({ key: this.key || this.#pass }));
    socket.onmessage = ({ data }) => this.#received(socket, data);
    socket.onclose = ({ code }) => this.#closed(code);
  }

  /**
   * @param {WebSocket} socket
   * @param {string | ArrayBuffer} data
   */
  #received(socket, data) {
    const { message, buffers } = typeof data === "string" ? { message: JSON.parse(data), buffers: [] } : unpack(data);
    if (message.welcome) {
      storage("sessionStorage")?.setItem(PASS, message.welcome);
      this.key = "";
      this.socket = socket;
      this.tries = 0;
      this.events.found();
      // Something may have been missed: it asks for everything anew.
      this.#fire("comm_live_update");
      for (const text of this.held.splice(0)) socket.send(text);
      // The sound's socket may have been the first to notice: then this was said into one that was dead already.
      if (this.question) socket.send(this.question.text);
    } else if (message.set) {
      Object.assign(this.values, message.set);
      if (!this.begun) {
        this.begun = true;
        this.events.came();
      }
      for (const name of Object.keys(message.set)) this.#fire(`change:${name}`);
    } else if (message.send) {
      const { type, ask } = message.send;
      if (ask === this.question?.id && type !== "starting") this.question = null;
      if (this.begun) this.#fire("msg:custom", reachable(message.send), buffers);
    }
  }

  /** @param {number} code */
  #closed(code) {
    this.socket = null;
    if (code === REFUSED) this.#end(this.key ? "used" : "over");
    else if (code === OVER) this.#end("over");
    else if (this.tries++ >= TRIES) this.#end("broken");
    else {
      this.events.lost(null);
      setTimeout(() => this.#connect(), RETRY);
    }
  }

  /** @param {Lost} why */
  #end(why) {
    this.over = true;
    this.#fire("comm_live_update");
    this.events.lost(why);
  }
}

/**
 * The ways of a call as they are seen from here: where this page came from is the helper, behind a tunnel on another port;
 * there is no Jupyter server.
 * @param {any} content of the kernel's message
 */
function reachable(content) {
  if (content.type !== "connect") return content;
  const ways = content.ways.filter((/** @type {any} */ { kind }) => kind !== "proxy");
  return { ...content, ways: ways.map((/** @type {any} */ way) => (way.kind === "direct" ? { ...way, url: "/page" } : way)) };
}

/**
 * A frame of JSON and what belongs to it: its length (32 bits, least byte first), the JSON, the buffers.
 * @param {object} message
 * @param {ArrayBuffer[]} buffers
 */
function pack(message, buffers) {
  const head = new TextEncoder().encode(JSON.stringify({ message, sizes: buffers.map((buffer) => buffer.byteLength) }));
  const length = new DataView(new ArrayBuffer(4));
  length.setUint32(0, head.byteLength, true);
  return new Blob([length, head, ...buffers]);
}

/**
 * @param {ArrayBuffer} frame
 * @returns {{ message: any, buffers: DataView[] }}
 */
function unpack(frame) {
  const length = new DataView(frame).getUint32(0, true);
  const { message, sizes } = JSON.parse(new TextDecoder().decode(new Uint8Array(frame, 4, length)));
  let at = 4 + length;
  const buffers = sizes.map((/** @type {number} */ size) => {
    at += size;
    return new DataView(frame, at - size, size);
  });
  return { message, buffers };
}
