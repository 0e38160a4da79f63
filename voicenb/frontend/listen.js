// A call's sound, played from slices that come one by one: laid end to end on the clock of an audio context, so that no
// sample between two of them is missing or heard twice.

import { Slices } from "./slices.js";
import { HOP, Stretch } from "./stretch.js";
import { tryToWake } from "./wake.js";

// Seconds that are laid out ahead: a page in the background looks at its clock once a second, and seldomer.
const AHEAD = 6;
// Slices that are fetched beyond what is laid out; at a faster pace another one.
const FETCHED = 2;
// Seconds before the first sample: what it takes to put it there.
const LEAD = 0.02;
// Seconds in which a sound that is stopped fades: a click is none.
const FADE = 0.008;
// Milliseconds between two looks at the clock while it plays.
const LOOK = 200;
// Milliseconds after which a context that plays nothing sleeps.
const REST = 500;
// Milliseconds after which a slice that has not come is asked for again: a kernel's subshell may have gone with it.
const PATIENCE = 10_000;

/**
 * What is being played without a break.
 * @typedef {object} Run
 * @property {AudioContext} context
 * @property {GainNode} gain
 * @property {Stretch | null} stretch null at the pace of speech
 * @property {number} rate
 * @property {number} place the call's sample that is heard first
 * @property {number} begin when that is, in samples of the context's clock
 * @property {number} next when the next piece is, likewise
 * @property {number} fed the call's sample that comes next
 * @property {boolean} whole whether all is laid out up to the call's end
 * @property {Set<AudioBufferSourceNode>} pieces
 */

/**
 * @typedef {object} Source
 * @property {number} length samples of each side
 * @property {number} rate samples per second
 * @property {(start: number, count: number) => void} ask asks for a slice
 */

/** @typedef {import("./view_sound.js").Sound} Sound */

/** @param {AudioContext} context */
const runs = (context) => context.state === "running";

/** One call's sound. @implements {Sound} */
export class Listening {
  /**
   * @param {Source} source
   * @param {(rate: number) => AudioContext} open
   */
  constructor({ length, rate, ask }, open = openContext) {
    this.length = length;
    this.sampleRate = rate;
    this.duration = length / rate;
    this.slices = new Slices({ length, rate, ask, came: () => this.#came() });
    this.open = open;
    /** Why nothing can be heard; empty where it can. */
    this.trouble = "";
    this.playing = false;
    this.waiting = false;
    /** The browser lets nothing be heard before somebody has clicked. */
    this.blocked = false;
    /** The sample at which it stands while nothing is heard. */
    this.place = 0;
    this.pace = 1;
    /** @type {Run | null} */
    this.run = null;
    /** @type {AudioContext | null} */
    this.context = null;
    /** @type {(() => void)[]} */
    this.callbacks = [];
    /** @type {ReturnType<typeof setInterval> | undefined} */
    this.looking = undefined;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.resting = undefined;
    this.asked = 0;
  }

  /** @param {() => void} callback */
  onchange(callback) {
    this.callbacks.push(callback);
  }

  position() {
    return Math.min(this.#heard(), this.length) / this.sampleRate;
  }

  /** @param {number} [from] */
  play(from) {
    if (from !== undefined) this.#place(from);
    else if (!this.playing && this.place >= this.length) this.place = 0;
    if (this.trouble || !this.length) return this.#changed();
    this.playing = true;
    this.blocked = false;
    this.looking ??= setInterval(() => this.#look(), LOOK);
    this.context ??= this.open(this.sampleRate);
    void this.#wake(this.context);
    this.#feed();
    this.#changed();
  }

  pause() {
    if (!this.playing) return;
    this.place = this.#heard();
    this.#halt();
    this.#changed();
  }

  /** @param {number} to */
  seek(to) {
    if (!Number.isFinite(to)) return;
    this.#place(to);
    if (this.playing) this.#feed();
    else this.slices.want(this.place, 1);
    this.#changed();
  }

  get rate() {
    return this.pace;
  }

  set rate(rate) {
    if (rate === this.pace || !(rate > 0)) return;
    this.#place(this.position());
    this.pace = rate;
    if (this.playing) this.#feed();
    this.#changed();
  }

  /**
   * Say why nothing can be heard, or that it can again.
   * @param {string} trouble empty where it can
   */
  fail(trouble) {
    if (trouble === this.trouble) return;
    this.trouble = trouble;
    if (trouble && this.playing) {
      this.place = this.#heard();
      this.#halt();
    }
    if (!trouble) this.slices.again();
    this.#changed();
  }

  /**
   * A slice has come.
   * @param {number} start
   * @param {DataView} bytes
   */
  take(start, bytes) {
    this.slices.take(start, bytes);
  }

  /** The end of it. */
  close() {
    this.#halt();
    clearTimeout(this.resting);
    this.callbacks = [];
    void this.context?.close();
    this.context = null;
  }

  // --- where it is ---

  /** The sample that is heard now. */
  #heard() {
    const { run } = this;
    if (!run) return this.place;
    const { currentTime, outputLatency = 0 } = run.context;
    const heard = (currentTime - (outputLatency || 0)) * this.sampleRate - run.begin;
    return Math.round(Math.min(run.place + Math.max(0, heard) * run.rate, run.fed));
  }

  /**
   * Stand somewhere else; what is heard stops.
   * @param {number} seconds
   */
  #place(seconds) {
    this.#stop();
    this.place = Math.round(Math.min(this.duration, Math.max(0, seconds)) * this.sampleRate);
  }

  // --- what is laid out ---

  /** Lay out what there is, and ask for what there is not. */
  #feed() {
    const { context } = this;
    if (!this.playing || !context) return;
    let now = context.currentTime * this.sampleRate;
    // What is laid out has been heard, and the rest has not come: it goes on from there as soon as it has.
    if (this.run && !this.run.whole && this.run.next < now) {
      this.place = this.run.fed;
      this.#stop();
    }
    const place = this.run?.fed ?? this.place;
    if (place < this.length) this.slices.want(place, FETCHED + Math.ceil(this.pace) - 1);
    while (!this.run || (!this.run.whole && this.run.next < now + AHEAD * this.sampleRate)) {
      const fed = this.run?.fed ?? this.place;
      const samples = fed < this.length ? this.slices.from(fed) : null;
      if (!samples && fed < this.length) break;
      now = context.currentTime * this.sampleRate;
      this.run ??= this.#begin(context, now);
      this.#lay(this.run, samples);
    }
    this.#waits(!this.run);
  }

  /**
   * @param {AudioContext} context
   * @param {number} now in samples of its clock
   * @returns {Run}
   */
  #begin(context, now) {
    const gain = context.createGain();
    gain.connect(context.destination);
    const { place, pace } = this;
    const soon = Math.ceil(now + LEAD * this.sampleRate);
    // Seconds are binary fractions: of each sample's moment only those of every 375th are told without rounding. At
    // these the slices begin, or what is made of them.
    const phase = pace === 1 ? place % HOP : 0;
    const begin = soon + ((phase - (soon % HOP) + HOP) % HOP);
    const stretch = pace === 1 ? null : new Stretch(pace);
    return { context, gain, stretch, rate: pace, place, begin, next: begin, fed: place, whole: false, pieces: new Set() };
  }

