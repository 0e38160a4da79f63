// What a synthetic voice says into the call: how loud it is comes all at once, and is shown as it is spoken.

import { STEP } from "./trace.js";

/** One voice that is not the microphone's. No page and no clock in here: moments are given. */
export class Said {
  constructor() {
    /** @type {number[]} root mean square of each step */
    this.levels = [];
    this.since = 0;
  }

  /**
   * More is said, behind what is still being said.
   * @param {number[]} levels one for each `STEP` milliseconds
   * @param {number} now in milliseconds
   */
  add(levels, now) {
    const rest = this.levels.slice(this.#step(now));
    this.levels = [...rest, ...levels];
    this.since = now;
  }

  /** @param {number} now */
  at(now) {
    return this.levels[this.#step(now)] ?? 0;
  }

  /** @param {number} now */
  #step(now) {
    return Math.max(0, Math.floor((now - this.since) / STEP));
  }
}
