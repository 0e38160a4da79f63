// Callers cut off against the wait: the settings that none beats, what was really decided, and where the sliders stand.

import { make, say } from "./dom.js";

const SPACE = "http://www.w3.org/2000/svg";
const WIDTH = 300;
const HEIGHT = 236;
const [LEFT, RIGHT, TOP, BOTTOM] = [40, 12, 10, 40];
const BUDGET = 0.05;
// Pauses that a percentage needs.
const TELLS = 10;
// Shares between two numbers of the axis.
const UNITS = [0.02, 0.05, 0.1, 0.2, 0.25];

/**
 * @param {string} tag
 * @param {string} name class, without the prefix
 * @param {Record<string, string | number>} [attributes]
 * @param {string} [text]
 */
function mark(tag, name, attributes = {}, text) {
  const element = document.createElementNS(SPACE, tag);
  if (name) element.setAttribute("class", name.split(" ").map((part) => `voicenb-${part}`).join(" "));
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, String(value));
  if (text !== undefined) element.textContent = text;
  return element;
}

/** @typedef {{ left: number, right: number, top: number, bottom: number }} Box */

/**
 * Where a name can stand beside a mark: the first place that is free; on dots and lines rather than nowhere.
 * @param {number} x
 * @param {number} y
 * @param {string} text
 * @param {Box[]} taken by other names and marks
 * @param {Box[]} drawn dots and lines
 */
function beside(x, y, text, taken, drawn) {
  return free(x, y, text, [...taken, ...drawn]) ?? free(x, y, text, taken);
}

/**
 * @param {number} x
 * @param {number} y
 * @param {string} text
 * @param {Box[]} taken
 */
function free(x, y, text, taken) {
  const wide = 5.8 * text.length;
  const lefts = [x + 9, x - 9 - wide, x - wide / 2, x - wide];
  const tops = [y - 17, y + 5, y - 6, y - 22, y - 30, y + 18, y - 36, y - 43, y - 50, y - 13];
  for (const top of tops) {
    for (const left of lefts) {
      const box = { left, right: left + wide, top, bottom: top + 12 };
      const inside = left > LEFT && box.right < WIDTH && top > 0 && box.bottom < HEIGHT - BOTTOM;
      const covers = left < x + 7 && box.right > x - 7 && top < y + 5 && box.bottom > y - 5;
      if (inside && !covers && taken.every((other) => left > other.right || box.right < other.left || top > other.bottom || box.bottom < other.top)) return box;
    }
  }
  return null;
}

/** The chart; `element` is what to put into the page. */
export class Front {
  constructor() {
    this.picture = mark("svg", "front-picture", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img" });
    this.still = mark("g", "");
    this.mine = mark("g", "front-mine");
    this.picture.append(this.still, this.mine);
    this.empty = make("p", "front-empty");
    this.tried = make("p", "front-tried");
    this.element = make("div", "front", {}, this.empty);
    this.element.append(this.picture, this.tried);
    this.right = 1;
    this.top = 1;
    this.unit = 1;
    /** @type {Box[]} where names of marks stand */
    this.names = [];
    /** @type {Box[]} where dots and the budget's line are */
    this.drawn = [];
  }

  /** @param {number} latency */
  #x(latency) {
    return LEFT + ((WIDTH - LEFT - RIGHT) * Math.min(latency, this.right)) / this.right;
  }

