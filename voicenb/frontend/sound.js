// One audio context with both worklets in it: the caller's frames come out, the agent's go in.

import { audibleAt, CaptureClock } from "./clock.js";
import { stampCaptured } from "./frames.js";
import { Problem } from "./kernel.js";
import { RATE } from "./resampler.js";
import { tryToWake, watchSleep } from "./wake.js";

// Once: joined into one module, each of these makes a file of the page's memory.
const CAPTURE = new URL("./capture.worklet.js", import.meta.url);
const PLAYBACK = new URL("./playback.worklet.js", import.meta.url);

/**
 * @typedef {object} SoundEvents
 * @property {(level: number) => void} level of the microphone
 * @property {(frame: ArrayBuffer) => void} captured a frame, ready for a wire that carries no sound by itself
 * @property {(asleep: boolean) => void} asleep the browser has put the sound to sleep, or it goes on
 * @property {(reply: number, from: number, to: number, at: number, level: number) => void} heard
 * @property {() => void} flushed
 * @property {(gain: number, at: number) => void} ducked it is on its way to that gain since then
 * @property {(reply: number) => void} playedOut
 * @property {(gaps: number) => void} gap
 */

/**
 * An audio context that may sound: made while a click is being handled, before anything is awaited.
 * @param {number} [rate]
 * @returns {AudioContext}
 */
export function openContext(rate = RATE) {
  try {
    return new AudioContext({ sampleRate: rate, latencyHint: "interactive" });
  } catch {
    return new AudioContext({ latencyHint: "interactive" });
  }
}

/**
 * A microphone that hears nothing.
 * @param {AudioContext} context
 * @returns {MediaStream}
 */
export function silence(context) {
  return context.createMediaStreamDestination().stream;
}

/** The sound of one call. */
export class Sound {
  /**
   * @param {AudioContext} context
   * @param {SoundEvents} events
   */
  constructor(context, events) {
    this.context = context;
    this.events = events;
    this.clock = new CaptureClock(context.sampleRate);
    /** @type {MediaStreamAudioSourceNode | null} */
    this.source = null;
    /** @type {AudioWorkletNode | null} */
    this.capture = null;
    /** @type {AudioWorkletNode | null} */
    this.playback = null;
    this.seq = 0;
    /** `performance.now()` since which frames are wanted. */
    this.since = Infinity;
    this.closed = false;
  }

  /**
   * Load the worklets and connect the microphone.
   * @param {MediaStream} stream
   */
  async open(stream) {
    let context = this.context;
    await tryToWake(context);
    let source;
    try {
      source = context.createMediaStreamSource(stream);
    } catch {
      // Firefox does not connect a microphone to a context of another rate; the worklets resample instead.
      await context.close();
      if (this.closed) return;
      context = this.context = new AudioContext({ latencyHint: "interactive" });
      this.clock = new CaptureClock(context.sampleRate);
      await tryToWake(context);
      source = context.createMediaStreamSource(stream);
    }
    try {
      await Promise.all([context.audioWorklet.addModule(CAPTURE), context.audioWorklet.addModule(PLAYBACK)]);
    } catch (error) {
      const remedy = "The page's security policy may forbid scripts from blob: addresses; whoever runs the server can allow them.";
      throw new Problem(`The audio worklets could not be loaded: ${/** @type {Error} */ (error).message}`, remedy);
    }
    this.capture = new AudioWorkletNode(context, "voicenb-capture", {
      numberOfInputs: 1,
      numberOfOutputs: 0,
      channelCount: 1,
      channelCountMode: "explicit",
    });
    this.playback = new AudioWorkletNode(context, "voicenb-playback", {
      numberOfInputs: 0,
      numberOfOutputs: 1,
      outputChannelCount: [1],
    });
    this.capture.port.onmessage = ({ data }) => this.#captured(data);
    this.playback.port.onmessage = ({ data }) => this.#played(data);
    source.connect(this.capture);
    this.source = source;
    this.playback.connect(context.destination);
    watchSleep(context, (asleep) => this.#sleeps(asleep));
  }

  /** @param {boolean} asleep */
  #sleeps(asleep) {
    this.clock.forget();
    if (this.capture) this.events.asleep(asleep);
  }

