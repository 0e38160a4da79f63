// How long a call has taken, and what it cost.

/**
 * @param {any} state as the kernel tells it
 * @param {number} ahead seconds that the kernel's clock is ahead of the page's
 * @returns {number} seconds since the call began, or that it took
 */
function elapsed({ started, ended }, ahead) {
  return started ? (ended ?? Date.now() / 1000 + ahead) - started : 0;
}

/**
 * @param {any} state
 * @param {number} ahead
 * @returns {string} minutes and seconds
 */
export function clock(state, ahead) {
  const whole = Math.max(0, Math.floor(elapsed(state, ahead)));
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60];
  const rest = String(whole % 60).padStart(2, "0");
  return hours ? `${hours}:${String(minutes).padStart(2, "0")}:${rest}` : `${minutes}:${rest}`;
}

/**
 * @param {any} state
 * @param {number} ahead
 * @returns {string} dollars; empty where the rate is not known
 */
export function money(state, ahead) {
  const { cost_rate: rate } = state;
  return rate === null || rate === undefined ? "" : `$${((rate * elapsed(state, ahead)) / 3600).toFixed(2)}`;
}