  /** @param {number} rate */
  #y(rate) {
    return HEIGHT - BOTTOM - ((HEIGHT - TOP - BOTTOM) * Math.min(rate, this.top)) / this.top;
  }

  /**
   * What does not depend on the setting.
   * @param {import("./recorded_calls.js").Ground} ground
   * @param {number} [least] seconds that have room at least
   */
  draw(ground, least = 0) {
    const known = [...ground.front, ...ground.marks].filter(({ latency, rate }) => latency !== null && rate !== null);
    const drawn = ground.pauses > 0 && known.length > 0;
    this.picture.toggleAttribute("hidden", !drawn);
    this.empty.hidden = drawn;
    this.tried.hidden = !drawn;
    say(this.tried, ground.tried);
    say(this.empty, ground.pauses ? "No end of a turn is known in these calls: there is no wait to draw." : "There is no mid-turn pause in these calls: nobody could have been cut off in one. More calls have some.");
    if (!drawn) return this.still.replaceChildren();
    this.right = Math.max(1, Math.ceil(2 * Math.max(least, ...known.map(({ latency }) => latency ?? 0)) - 0.2) / 2 + 0.25);
    const most = Math.max(...known.map(({ rate }) => rate ?? 0), 0.1);
    // Three to five numbers on the axis; of few pauses each.
    this.unit = ground.pauses < TELLS ? 1 / ground.pauses : (UNITS.find((unit) => most / unit <= 5) ?? 0.25);
    this.top = Math.min(1, Math.ceil(most / this.unit - 1e-9) * this.unit);
    this.names = [];
    this.drawn = [];
    this.still.replaceChildren(...this.#axes(ground), ...this.#grey(ground), ...this.#budget(ground), ...this.#line(ground), ...this.#marks(ground));
  }

  /** @param {import("./recorded_calls.js").Ground} ground */
  #axes({ pauses }) {
    const found = [];
    const [foot, end] = [HEIGHT - BOTTOM, WIDTH - RIGHT];
    const few = pauses < TELLS;
    for (let rate = 0; rate <= this.top + 1e-9; rate += this.unit) {
      const y = this.#y(rate);
      found.push(mark("line", "front-tick", { x1: LEFT - 4, x2: LEFT, y1: y, y2: y }));
      found.push(mark("text", "front-number", { x: LEFT - 7, y: y + 4, "text-anchor": "end" }, few ? String(Math.round(rate * pauses)) : String(Math.round(100 * rate))));
    }
    const step = this.right > 3 ? 1 : 0.5;
    for (let latency = 0; latency <= this.right + 1e-9; latency += step) {
      const x = this.#x(latency);
      found.push(mark("line", "front-tick", { x1: x, x2: x, y1: foot, y2: foot + 4 }));
      found.push(mark("text", "front-number", { x, y: foot + 16, "text-anchor": "middle" }, String(latency)));
    }
    found.push(mark("path", "front-axis", { d: `M${LEFT} ${TOP}V${foot}H${end}` }));
    found.push(mark("text", "front-number", { x: (LEFT + end) / 2, y: HEIGHT - 6, "text-anchor": "middle" }, "EOT latency, mean, in seconds"));
    const name = few ? `cut off, of ${pauses} pause${pauses === 1 ? "" : "s"}` : "cut off, % of pauses";
    found.push(mark("text", "front-number", { x: 0, y: 0, "text-anchor": "middle", transform: `translate(11 ${(TOP + foot) / 2}) rotate(-90)` }, name));
    return found;
  }

  /**
   * Where only labels tell: later than what was decided nothing was observed.
   * @param {import("./recorded_calls.js").Ground} ground
   */
  #grey({ unobserved }) {
    if (unobserved === null || unobserved >= this.right) return [];
    const x = this.#x(unobserved);
    const found = [mark("rect", "front-grey", { x, y: TOP, width: Math.max(0, WIDTH - RIGHT - x), height: HEIGHT - TOP - BOTTOM })];
    if (WIDTH - RIGHT - x > 74) this.names.push({ left: WIDTH - RIGHT - 66, right: WIDTH - RIGHT, top: TOP + 3, bottom: TOP + 16 });
    if (WIDTH - RIGHT - x > 74) found.push(mark("text", "front-number", { x: WIDTH - RIGHT - 5, y: TOP + 14, "text-anchor": "end" }, "labels only"));
    return found;
  }

  /** @param {import("./recorded_calls.js").Ground} ground */
  #budget({ pauses }) {
    if (pauses < TELLS) return [];
    const y = this.#y(BUDGET);
    this.names.push({ left: LEFT, right: LEFT + 62, top: y - 14, bottom: y - 2 });
    this.drawn.push({ left: LEFT, right: WIDTH - RIGHT, top: y - 1, bottom: y + 1 });
    return [mark("line", "front-budget", { x1: LEFT, x2: WIDTH - RIGHT, y1: y, y2: y }), mark("text", "front-number", { x: LEFT + 5, y: y - 4 }, "budget 5 %")];
  }

  /** @param {import("./recorded_calls.js").Ground} ground */
  #line({ front, unobserved }) {
    const edge = unobserved === null ? WIDTH : this.#x(unobserved);
    const found = [];
    const places = front.map(({ latency, rate, observed }) => ({ x: this.#x(latency ?? 0), y: this.#y(rate ?? 0), observed }));
    for (let n = 1; n < places.length; n++) {
      const [one, other] = [places[n - 1], places[n]];
      // What is not reached by any setting between two is not drawn as if it were.
      const seen = Math.min(Math.max(one.x, edge), other.x);
      const down = `H${other.x}V${other.y}`;
      if (other.x < edge) found.push(mark("path", "front-line", { d: `M${one.x} ${one.y}${down}` }));
      else {
        if (seen > one.x) found.push(mark("path", "front-line", { d: `M${one.x} ${one.y}H${seen}` }));
        found.push(mark("path", "front-line front-unseen", { d: `M${seen} ${one.y}${down}` }));
      }
    }
    for (const { x, y, observed } of places) {
      found.push(mark("circle", observed ? "front-dot" : "front-dot front-unseen", { cx: x, cy: y, r: 2.5 }));
      this.drawn.push({ left: x - 3, right: x + 3, top: y - 3, bottom: y + 3 });
    }
    return found;
  }

  /** @param {import("./recorded_calls.js").Ground} ground */
  #marks({ marks }) {
    const found = [];
    const placed = marks.flatMap(({ latency, rate, name = "", setting }) => (latency === null || rate === null ? [] : [{ x: this.#x(latency), y: this.#y(rate), name, setting }]));
    for (const { x, y } of placed) this.names.push({ left: x - 6, right: x + 6, top: y - 6, bottom: y + 6 });
    for (const { x, y, name, setting } of placed) {
      const d = setting ? `M${x - 4} ${y - 4}h8v8h-8z` : `M${x} ${y - 6}l6 6l-6 6l-6 -6z`;
      found.push(mark("path", setting ? "front-recorded" : "front-adaptive", { d }));
      const box = beside(x, y, name, this.names, this.drawn);
      if (!box) continue;
      this.names.push(box);
      found.push(mark("text", setting ? "front-name" : "front-name front-name-adaptive", { x: box.left, y: box.bottom - 2 }, name));
    }
    return found;
  }

  /**
   * Where the sliders stand.
   * @param {import("./recorded_calls.js").Figures} figures
   * @returns {boolean} whether there is room for it
   */
  show({ pauses, latency, latency_low, latency_high }) {
    const rate = pauses.n ? pauses.k / pauses.n : null;
    const told = rate === null || latency === null ? "" : `${pauses.k} of ${pauses.n} pauses cut, mean EOT latency ${latency.toFixed(2)} seconds`;
    this.picture.setAttribute("aria-label", `Callers cut off against the wait. Yours: ${told || "not known"}.`);
    if (rate === null || latency === null) {
      this.mine.replaceChildren();
      return true;
    }
    if (latency > this.right) return false;
    const [x, y] = [this.#x(latency), this.#y(rate)];
    const found = [mark("line", "front-error", { x1: x, x2: x, y1: this.#y(pauses.low), y2: this.#y(pauses.high) })];
    if (latency_low !== null && latency_high !== null) found.push(mark("line", "front-error", { x1: this.#x(latency_low), x2: this.#x(latency_high), y1: y, y2: y }));
    found.push(mark("circle", "front-yours", { cx: x, cy: y, r: 6 }));
    const box = beside(x, y, "yours", this.names, this.drawn);
    if (box) found.push(mark("text", "front-name front-name-yours", { x: box.left, y: box.bottom - 2 }, "yours"));
    this.mine.replaceChildren(...found);
    return true;
  }
}
