// Where the time went, turn by turn: a table of the caller's turns with the wait of each as a bar.

import { make } from "./dom.js";
import { clock } from "./view_clock.js";
import { notAnswered, WORDLESS } from "./view_document.js";
import { toldStages } from "./view_stages.js";

/** @typedef {import("./view_document.js").CallDocument} CallDocument */
/** @typedef {import("./view_document.js").Row} Row */
/** @typedef {import("./view_document.js").StageKind} StageKind */

// Share of the width that the longest wait takes: what is told of it stands behind.
const LONGEST = 0.66;
const TICKS = [0.25, 0.5, 1, 2, 5, 10, 20, 60];

/**
 * Seconds that the whole width stands for.
 * @param {Row[]} rows
 */
export function span(rows) {
  return Math.max(1, ...rows.map(({ wait }) => wait ?? 0)) / LONGEST;
}

/**
 * The numbers of the axis, in seconds.
 * @param {number} whole seconds of the width
 */
export function ticks(whole) {
  const step = TICKS.find((each) => whole / each <= 7) ?? TICKS[TICKS.length - 1];
  return Array.from({ length: Math.floor(whole / step) + 1 }, (_, n) => n * step);
}

/** The table; `element` is what to put into the page. */
export class TurnRows {
  /**
   * @param {CallDocument} call
   * @param {(to: number) => void} go hear it from there
   * @param {string} heading the tag of its heading
   */
  constructor(call, go, heading) {
    const title = make(/** @type {"h3"} */ (heading), "call-title", { text: "Where the time went, turn by turn" });
    this.rows = call.rows;
    this.element = make("section", "call-rows");
    /** @type {HTMLElement[]} */
    this.items = [];
    this.current = -1;
    if (!this.rows.length) {
      this.element.append(title, make("p", "call-empty", { text: "The caller had no turn." }));
      return;
    }
    const whole = span(this.rows);
    this.items = this.rows.map((row) => turnRow(row, call, whole, go));
    const head = make("tr", "", { role: "row" }, ...["The caller's turn", "What the wait was made of", "Wait"].map((text) => make("th", "", { scope: "col", role: "columnheader", text })));
    this.body = make("tbody", "", { role: "rowgroup" }, ...this.items);
    const table = make("table", "call-table", { role: "table", "aria-label": "Waits of the caller's turns" }, make("thead", "call-hidden", { role: "rowgroup" }, head), this.body);
    this.element.append(make("div", "call-rows-head", {}, title, legend(call)), table, axis(call, whole));
  }

  /**
   * Show which turn is heard now, or was last.
   * @param {number} at seconds
   */
  show(at) {
    let current = -1;
    for (const [n, row] of this.rows.entries()) if (row.at !== null && row.at <= at + 0.001) current = n;
    if (current === this.current) return;
    this.items[this.current]?.removeAttribute("aria-current");
    this.items[current]?.setAttribute("aria-current", "true");
    this.current = current;
    const item = this.items[current];
    if (!item || !this.body || this.body.scrollHeight <= this.body.clientHeight || this.body.matches(":hover, :focus-within")) return;
    // The table alone is scrolled, never the page around it; and not under somebody's hand.
    const top = item.offsetTop - this.items[0].offsetTop;
    const { scrollTop, clientHeight } = this.body;
    if (top < scrollTop || top + item.offsetHeight > scrollTop + clientHeight) this.body.scrollTop = Math.max(0, top - clientHeight / 3);
  }
}

/**
 * @param {Row} row
 * @param {CallDocument} call
 * @param {number} whole
 * @param {(to: number) => void} go
 */
function turnRow(row, call, whole, go) {
  const { at } = row;
  const label = make(at === null ? "span" : "button", "call-turn", { title: row.text });
  label.append(make("span", "call-number", { text: `${row.number} · ` }), row.text || WORDLESS);
  if (at !== null) {
    label.setAttribute("type", "button");
    label.setAttribute("aria-label", `Turn ${row.number}, ${row.text || WORDLESS}: go to ${clock(at)}`);
    label.addEventListener("click", () => go(at));
  }
  const bar = make("div", "call-bar", { "aria-hidden": "true" });
  const { from } = call.band;
  bar.append(placed(make("span", "call-band"), from, call.band[row.kind] - from, whole));
  for (const { kind, start, length } of row.stages) bar.append(placed(make("span", `call-stage call-stage-${kind}`), start, length, whole));
  const told = make("span", `call-told${row.wait === null ? " call-told-none" : ""}`, {}, make("b", notAnswered(row) ? "call-wrong" : "", { text: row.told }));
  if (row.tools.length) told.append(" ", make("span", "call-tool-name", { text: row.tools.join(", ") }));
  const notes = row.notes.join(", ");
  if (notes) told.append(" ", make("span", "call-wrong", { text: notes.startsWith("cut") ? `✂ ${notes}` : notes }));
  told.style.setProperty("--after", `${(100 * Math.max(0, row.wait ?? 0)) / whole}%`);
  const words = toldStages(row.stages, call.stages);
  const made = row.limit ? `${words}${words ? "; " : ""}ended by ${row.limit}` : words;
  if (made) bar.title = made;
  return make(
    "tr",
    "call-row",
    { role: "row" },
    make("th", "call-row-name", { scope: "row", role: "rowheader" }, label),
    make("td", "call-row-bar", { role: "cell" }, bar, make("span", "call-hidden", { text: made || "not known" })),
    make("td", "call-row-told", { role: "cell" }, told),
  );
}

/**
 * @param {CallDocument} call
 */
function legend(call) {
  const kinds = /** @type {StageKind[]} */ (Object.keys(call.stages)).filter((kind) => call.rows.some(({ stages }) => stages.some((stage) => stage.kind === kind)));
  const keys = kinds.map((kind) => make("li", "call-key", {}, make("span", `call-swatch call-stage-${kind}`, { "aria-hidden": "true" }), call.stages[kind]));
  return make("ul", "call-legend", { "aria-label": "What the bars show" }, ...keys);
}

/**
 * @param {CallDocument} call
 * @param {number} whole
 */
function axis({ band, rows }, whole) {
  const marks = ticks(whole * 0.97).map((seconds) => placed(make("span", "call-tick", { text: `${seconds} s` }), seconds, 0, whole));
  const scale = make("div", "call-axis", { "aria-hidden": "true" }, ...marks);
  const tools = rows.some(({ kind }) => kind === "tool") ? `, in tool turns to ${band.tool.toFixed(1)} s` : "";
  const said = make("p", "call-band-told", {}, make("span", "call-swatch call-band-swatch", { "aria-hidden": "true" }), `EVA gives full marks from ${band.from.toFixed(1)} to ${band.plain.toFixed(1)} s${tools}. Seconds from the caller's last sound to the agent's first audible one.`);
  return make("div", "call-axis-box", {}, scale, said);
}

/**
 * @template {HTMLElement} T
 * @param {T} element
 * @param {number} start seconds
 * @param {number} length
 * @param {number} whole
 */
function placed(element, start, length, whole) {
  element.style.left = `${(100 * start) / whole}%`;
  if (length) element.style.width = `${(100 * length) / whole}%`;
  return element;
}
