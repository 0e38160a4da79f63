// A streaming resampler: windowed sinc, polyphase. Used inside both worklets when the context is not at 24 kHz.

/** Samples per second of everything on the page channel. */
export const RATE = 24000;

// Zero crossings on each side, counted at the lower of the two rates: 24 of them are 1 ms of lookahead at 24 kHz.
const CROSSINGS = 24;
// Where the filter is at half, as a share of the lower Nyquist frequency; with this window nothing folds back.
const CUTOFF = 0.9;
// Kaiser's shape for 80 dB.
const BETA = 7.857;
// More phases than this are rounded to the nearest; all common pairs of rates need fewer (44.1 to 24 kHz: 80).
const MOST_PHASES = 1024;

/**
 * @param {number} a
 * @param {number} b
 * @returns {number}
 */
function commonDivisor(a, b) {
  return b === 0 ? a : commonDivisor(b, a % b);
}

/**
 * The modified Bessel function of the first kind and order zero.
 * @param {number} x
 */
function bessel(x) {
  let sum = 1;
  let term = 1;
  for (let k = 1; term > 1e-12 * sum; k++) {
    term *= (x / (2 * k)) ** 2;
    sum += term;
  }
  return sum;
}

/**
 * @param {number} phases
 * @param {number} half taps on each side
 * @param {number} cutoff share of the input's Nyquist frequency
 * @returns {Float32Array} phases × (2 · half), each phase summing to one
 */
function design(phases, half, cutoff) {
  const taps = 2 * half;
  const table = new Float32Array(phases * taps);
  const scale = bessel(BETA);
  for (let phase = 0; phase < phases; phase++) {
    let sum = 0;
    for (let tap = 0; tap < taps; tap++) {
      const x = tap - half + 1 - phase / phases;
      const edge = x / half;
      const window = edge * edge < 1 ? bessel(BETA * Math.sqrt(1 - edge * edge)) / scale : 0;
      const angle = Math.PI * cutoff * x;
      const weight = window * (angle === 0 ? 1 : Math.sin(angle) / angle);
      table[phase * taps + tap] = weight;
      sum += weight;
    }
    for (let tap = 0; tap < taps; tap++) table[phase * taps + tap] /= sum;
  }
  return table;
}

/**
 * Samples in at one rate, out at another, in pieces of any length. Output sample k stands for the input at
 * k · from / to exactly; it comes out once `lookahead` input samples behind that place are in. Nothing is allocated
 * after the constructor.
 */
export class Resampler {
  /**
   * @param {number} from samples per second in
   * @param {number} to samples per second out
   * @param {number} [longest] most samples given to one `push`
   */
  constructor(from, to, longest = 4096) {
    const divisor = commonDivisor(from, to);
    this.up = to / divisor;
    this.down = from / divisor;
    const half = from === to ? 0 : Math.ceil(CROSSINGS * Math.max(1, from / to));
    /** Input samples that must follow before an output sample can come. */
    this.lookahead = half;
    this.half = half;
    this.phases = Math.min(this.up, MOST_PHASES);
    this.table = half === 0 ? new Float32Array(0) : design(this.phases, half, CUTOFF * Math.min(1, to / from));
    this.held = new Float32Array(2 * half + 2 * longest + 2);
    // Samples held, and where in them (plus phase / up) the next output sample stands. In front of the first sample
    // there is silence, so that output 0 is centred on input 0.
    this.filled = this.centre = Math.max(half - 1, 0);
    this.phase = 0;
  }

  /** Forget everything that came in. */
  reset() {
    this.held.fill(0);
    this.filled = this.centre = Math.max(this.half - 1, 0);
    this.phase = 0;
  }

  /**
   * @param {Float32Array} samples
   * @param {number} [count]
   */
  push(samples, count = samples.length) {
    if (this.filled + count > this.held.length) {
      const spent = this.centre - Math.max(this.half - 1, 0);
      this.held.copyWithin(0, spent, this.filled);
      this.filled -= spent;
      this.centre -= spent;
    }
    if (this.filled + count > this.held.length) throw new RangeError("push: more than was pulled can hold");
    for (let i = 0; i < count; i++) this.held[this.filled + i] = samples[i];
    this.filled += count;
  }

  /** How many samples can be pulled now. */
  get available() {
    // The last output's centre c must satisfy c + half < filled.
    const room = this.filled - this.half - this.centre;
    return room <= 0 ? 0 : Math.ceil((room * this.up - this.phase) / this.down);
  }

  /**
   * How many samples must still be pushed before `count` can be pulled.
   * @param {number} count
   */
  needed(count) {
    if (count <= 0) return 0;
    const last = this.centre + Math.floor((this.phase + (count - 1) * this.down) / this.up);
    return Math.max(0, last + this.half + 1 - this.filled);
  }

  /**
   * Write the next `count` samples to `output`; `count` is at most `available`.
   * @param {Float32Array} output
   * @param {number} [offset]
   * @param {number} [count]
   */
  pull(output, offset = 0, count = output.length - offset) {
    const { held, table, half, phases, up, down } = this;
    const taps = 2 * half;
    for (let i = 0; i < count; i++) {
      if (half === 0) {
        output[offset + i] = held[this.centre];
      } else {
        const row = (phases === up ? this.phase : Math.floor((this.phase * phases) / up)) * taps;
        const first = this.centre - half + 1;
        let sum = 0;
        for (let tap = 0; tap < taps; tap++) sum += held[first + tap] * table[row + tap];
        output[offset + i] = sum;
      }
      this.phase += down;
      while (this.phase >= up) {
        this.phase -= up;
        this.centre += 1;
      }
    }
  }
}
