// The turns of recorded calls, one below the other, each with its picture; what is in sight is drawn.

import { make, say } from "./dom.js";
import { begins, heard, nameOf, told } from "./recorded_items.js";
import { drawItem, HEIGHT } from "./recorded_picture.js";
import { coloursOf } from "./view_colours.js";

// Rows that are made at once; more of them as one scrolls.
const PAGE = 20;
// Seconds of a picture, and of one in a narrow cell.
const SPAN = 12;
const NARROW = { span: 8, width: 480 };

/** What can be said of a silence: the key, the words, what the kernel is told. */
export const VERDICTS = /** @type {const} */ ([
  ["1", "went on"],
  ["2", "was done"],
  ["3", "can't tell"],
]);

/** The list; `element` is what to put into the page. */
export class Rows {
  /**
   * @param {import("./recorded_calls.js").RecordedCalls} calls
   * @param {AbortSignal} signal ends it
   */
  constructor(calls, signal) {
    this.calls = calls;
    this.signal = signal;
    /** @type {import("./recorded_items.js").Item[]} */
    this.items = [];
    /** @type {Row[]} */
    this.rows = [];
    this.limit = PAGE;
    /** Whether what is drawn has been drawn with the newest setting. */
    this.pending = 0;
    this.list = make("ol", "recorded-list", { "aria-label": "Turns" });
    this.more = make("button", "small recorded-more", { type: "button" });
    this.empty = make("p", "recorded-empty");
    this.element = make("div", "recorded-scroller", {}, this.empty, this.list, this.more);
    this.more.addEventListener("click", () => this.#more(), { signal });
    this.element.addEventListener("scroll", () => this.#scrolled(), { passive: true, signal });
    this.element.addEventListener("keydown", (event) => this.#key(event), { signal });
    const watch = new ResizeObserver(() => this.draw());
    watch.observe(this.list);
    signal.addEventListener("abort", () => {
      watch.disconnect();
      cancelAnimationFrame(this.pending);
    });
    calls.sound.addEventListener("change", () => this.#plays(), { signal });
  }

  /** From the top again. */
  rewind() {
    this.limit = PAGE;
    this.element.scrollTop = 0;
  }

  /** Show what is listed now. */
  show() {
    const { calls } = this;
    this.items = calls.items;
    const shown = Math.min(this.items.length, this.limit);
    while (this.rows.length < shown) this.#add();
    while (this.rows.length > shown) this.rows.pop()?.element.remove();
    for (const [n, row] of this.rows.entries()) row.show(this.items[n], calls, this.items.length, n);
    const left = this.items.length - shown;
    this.more.hidden = left <= 0;
    say(this.more, `${left} more`);
    this.empty.hidden = this.items.length > 0;
    say(this.empty, calls.labelling ? "No silence in which the agent may have cut the caller off, and none with a label." : "No turn of the caller's in these calls.");
    this.draw();
    this.#plays();
  }

  /** Draw what is in sight. */
  draw() {
    const { calls, element } = this;
    const width = this.list.clientWidth;
    if (!width || !calls.decided) return;
    const span = width < NARROW.width ? NARROW.span : SPAN;
    const look = coloursOf(element);
    look.colours.ruler = getComputedStyle(element).getPropertyValue("--ruler").trim();
    const { top, bottom } = element.getBoundingClientRect();
    for (const row of this.rows) {
      const box = row.canvas.getBoundingClientRect();
      if (box.bottom < top - HEIGHT || box.top > bottom + HEIGHT) continue;
      row.draw(calls, width, span, { ...look, threshold: calls.decided.setting.vad_threshold });
    }
  }

  /** The row that has the keyboard, or the first. */
  get current() {
    return this.rows.find(({ element }) => element.contains(document.activeElement)) ?? this.rows[0];
  }

  /**
   * The row of a silence, listed if need be.
   * @param {{ call: number, start: number }} silence
   */
  of({ call, start }) {
    const n = this.items.findIndex((item) => item.turn.call === call && item.silence?.[0] === start);
    if (n >= this.rows.length) {
      this.limit = n + 1;
      this.show();
    }
    return this.rows[n];
  }

  #add() {
    const row = new Row(this.signal, (item) => this.calls.sound.play([partOf(item)]), (item, said) => this.calls.label(item, said), this.calls);
    this.rows.push(row);
    this.list.append(row.element);
  }

  #more() {
    const last = this.rows.length;
    this.limit += PAGE;
    this.show();
    this.rows[last]?.play.focus({ preventScroll: true });
  }

  #scrolled() {
    const { scrollTop, clientHeight, scrollHeight } = this.element;
    if (!this.more.hidden && scrollTop + clientHeight > scrollHeight - 2 * HEIGHT) {
      this.limit += PAGE;
      this.show();
    } else {
      this.draw();
    }
  }

  /** @param {KeyboardEvent} event */
  #key({ key, target, ctrlKey, metaKey, altKey }) {
    if (ctrlKey || metaKey || altKey) return;
    const row = this.rows.find(({ element }) => target instanceof Node && element.contains(target));
    if (!row?.item) return;
    const verdict = VERDICTS.find(([each]) => each === key);
    if (verdict) this.calls.label(row.item, verdict[1]);
    else if (key === "0" || key === "Backspace") row.item.silence?.[2] ? this.calls.label(row.item, null) : this.calls.takeBack();
    else if (key === "ArrowDown" || key === "ArrowUp") this.rows[this.rows.indexOf(row) + (key === "ArrowDown" ? 1 : -1)]?.play.focus();
  }

