// What the service gets in the place of the microphone's frames: silence, what is said by hand, what was kept for it.

const RATE = 24_000;
// Seconds that are kept while there is no connection: they are sent in one burst, and the service forgives ten.
const ROOM = 9;
// Seconds of what is said by hand that may wait.
const GIVEN = 120;

/**
 * @typedef {object} Piece
 * @property {Int16Array} samples
 * @property {number} captured when the first of them was, `performance.now()` in milliseconds
 * @property {boolean} [held] whether it has waited for a connection
 */

/** The caller's side of a call. */
export class CallerLine {
  constructor() {
    this.muted = false;
    /** @type {Int16Array[]} what is to be said by hand, oldest first */
    this.given = [];
    this.waiting = 0;
    /** @type {Piece[]} */
    this.kept = [];
    this.room = ROOM * RATE;
    /** Samples for which there was no room since that was told last. */
    this.leftOut = 0;
  }

  /** @param {Int16Array} samples to be said in the place of the microphone's, one for one */
  say(samples) {
    if (this.waiting + samples.length > GIVEN * RATE) return;
    this.given.push(samples);
    this.waiting += samples.length;
  }

  /** @param {Int16Array} frame of the microphone; becomes what is sent in its place */
  through(frame) {
    let filled = 0;
    while (filled < frame.length && this.given.length) {
      const first = this.given[0];
      const count = Math.min(first.length, frame.length - filled);
      frame.set(first.subarray(0, count), filled);
      filled += count;
      this.waiting -= count;
      if (count === first.length) this.given.shift();
      else this.given[0] = first.subarray(count);
    }
    if (this.muted) frame.fill(0, filled);
  }

  /** @param {Piece} piece to be sent once there is a connection again; of too much the latest is kept */
  keep(piece) {
    this.kept.push({ ...piece, held: true });
    this.room -= piece.samples.length;
    while (this.room < 0) this.leftOut += this.#oldest().samples.length;
  }

  /** @returns {Piece[]} what was kept, which is then no longer */
  release() {
    this.room = ROOM * RATE;
    return this.kept.splice(0);
  }

  /** Seconds that are kept, and for how many there was no room since this was asked last. */
  account() {
    const seconds = this.kept.reduce((sum, { samples }) => sum + samples.length, 0) / RATE;
    const left_out = this.leftOut / RATE;
    this.leftOut = 0;
    return { seconds, left_out };
  }

  #oldest() {
    const piece = /** @type {Piece} */ (this.kept.shift());
    this.room += piece.samples.length;
    return piece;
  }
}
