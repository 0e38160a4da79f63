// The call that a Player plays: what the kernel says of it, and its sound, which comes from there in slices.

import { Kernel } from "./kernel.js";
import { Listening } from "./listen.js";

/**
 * @typedef {object} State as the kernel tells it
 * @property {string} [agent]
 * @property {string} [mark]
 * @property {number} [at] seconds; where it stood when the kernel was told last
 * @property {number} [sound] counts what there is to hear: of a call that runs, another one is longer
 * @property {number} [length] samples of each side
 * @property {number} [rate] samples per second
 * @property {boolean} [running] whether the call's end is not there yet
 * @property {number} [version] counts the documents
 * @property {boolean} [reading] whether the kernel is at it
 * @property {{ message: string, remedy: string } | null} [error]
 */

// Milliseconds between two words to the kernel about where it stands.
const TOLD = 2000;
// What the page hears when a call begins to play.
const PLAYS = "voicenb-plays";
const ABSENT = "The kernel that has the sound is not there: run the cell to hear it.";

/** Fires `change` when there is something else to show, and `state` when something else is to be said of it. */
export class PlayedCall extends EventTarget {
  /**
   * @param {import("./kernel.js").Model} model
   * @param {AbortSignal} signal ends it
   */
  constructor(model, signal) {
    super();
    this.kernel = new Kernel(model, signal);
    /** @type {import("./view_document.js").CallDocument | null} */
    this.document = null;
    /** Whether that has the figures too. */
    this.measured = false;
    /** @type {Listening | null} */
    this.sound = null;
    /** Which document that is, and which was asked for. */
    this.version = 0;
    this.asked = 0;
    /** Which sound that is. */
    this.number = 0;
    /** @type {{ act?: "play" | "pause", at?: number } | null} what a cell wants, until there is a sound */
    this.wish = null;
    this.told = NaN;
    this.absent = false;
    this.kernel.addEventListener("state", () => this.#look());
    this.kernel.addEventListener("other", (event) => this.#heard(/** @type {CustomEvent} */ (event).detail));
    // One after the other: who plays this call wants to hear this one.
    const other = (/** @type {Event} */ event) => /** @type {CustomEvent} */ (event).detail !== this && this.sound?.pause();
    window.addEventListener(PLAYS, other, { signal });
    const telling = setInterval(() => this.#tell(), TOLD);
    signal.addEventListener("abort", () => {
      clearInterval(telling);
      this.sound?.close();
    });
    this.#look();
  }

  /** @returns {State} */
  get state() {
    return this.kernel.state;
  }

  /** Ask for what has come since. */
  refresh() {
    this.kernel.send({ type: "refresh" });
  }

  #look() {
    const { state, kernel } = this;
    if (!kernel.present) this.asked = 0;
    else if (state.version && state.version !== this.version && state.version !== this.asked) {
      this.asked = state.version;
      kernel.send({ type: "document" });
    }
    if (state.sound && state.sound !== this.number) this.#begin();
    const absent = kernel.present === false;
    if (absent !== this.absent) {
      this.absent = absent;
      this.sound?.fail(absent ? ABSENT : "");
    }
    this.dispatchEvent(new Event("state"));
  }

  /** There is a sound, or a longer one. */
  #begin() {
    const { sound = 0, length = 0, rate = 0, at = 0 } = this.state;
    const before = this.sound;
    /** @param {number} start @param {number} count */
    const ask = (start, count) => this.kernel.send({ type: "slice", sound, start, count });
    const now = new Listening({ length, rate, ask });
    this.number = sound;
    this.sound = now;
    now.rate = before?.rate ?? 1;
    now.seek(this.wish?.at ?? before?.position() ?? at);
    this.told = now.position();
    if (before?.playing) now.play();
    before?.close();
    now.onchange(() => this.#changed(now));
    this.#grant();
    this.dispatchEvent(new Event("change"));
  }

  /** @param {Listening} sound */
  #changed(sound) {
    if (sound.playing) window.dispatchEvent(new CustomEvent(PLAYS, { detail: this }));
    else this.#tell();
    this.dispatchEvent(new Event("state"));
  }

  /** Tell the kernel where it stands: another page, or this one when it is loaded anew, begins there. */
  #tell() {
    const at = this.sound?.position();
    if (at === undefined || at === this.told || !this.kernel.present) return;
    this.told = at;
    this.kernel.send({ type: "at", at });
  }

  /** @param {{ message: any, buffers: DataView[] }} heard */
  #heard({ message, buffers }) {
    switch (message.type) {
      case "document":
        if (message.version === this.version) break; // another page has asked
        this.version = message.version;
        this.document = message.document;
        this.measured = message.measured;
        this.dispatchEvent(new Event("change"));
        break;
      case "slice":
        if (message.sound === this.number) this.sound?.take(message.start, buffers[0]);
        break;
      case "slice-error":
        if (message.sound === this.number) this.sound?.fail(`${message.message} ${message.remedy}`.trim());
        break;
      case "do":
        this.wish = { ...this.wish, ...message };
        this.#grant();
    }
  }

  #grant() {
    const { wish, sound } = this;
    if (!wish || !sound) return;
    this.wish = null;
    if (wish.at !== undefined) sound.seek(wish.at);
    if (wish.act === "play") sound.play();
    if (wish.act === "pause") sound.pause();
  }
}
