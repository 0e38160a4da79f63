// Elements, in one call. Text is always set as text: what a caller or a tool says is never markup.

/**
 * @template {keyof HTMLElementTagNameMap} T
 * @param {T} tag
 * @param {string} name class, without the prefix
 * @param {Record<string, string> & { text?: string }} [attributes]
 * @param {(Node | string)[]} children
 * @returns {HTMLElementTagNameMap[T]}
 */
export function make(tag, name, { text, ...attributes } = {}, ...children) {
  const element = document.createElement(tag);
  if (name) element.className = name.split(" ").map((part) => `voicenb-${part}`).join(" ");
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  if (text !== undefined) element.textContent = text;
  element.append(...children);
  return element;
}

/**
 * Set text where it differs, so that nothing is read out or selected away for no reason.
 * @param {Element} element
 * @param {string} text
 */
export function say(element, text) {
  if (element.textContent !== text) element.textContent = text;
}
