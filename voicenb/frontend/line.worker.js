// The page's own socket to the service, in a thread of its own: what the microphone hears goes straight out, the agent's
// voice straight to the loudspeaker, whatever page and kernel do. Both are told to the kernel, with their times.

import { toBase64 } from "./base64.js";
import { CallerLine } from "./caller_line.js";
import { CaptureClock } from "./clock.js";
import { HEADER } from "./frames.js";
import { CAME, OVER, WENT } from "./mirror.js";
import { Replies } from "./replies.js";

// Milliseconds that a connection may take to open, and to close once its end was asked for.
const OPENING = 10_000;
const CLOSING = 2000;
// Bytes that may wait in the socket (five seconds); beyond them frames are lost, and counted.
const BACKLOG = (5000 * 24 * 2 * 4) / 3;
// Milliseconds in which nothing that waits in the socket goes out, after which the connection counts as lost: a network
// that dies silently closes nothing. Of them a frame stands for so many at most: this thread may have been held up.
const STUCK = 5000;
const APART = 100;
// The code that tells so, with the seconds for a reason.
const SILENT = 4006;
const PCM = "audio/pcm";
// Silence in the place of sound that the browser holds back: samples in a frame, 20 ms; how often, in milliseconds; and
// for how long at most it is made up for when this thread was held up.
const FRAME = 480;
const OFTEN = 100;
const MADE_UP = 1000;

const encoder = new TextEncoder();

/**
 * Takes
 *   `{ type: "reach", line, url, origin, waits }`: connect, and let go of what was there; `origin` is the page's
 *   `performance.timeOrigin`; `waits`: the agent falls silent at interrupted replies only, and not as soon as the caller
 *   speaks; `{ type: "barge-in", waits }`: from now on; `{ type: "send", line, frame }`; `{ type: "hang-up", line }`;
 *   `{ type: "sound", rate, capture, playback }`: ports of the worklets, and the rate of their context;
 *   `{ type: "mute", muted }`; `{ type: "sleep", asleep }`: whether the browser holds the sound back;
 *   `{ type: "say", samples }`: in the microphone's place; `{ type: "hold" }`: nobody is told anything for a while;
 *   `{ type: "end" }`: end the session at the service; `{ type: "leave" }`: the same, and tell nobody;
 *   `{ type: "drop" }`: let go of it, for another page has the call;
 * gives
 *   `{ type: "reached", line }` or `{ type: "unreached", line, reason }`; `{ type: "entry", entry, lost }` (see mirror.js);
 *   `{ type: "held", seconds, left_out }`; `{ type: "unfit", encoding }`: the agent's sound is no PCM;
 *   `{ type: "over" }`: the session was ended, and the connection is closed.
 */
class Holder {
  constructor() {
    /** @type {WebSocket | null} */
    this.socket = null;
    this.line = 0;
    /** @type {MessagePort | null} */
    this.capture = null;
    /** @type {MessagePort | null} */
    this.playback = null;
    /** @type {CaptureClock | null} */
    this.clock = null;
    this.ahead = 0;
    this.replies = new Replies();
    this.caller = new CallerLine();
    // Whether sound may be sent; since when it is wanted, by the page's clock; whether it is kept meanwhile.
    this.ready = false;
    this.since = Infinity;
    this.keeps = false;
    this.held = false;
    // Whether something was said on this connection, and whether its end was.
    this.begun = false;
    this.ending = false;
    this.lost = 0;
    // Of the socket: bytes that may wait in it, that were given to it and that it got rid of; for how long that has been
    // the same, and when this was looked at last.
    this.room = BACKLOG;
    this.given = this.gone = this.stuck = this.looked = 0;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.patience = undefined;
    /** @type {ReturnType<typeof setInterval> | undefined} */
    this.silence = undefined;
    self.onmessage = ({ data }) => this.receive(data);
  }

  /** The page's `performance.now()`. */
  now() {
    return performance.now() + this.ahead;
  }

