// A call on paper: the lanes one below the other, as lines of music are.

import { make } from "./dom.js";
import { coloursOf } from "./view_colours.js";
import { HEIGHT, Picture } from "./view_picture.js";

// Of a long call a line holds more; nobody prints an hour of half minutes.
const SECONDS = 30;
const LINES = 24;
// CSS pixels of a page's width, and dots of the printer's for each.
const WIDTH = 1000;
const DENSITY = 2;

/** The lanes as they are printed; `element` is what to put into the page: it is seen on paper only. */
export class Paper {
  /** @param {import("./view_document.js").CallDocument} call */
  constructor(call) {
    this.call = call;
    this.element = make("div", "call-paper", { "aria-hidden": "true" });
  }

  /** Draw all lines, in the colours of paper. */
  draw() {
    const { duration } = this.call;
    const seconds = Math.max(SECONDS, duration / LINES);
    const picture = new Picture(this.call);
    const { colours, font } = coloursOf(this.element);
    const pixels = WIDTH / Math.min(seconds, Math.max(10, duration));
    const ruler = [1, 2, 5, 10, 15, 30].find((each) => each * pixels >= 64) ?? 60;
    const lines = [];
    for (let from = 0; from < duration - 0.05; from += seconds) {
      const canvas = make("canvas", "call-paper-line");
      canvas.width = WIDTH * DENSITY;
      canvas.height = HEIGHT * DENSITY;
      const brush = canvas.getContext("2d");
      if (!brush) return;
      brush.setTransform(DENSITY, 0, 0, DENSITY, 0, 0);
      picture.draw(brush, { from, pixels, width: WIDTH, ruler, colours, font });
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
