// How much of a call is seen: so many pixels a second.

// Of a second: closer, a word is as wide as the view; and what a call begins with.
const CLOSEST = 480;
const READABLE = 40;
const FITS = 22;

const STEP = Math.SQRT2;
// Seconds between two numbers of the ruler, and pixels that they are apart at least.
const RULER = [0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600];
const APART = 64;

/** The scale of a view. */
export class Scale {
  /**
   * @param {number} duration seconds
   * @param {number} width pixels of the view
   */
  constructor(duration, width) {
    this.duration = Math.max(0.1, duration);
    this.width = Math.max(1, width);
    this.pixels = this.least >= FITS ? this.least : READABLE;
    this.touched = false;
  }

  /** Pixels a second at which all of the call is seen. */
  get least() {
    return this.width / this.duration;
  }

  get most() {
    return Math.max(CLOSEST, this.least);
  }

  /** Pixels that the whole call is wide. */
  get whole() {
    return Math.max(this.width, this.duration * this.pixels);
  }

  /** @param {number} width of the view, which has changed */
  fit(width) {
    const all = this.pixels <= this.least * 1.001;
    this.width = Math.max(1, width);
    if (!this.touched) this.pixels = this.least >= FITS ? this.least : READABLE;
    else if (all) this.pixels = this.least;
    this.#keep();
  }

  /** @param {number} steps closer; below 0 further away */
  zoom(steps) {
    this.touched = true;
    this.pixels *= STEP ** steps;
    this.#keep();
  }

  get closest() {
    return this.pixels >= this.most * 0.999;
  }

  get furthest() {
    return this.pixels <= this.least * 1.001;
  }

  #keep() {
    this.pixels = Math.min(this.most, Math.max(this.least, this.pixels));
  }

  /** Seconds between two numbers of the ruler. */
  get ruler() {
    return RULER.find((seconds) => seconds * this.pixels >= APART) ?? RULER[RULER.length - 1];
  }
}
