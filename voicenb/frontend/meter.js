// How long a call has taken, and what it cost.

/** @typedef {import("./kernel.js").Kernel} Kernel */

/**
 * A kernel that is gone took its call with it. Where this page has never seen it, nobody knows when.
 * @param {Kernel} kernel
 * @returns {boolean} whether it is known how long the call has taken
 */
export function isTimed({ state: { started, ended }, present, lost }) {
  return Boolean(started && (ended || present !== false || lost));
}

/**
 * @param {Kernel} kernel
 * @returns {number} seconds since the call began, or that it took
 */
function elapsed({ state: { started, ended }, ahead, lost }) {
  return started ? (ended ?? (lost ?? Date.now() / 1000) + ahead) - started : 0;
}

/**
 * @param {Kernel} kernel
 * @returns {string} minutes and seconds
 */
export function clock(kernel) {
  const whole = Math.max(0, Math.floor(elapsed(kernel)));
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60];
  const rest = String(whole % 60).padStart(2, "0");
  return hours ? `${hours}:${String(minutes).padStart(2, "0")}:${rest}` : `${minutes}:${rest}`;
}

/**
 * @param {Kernel} kernel
 * @returns {string} dollars; empty where the rate is not known
 */
export function money(kernel) {
  const { cost_rate: rate } = kernel.state;
  return rate === null || rate === undefined ? "" : `$${((rate * elapsed(kernel)) / 3600).toFixed(2)}`;
}