  /** @param {any} message */
  receive(message) {
    switch (message.type) {
      case "reach":
        this.ahead = performance.timeOrigin - message.origin;
        this.replies.waits = Boolean(message.waits);
        this.reach(message.line, message.url);
        break;
      case "barge-in":
        this.replies.waits = message.waits;
        break;
      case "send":
        if (message.line === this.line) this.send(message.frame);
        break;
      case "hang-up":
        if (message.line === this.line) this.socket?.close(1000);
        break;
      case "sound":
        this.join(message);
        break;
      case "mute":
        this.caller.muted = message.muted;
        break;
      case "sleep":
        this.sleep(message.asleep);
        break;
      case "say":
        this.caller.say(message.samples);
        break;
      case "hold":
        this.held = true;
        this.pause();
        break;
      case "end":
        this.end();
        break;
      case "leave":
        this.held = true;
        this.end();
        break;
      case "drop":
        this.letGo();
        self.close();
    }
  }

  /** @param {{ rate: number, capture: MessagePort, playback: MessagePort }} sound */
  join({ rate, capture, playback }) {
    this.clock = new CaptureClock(rate);
    this.capture = capture;
    this.playback = playback;
    capture.onmessage = ({ data }) => this.captured(data);
  }

  /**
   * @param {number} line
   * @param {string} url with a token in it: it is told to nobody else
   */
  reach(line, url) {
    this.letGo();
    this.line = line;
    this.held = this.begun = this.ending = false;
    this.room = BACKLOG;
    this.given = this.gone = this.stuck = this.looked = 0;
    this.replies.begin();
    /** @param {string} reason */
    const fail = (reason) => {
      this.letGo();
      self.postMessage({ type: "unreached", line, reason });
    };
    let socket;
    try {
      socket = this.socket = new WebSocket(url);
    } catch (error) {
      // Its words may quote the address.
      return fail(`the page may not connect there (${/** @type {Error} */ (error).name})`);
    }
    this.patience = setTimeout(() => fail(`no answer within ${OPENING / 1000} s`), OPENING);
    // Where a site's policy forbids it, Chromium tells of the error only.
    socket.onclose = socket.onerror = () => fail("nobody answers, or the connection is refused");
    socket.onopen = () => {
      clearTimeout(this.patience);
      socket.onerror = null;
      socket.onclose = ({ code, reason }) => this.closed(code, reason);
      socket.onmessage = ({ data }) => this.came(data);
      self.postMessage({ type: "reached", line });
    };
  }

  /** Let go of the connection without a word; what is said meanwhile is kept, where it was heard before. */
  letGo() {
    const { socket } = this;
    clearTimeout(this.patience);
    this.pause();
    this.socket = null;
    if (!socket) return;
    socket.onopen = socket.onmessage = socket.onclose = socket.onerror = null;
    socket.close(1000);
  }

  /** Nothing is sent from now on. */
  pause() {
    if (this.ready) this.keeps = true;
    this.ready = false;
  }

  /** @param {string} frame for the service */
  send(frame) {
    if (this.socket?.readyState !== WebSocket.OPEN || this.ending) return;
    const message = JSON.parse(frame);
    this.begun = true;
    this.replies.sent(message);
    if (message.type === "session.end") {
      this.ending = true;
      this.ready = this.keeps = false;
    }
    this.socket.send(frame);
  }

  /** End the session: an open one is billed. */
  end() {
    this.ready = this.keeps = false;
    const { socket } = this;
    if (socket?.readyState !== WebSocket.OPEN) {
      this.letGo();
      return void self.postMessage({ type: "over" });
    }
    if (this.begun) this.send('{"type":"session.end"}');
    else socket.close(1000);
    socket.onclose = ({ code, reason }) => {
      this.closed(code, reason);
      self.postMessage({ type: "over" });
    };
    setTimeout(() => socket.close(1000), CLOSING);
  }

  // --- from the service ------------------------------------------------------------------------------------

  /** @param {unknown} data */
  came(data) {
    const at = this.now();
    const text = typeof data === "string" ? data : "";
    let message = null;
    try {
      message = JSON.parse(text);
    } catch {
      // the kernel says that it is malformed
    }
    if (this.held) return;
    const { play, flush, done } = this.replies.take(message);
    if (flush) this.playback?.postMessage({ type: "flush", ...flush });
    if (play) this.playback?.postMessage({ type: "audio", ...play }, [play.samples.buffer]);
    if (done) this.playback?.postMessage({ type: "done", reply: done });
    const { reply, start } = play ?? {};
    const urgent = message?.type !== "reply.audio";
    if (message?.type === "session.ready") this.account();
    this.tell({ kind: CAME, line: this.line, payload: encoder.encode(text), at, reply, start, urgent });
    if (message?.type === "session.ready") this.begin(message.config);
    if (message?.type === "session.ended") this.ready = this.keeps = false;
  }

