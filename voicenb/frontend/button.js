// The one big button: Start, then Stop, with the level of whoever speaks around it.

import { make } from "./dom.js";

const SVG = "http://www.w3.org/2000/svg";
// Root mean squares between these (in dB below full scale) fill the ring.
const QUIET = -54;
const LOUD = -14;
// Milliseconds in which a second press of a key is not meant.
const TWICE = 500;
/** Milliseconds between two pictures of the ring; levels come fifty times a second. */
export const RING = 60;

/**
 * @param {number} level root mean square, 0…1
 * @returns {number} 0…1
 */
function fill(level) {
  if (level <= 0) return 0;
  return Math.min(1, Math.max(0, (20 * Math.log10(level) - QUIET) / (LOUD - QUIET)));
}

/**
 * @param {string} tag
 * @param {Record<string, string>} attributes
 */
function shape(tag, attributes) {
  const element = document.createElementNS(SVG, tag);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  return element;
}

/** Start or Stop; `element` is the button. */
export class CallButton {
  constructor() {
    this.element = make("button", "button", { type: "button" });
    const ring = shape("svg", { viewBox: "0 0 68 68", "aria-hidden": "true", class: "voicenb-ring" });
    const circle = { cx: "34", cy: "34", r: "32", pathLength: "100" };
    this.arc = shape("circle", { ...circle, class: "voicenb-arc", "stroke-dasharray": "0 100" });
    ring.append(shape("circle", { ...circle, class: "voicenb-track" }), this.arc);
    this.face = make("span", "face", { "aria-hidden": "true" });
    this.element.append(ring, this.face);
    this.shown = 0;
    /** When it was pressed last. */
    this.pressed = -TWICE;
    // A key that is held presses it again and again.
    this.element.addEventListener("keydown", (event) => event.repeat && event.key === "Enter" && event.preventDefault());
    this.show(false, false);
  }

  /**
   * Whether that is the second press of a double one, which would take the first one back.
   * @param {MouseEvent} event a click
   */
  again({ detail, timeStamp }) {
    const soon = timeStamp - this.pressed < TWICE;
    if (detail > 1 || (detail === 0 && soon)) return true;
    this.pressed = timeStamp;
    return false;
  }

  /**
   * @param {boolean} running
   * @param {boolean} busy it takes a moment
   */
  show(running, busy) {
    const label = running ? "Stop" : "Start";
    if (this.element.getAttribute("aria-label") !== label) {
      this.element.setAttribute("aria-label", label);
      this.element.title = running ? "Stop: end the call" : "Start: talk to the agent";
      this.element.classList.toggle("voicenb-running", running);
      this.face.replaceChildren(running ? make("span", "square") : "Start");
    }
    this.element.classList.toggle("voicenb-busy", busy);
  }

  /**
   * @param {number} level of the louder side
   * @param {"user" | "agent"} side
   * @returns {boolean} whether the ring has come to rest
   */
  level(level, side) {
    const target = fill(level);
    // Up at once, down slowly: a ring that falls with every syllable looks nervous.
    this.shown = target > this.shown ? target : Math.max(target, this.shown - 0.15);
    this.arc.setAttribute("stroke-dasharray", `${(100 * this.shown).toFixed(1)} 100`);
    this.element.dataset.side = side;
    return this.shown < 0.005;
  }
}
