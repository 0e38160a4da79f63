// A text in parts with dots between them. Lines break between two parts, and there the dot is not seen.

import { make } from "./dom.js";

const DOT = " · ";

/**
 * Set such a text, where it differs.
 * @param {HTMLElement} element
 * @param {string} text
 * @param {string} [strong] what in it is to be seen first
 */
export function sayParts(element, text, strong = "") {
  if (element.dataset.told === text) return;
  element.dataset.told = text;
  element.classList.add("voicenb-parts");
  const parts = text ? text.split(DOT) : [];
  const first = parts.findIndex((part) => strong && part.includes(strong));
  const pieces = parts.map((part, i) => [...(i ? [make("span", "dot", { text: DOT })] : []), ...(i === first ? emphasised(part, strong) : [part])]);
  element.replaceChildren(...pieces.map((piece) => make("span", "piece", {}, ...piece)));
}

/**
 * @param {string} part
 * @param {string} strong
 */
function emphasised(part, strong) {
  const at = part.indexOf(strong);
  return [part.slice(0, at), make("b", "", { text: strong }), part.slice(at + strong.length)];
}