  /** How much was kept is known before what it was kept for. */
  account() {
    if (this.keeps) self.postMessage({ type: "held", ...this.caller.account() });
  }

  /**
   * The service hears from now on; first what was kept.
   * @param {any} config
   */
  begin(config) {
    const encodings = [config?.input?.format?.encoding, config?.output?.format?.encoding];
    const other = encodings.find((encoding) => encoding && encoding !== PCM);
    if (other) return void self.postMessage({ type: "unfit", encoding: other });
    if (this.ending) return;
    this.ready = true;
    this.keeps = false;
    this.since = Math.min(this.since, this.now());
    for (const piece of this.caller.release()) this.say(piece);
    this.room = BACKLOG + (this.socket?.bufferedAmount ?? 0);
  }

  /**
   * @param {number} code
   * @param {string} reason
   */
  closed(code, reason) {
    this.socket = null;
    this.pause();
    const words = encoder.encode(reason);
    const payload = new Uint8Array(2 + words.length);
    new DataView(payload.buffer).setUint16(0, code, true);
    payload.set(words, 2);
    this.tell({ kind: OVER, line: this.line, payload, at: this.now(), urgent: true });
  }

  // --- from the microphone ---------------------------------------------------------------------------------

  /** @param {{ buffer: ArrayBuffer, frame: number, end: number }} message */
  captured({ buffer, frame, end }) {
    const { clock } = this;
    if (!clock) return;
    clock.arrived(end, this.now());
    // What was heard before the service was ready is too old already.
    if (clock.at(end) >= this.since) this.take(new Int16Array(buffer.slice(HEADER)), clock.at(frame));
    this.capture?.postMessage({ type: "return", buffer }, [buffer]);
  }

  /**
   * @param {Int16Array} samples of the microphone
   * @param {number} captured when the first of them was
   */
  take(samples, captured) {
    if (!this.ready && !this.keeps) return;
    this.caller.through(samples);
    if (this.ready) this.say({ samples, captured });
    else this.caller.keep({ samples, captured });
  }

  /**
   * Nothing is captured while the browser holds the sound back, and the service waits for nobody.
   * @param {boolean} asleep
   */
  sleep(asleep) {
    this.clock?.forget();
    clearInterval(this.silence);
    if (!asleep) return;
    let due = this.now();
    this.silence = setInterval(() => {
      const now = this.now();
      for (due = Math.max(due, now - MADE_UP); due + FRAME / 24 <= now; due += FRAME / 24) this.take(new Int16Array(FRAME), due);
    }, OFTEN);
  }

  /** @param {import("./caller_line.js").Piece} piece */
  say({ samples, captured, held }) {
    const { socket } = this;
    const at = this.now();
    if (socket && this.isStuck(socket, at)) {
      this.letGo();
      this.closed(SILENT, String(STUCK / 1000));
      this.caller.keep({ samples, captured });
      return;
    }
    if (socket?.readyState !== WebSocket.OPEN || (!held && socket.bufferedAmount > this.room)) {
      this.lost += 1;
      return;
    }
    const frame = `{"type":"input.audio","audio":"${toBase64(samples)}"}`;
    this.given += frame.length;
    socket.send(frame);
    const payload = new Uint8Array(samples.buffer);
    this.tell({ kind: WENT, line: this.line, payload, at, captured, held });
  }

  /**
   * @param {WebSocket} socket
   * @param {number} at
   */
  isStuck(socket, at) {
    const waits = socket.bufferedAmount;
    const gone = this.given - waits;
    this.stuck = waits === 0 || gone > this.gone ? 0 : this.stuck + Math.min(at - this.looked, APART);
    this.gone = gone;
    this.looked = at;
    return this.stuck >= STUCK;
  }

  /** @param {import("./mirror.js").Entry} entry */
  tell(entry) {
    const transfer = [/** @type {ArrayBuffer} */ (entry.payload.buffer)];
    if (!this.held) self.postMessage({ type: "entry", entry, lost: this.lost }, { transfer });
  }
}

new Holder();