  /** What is heard is marked, and the mark moves with it. */
  #plays() {
    cancelAnimationFrame(this.pending);
    const { part } = this.calls.sound;
    for (const row of this.rows) row.plays(Boolean(part) && row.item?.place === part?.place);
    if (!part) return;
    const row = this.rows.find(({ item }) => item?.place === part.place);
    const step = () => {
      row?.mark(this.calls.sound.position());
      this.pending = requestAnimationFrame(step);
    };
    step();
  }
}

/**
 * What is heard of an item.
 * @param {import("./recorded_items.js").Item} item
 */
export function partOf(item) {
  const [from, to] = heard(item);
  return { call: item.turn.call, from, to, place: item.place };
}

/** One turn. */
class Row {
  /**
   * @param {AbortSignal} signal
   * @param {(item: import("./recorded_items.js").Item) => void} play
   * @param {(item: import("./recorded_items.js").Item, said: string | null) => void} label
   * @param {import("./recorded_calls.js").RecordedCalls} calls
   */
  constructor(signal, play, label, calls) {
    /** @type {import("./recorded_items.js").Item | null} */
    this.item = null;
    this.from = 0;
    this.pixels = 1;
    this.playing = false;
    this.play = make("button", "recorded-play", { type: "button", text: "▶" });
    this.name = make("span", "recorded-name");
    this.words = make("span", "recorded-words");
    this.told = make("span", "recorded-told");
    this.verdicts = make("span", "recorded-verdicts", { role: "group", "aria-label": "The caller" });
    const offer = (/** @type {string} */ key, /** @type {string} */ words, /** @type {string | null} */ said) => {
      const button = make("button", "small recorded-verdict", { type: "button", "aria-keyshortcuts": key }, make("kbd", "recorded-key", { text: key, "aria-hidden": "true" }), words);
      button.addEventListener("click", () => this.item && label(this.item, said), { signal });
      this.verdicts.append(button);
      return button;
    };
    for (const [key, words] of VERDICTS) offer(key, words.replace("'", "’"), words);
    this.back = offer("0", "take back", null);
    this.canvas = make("canvas", "recorded-canvas", { "aria-hidden": "true" });
    this.canvas.style.height = `${HEIGHT}px`;
    this.at = make("div", "recorded-mark", { hidden: "" });
    const head = make("div", "recorded-head", {}, this.play, this.name, this.words, this.told, this.verdicts);
    this.element = make("li", "recorded-row", {}, head, make("div", "recorded-strip", {}, this.canvas, this.at));
    this.play.addEventListener(
      "click",
      () => {
        if (!this.item) return;
        if (this.playing) calls.sound.stop();
        else play(this.item);
      },
      { signal },
    );
  }

  /**
   * @param {import("./recorded_items.js").Item} item
   * @param {import("./recorded_calls.js").RecordedCalls} calls
   * @param {number} count
   * @param {number} n
   */
  show(item, calls, count, n) {
    this.item = item;
    const { turn, ghost } = item;
    const name = nameOf(turn, calls.ground?.calls.length ?? 1);
    say(this.name, name);
    this.name.title = calls.ground?.calls[turn.call]?.name ?? "";
    say(this.words, turn.words ? `“${turn.words}”` : "");
    const words = told(item);
    say(this.told, calls.labelling && !item.silence?.[2] ? "" : words);
    const cut = Boolean(ghost?.cuts);
    this.element.classList.toggle("voicenb-recorded-cut", cut && !calls.labelling);
    this.verdicts.hidden = !item.silence;
    this.back.hidden = !item.silence?.[2];
    this.element.classList.toggle("voicenb-recorded-labelling", calls.labelling);
    this.element.setAttribute("aria-setsize", String(count));
    this.element.setAttribute("aria-posinset", String(n + 1));
    const waited = ghost ? `${cut ? "would be cut off" : "would end"} after ${Math.round(1000 * (ghost.decided - ghost.start))} milliseconds of silence` : words;
    this.play.setAttribute("aria-label", `Hear ${name}: ${waited}`);
  }

  /**
   * @param {import("./recorded_calls.js").RecordedCalls} calls
   * @param {number} width
   * @param {number} span
   * @param {{ colours: Record<string, string>, font: string, threshold: number }} look
   */
  draw(calls, width, span, look) {
    const { canvas, item } = this;
    const brush = canvas.getContext("2d");
    if (!brush || !item) return;
    const ratio = window.devicePixelRatio || 1;
    const [wide, tall] = [Math.round(width * ratio), Math.round(HEIGHT * ratio)];
    if (canvas.width !== wide || canvas.height !== tall) [canvas.width, canvas.height] = [wide, tall];
    brush.setTransform(ratio, 0, 0, ratio, 0, 0);
    this.from = begins(item, span);
    this.pixels = width / span;
    drawItem(brush, item, calls.voicesOf(item.turn.call), { ...look, from: this.from, pixels: this.pixels, width });
  }

  /** @param {boolean} yes */
  plays(yes) {
    if (yes === this.playing) return;
    this.playing = yes;
    say(this.play, yes ? "■" : "▶");
    this.at.hidden = !yes;
  }

  /** @param {number} at second of the call that is heard */
  mark(at) {
    this.at.style.transform = `translateX(${(at - this.from) * this.pixels}px)`;
  }
}
