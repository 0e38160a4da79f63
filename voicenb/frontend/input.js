// The devices of one call: the microphone that it holds, what else there is, and what happens when one goes.

import { chosenDevice, deviceBehind, isThere, listDevices, listeningPermission, rememberDevice } from "./devices.js";
import { closeMicrophone, gone, hushed, openMicrophone, withdrawn } from "./microphone.js";

// Milliseconds of digital silence after which it is looked for: some systems do not say that it was unplugged.
const SILENT = 2000;

/**
 * @typedef {object} InputEvents
 * @property {() => void} changed something that a panel shows
 * @property {(stream: MediaStream) => void} replaced another microphone is in the place of the one before
 * @property {(device: string) => Promise<void>} speaker another loudspeaker is wanted
 * @property {(why: import("./microphone.js").MicrophoneFailure) => void} lost nothing is heard any more, and why
 * @property {() => void} found it is heard again, or another one in its place
 */

/** Holds the microphone from `take` to `close`. */
export class Input {
  /** @param {InputEvents} events */
  constructor(events) {
    this.events = events;
    this.muted = false;
    /** @type {MediaStream | null} */
    this.stream = null;
    /** @type {Record<import("./devices.js").Kind, { id: string, label: string }[]>} */
    this.devices = { input: [], output: [] };
    /** The devices in use; empty for the browser's default. */
    this.using = { input: "", output: "" };
    /** The microphone itself, where the one in use goes by another name; empty until that is known. */
    this.device = "";
    /** Whether it went during the call, and none has taken its place yet. */
    this.lost = false;
    /** @type {import("./microphone.js").MicrophoneFailure | null} what was said of it then */
    this.why = null;
    this.searching = false;
    /** Whether silence stands in for a microphone: nothing that can go. */
    this.standsIn = false;
    /** `performance.now()` since which there has been nothing but zeros. */
    this.silent = Infinity;
    /** @type {PermissionStatus | null} */
    this.permission = null;
    /** Whether the browser had noted it when the microphone was opened; some ask every time. */
    this.allowed = false;
  }

  /**
   * Ask the browser for the microphone that was chosen last.
   * @param {string} again what the person does to try once more
   * @returns {Promise<MediaStream>}
   */
  open(again) {
    return openMicrophone(chosenDevice("input"), { again });
  }

  /**
   * @param {MediaStream} stream
   * @param {object} [options]
   * @param {boolean} [options.standsIn] whether it stands in for that of `open`
   */
  take(stream, { standsIn = false } = {}) {
    this.stream = stream;
    this.standsIn = standsIn;
    this.device = "";
    if (standsIn) return;
    void this.#identify(stream);
    this.#watch(stream);
  }