  /**
   * Lay out the next piece.
   * @param {Run} run
   * @param {Int16Array | null} samples pairs; null at the call's end
   */
  #lay(run, samples) {
    run.whole = !samples;
    run.fed += (samples?.length ?? 0) / 2;
    const [left, right] = samples ? sides(samples) : [new Float32Array(0), new Float32Array(0)];
    this.#put(run, ...(run.stretch ? run.stretch.push(left, right) : /** @type {const} */ ([left, right])));
    if (!samples && run.stretch) this.#put(run, ...run.stretch.finish());
  }

  /**
   * @param {Run} run
   * @param {Float32Array} left
   * @param {Float32Array} right
   */
  #put(run, left, right) {
    if (!left.length) return;
    const buffer = run.context.createBuffer(2, left.length, this.sampleRate);
    buffer.getChannelData(0).set(left);
    buffer.getChannelData(1).set(right);
    const piece = run.context.createBufferSource();
    piece.buffer = buffer;
    piece.connect(run.gain);
    piece.onended = () => {
      run.pieces.delete(piece);
      if (this.run === run) this.#look();
    };
    piece.start(run.next / this.sampleRate);
    run.pieces.add(piece);
    run.next += left.length;
  }

  /** Nothing of what is laid out is heard any more. */
  #stop() {
    const { run } = this;
    if (!run) return;
    this.run = null;
    const now = run.context.currentTime;
    run.gain.gain.setValueAtTime(1, now);
    run.gain.gain.linearRampToValueAtTime(0, now + FADE);
    for (const piece of run.pieces) piece.stop(now + FADE);
  }

  /** It is not to play any more. */
  #halt() {
    this.#stop();
    this.playing = false;
    this.waiting = false;
    clearInterval(this.looking);
    this.looking = undefined;
    clearTimeout(this.resting);
    // A context that plays nothing still keeps the audio thread busy.
    this.resting = setTimeout(() => void (this.playing || this.context?.suspend()), REST);
  }

  // --- what happens meanwhile ---

  /** Look at the clock. */
  #look() {
    const { run, context } = this;
    if (!this.playing || !context) return;
    const { currentTime, outputLatency = 0 } = context;
    if (run?.whole && (currentTime - (outputLatency || 0)) * this.sampleRate >= run.next) {
      this.place = this.length;
      this.#halt();
      return this.#changed();
    }
    if (this.waiting && Date.now() - this.asked > PATIENCE) {
      this.asked = Date.now();
      this.slices.again();
    }
    this.#feed();
  }

  #came() {
    this.#feed();
  }

  /** @param {boolean} waiting */
  #waits(waiting) {
    if (waiting === this.waiting) return;
    this.waiting = waiting;
    this.asked = Date.now();
    this.#changed();
  }

  /** @param {AudioContext} context */
  async #wake(context) {
    if (runs(context)) return;
    await tryToWake(context);
    // Where somebody has clicked it is the device that takes its time.
    if (globalThis.navigator?.userActivation?.hasBeenActive) return;
    if (runs(context) || !this.playing || context !== this.context) return;
    this.blocked = true;
    this.pause();
  }

  #changed() {
    for (const callback of this.callbacks) callback();
  }
}

/** @param {number} rate */
function openContext(rate) {
  try {
    return new AudioContext({ sampleRate: rate, latencyHint: "playback" });
  } catch {
    return new AudioContext({ latencyHint: "playback" }); // it resamples what it is given
  }
}

/**
 * Both sides as the browser plays them.
 * @param {Int16Array} samples pairs
 * @returns {[Float32Array, Float32Array]}
 */
function sides(samples) {
  const left = new Float32Array(samples.length / 2);
  const right = new Float32Array(samples.length / 2);
  for (let i = 0; i < left.length; i++) {
    left[i] = samples[2 * i] / 32768;
    right[i] = samples[2 * i + 1] / 32768;
  }
  return [left, right];
}
