// What is heard of recordings: a part of one call after the other.

import { Listening } from "./listen.js";

/** @typedef {{ call: number, from: number, to: number, place: number }} Part of a call; place says of what it is */

// What the page hears when a call begins to play.
const PLAYS = "voicenb-plays";
// Milliseconds between two looks at where it is.
const LOOK = 40;

/** Plays parts of calls; fires `change` when another one plays, or none. */
export class RecordedSound extends EventTarget {
  /**
   * @param {(call: number, start: number, count: number) => void} ask asks for a slice, in samples
   * @param {AbortSignal} signal ends it
   */
  constructor(ask, signal) {
    super();
    this.ask = ask;
    /** @type {{ length: number, rate: number }[]} */
    this.calls = [];
    /** @type {Map<number, Listening>} */
    this.opened = new Map();
    /** @type {Part[]} */
    this.waiting = [];
    /** @type {Part | null} */
    this.part = null;
    /** @type {ReturnType<typeof setInterval> | undefined} */
    this.looking = undefined;
    /** Why nothing can be heard; empty where it can. */
    this.trouble = "";
    const other = (/** @type {Event} */ event) => /** @type {CustomEvent} */ (event).detail !== this && this.stop();
    window.addEventListener(PLAYS, other, { signal });
    signal.addEventListener("abort", () => {
      this.stop();
      for (const listening of this.opened.values()) listening.close();
    });
  }

  /**
   * Play these, and nothing else any more.
   * @param {Part[]} parts
   */
  play(parts) {
    this.#halt();
    this.trouble = "";
    this.waiting = [...parts];
    window.dispatchEvent(new CustomEvent(PLAYS, { detail: this }));
    this.#next();
  }

  /** Nothing is to be heard any more. */
  stop() {
    this.waiting = [];
    if (!this.part) return;
    this.#halt();
    this.#changed();
  }

  /** The second of its call that is heard. */
  position() {
    const { part } = this;
    return part ? (this.opened.get(part.call)?.position() ?? part.from) : NaN;
  }

  /**
   * @param {number} call
   * @param {number} start
   * @param {DataView} bytes
   */
  take(call, start, bytes) {
    this.opened.get(call)?.take(start, bytes);
  }

  /**
   * @param {number} call
   * @param {string} trouble
   */
  fail(call, trouble) {
    if (this.part?.call !== call) return;
    this.trouble = trouble;
    this.stop();
  }

  #next() {
    const part = this.waiting.shift() ?? null;
    this.part = part;
    if (!part) {
      this.#halt();
      return this.#changed();
    }
    const listening = this.#of(part.call);
    listening.play(part.from);
    this.looking ??= setInterval(() => this.#look(), LOOK);
    this.#changed();
  }

  /** @param {number} call */
  #of(call) {
    let listening = this.opened.get(call);
    if (!listening) {
      const { length, rate } = this.calls[call];
      listening = new Listening({ length, rate, ask: (start, count) => this.ask(call, start, count) });
      this.opened.set(call, listening);
    }
    return listening;
  }

  #look() {
    const { part } = this;
    const listening = part && this.opened.get(part.call);
    if (!part || !listening) return;
    if (listening.blocked) {
      this.trouble = "The browser lets nothing be heard before a click: press play.";
      return this.stop();
    }
    if (listening.playing && listening.position() < part.to) return;
    listening.pause();
    this.#next();
  }

  #halt() {
    clearInterval(this.looking);
    this.looking = undefined;
    if (this.part) this.opened.get(this.part.call)?.pause();
    this.part = null;
  }

  #changed() {
    this.dispatchEvent(new Event("change"));
  }
}
