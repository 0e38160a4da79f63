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
