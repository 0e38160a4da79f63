// An audio context that the browser put to sleep: before the first click on a page, by a call on the phone, or to save power.

// In milliseconds. A context that may sound runs within a few; where a device has to be opened, within some hundreds.
const PATIENCE = 1000;

/**
 * Watch a context until it is closed: while it sleeps, try to wake it at every click and key, and when the page is looked
 * at again.
 * @param {AudioContext} context
 * @param {(asleep: boolean) => void} changed
 */
export function watchSleep(context, changed) {
  const over = new AbortController();
  let asleep = false;
  const look = () => {
    if (context.state === "closed") return over.abort();
    // What a browser calls interrupted is asleep as well.
    const now = context.state !== "running";
    if (now === asleep) return;
    asleep = now;
    changed(asleep);
    if (asleep) wake();
  };
  const wake = () => {
    if (asleep) void context.resume().catch(() => {});
  };
  const options = { signal: over.signal, capture: true };
  context.addEventListener("statechange", look, options);
  for (const event of ["pointerdown", "keydown"]) window.addEventListener(event, wake, options);
  document.addEventListener("visibilitychange", wake, options);
  look();
}

/**
 * Wake a context; where the browser wants a click first, it stays asleep, and that is no failure.
 * @param {AudioContext} context
 */
export async function tryToWake(context) {
  const patience = new Promise((resolve) => setTimeout(resolve, PATIENCE));
  await Promise.race([context.resume(), patience]);
}
