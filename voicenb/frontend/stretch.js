// Speech faster or slower at the same pitch (WSOLA): windows of it are laid over each other closer together than they
// were, each moved by a few milliseconds to where it goes on as the last one would have.

/** Samples that come out at a time: at 24 kHz they are told in binary without a rest, so times made of them are exact. */
export const HOP = 375;
// How far a window may be moved: a period of the lowest voice.
const REACH = 240;
// Of the samples every so many are compared, and of the places every so many are tried; around the best, all of them.
const STRIDE = 3;
const COARSE = 5;

/** The rising half of a window; the falling half of the one before makes up the rest. */
const RISE = Float32Array.from({ length: HOP }, (_, i) => 0.5 - 0.5 * Math.cos((Math.PI * (i + 0.5)) / HOP));

/** Both sides are moved together, so that they stay together. */
export class Stretch {
  /** @param {number} rate how much faster than it was spoken */
  constructor(rate) {
    this.rate = rate;
    /** @type {[Float32Array, Float32Array]} what came in, from the sample `base` on */
    this.sides = [new Float32Array(0), new Float32Array(0)];
    this.base = 0;
    /** Hops that have come out. */
    this.hops = 0;
    /** Where the last window began; the first one begins with the sound. */
    this.last = -HOP;
  }

  /**
   * More sound.
   * @param {Float32Array} left
   * @param {Float32Array} right
   * @returns {[Float32Array, Float32Array]} as much as that makes, a whole number of hops
   */
  push(left, right) {
    this.sides = [joined(this.sides[0], left), joined(this.sides[1], right)];
    /** @type {[Float32Array, Float32Array][]} */
    const hops = [];
    // The window's second half is the next one's first, and it is looked for `REACH` around.
    while (this.#wish() + REACH + 2 * HOP <= this.base + this.sides[0].length) hops.push(this.#next());
    this.#forget();
    return [flat(hops.map(([side]) => side)), flat(hops.map(([, side]) => side))];
  }

  /** The sound is over: what is left of it, and silence. */
  finish() {
    const rest = new Float32Array(REACH + 3 * HOP);
    return this.push(rest, rest);
  }

  /** Where the next window is to begin. */
  #wish() {
    return Math.round(this.hops * HOP * this.rate);
  }

  /** @returns {[Float32Array, Float32Array]} */
  #next() {
    const goesOn = this.last + HOP;
    const begin = this.hops ? this.#alike(goesOn, this.#wish()) : 0;
    this.last = begin;
    this.hops += 1;
    return [blend(this.sides[0], goesOn - this.base, begin - this.base), blend(this.sides[1], goesOn - this.base, begin - this.base)];
  }

  /**
   * Where around `wish` the sound is most like that from `model` on.
   * @param {number} model
   * @param {number} wish
   */
  #alike(model, wish) {
    const from = Math.max(this.base, wish - REACH);
    const coarse = this.#best(model, from, wish + REACH, COARSE);
    return this.#best(model, Math.max(from, coarse - COARSE + 1), Math.min(wish + REACH, coarse + COARSE - 1), 1);
  }

  /**
   * @param {number} model
   * @param {number} from
   * @param {number} to
   * @param {number} step
   */
  #best(model, from, to, step) {
    const [left, right] = this.sides;
    const likened = model - this.base;
    let best = from;
    let most = -Infinity;
    for (let place = from; place <= to; place += step) {
      const compared = place - this.base;
      let product = 0;
      let power = 1e-6;
      for (let i = 0; i < HOP; i += STRIDE) {
        const here = left[compared + i] + right[compared + i];
        product += here * (left[likened + i] + right[likened + i]);
        power += here * here;
      }
      const likeness = product / Math.sqrt(power);
      if (likeness > most) [best, most] = [place, likeness];
    }
    return best;
  }

  /** What no window will reach any more goes. */
  #forget() {
    const gone = Math.min(this.last + HOP, this.#wish() - REACH) - this.base;
    if (gone <= 0) return;
    this.sides = [this.sides[0].slice(gone), this.sides[1].slice(gone)];
    this.base += gone;
  }
}

/**
 * @param {Float32Array} samples
 * @param {number} falls where the window that goes out is
 * @param {number} rises where the one that comes in begins
 */
function blend(samples, falls, rises) {
  return RISE.map((rise, i) => rise * samples[rises + i] + (1 - rise) * samples[falls + i]);
}

/**
 * @param {Float32Array} one
 * @param {Float32Array} other
 */
function joined(one, other) {
  return flat([one, other]);
}

/** @param {Float32Array[]} parts */
function flat(parts) {
  const whole = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
