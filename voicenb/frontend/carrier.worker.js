// Carries sound between the audio thread and the helper's socket, in a thread of its own: whatever the notebook's page
// does (a large output, another extension), no frame waits for it. Firefox leads a worker's sockets over the page's
// own thread: there frames do wait, each with the time at which it was taken in, and up to the backlog none is lost.

import { CaptureClock } from "./clock.js";
import { readReply, stampCaptured } from "./frames.js";
import { BACKLOG, openSocket, TAKEN } from "./socket.js";

/**
 * Takes
 *   `{ type: "open", address, way, origin }`: connect; `origin` is the page's `performance.timeOrigin`;
 *   `{ type: "sound", rate, capture, playback }`: ports of the worklets, and the rate of their context;
 *   `{ type: "no-sound" }`: it goes another way from now on;
 *   `{ type: "text", text }` and `{ type: "frame", frame }`: for the helper; `{ type: "close" }`;
 * gives
 *   `{ type: "open" }` or `{ type: "failed", reason }`; `{ type: "text", text }` from the helper, but for what the
 *   playback worklet is told at once; `{ type: "frame", frame }` from it, but for the sound of replies;
 *   `{ type: "lost", lost }`: frames that could not be sent, in all;
 *   `{ type: "closed", taken }`: without a word; `taken`: another page has the call.
 */
class Carrier {
  constructor() {
    /** @type {WebSocket | null} */
    this.socket = null;
    /** @type {MessagePort | null} */
    this.capture = null;
    /** @type {MessagePort | null} */
    this.playback = null;
    /** @type {CaptureClock | null} */
    this.clock = null;
    this.ahead = 0;
    // The page's time since which frames are wanted; those that waited are too old already.
    this.since = Infinity;
    this.seq = 0;
    this.lost = 0;
    self.onmessage = ({ data }) => this.receive(data);
  }

  /** The page's `performance.now()`. */
  now() {
    return performance.now() + this.ahead;
  }

  /** @param {any} message */
  receive(message) {
    switch (message.type) {
      case "open":
        this.ahead = performance.timeOrigin - message.origin;
        void this.open(message.address, message.way);
        break;
      case "sound":
        this.join(message);
        break;
      case "no-sound":
        this.capture = this.playback = null;
        break;
      case "text":
        if (message.text.type === "asleep") this.clock?.forget();
        if (this.socket?.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify(message.text));
        break;
      case "frame":
        if (this.socket?.readyState === WebSocket.OPEN) this.socket.send(message.frame);
        break;
      case "close":
        if (this.socket) this.socket.onclose = null;
        this.socket?.close(1000);
        self.close();
    }
  }

  /**
   * @param {string} address
   * @param {object} way
   */
  async open(address, way) {
    let socket;
    try {
      socket = await openSocket(address, way);
    } catch (error) {
      self.postMessage({ type: "failed", reason: /** @type {Error} */ (error).message });
      return;
    }
    this.socket = socket;
    socket.onmessage = ({ data }) => (typeof data === "string" ? this.said(JSON.parse(data)) : this.sounded(data));
    socket.onclose = ({ code }) => self.postMessage({ type: "closed", taken: code === TAKEN });
    self.postMessage({ type: "open" });
  }

  /** @param {{ rate: number, capture: MessagePort, playback: MessagePort }} sound */
  join({ rate, capture, playback }) {
    this.clock = new CaptureClock(rate);
    this.capture = capture;
    this.playback = playback;
    capture.onmessage = ({ data }) => this.captured(data);
  }

  /** @param {any} text of the helper */
  said(text) {
    // These keep their place among the frames of the voice, where those come this way.
    const { playback } = this;
    if (playback && (text.type === "flush" || text.type === "done" || text.type === "duck")) playback.postMessage(text);
    else self.postMessage({ type: "text", text });
    if (text.type === "open") this.since = this.now();
  }

  /** @param {ArrayBuffer} frame of the helper */
  sounded(frame) {
    const reply = readReply(frame);
    if (reply) this.playback?.postMessage({ type: "audio", ...reply }, [reply.samples.buffer]);
    else self.postMessage({ type: "frame", frame }, { transfer: [frame] });
  }

  /** @param {{ buffer: ArrayBuffer, frame: number, end: number }} message */
  captured({ buffer, frame, end }) {
    const { clock, socket } = this;
    if (!clock) return;
    clock.arrived(end, this.now());
    if (clock.at(end) >= this.since) {
      stampCaptured(buffer, this.seq++, clock.at(frame));
      if (socket?.readyState === WebSocket.OPEN && socket.bufferedAmount < BACKLOG) socket.send(buffer);
      else self.postMessage({ type: "lost", lost: ++this.lost });
    }
    this.capture?.postMessage({ type: "return", buffer }, [buffer]);
  }
}

new Carrier();