  /** @param {MediaStream} stream */
  async #identify(stream) {
    const device = await deviceBehind(stream);
    if (this.stream === stream) this.device = device;
  }

  /** Give the microphone back. */
  close() {
    closeMicrophone(this.stream);
    this.stream = null;
    this.standsIn = false;
    this.lost = false;
    this.silent = Infinity;
  }

  /**
   * How loud it is.
   * @param {number} level
   */
  hears(level) {
    const now = performance.now();
    if (level > 0 || this.muted || this.lost || this.standsIn) this.silent = Infinity;
    else if (this.silent === Infinity) this.silent = now;
    else if (now - this.silent > SILENT) {
      this.silent = now;
      void this.#check();
    }
  }

  /** @param {boolean} muted */
  mute(muted) {
    this.muted = muted;
    // Nothing leaves the page: the browser itself hands out silence.
    for (const track of this.stream?.getAudioTracks() ?? []) track.enabled = !muted;
  }

  /** Something was plugged in or out. */
  async plugged() {
    await (this.lost ? this.#search() : this.#check());
    await this.look();
  }

  /** See what there is, and what is in use. */
  async look() {
    this.devices = await listDevices();
    this.using.input = this.stream?.getAudioTracks()[0]?.getSettings().deviceId ?? "";
    const wanted = chosenDevice("output");
    if (wanted && wanted !== this.using.output && this.devices.output.some(({ id }) => id === wanted)) {
      await this.events.speaker(wanted);
      this.using.output = wanted;
    }
    if (this.lost && this.why?.code === "microphone-lost") this.#tell(this.#gone());
    this.events.changed();
  }

  /**
   * Take another microphone or loudspeaker, now and from now on.
   * @param {import("./devices.js").Kind} kind
   * @param {string} id
   */
  async choose(kind, id) {
    if (kind === "output") await this.events.speaker(id);
    else if (this.stream) await this.#exchange(this.stream, openMicrophone(id, { exact: true, again: "choose it again" }));
    rememberDevice(kind, id);
    this.using[kind] = id;
  }

  /** Ask the browser for the microphone, in the place of what stood in for it. */
  async use() {
    if (this.stream) await this.#exchange(this.stream, this.open("press Talk instead again"));
    await this.look();
  }

  /**
   * Put another microphone in the place of the one in use: whatever was wrong with that, this one is heard.
   * @param {MediaStream} old
   * @param {Promise<MediaStream>} opening
   */
  async #exchange(old, opening) {
    const stream = await opening;
    if (this.stream !== old) return closeMicrophone(stream);
    try {
      this.events.replaced(stream);
    } catch (error) {
      closeMicrophone(stream);
      throw error;
    }
    this.take(stream);
    closeMicrophone(old);
    this.lost = false;
    this.events.found();
  }

  /** @param {MediaStream} stream */
  #watch(stream) {
    for (const track of stream.getAudioTracks()) {
      track.enabled = !this.muted;
      track.addEventListener("ended", () => void this.#ended(stream));
      track.addEventListener("mute", () => this.stream === stream && this.events.lost(hushed()));
      track.addEventListener("unmute", () => this.stream === stream && this.events.found());
    }
    void this.#watchPermission();
  }

  /** Hear of it when the permission is taken back, or given again. */
  async #watchPermission() {
    if (!this.permission) {
      this.permission = await listeningPermission();
      // The object is there for good; without a microphone in use its changes mean nothing here.
      this.permission?.addEventListener("change", () => {
        if (this.permission?.state === "granted") void this.#search();
        else this.#lose(withdrawn());
      });
    }
    this.allowed = this.permission?.state === "granted";
  }

  /**
   * The microphone went away (unplugged, or taken back by the system): take the default one instead.
   * @param {MediaStream} stream
   */
  async #ended(stream) {
    if (this.stream !== stream || this.lost) return;
    // Nobody who has just said no wants to be asked again.
    if (this.allowed && this.permission?.state !== "granted") return this.#lose(withdrawn());
    try {
      await this.#exchange(stream, openMicrophone());
      await this.look();
    } catch {
      // Also where there is another microphone that cannot be connected.
      this.devices = await listDevices();
      if (this.stream === stream) this.#lose(this.#gone());
    }
  }

  /** See whether the one in use is still there. */
  async #check() {
    const { stream } = this;
    if (stream && !this.lost && !this.standsIn && !(await isThere(this.device))) await this.#ended(stream);
  }

  /** @param {import("./microphone.js").MicrophoneFailure} why */
  #lose(why) {
    if (!this.stream || this.lost || this.standsIn) return;
    this.lost = true;
    this.why = null;
    closeMicrophone(this.stream);
    this.#tell(why);
  }

  #gone() {
    return gone(this.devices.input.length > 1);
  }

  /** @param {import("./microphone.js").MicrophoneFailure} why */
  #tell(why) {
    if (why.remedy === this.why?.remedy) return;
    this.why = why;
    this.events.lost(why);
  }

  /** Something has changed for the better: try again, without a word when that fails. */
  async #search() {
    if (!this.stream || !this.lost || this.searching) return;
    this.searching = true;
    try {
      await this.#exchange(this.stream, this.open(""));
      await this.look();
    } catch {
      // As before; what is to be done is still said.
    } finally {
      this.searching = false;
    }
  }
}
