// The sound of a call, as the view asks for it. The share page fills it with an <audio> element, the widget with
// slices that come over the comm; the view knows neither.

/**
 * @typedef {object} Sound
 * @property {number} duration seconds
 * @property {() => number} position second of the call that is heard now; asked at each picture while it plays, so it
 *   is to be cheap and smooth
 * @property {boolean} playing whether the person wants it to play: also while it waits for sound
 * @property {boolean} [waiting] it is to play, and the sound has not come yet
 * @property {number} rate 1 as it was spoken; the view sets it
 * @property {string} trouble why nothing can be heard, in a sentence; empty where it can. There is no play button then;
 *   `seek` moves the mark all the same
 * @property {(from?: number) => void} play from the second that is given, else from where it stands; at the end from
 *   the beginning
 * @property {() => void} pause
 * @property {(to: number) => void} seek to a second, whether it plays or not; what lies outside is brought inside
 * @property {(callback: () => void) => void} onchange the callback is called whenever `playing`, `waiting`, `rate` or
 *   `trouble` has changed, after each `seek`, and at the end. Not for each picture: the view asks
 */

/** A call without its sound: a mark that can be moved. @implements {Sound} */
export class NoSound {
  /**
   * @param {number} duration seconds
   * @param {string} trouble why there is none
   */
  constructor(duration, trouble) {
    this.duration = duration;
    this.trouble = trouble;
    this.playing = false;
    this.rate = 1;
    this.at = 0;
    /** @type {(() => void)[]} */
    this.callbacks = [];
  }

  position() {
    return this.at;
  }

  play() {}

  pause() {}

  /** @param {number} to */
  seek(to) {
    this.at = Math.min(this.duration, Math.max(0, to));
    for (const callback of this.callbacks) callback();
  }

  /** @param {() => void} callback */
  onchange(callback) {
    this.callbacks.push(callback);
  }
}
