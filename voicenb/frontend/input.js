// The devices of one call: the microphone that it holds, what else there is, and what happens when one goes.

import { chosenDevice, listDevices, rememberDevice } from "./devices.js";
import { closeMicrophone, openMicrophone } from "./microphone.js";

/**
 * @typedef {object} InputEvents
 * @property {() => void} changed something that a panel shows
 * @property {(stream: MediaStream) => void} replaced another microphone is in the place of the one before
 * @property {(device: string) => Promise<void>} speaker another loudspeaker is wanted
 * @property {(error: any) => void} lost the microphone is gone, and there is no other
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
  }

  /**
   * Ask the browser for the microphone that was chosen last.
   * @returns {Promise<MediaStream>}
   */
  open() {
    return openMicrophone(chosenDevice("input"));
  }

  /** @param {MediaStream} stream of `open` */
  take(stream) {
    this.stream = stream;
    this.#watch(stream);
  }

  /** Give the microphone back. */
  close() {
    closeMicrophone(this.stream);
    this.stream = null;
  }

  /** @param {boolean} muted */
  mute(muted) {
    this.muted = muted;
    // Nothing leaves the page: the browser itself hands out silence.
    for (const track of this.stream?.getAudioTracks() ?? []) track.enabled = !muted;
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
    this.events.changed();
  }

  /**
   * Take another microphone or loudspeaker, now and from now on.
   * @param {import("./devices.js").Kind} kind
   * @param {string} id
   */
  async choose(kind, id) {
    if (kind === "output") await this.events.speaker(id);
    else if (this.stream) await this.#exchange(this.stream, id);
    rememberDevice(kind, id);
    this.using[kind] = id;
  }

  /**
   * Put another microphone in the place of the one in use.
   * @param {MediaStream} old
   * @param {string} [id]
   */
  async #exchange(old, id) {
    const stream = await openMicrophone(id, { exact: true });
    if (this.stream !== old) return closeMicrophone(stream);
    try {
      this.events.replaced(stream);
    } catch (error) {
      closeMicrophone(stream);
      throw error;
    }
    this.take(stream);
    closeMicrophone(old);
  }

  /** @param {MediaStream} stream */
  #watch(stream) {
    for (const track of stream.getAudioTracks()) {
      track.enabled = !this.muted;
      track.addEventListener("ended", () => void this.#unplugged(stream));
    }
  }

  /**
   * The microphone went away (unplugged, or taken back by the system): take the default one instead.
   * @param {MediaStream} gone
   */
  async #unplugged(gone) {
    if (this.stream !== gone) return;
    try {
      await this.#exchange(gone);
      await this.look();
    } catch (error) {
      // Also where there is another microphone that cannot be connected.
      this.events.lost(error);
    }
  }
}
