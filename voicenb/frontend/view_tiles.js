// The summary: six figures, and what each rests on.

import { make } from "./dom.js";

/**
 * @param {import("./view_document.js").Tile[]} tiles
 * @returns {HTMLElement}
 */
export function summaryTiles(tiles) {
  const shown = tiles.map(({ name, value, note, wrong }) =>
    make("div", "call-tile", {}, make("dt", "call-tile-name", { text: name }), make("dd", "call-tile-value", {}, make("b", wrong ? "call-wrong" : "", { text: value }), " ", make("span", "call-tile-note", { text: note }))),
  );
  return make("dl", "call-tiles", {}, ...shown);
}
