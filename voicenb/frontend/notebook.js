// The notebook around a panel.

/**
 * Gives the keyboard back to the notebook and selects the next cell, as an arrow key would.
 *
 * @param {HTMLElement} element something in a cell
 */
export function stepOn(element) {
  const notebook = element.closest(".jp-Notebook");
  if (!(notebook instanceof HTMLElement)) return;
  const cell = element.closest(".jp-Cell");
  (cell instanceof HTMLElement ? cell : notebook).focus();
  const down = { key: "ArrowDown", code: "ArrowDown", keyCode: 40, bubbles: true, cancelable: true };
  (document.activeElement ?? notebook).dispatchEvent(new KeyboardEvent("keydown", /** @type {KeyboardEventInit} */ (down)));
}

// Pixels that are left below what was brought into view.
const MARGIN = 8;

/**
 * Scrolls a notebook down until something in a cell is in view as a whole, or begins at the top. Where that cell is out
 * of sight, somebody looks at something else, and nothing is done.
 *
 * @param {HTMLElement} element something in a cell
 */
export function bringIntoView(element) {
  const pane = paneOf(element);
  const cell = element.closest(".jp-Cell");
  if (!pane || !cell) return;
  const view = pane.getBoundingClientRect();
  if (cell.getBoundingClientRect().top > view.bottom) return;
  const { top, bottom } = element.getBoundingClientRect();
  const down = Math.min(bottom + MARGIN - view.bottom, top - view.top);
  if (down > 0) pane.scrollBy(0, down);
}

/**
 * Keeps the end of something that grows in view, as long as it has the keyboard and its end was in view before.
 *
 * @param {HTMLElement} element something in a cell
 * @param {AbortSignal} signal ends that
 */
export function followGrowth(element, signal) {
  let height = 0;
  const watch = new ResizeObserver(() => {
    const { top, height: now } = element.getBoundingClientRect();
    const before = top + height;
    height = now;
    const pane = element.contains(document.activeElement) ? paneOf(element) : null;
    if (pane && before <= pane.getBoundingClientRect().bottom) bringIntoView(element);
  });
  watch.observe(element);
  signal.addEventListener("abort", () => watch.disconnect());
}

/**
 * What scrolls the notebook around an element.
 * @param {HTMLElement} element
 * @returns {HTMLElement | null}
 */
function paneOf(element) {
  const notebook = element.closest(".jp-Notebook");
  if (!notebook) return null;
  let pane = element.parentElement;
  while (pane && !(pane.scrollHeight > pane.clientHeight && /auto|scroll/.test(getComputedStyle(pane).overflowY))) {
    pane = pane === notebook.parentElement ? null : pane.parentElement;
  }
  return pane;
}

/**
 * Keeps keys that are pressed in an element from JupyterLab's shortcuts, which would delete the cell with D, or take the
 * arrows to go on to the next one. Those with Ctrl or Command stay shortcuts; Shift+Enter goes on with the notebook and
 * neither presses the button that has the keyboard nor runs the cell again.
 *
 * @param {HTMLElement} element something in a cell
 * @param {AbortSignal} signal ends that
 */
export function keepKeys(element, signal) {
  /** @param {KeyboardEvent} event */
  const keep = (event) => {
    const { target, key, shiftKey, ctrlKey, metaKey } = event;
    if (!(target instanceof Element && element.contains(target))) return;
    // On what has the keyboard: the arrows are a shortcut of whatever has it, and on an element around it this is too late.
    target.toggleAttribute("data-lm-suppress-shortcuts", !ctrlKey && !metaKey);
    if (key === "Enter" && shiftKey) {
      event.preventDefault();
      event.stopImmediatePropagation();
      stepOn(element);
    }
  };
  // On window, which hears of a key before JupyterLab's shortcuts do.
  window.addEventListener("keydown", keep, { capture: true, signal });
}
