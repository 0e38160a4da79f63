// The last turns: how long each waited, which limit ended it, and what came of it.

import { make } from "./dom.js";

/** @typedef {import("./draft.js").Row} Row */

// Seconds that the whole width stands for at least; all bars have one scale, so that they can be compared.
const WHOLE = 2;

const KINDS = ["silence", "announcement", "tool", "reply"];
/** @type {Record<string, string>} */
const OUTCOMES = { cut: "cut · you went on", interrupted: "interrupted" };
/** @type {Record<string, string>} */
const NOTES = { measuring: "…", "not captured": "not captured", "not answered": "no answer" };
/** @type {Record<string, string>} */
const LIMITS = { "stand-in": "the stand-in for adaptive", adaptive: "the adaptive default" };

/** The list; `element` is what to put into the page. */
export class TurnList {
  /** @param {Node} other chooses another setting */
  constructor(other) {
    this.list = make("ol", "turn-list");
    this.empty = make("p", "turn-empty");
    this.width = make("span", "");
    this.keys = new Map(KINDS.map((kind) => [kind, make("span", "turn-key", {}, make("span", `part-${kind}`), kind)]));
    this.scale = make("p", "turn-scale", {}, ...this.keys.values(), this.width);
    this.element = make("section", "turn-side", { "aria-label": "The last five turns" }, make("div", "turn-top", {}, make("h4", "turn-title", { text: "The last five turns" }), other), this.empty, this.list, this.scale);
    this.shown = "";
  }

  /**
   * @param {Row[]} rows
   * @param {string} coming what was changed since
   * @param {boolean} running
   */
  show(rows, coming, running) {
    const now = JSON.stringify([rows, coming, running]);
    if (now === this.shown) return;
    this.shown = now;
    const whole = Math.max(WHOLE, ...rows.map((row) => Math.ceil(Math.max(row.latency ?? 0, row.beside?.delay ?? 0))));
    const items = rows.flatMap((row) => [...(row.change ? [mark(row.change)] : []), line(row, whole)]);
    if (coming) items.push(mark(`${coming}: from the next turn on`));
    this.list.replaceChildren(...items);
    this.list.hidden = !rows.length;
    this.empty.hidden = rows.length > 0;
    this.empty.textContent = running ? "Say something: each turn stands here as soon as it is answered." : "Start a call: its turns stand here, with what each waited for.";
    this.scale.hidden = !rows.length;
    for (const [kind, key] of this.keys) key.hidden = kind === "announcement" && !rows.some(({ parts }) => parts.some((part) => part.kind === kind));
    this.width.textContent = `from your last sound to the agent's answer; the full width is ${whole} s`;
  }
}

/** @param {string} change */
function mark(change) {
  return make("li", "turn-change", {}, make("span", "turn-change-told", { text: change }));
}

/**
 * @param {Row} row
 * @param {number} whole seconds
 */
function line(row, whole) {
  const bar = make("span", "bar turn-bar", { "aria-hidden": "true" });
  for (const { kind, seconds } of row.parts) {
    const part = make("span", `part-${kind}`);
    part.style.width = `${((100 * Math.max(0, seconds)) / whole).toFixed(2)}%`;
    bar.append(part);
  }
  const wait = row.latency === null ? (NOTES[row.note] ?? "") : `${row.latency.toFixed(2)} s`;
  const limit = row.limit === null ? (LIMITS[row.ended_by] ?? row.ended_by) : `${row.ended_by} ${row.limit} ms`;
  const told = make("span", "turn-told");
  if (limit) told.append(make("span", "turn-limit", { text: `ended by ${limit}` }));
  if (row.latency !== null && !limit) told.append(make("span", "turn-limit", { text: "what ended it cannot be told apart" }));
  if (row.beside) {
    const ghost = make("span", row.beside.pause === null ? "turn-ghost" : "turn-ghost turn-ghost-cut");
    ghost.style.left = `${((100 * Math.max(0, row.beside.delay)) / whole).toFixed(2)}%`;
    bar.append(ghost);
    told.append(make("span", row.beside.pause === null ? "turn-beside" : "turn-outcome", { text: saidBeside(row.beside, row.delay) }));
  }
  if (row.tool) told.append(make("span", "turn-tool", { text: "with a tool" }));
  if (row.outcome) told.append(make("span", "turn-outcome", { text: OUTCOMES[row.outcome] ?? row.outcome }));
  const head = make(
    "div",
    "turn-head",
    {},
    make("span", "turn-number", {}, make("span", "spoken", { text: "Turn " }), String(row.n)),
    make("q", "turn-words", { text: row.text, title: row.text }),
    make("b", "turn-wait", {}, ...(row.latency === null ? [] : [make("span", "spoken", { text: "answered in " })]), wait),
  );
  return make("li", "turn", {}, head, bar, told);
}

/**
 * What another setting would have done, in words.
 * @param {NonNullable<Row["beside"]>} other
 * @param {number | null} delayed what was waited in truth
 */
function saidBeside({ delay, silence, pause }, delayed) {
  if (pause !== null) return `beside it: ✂ cut off after ${silence.toFixed(2)} of ${pause.toFixed(2)} s`;
  const apart = delayed === null ? 0 : delay - delayed;
  const than = Math.abs(apart) < 0.05 ? "" : `, ${Math.abs(apart).toFixed(2)} s ${apart < 0 ? "sooner" : "later"}`;
  return `beside it: would end at ${delay.toFixed(2)} s${than}`;
}
