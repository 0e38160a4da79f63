// What the page tells its kernel of a connection that it holds by itself: frames that came, sound that went out, the end.

import { HEADER } from "./frames.js";

/**
 * @typedef {object} Entry
 * @property {1 | 2 | 3} kind a frame of the service, sound of the caller's, or the end
 * @property {number} line of which connection
 * @property {Uint8Array} payload
 * @property {number} at when, `performance.now()` in milliseconds
 * @property {number} [reply] by which number the loudspeaker plays what is in it
 * @property {number} [start] from which of its samples on
 * @property {number} [captured] when its first sample was captured
 * @property {boolean} [held] whether it had waited for a connection
 * @property {boolean} [urgent] whether somebody may be waiting for it
 */

export const CAME = 1;
export const WENT = 2;
export const OVER = 3;

const KIND = 3;
const HELD = 1;
const ENTRY = 32;

/**
 * @param {Entry[]} entries
 * @param {number} lost frames of the microphone that the socket did not take, in all
 * @returns {ArrayBuffer}
 */
export function packMirror(entries, lost) {
  const size = entries.reduce((sum, { payload }) => sum + ENTRY + payload.byteLength, HEADER);
  const buffer = new ArrayBuffer(size);
  const bytes = new Uint8Array(buffer);
  const view = new DataView(buffer);
  view.setUint8(0, KIND);
  view.setUint32(4, lost, true);
  let place = HEADER;
  for (const entry of entries) {
    view.setUint8(place, entry.kind);
    view.setUint8(place + 1, entry.held ? HELD : 0);
    view.setUint16(place + 2, entry.line, true);
    view.setUint32(place + 4, entry.payload.byteLength, true);
    view.setUint32(place + 8, entry.reply ?? 0, true);
    view.setUint32(place + 12, entry.start ?? 0, true);
    view.setFloat64(place + 16, entry.at, true);
    view.setFloat64(place + 24, entry.captured ?? 0, true);
    place += ENTRY;
    bytes.set(entry.payload, place);
    place += entry.payload.byteLength;
  }
  return buffer;
}
