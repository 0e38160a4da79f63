// Binary frames of the page channel: a header of 16 bytes, then PCM16 at 24 kHz, all little endian.

/** Bytes before the samples. */
export const HEADER = 16;

const CAPTURED = 1;
const REPLY = 2;

/**
 * Write the header of a frame from the microphone; its samples are in place already.
 * @param {ArrayBuffer} frame
 * @param {number} seq counts the frames that were captured since the channel opened, sent or not
 * @param {number} captured `performance.now()` of the first sample, in milliseconds
 */
export function stampCaptured(frame, seq, captured) {
  const header = new DataView(frame, 0, HEADER);
  header.setUint8(0, CAPTURED);
  header.setUint8(1, 0);
  header.setUint16(2, 0, true);
  header.setUint32(4, seq, true);
  header.setFloat64(8, captured, true);
}

/**
 * Say from which page a frame of the microphone comes, where several share a way.
 * @param {ArrayBuffer} frame
 * @param {number} mark 1 to 65535
 */
export function markCaptured(frame, mark) {
  new DataView(frame).setUint16(2, mark, true);
}

/**
 * @typedef {object} ReplyFrame
 * @property {number} reply ordinal of the reply
 * @property {number} start place of the first sample in the reply
 * @property {Int16Array} samples
 */

/**
 * Read a frame of a reply.
 * @param {ArrayBuffer | DataView} frame
 * @returns {ReplyFrame | null} null when it is something else
 */
export function readReply(frame) {
  const view = frame instanceof DataView ? frame : new DataView(frame);
  if (view.byteLength < HEADER || view.getUint8(0) !== REPLY) return null;
  const count = (view.byteLength - HEADER) >> 1;
  const samples = new Int16Array(count);
  for (let i = 0; i < count; i++) samples[i] = view.getInt16(HEADER + 2 * i, true);
  return { reply: view.getUint32(4, true), start: view.getUint32(8, true), samples };
}
