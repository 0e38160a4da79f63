// Seconds of a call as people read them.

/**
 * @param {number} seconds
 * @param {boolean} [tenths]
 * @returns {string} "1:05", "0:21.4", "1:02:09"
 */
export function clock(seconds, tenths = false) {
  const parts = Math.max(0, tenths ? Math.floor(10 * seconds + 1e-6) / 10 : Math.floor(seconds + 1e-6));
  const hours = Math.floor(parts / 3600);
  const minutes = Math.floor(parts / 60) % 60;
  const rest = (parts % 60).toFixed(tenths ? 1 : 0).padStart(tenths ? 4 : 2, "0");
  return hours ? `${hours}:${String(minutes).padStart(2, "0")}:${rest}` : `${minutes}:${rest}`;
}

/**
 * The moment of something that is written down, in tenths: rounded, as the tables round.
 * @param {number} seconds
 * @returns {string} "0:13.5" for 13.48
 */
export const moment = (seconds) => clock(Math.round(10 * seconds) / 10, true);

/**
 * The same for who listens to it.
 * @param {number} seconds
 * @returns {string} "1 minute 5 seconds"
 */
export function spokenClock(seconds) {
  const whole = Math.max(0, Math.floor(seconds + 1e-6));
  const minutes = Math.floor(whole / 60);
  const told = (/** @type {number} */ count, /** @type {string} */ what) => `${count} ${what}${count === 1 ? "" : "s"}`;
  return minutes ? `${told(minutes, "minute")} ${told(whole % 60, "second")}` : told(whole, "second");
}
