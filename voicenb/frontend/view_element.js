// The sound of a call from an <audio> element.

/** @typedef {import("./view_sound.js").Sound} Sound */

/**
 * What the view plays on the share page.
 * @implements {Sound}
 */
export class ElementSound {
  /**
   * @param {HTMLAudioElement} audio
   * @param {number} duration seconds of the call
   */
  constructor(audio, duration) {
    this.audio = audio;
    this.duration = duration;
    this.trouble = "";
    /** @type {(() => void)[]} */
    this.callbacks = [];
    // The rate moves the pitch with it otherwise.
    audio.preservesPitch = true;
    for (const name of ["play", "playing", "pause", "ended", "ratechange", "waiting", "seeked"]) audio.addEventListener(name, () => this.#changed());
    audio.addEventListener("error", () => this.#fail(audio.error?.code === MediaError.MEDIA_ERR_SRC_NOT_SUPPORTED ? "This browser cannot play the sound of the page." : "The browser has stopped the sound. Is there a loudspeaker? Load the page anew to try again."));
  }

  get playing() {
    return !this.audio.paused && !this.audio.ended;
  }

  get waiting() {
    return this.playing && this.audio.readyState < HTMLMediaElement.HAVE_FUTURE_DATA;
  }

  get rate() {
    return this.audio.playbackRate;
  }

  set rate(rate) {
    this.audio.playbackRate = rate;
  }

  position() {
    return Math.min(this.duration, this.audio.currentTime);
  }

  /** @param {number} [from] */
  play(from) {
    if (this.trouble) return;
    if (from !== undefined) this.seek(from);
    else if (this.audio.ended || this.position() >= this.duration - 0.01) this.seek(0);
    this.audio.play().catch((error) => {
      if (error.name !== "AbortError") this.#fail("The browser did not let the sound play.");
    });
  }

  pause() {
    this.audio.pause();
  }

  /** @param {number} to */
  seek(to) {
    this.audio.currentTime = Math.min(this.duration, Math.max(0, to));
    this.#changed();
  }

  /** @param {() => void} callback */
  onchange(callback) {
    this.callbacks.push(callback);
  }

  #changed() {
    for (const callback of this.callbacks) callback();
  }

  /** @param {string} trouble */
  #fail(trouble) {
    this.trouble = trouble;
    this.#changed();
  }
}
