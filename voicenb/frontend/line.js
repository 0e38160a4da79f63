// A call whose socket to the service is the page's own. A worker holds it; here is what it has to say to the kernel.

import { HEADER } from "./frames.js";
import { packMirror } from "./mirror.js";

// Once: joined into one module, this makes a file of the page's memory.
const HOLDER = new URL("./line.worker.js", import.meta.url);
// Samples in a frame, 16 ms, and those that are held back before a voice begins, 100 ms: as on the way to a helper.
const FRAME = 3 * 128;
const PREBUFFER = 100 * 24;
// Milliseconds that sound waits for more of it before it is told: each message costs the kernel dear.
const GATHER = { direct: 60, proxy: 60, kernel: 200 };
// And what somebody may be waiting for, for the rest of its moment: words come by the dozen.
const MOMENT = 10;
// Milliseconds after which a session that was ended is over in any case.
const GOODBYE = 3000;
const SPEECH = 4;
const ELSEWHERE = "the service is on the kernel's own machine, and this page comes from another one";

/**
 * @typedef {object} LineEvents
 * @property {(encoding: string) => void} unfit the agent's sound comes in an encoding that the page does not speak
 * @property {() => void} broken its worker does not run
 */

/** The line of one call, over all of its connections. */
export class Line {
  /** @param {LineEvents} events */
  constructor(events) {
    this.samples = FRAME;
    this.prebuffer = PREBUFFER;
    /** @type {import("./channel.js").Channel | null} that leads to the kernel's side */
    this.channel = null;
    /** @type {import("./mirror.js").Entry[]} not told yet */
    this.entries = [];
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.moment = undefined;
    this.lost = 0;
    this.over = () => {};
    this.worker = new Worker(HOLDER, { type: "module" });
    this.worker.onerror = () => events.broken();
    this.worker.onmessage = ({ data }) => {
      if (data.type === "entry") this.#add(data);
      else if (data.type === "unfit") events.unfit(data.encoding);
      else if (data.type === "over") this.over();
      else this.#say(data);
    };
  }

  /** @param {import("./channel.js").Channel} channel what is to be told goes there from now on */
  bind(channel) {
    this.channel = channel;
  }

  /**
   * What the kernel's side says.
   * @param {any} text
   * @returns {boolean} whether that is the line's
   */
  take(text) {
    if (!["reach", "send", "hang-up", "barge-in"].includes(text.type)) return false;
    if (text.type === "reach" && isElsewhere(text.url)) {
      this.#say({ type: "unreached", line: text.line, reason: ELSEWHERE });
      return true;
    }
    this.worker.postMessage({ ...text, origin: performance.timeOrigin });
    return true;
  }

  /** @param {ArrayBuffer | DataView} frame of the kernel's side */
  hear(frame) {
    const view = frame instanceof DataView ? frame : new DataView(frame);
    if (view.byteLength <= HEADER || view.getUint8(0) !== SPEECH) return;
    const begin = view.byteOffset + HEADER;
    const samples = new Int16Array(view.buffer.slice(begin, begin + ((view.byteLength - HEADER) & ~1)));
    this.worker.postMessage({ type: "say", samples }, [samples.buffer]);
  }

  /**
   * Ports for the worklets, as a channel has them.
   * @param {number} rate of their context, in Hz
   */
  carry(rate) {
    const [capture, playback] = [new MessageChannel(), new MessageChannel()];
    const ports = [capture.port1, playback.port1];
    this.worker.postMessage({ type: "sound", rate, capture: ports[0], playback: ports[1] }, ports);
    return { capture: capture.port2, playback: playback.port2 };
  }

  /** @param {boolean} muted */
  mute(muted) {
    this.worker.postMessage({ type: "mute", muted });
  }

  /** @param {boolean} asleep whether the browser holds the sound back: the service gets silence in its place */
  sleep(asleep) {
    this.worker.postMessage({ type: "sleep", asleep });
  }

  /** The kernel's side is lost: keep what the caller says until it is there again, and has the page connect anew. */
  hold() {
    this.channel = null;
    this.entries = [];
    this.worker.postMessage({ type: "hold" });
  }

  /** Another page has the call: let go of the session, which it goes on with. */
  drop() {
    this.worker.postMessage({ type: "drop" });
  }

  /** The page goes: end the session; there is no time to tell of it, and a page that comes back begins another one. */
  leave() {
    this.flush();
    this.channel = null;
    this.worker.postMessage({ type: "leave" });
  }

  /**
   * End the session.
   * @param {() => void} done called when that is done, and told
   */
  end(done) {
    const over = () => {
      clearTimeout(timer);
      this.over = () => {};
      this.flush();
      this.worker.terminate();
      done();
    };
    const timer = setTimeout(over, GOODBYE);
    this.over = over;
    this.worker.postMessage({ type: "end" });
  }

  /** Tell what is not told yet. */
  flush() {
    clearTimeout(this.moment);
    this.moment = undefined;
    if (!this.entries.length) return;
    this.channel?.frame(packMirror(this.entries, this.lost));
    this.entries = [];
  }

  /** @param {{ entry: import("./mirror.js").Entry, lost: number }} message */
  #add({ entry, lost }) {
    if (!this.channel) return;
    this.lost = lost;
    this.entries.push(entry);
    const waited = entry.at - this.entries[0].at;
    if (waited >= GATHER[this.channel.kind]) this.flush();
    else if (entry.urgent) this.moment ??= setTimeout(() => this.flush(), MOMENT);
  }

  /** @param {object} text */
  #say(text) {
    this.flush();
    this.channel?.text(text);
  }
}

/**
 * Whether an address on loopback would lead to another machine than the kernel's; some browsers ask before they go there.
 * @param {string} url
 */
function isElsewhere(url) {
  return isLoopback(new URL(url).hostname) && !isLoopback(location.hostname);
}

/** @param {string} hostname */
function isLoopback(hostname) {
  return hostname === "localhost" || hostname === "127.0.0.1" || hostname === "[::1]";
}
