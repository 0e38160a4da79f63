// What stands out in a call, and what nobody captured of it.

import { make } from "./dom.js";

/**
 * @param {import("./view_document.js").CallDocument} call
 * @param {string} heading the tag of its headings
 * @returns {HTMLElement}
 */
export function callFindings(call, heading) {
  const list = (/** @type {string[]} */ texts) => make("ul", "call-list", {}, ...texts.map((text) => make("li", "", { text })));
  const title = (/** @type {string} */ text) => make(/** @type {"h3"} */ (heading), "call-title", { text });
  const found = call.findings.length ? list(call.findings) : make("p", "call-empty", { text: "Nothing stands out." });
  const element = make("section", "call-findings", {}, title("What stands out"), found);
  if (call.missing.length) element.append(make("div", "call-missing", {}, title("What is known only about, or not at all"), list(call.missing)));
  return element;
}
