// Sound as the service's messages carry it: PCM16 in base64.

// What a function takes as arguments at once, on any browser.
const PIECE = 8192;

/**
 * @param {Int16Array} samples
 * @returns {string}
 */
export function toBase64(samples) {
  const bytes = new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength);
  let text = "";
  for (let at = 0; at < bytes.length; at += PIECE) text += String.fromCharCode(...bytes.subarray(at, at + PIECE));
  return btoa(text);
}

/**
 * @param {unknown} text
 * @returns {Int16Array} empty where that is no base64; half a sample at the end is left out
 */
export function fromBase64(text) {
  let bytes = "";
  try {
    bytes = typeof text === "string" ? atob(text) : "";
  } catch {
    // what is malformed is not heard; the kernel says so
  }
  const samples = new Int16Array(bytes.length >> 1);
  for (let i = 0; i < samples.length; i++) samples[i] = bytes.charCodeAt(2 * i) | (bytes.charCodeAt(2 * i + 1) << 8);
  return samples;
}
