// The agent's side of the audio thread: a ring of PCM16 at 24 kHz, drained one render quantum at a time.

import { RATE, Resampler } from "./resampler.js";
import { Ring } from "./ring.js";

// 87 s; the ring doubles when more is sent ahead (in the message handler, never while rendering).
const CAPACITY = 2 ** 21;
// What was played is told every 50 ms, and whenever a reply begins, ends or is cut off.
const REPORT = RATE / 20;
// A way that is uneven by less than this is worth holding more back for: the prebuffer grows by how late what was missing
// came, up to the same. Longer pauses are the service's.
const UNEVEN = RATE / 5;
// And it shrinks by this with every reply that came evenly: being late once must not delay a whole call.
const EASE = RATE / 50;
// A voice that is cut off fades over this many output samples, well within the quantum.
const FADE = 64;
// From one gain to another it takes so many seconds, beginning with the next quantum.
const RAMP = 0.02;

/**
 * Takes
 *   `{ type: "audio", reply, start, samples }` (Int16Array), `{ type: "done", reply }` (no more of it will come),
 *   `{ type: "flush", reply }` (of a reply: only where sound of it waits),
 *   `{ type: "duck", gain }` (from now on as loud as this; a flush ends it),
 *   `{ type: "prebuffer", samples }` (how much to wait for before a voice begins),
 *   `{ type: "port", port }` (where the same may come from too; null: no more), `{ type: "stop" }`;
 * gives
 *   `{ type: "played", reply, from, to, frame, level }`: samples `from` to `to` of a reply left for the loudspeaker,
 *   `from` at the context's frame number `frame`; `{ type: "flushed", frame }`: silent from there on;
 *   `{ type: "ducked", gain, frame }`: on its way to that gain from there on;
 *   `{ type: "played-out", reply }`; `{ type: "gap", gaps, samples }`: pauses for lack of samples, in all.
 */
class Playback extends AudioWorkletProcessor {
  /** @param {AudioWorkletNodeOptions} [options] */
  constructor(options) {
    super();
    this.ring = new Ring(options?.processorOptions?.capacity ?? CAPACITY);
    // How much is held back: now, at least, and whether that has just grown.
    this.prebuffer = options?.processorOptions?.prebuffer ?? 0;
    this.least = this.prebuffer;
    this.shaken = false;
    this.resampler = new Resampler(RATE, sampleRate, 2048);
    this.block = new Float32Array(2048);
    this.scale = sampleRate / RATE;
    this.running = true;
    // Playing, or waiting for the prebuffer; for how many samples it has waited.
    this.playing = false;
    this.waited = 0;
    this.cut = false;
    // How loud it plays, and is to; whether that is still to be told.
    this.gain = this.wanted = 1;
    this.asked = false;
    // The output sample played last: where a voice stops for lack of samples, it decays from there.
    this.last = 0;
    /** @type {Set<number>} replies of which no more will come and some waits */
    this.done = new Set();
    // The reply that ran dry before its end, and whether in the midst of digital silence; whether it has come back; how
    // late that was, and for how long it was silent, in samples; in all.
    this.starved = -1;
    this.quiet = false;
    this.resuming = false;
    this.late = 0;
    this.dry = 0;
    this.gap = { type: "gap", gaps: 0, samples: 0 };
    /** @type {MessagePort | null} */
    this.carrier = null;
    // Whether the reply that was played last has been played to its end.
    this.over = false;
    // What was played and not yet told.
    this.report = { type: "played", reply: -1, from: 0, to: 0, frame: 0, level: 0 };
    this.energy = 0;
    this.port.onmessage = ({ data }) => this.receive(data);
  }

  /** @param {any} message */
  receive(message) {
    switch (message.type) {
      case "audio":
        // What comes behind a flush in the same quantum is new and must not be cut with the old.
        if (this.cut) this.silence();
        this.queue(message.reply, message.start, message.samples);
        break;
      case "done":
        this.finish(message.reply);
        break;
      case "flush":
        if (message.reply === undefined || this.ring.holds(message.reply)) this.cut = true;
        break;
      case "duck":
        this.asked ||= this.wanted !== message.gain;
        this.wanted = message.gain;
        break;
      case "prebuffer":
        this.prebuffer = this.least = message.samples;
        break;
      case "port":
        this.carrier?.close();
        this.carrier = message.port;
        if (this.carrier) this.carrier.onmessage = ({ data }) => this.receive(data);
        break;
      case "stop":
        this.running = false;
    }
  }

  /**
   * @param {number} reply
   * @param {number} start
   * @param {Int16Array} samples
   */
  queue(reply, start, samples) {
    if (samples.length === 0) return;
    if (reply === this.starved) {
      this.resuming = true;
      if (this.late < UNEVEN) {
        this.prebuffer = Math.min(UNEVEN, this.prebuffer + this.late);
        this.shaken = true;
      }
    }
    this.starved = -1;
    this.ring.write(reply, start, samples);
  }

  /** @param {number} reply */
  finish(reply) {
    if (this.starved === reply) this.starved = -1;
    if (this.ring.holds(reply)) this.done.add(reply);
    else this.playedOut(reply);
  }

