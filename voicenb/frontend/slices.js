// The sound of a call, a few seconds at a time: what is asked for, what has come, and what is let go again.

/** Seconds of a slice. */
export const SLICE = 4;
// Slices that are held: a minute of a call, six megabytes.
const HELD = 16;
// Slices under way: who seeks about waits behind so many at most.
const ASKED = 3;

/**
 * @typedef {object} Call
 * @property {number} length samples of each side
 * @property {number} rate samples per second
 * @property {(start: number, count: number) => void} ask asks for a slice, both in samples; `take` is called with it
 * @property {() => void} came is called when a slice has come
 */

/** Holds a part of a call. Samples are pairs: the caller's, the agent's. */
export class Slices {
  /** @param {Call} call */
  constructor(call) {
    this.call = call;
    this.length = call.length;
    this.rate = call.rate;
    /** Samples of a slice; the last one has fewer. */
    this.size = SLICE * call.rate;
    /** @type {Map<number, Int16Array>} by number, the one that was used last at the end */
    this.held = new Map();
    /** @type {Set<number>} numbers of those that are under way */
    this.asked = new Set();
    /** @type {number[]} numbers of those that are wanted, the first one most */
    this.wanted = [];
  }

  /**
   * The samples from a place to the end of its slice; null where they have not come.
   * @param {number} place
   * @returns {Int16Array | null}
   */
  from(place) {
    const number = Math.floor(place / this.size);
    const slice = this.held.get(number);
    if (!slice) return null;
    this.held.delete(number);
    this.held.set(number, slice);
    return slice.subarray(2 * (place - number * this.size));
  }

  /**
   * From now on these are wanted, and no others.
   * @param {number} place in the first one
   * @param {number} count how many
   */
  want(place, count) {
    const first = Math.floor(place / this.size);
    const last = Math.min(first + count, Math.ceil(this.length / this.size));
    this.wanted = [];
    for (let number = first; number < last; number++) this.wanted.push(number);
    this.#ask();
  }

  /** What was asked for does not come any more: ask again. */
  again() {
    this.asked.clear();
    this.#ask();
  }

  /**
   * A slice has come.
   * @param {number} start
   * @param {DataView} bytes
   */
  take(start, bytes) {
    const number = start / this.size;
    if (!this.asked.delete(number)) return; // another page's
    // It may lie anywhere in the message, and numbers of two bytes must not.
    const { buffer, byteOffset, byteLength } = bytes;
    this.held.set(number, new Int16Array(buffer.slice(byteOffset, byteOffset + byteLength)));
    for (const oldest of this.held.keys()) {
      if (this.held.size <= HELD) break;
      this.held.delete(oldest);
    }
    this.#ask();
    this.call.came();
  }

  #ask() {
    for (const number of this.wanted) {
      if (this.asked.size >= ASKED) return;
      if (this.held.has(number) || this.asked.has(number)) continue;
      this.asked.add(number);
      const start = number * this.size;
      this.call.ask(start, Math.min(this.size, this.length - start));
    }
  }
}
