// A slider over the values that a setting can have.

import { make, say } from "./dom.js";

/** @param {number} from @param {number} to @param {number} step */
const range = (from, to, step) => Array.from({ length: Math.round((to - from) / step) + 1 }, (_, i) => +(from + i * step).toFixed(3));

/** Silences in ms: finer where people are. */
export const SILENCES = [...range(50, 2000, 50), ...range(2100, 4000, 100), ...range(4250, 10_000, 250)];
export const THRESHOLDS = range(0, 1, 0.05);
export const DELAYS = range(0, 1000, 50);

let made = 0;

/**
 * @typedef {object} About
 * @property {string} name of the setting
 * @property {string} hint what it does
 * @property {readonly number[]} stops
 * @property {(value: number) => string} format
 * @property {(value: number) => void} moved
 * @property {(rest: boolean) => void} settled rest: more may follow at once
 */

/** One setting; `element` is what to put into the page. */
export class Slider {
  /**
   * @param {About} about
   * @param {AbortSignal} signal
   */
  constructor(about, signal) {
    this.about = about;
    const { stops } = about;
    const id = `voicenb-dial-${(made += 1)}`;
    this.input = make("input", "range", {
      type: "range",
      min: "0",
      max: String(stops.length - 1),
      step: "1",
      "aria-label": about.name,
      "aria-describedby": id,
    });
    this.value = make("b", "dial-value", { "aria-hidden": "true" });
    this.hint = make("div", "dial-hint", { id, text: about.hint });
    const name = make("code", "dial-name", { text: about.name, "aria-hidden": "true" });
    this.track = make("div", "dial-track", {}, this.input);
    this.element = make("div", "dial", {}, make("div", "dial-top", {}, name, this.value), this.track, this.hint);
    /** Whether the keyboard moved it last. */
    this.keyed = false;
    /** Whether it was moved and not sent. */
    this.open = false;
    const options = { signal };
    this.input.addEventListener("pointerdown", () => void (this.keyed = false), options);
    this.input.addEventListener("keydown", () => void (this.keyed = true), options);
    this.input.addEventListener("input", () => this.#moved(), options);
    this.input.addEventListener("change", () => this.#settle(this.keyed), options);
    // Where a drag ends at its beginning, not every browser tells of a change.
    for (const end of ["pointerup", "pointercancel"]) this.input.addEventListener(end, () => this.#settle(false), options);
    this.input.addEventListener("blur", () => this.#settle(false), options);
  }

  #moved() {
    this.open = true;
    this.about.moved(this.about.stops[Number(this.input.value)]);
  }

  /** @param {boolean} rest */
  #settle(rest) {
    if (!this.open) return;
    this.open = rest;
    this.about.settled(rest);
  }

  /**
   * @param {number} value
   * @param {{ disabled?: boolean, faint?: boolean, told?: string, was?: number | null }} [how] faint: it does not count;
   *   told: instead of the value; was: where it is in force
   */
  show(value, { disabled = false, faint = false, told, was = null } = {}) {
    const { stops, format } = this.about;
    const place = nearest(stops, value);
    if (this.input.value !== String(place)) this.input.value = String(place);
    const text = told ?? format(value);
    this.input.setAttribute("aria-valuetext", text);
    this.input.disabled = disabled;
    say(this.value, text);
    this.element.classList.toggle("voicenb-dial-faint", faint);
    this.track.style.setProperty("--at", String(place / (stops.length - 1)));
    const marked = was !== null && was !== value;
    this.track.classList.toggle("voicenb-dial-marked", marked);
    if (marked) this.track.style.setProperty("--was", String(nearest(stops, was) / (stops.length - 1)));
  }
}

/**
 * The place of the stop that is nearest to a value.
 * @param {readonly number[]} stops
 * @param {number} value
 */
function nearest(stops, value) {
  let best = 0;
  for (let i = 1; i < stops.length; i += 1) if (Math.abs(stops[i] - value) < Math.abs(stops[best] - value)) best = i;
  return best;
}

/**
 * Both silences when one has been moved: the other one is pushed along, for the shorter must stay the shorter.
 * @param {"min_silence" | "max_silence"} name
 * @param {number} value
 * @param {{ min_silence: number, max_silence: number }} shown
 * @returns {{ min_silence: number, max_silence: number }}
 */
export function pushed(name, value, { min_silence, max_silence }) {
  const last = SILENCES.length - 1;
  if (name === "min_silence") {
    const least = Math.min(value, SILENCES[last - 1]);
    return { min_silence: least, max_silence: max_silence > least ? max_silence : /** @type {number} */ (SILENCES.find((stop) => stop > least)) };
  }
  const most = Math.max(value, SILENCES[1]);
  return { min_silence: min_silence < most ? min_silence : /** @type {number} */ (SILENCES.filter((stop) => stop < most).at(-1)), max_silence: most };
}