  /** @param {number} reply */
  playedOut(reply) {
    this.done.delete(reply);
    if (!this.shaken) this.prebuffer = Math.max(this.least, this.prebuffer - EASE);
    this.shaken = false;
    this.tell();
    this.port.postMessage({ type: "played-out", reply });
  }

  /** Fall silent now and forget what waits. */
  silence() {
    this.tell();
    this.port.postMessage({ type: "flushed", frame: currentFrame });
    this.ring.clear();
    this.resampler.reset();
    this.done.clear();
    this.report.reply = -1;
    this.playing = false;
    this.waited = 0;
    this.starved = -1;
    this.resuming = false;
    this.last = 0;
    this.cut = false;
    this.asked ||= this.wanted !== 1;
    this.gain = this.wanted = 1;
  }

  /**
   * @param {Float32Array[][]} _inputs
   * @param {Float32Array[][]} outputs
   * @returns {boolean}
   */
  process(_inputs, outputs) {
    const output = outputs[0][0];
    const count = output.length;
    const needed = this.resampler.needed(count);
    if (!this.playing) this.playing = this.ready(needed);
    const got = this.playing ? this.drain(needed) : 0;
    this.block.fill(0, got, needed);
    if (this.playing && got < needed) this.decay(got, needed);
    this.resampler.push(this.block, needed);
    this.resampler.pull(output, 0, count);
    if (this.asked) this.port.postMessage({ type: "ducked", gain: this.wanted, frame: currentFrame });
    this.asked = false;
    if (this.gain !== 1 || this.wanted !== 1) this.soften(output);
    if (this.cut) {
      for (let i = 0; i < count; i++) output[i] *= Math.max(0, 1 - i / FADE);
      this.silence();
    }
    return this.running;
  }

  /**
   * As loud as it is to be.
   * @param {Float32Array} output
   */
  soften(output) {
    const step = 1 / (RAMP * sampleRate);
    for (let i = 0; i < output.length; i++) {
      const away = this.wanted - this.gain;
      this.gain = Math.abs(away) <= step ? this.wanted : this.gain + Math.sign(away) * step;
      output[i] *= this.gain;
    }
  }

  /**
   * Whether a voice may begin: enough of it waits, or all of it, or it has waited long enough.
   * @param {number} needed
   */
  ready(needed) {
    if (this.starved >= 0) this.late += needed;
    if (this.starved >= 0 || this.resuming) this.dry += needed;
    if (this.ring.length === 0) return false;
    this.waited += needed;
    const enough = this.ring.length >= this.prebuffer || this.done.has(this.ring.next);
    if (!enough && this.waited < this.prebuffer) return false;
    if (this.resuming) this.resume(needed);
    return true;
  }

  /**
   * A reply that ran dry goes on.
   * @param {number} needed
   */
  resume(needed) {
    this.resuming = false;
    // Every reply begins with digital silence: nobody hears that it takes longer, and what was held back meanwhile is
    // there when the first word comes.
    if (this.quiet && this.ring.front === 0) return;
    this.gap.gaps += 1;
    this.gap.samples += this.dry - needed;
    this.port.postMessage(this.gap);
  }

  /**
   * Take what is to be played now from the ring.
   * @param {number} needed
   * @returns {number} how much there was
   */
  drain(needed) {
    let got = 0;
    while (got < needed) {
      const count = this.ring.take(this.block, got, needed - got);
      if (count === 0) break;
      this.note(this.ring.reply, this.ring.from, count, got);
      got += count;
      if (this.ring.next !== this.ring.reply && this.done.has(this.ring.reply)) this.playedOut(this.ring.reply);
    }
    if (got > 0) this.last = this.block[got - 1];
    return got;
  }

  /**
   * The ring ran dry: instead of a click, a short decay from the last sample; and wait for the prebuffer anew.
   * @param {number} got
   * @param {number} needed
   */
  decay(got, needed) {
    this.quiet = this.last === 0;
    for (let i = got; i < needed; i++) {
      this.last *= 0.8;
      this.block[i] = this.last;
    }
    this.tell();
    this.report.reply = -1;
    this.playing = false;
    this.waited = 0;
    // A reply that is done was told as played out; any other may go on, and then this was a gap.
    if (!this.over) {
      this.starved = this.ring.reply;
      this.late = this.dry = needed - got;
    }
  }

  /**
   * @param {number} reply
   * @param {number} from
   * @param {number} count
   * @param {number} offset in what this quantum takes in
   */
  note(reply, from, count, offset) {
    const report = this.report;
    if (report.to !== from || report.reply !== reply) {
      this.tell();
      report.reply = reply;
      report.from = from;
      // The resampler gives a sample out once its lookahead has come in.
      report.frame = currentFrame + (offset + this.resampler.lookahead) * this.scale;
    }
    for (let i = 0; i < count; i++) this.energy += this.block[offset + i] ** 2;
    report.to = from + count;
    this.over = this.ring.next !== reply && this.done.has(reply);
    if (report.to - report.from >= REPORT) this.tell();
  }

  /** Tell what was played since the last report. */
  tell() {
    const report = this.report;
    const count = report.to - report.from;
    if (count <= 0) return;
    report.level = Math.sqrt(this.energy / count);
    this.port.postMessage(report);
    report.frame += count * this.scale;
    report.from = report.to;
    this.energy = 0;
  }
}

registerProcessor("voicenb-playback", Playback);
