// A call on paper: the lanes one below the other, as lines of music are.

import { make } from "./dom.js";
import { coloursOf } from "./view_colours.js";
import { HEIGHT, Picture, TOPS } from "./view_picture.js";

// Of a long call a line holds more; nobody prints an hour of half minutes.
const SECONDS = 30;
const LINES = 24;
// Of a short call it holds so many at least.
const LEAST = 10;
// CSS pixels of a page's width, of the lanes' names in it, and dots of the printer's for each.
const WIDTH = 1000;
const NAMES = 70;
const DENSITY = 1.75;

/** The lanes as they are printed; `element` is what to put into the page: it is seen on paper only. */
export class Paper {
  /** @param {import("./view_document.js").CallDocument} call */
  constructor(call) {
    this.call = call;
    this.element = make("div", "call-paper", { "aria-hidden": "true" });
  }

  /** Draw all lines, in the colours of paper. */
  draw() {
    const { duration, title } = this.call;
    const count = Math.max(1, Math.min(LINES, Math.ceil(duration / SECONDS)));
    const seconds = duration / count;
    const picture = new Picture(this.call);
    const { colours, font } = coloursOf(this.element);
    const width = WIDTH - NAMES;
    const pixels = width / Math.max(seconds, LEAST);
    const ruler = [1, 2, 5, 10, 15, 30].find((each) => each * pixels >= 64) ?? 60;
    const lines = [];
    for (let n = 0; n < count; n++) {
      const canvas = make("canvas", "call-paper-line");
      canvas.width = WIDTH * DENSITY;
      canvas.height = HEIGHT * DENSITY;
      const brush = canvas.getContext("2d");
      if (!brush) return;
      brush.scale(DENSITY, DENSITY);
      brush.translate(NAMES, 0);
      brush.beginPath();
      brush.rect(0, 0, width, HEIGHT);
      brush.save();
      brush.clip();
      picture.draw(brush, { from: n * seconds, pixels, width, ruler, colours, font });
      brush.restore();
      brush.font = `600 13px ${font}`;
      for (const [text, top, colour] of /** @type {[string, number, string][]} */ ([["Caller", TOPS.caller, colours.caller], [title, TOPS.agent, colours.agent]])) {
        brush.fillStyle = colour;
        brush.fillText(text, -NAMES, top + 32, NAMES - 8);
      }
      lines.push(canvas);
    }
    this.element.replaceChildren(...lines);
  }

  /** What was drawn takes memory. */
  clear() {
    this.element.replaceChildren();
  }

  /** @param {AbortSignal} signal ends it */
  listen(signal) {
    window.addEventListener("beforeprint", () => this.draw(), { signal });
    window.addEventListener("afterprint", () => this.clear(), { signal });
    const print = window.matchMedia("print");
    print.addEventListener("change", () => (print.matches ? this.draw() : this.clear()), { signal });
  }
}
