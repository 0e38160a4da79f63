// The view of a call: what the share page and the widget show.

/**
 * @typedef {object} Options
 * @property {AbortSignal} [signal] ends it: listeners go, the element stays
 */

/**
 * Show a call.
 * @param {HTMLElement} root gets the view as its child
 * @param {import("./view_document.js").CallDocument} call
 * @param {import("./view_sound.js").Sound} sound
 * @param {Options} [options]
 * @returns {HTMLElement} the view
 */
export function callView(root, call, sound, options = {}) {
  const element = document.createElement("div");
  element.dataset.call = call.title;
  sound.onchange(() => {
    if (!options.signal?.aborted) element.dataset.at = String(sound.position());
  });
  root.append(element);
  return element;
}
