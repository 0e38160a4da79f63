// The outline of a voice, at every zoom: the document has it once, and finely.

import { fromBytes } from "./view_bytes.js";

/** A side's outline. */
export class Outline {
  /**
   * @param {string | Uint8Array} columns a byte for each, as they are or in base64
   * @param {number} step seconds of a column
   */
  constructor(columns, step) {
    /** @type {Uint8Array[]} the finest first; each next one has half as many columns */
    this.levels = [typeof columns === "string" ? fromBytes(columns) : columns];
    this.step = step;
    for (let fine = this.levels[0]; fine.length > 512; fine = this.levels[this.levels.length - 1]) {
      const coarse = new Uint8Array(Math.ceil(fine.length / 2));
      for (let n = 0; n < coarse.length; n++) coarse[n] = Math.max(fine[2 * n], fine[2 * n + 1] ?? 0);
      this.levels.push(coarse);
    }
  }

  /**
   * How loud it becomes between two moments.
   * @param {number} from seconds
   * @param {number} to
   * @returns {number} 0…1
   */
  loudest(from, to) {
    // Of a few columns, whatever the zoom is, and none of them reaches far beyond.
    const level = Math.min(this.levels.length - 1, Math.max(0, Math.floor(Math.log2((to - from) / this.step)) - 1));
    const columns = this.levels[level];
    const step = this.step * 2 ** level;
    const last = Math.min(columns.length - 1, Math.ceil(to / step - 1e-9) - 1);
    let found = 0;
    for (let n = Math.max(0, Math.floor(from / step + 1e-9)); n <= last; n++) found = Math.max(found, columns[n]);
    return found / 255;
  }
}
