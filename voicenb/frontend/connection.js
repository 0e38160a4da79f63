// What is said over an open channel besides sound: clocks compared, what was heard, what was lost.

import { readReply } from "./frames.js";

// Clock comparisons: a few at once, then now and then. They also tell the helper that the page is still there.
const ECHOES = [0, 60, 120, 240, 480, 960];
const ECHO_EVERY = 2000;
// Milliseconds without an answer after which nobody is there: a cell may hold a kernel for half a minute.
const LONGEST = 45_000;
// Those that were never answered are forgotten after so many others.
const ECHOES_KEPT = 30;

/**
 * @typedef {object} ConnectionEvents
 * @property {(text: any) => void} text what the helper says
 * @property {(reply: import("./frames.js").ReplyFrame) => void} sound
 * @property {(taken: boolean) => void} lost the channel closed without a word; `taken`: another page has the call
 * @property {(frame: ArrayBuffer | DataView) => void} [frame] of another kind
 * @property {() => void} [silent] nothing that was said for LONGEST has been answered
 */

/** One page's connection to its call. */
export class Connection {
  /**
   * @param {import("./channel.js").Channel} channel open
   * @param {ConnectionEvents} events
   */
  constructor(channel, events) {
    this.channel = channel;
    /** Times that the agent's voice had to wait for more of itself. */
    this.gaps = 0;
    /** @type {{ type: "heard", reply: number, from: number, to: number, at: number } | null} not told yet */
    this.report = null;
    /** @type {Map<number, number>} when the comparisons were sent that are not answered yet, by their ids */
    this.echoes = new Map();
    this.asked = 0;
    this.roundTrip = Infinity;
    this.told = "";
    /** @type {import("./line.js").Line | null} the page's own line to the service: what it has to tell comes first */
    this.line = null;
    this.events = events;
    channel.ontext = (text) => (text.type === "echo" ? this.#echoed(text) : events.text(text));
    channel.onframe = (frame) => {
      const reply = readReply(frame);
      if (reply) events.sound(reply);
      else events.frame?.(frame);
    };
    channel.onclose = (taken) => events.lost(taken);
    /** @type {ReturnType<typeof setTimeout>[]} */
    this.timers = ECHOES.map((delay) => setTimeout(() => this.#echo(), delay));
    this.timers.push(setInterval(() => this.#echo(), ECHO_EVERY), setInterval(() => this.#stats(), ECHO_EVERY));
  }

  /** @param {ArrayBuffer} frame of the microphone */
  frame(frame) {
    this.channel.frame(frame);
  }

  /** @param {boolean} muted */
  mute(muted) {
    this.channel.text({ type: "mute", muted });
  }

  /** @param {boolean} asleep whether the browser holds the sound back */
  sleep(asleep) {
    this.channel.text({ type: "asleep", asleep });
  }

  /**
   * A stretch of a reply was heard; it is kept until it is worth a message.
   * @param {number} reply
   * @param {number} from
   * @param {number} to
   * @param {number} at
   */
  heard(reply, from, to, at) {
    const last = this.report;
    if (last && last.reply === reply && last.to === from) last.to = to;
    else {
      this.tellHeard();
      this.report = { type: "heard", reply, from, to, at };
    }
    const { from: begin, to: end } = /** @type {{ from: number, to: number }} */ (this.report);
    if (end - begin >= this.channel.report) this.tellHeard();
  }

  /** Tell what was heard and is not told yet. */
  tellHeard() {
    this.line?.flush();
    if (this.report) this.channel.text(this.report);
    this.report = null;
  }

  /**
   * The agent's voice is as loud as this now.
   * @param {number} gain
   * @param {number} at
   */
  ducked(gain, at) {
    this.channel.text({ type: "ducked", gain, at });
  }

  /** @param {number} reply has been heard to its end */
  playedOut(reply) {
    this.tellHeard();
    this.channel.text({ type: "played-out", reply });
  }

  /** The page goes, and may be gone before the channel is closed. */
  leave() {
    this.channel.leave();
  }

  /** Nothing is said any more but what the line has to say, which ends; and nothing else is heard. */
  linger() {
    const { channel, line } = this;
    for (const timer of this.timers) clearTimeout(timer);
    channel.ontext = (text) => text.type !== "reach" && line?.take(text); // another call's, through the kernel
    channel.onframe = channel.onclose = () => {};
  }

  close() {
    for (const timer of this.timers) clearTimeout(timer);
    this.channel.close();
  }

  #echo() {
    const id = this.asked++;
    const at = performance.now();
    this.echoes.set(id, at);
    this.echoes.delete(id - ECHOES_KEPT);
    const known = Number.isFinite(this.roundTrip) ? { rtt: this.roundTrip } : {};
    this.channel.text({ type: "echo", id, at, ...known });
    const [oldest] = this.echoes.values();
    if (at - oldest > LONGEST) this.events.silent?.();
  }

  /** @param {{ id: number }} echo */
  #echoed({ id }) {
    const sent = this.echoes.get(id);
    if (sent === undefined) return;
    // Answers come in order: what was asked before this one has been heard, or never will be.
    for (const earlier of this.echoes.keys()) if (earlier <= id) this.echoes.delete(earlier);
    this.roundTrip = performance.now() - sent;
  }

  #stats() {
    const stats = { lost: this.channel.lost, gaps: this.gaps };
    const told = JSON.stringify(stats);
    if (told === this.told) return;
    this.told = told;
    this.channel.text({ type: "stats", late: 0, ...stats });
  }
}