  /**
   * Put another microphone in the place of the present one.
   * @param {MediaStream} stream
   */
  replace(stream) {
    if (!this.capture) return;
    this.source?.disconnect();
    this.source = this.context.createMediaStreamSource(stream);
    this.source.connect(this.capture);
  }

  /**
   * Sound from another loudspeaker.
   * @param {string} device its id; empty for the default
   */
  async speak(device) {
    await /** @type {any} */ (this.context).setSinkId(device === "default" ? "" : device);
  }

  /**
   * From now on the sound goes by this channel, or this line.
   * @param {Pick<import("./channel.js").Channel, "samples" | "prebuffer" | "carry">} channel
   */
  join(channel) {
    this.capture?.port.postMessage({ type: "frame", samples: channel.samples });
    this.playback?.port.postMessage({ type: "prebuffer", samples: channel.prebuffer });
    this.#carry(channel.carry(this.context.sampleRate));
  }

  /** @param {{ capture: MessagePort, playback: MessagePort } | null} ports */
  #carry(ports) {
    this.capture?.port.postMessage({ type: "port", port: ports?.capture ?? null }, ports ? [ports.capture] : []);
    this.playback?.port.postMessage({ type: "port", port: ports?.playback ?? null }, ports ? [ports.playback] : []);
  }

  /** From now on frames are wanted; those that wait behind a busy page are too old already. */
  begin() {
    this.since = performance.now();
  }

  /** No frames are wanted, and the next ones are counted anew. */
  pause() {
    this.#carry(null);
    this.since = Infinity;
    this.seq = 0;
  }

  /** @param {{ buffer?: ArrayBuffer, frame: number, end: number, level: number }} message */
  #captured({ buffer, frame, end, level }) {
    this.events.level(level);
    if (!buffer) return; // a worker carries it
    this.clock.arrived(end, performance.now());
    if (this.clock.at(end) >= this.since) {
      stampCaptured(buffer, this.seq++, this.clock.at(frame));
      this.events.captured(buffer);
    } else {
      this.capture?.port.postMessage({ type: "return", buffer }, [buffer]);
    }
  }

  /** @param {any} message */
  #played(message) {
    if (message.type === "played") {
      const at = audibleAt(this.context, message.frame);
      this.events.heard(message.reply, message.from, message.to, at, message.level);
    } else if (message.type === "flushed") {
      this.events.flushed();
    } else if (message.type === "ducked") {
      this.events.ducked(message.gain, audibleAt(this.context, message.frame));
    } else if (message.type === "played-out") {
      this.events.playedOut(message.reply);
    } else if (message.type === "gap") {
      this.events.gap(message.gaps);
    }
  }

  /** @param {import("./frames.js").ReplyFrame} frame */
  play({ reply, start, samples }) {
    this.playback?.port.postMessage({ type: "audio", reply, start, samples }, [samples.buffer]);
  }

  /** @param {number} reply no more of it will come */
  done(reply) {
    this.playback?.port.postMessage({ type: "done", reply });
  }

  /** Silent within one render quantum. */
  flush() {
    this.playback?.port.postMessage({ type: "flush" });
  }

  /**
   * As loud as this from within one render quantum on, until something else is said or it is flushed.
   * @param {number} gain
   */
  duck(gain) {
    this.playback?.port.postMessage({ type: "duck", gain });
  }

  /** Close everything; may be called twice. */
  async close() {
    this.closed = true;
    this.source?.disconnect();
    this.capture?.port.postMessage({ type: "stop" });
    this.playback?.port.postMessage({ type: "stop" });
    this.capture = this.playback = null;
    if (this.context.state !== "closed") await this.context.close();
  }
}
