// The lanes in the page: scrolled, zoomed, clicked, and the mark that says what is heard.

import { make } from "./dom.js";
import { clock, spokenClock } from "./view_clock.js";
import { coloursOf } from "./view_colours.js";
import { HEIGHT, Picture, TOPS, WAITS } from "./view_picture.js";
import { Scale } from "./view_scale.js";

// Where the mark comes to stand when the lanes go on to a next part, as a share of their width; and how near it comes
// to their right edge before that.
const AHEAD = 0.15;
const EDGE = 24;

/** Both lanes; `element` is what to put into the page. */
export class CallLanes {
  /**
   * @param {import("./view_document.js").CallDocument} call
   * @param {import("./view_sound.js").Sound} sound
   * @param {AbortSignal} signal ends it
   */
  constructor(call, sound, signal) {
    this.call = call;
    this.sound = sound;
    this.picture = new Picture(call);
    this.scale = new Scale(call.duration, 1);
    /** @type {() => void} told when the zoom has changed */
    this.onzoom = () => {};
    this.following = true;
    this.pending = 0;

    this.canvas = make("canvas", "call-canvas");
    this.mark = make("div", "call-mark");
    this.strip = make("div", "call-strip", {}, this.canvas, this.mark);
    // What the picture shows is said in words by the transcript and the table below it.
    this.scroller = make("div", "call-scroller", { role: "slider", tabindex: "0", "aria-label": "Position in the call", "aria-valuemin": "0", "aria-valuemax": call.duration.toFixed(1) }, this.strip);
    const name = (/** @type {string} */ of, /** @type {number} */ top, /** @type {string} */ text) => {
      const told = make("span", `call-lane-name call-lane-${of}`, { text, title: text });
      told.style.top = `${top}px`;
      return told;
    };
    const names = make("div", "call-lane-names", { "aria-hidden": "true" }, name("caller", TOPS.caller + 16, "Caller"), name("agent", TOPS.agent + 16, call.title), name("waits", WAITS.top - 4, "waits"));
    this.element = make("div", "call-lanes", {}, names, this.scroller);
    this.canvas.style.height = this.strip.style.height = `${HEIGHT}px`;

    const observer = new ResizeObserver(() => this.#resized());
    observer.observe(this.scroller);
    signal.addEventListener("abort", () => observer.disconnect());
    this.scroller.addEventListener("scroll", () => this.#draw(), { signal });
    for (const name of /** @type {const} */ (["wheel", "touchmove"])) this.scroller.addEventListener(name, () => (this.following = false), { passive: true, signal });
    this.scroller.addEventListener("wheel", (event) => this.#wheel(event), { passive: false, signal });
    this.pointer = "mouse";
    this.strip.addEventListener("pointerdown", (event) => this.#press(event, signal), { signal });
    // A finger scrolls; where it does not, it has put the mark somewhere.
    this.strip.addEventListener("click", ({ clientX }) => this.pointer !== "mouse" && sound.seek(this.#moment(clientX)), { signal });
  }

  /** Draw anew, in the colours that hold now. */
  redraw() {
    this.#draw();
  }

  /** @param {number} steps closer; below 0 further away */
  zoom(steps) {
    const at = (this.sound.position() * this.scale.pixels) - this.scroller.scrollLeft;
    this.#zoomAt(steps, at >= 0 && at <= this.scale.width ? at : this.scale.width / 2);
  }

  /**
   * Show what is heard now.
   * @param {number} at seconds
   */
  show(at) {
    const x = at * this.scale.pixels;
    this.mark.style.transform = `translateX(${x}px)`;
    const told = clock(at, true);
    if (this.scroller.getAttribute("aria-valuenow") !== at.toFixed(1)) {
      this.scroller.setAttribute("aria-valuenow", at.toFixed(1));
      this.scroller.setAttribute("aria-valuetext", `${spokenClock(at)} of ${spokenClock(this.call.duration)}`);
      this.mark.dataset.at = told;
    }
    const inside = x - this.scroller.scrollLeft;
    if (inside >= 0 && inside <= this.scale.width - EDGE) this.following = true;
    else if (this.following) this.#scrollTo(x - AHEAD * this.scale.width);
  }

  /** The mark has been put somewhere: bring it into view. */
  follow() {
    this.following = true;
    this.show(this.sound.position());
  }

  #resized() {
    const { clientWidth } = this.scroller;
    if (!clientWidth) return;
    const middle = (this.scroller.scrollLeft + this.scale.width / 2) / this.scale.pixels;
    this.scale.fit(clientWidth);
    this.#laidOut();
    this.#scrollTo(middle * this.scale.pixels - clientWidth / 2);
    this.show(this.sound.position());
    this.onzoom();
  }

  #laidOut() {
    this.strip.style.width = `${Math.ceil(this.scale.whole)}px`;
    this.#draw();
  }

  /**
   * @param {number} steps
   * @param {number} at pixels from the left, which stay where they are
   */
  #zoomAt(steps, at) {
    const moment = (this.scroller.scrollLeft + at) / this.scale.pixels;
    this.scale.zoom(steps);
    this.#laidOut();
    this.#scrollTo(moment * this.scale.pixels - at);
    this.show(this.sound.position());
    this.onzoom();
  }

  /** @param {number} left */
  #scrollTo(left) {
    this.scroller.scrollLeft = left;
    this.#draw();
  }

  /** @param {WheelEvent} event */
  #wheel(event) {
    if (!event.ctrlKey && !event.metaKey) return;
    event.preventDefault();
    this.#zoomAt(-event.deltaY / 120, event.clientX - this.scroller.getBoundingClientRect().left);
  }

  /**
   * @param {PointerEvent} event
   * @param {AbortSignal} signal
   */
  #press({ button, clientX, pointerType }, signal) {
    this.pointer = pointerType;
    if (button !== 0 || pointerType !== "mouse") return;
    // A mouse takes the mark along.
    const drag = new AbortController();
    const all = AbortSignal.any([signal, drag.signal]);
    this.sound.seek(this.#moment(clientX));
    window.addEventListener("pointermove", (moved) => this.sound.seek(this.#moment(moved.clientX)), { signal: all });
    for (const name of /** @type {const} */ (["pointerup", "pointercancel"])) window.addEventListener(name, () => drag.abort(), { signal: all });
  }

  /** @param {number} clientX */
  #moment(clientX) {
    return (clientX - this.strip.getBoundingClientRect().left) / this.scale.pixels;
  }

  #draw() {
    if (this.pending) return;
    this.pending = requestAnimationFrame(() => {
      this.pending = 0;
      const { width, pixels, ruler } = this.scale;
      const density = window.devicePixelRatio || 1;
      const { canvas } = this;
      canvas.style.width = `${width}px`;
      const [wide, tall] = [Math.round(width * density), Math.round(HEIGHT * density)];
      if (canvas.width !== wide || canvas.height !== tall) [canvas.width, canvas.height] = [wide, tall];
      const brush = canvas.getContext("2d");
      if (!brush) return;
      brush.setTransform(density, 0, 0, density, 0, 0);
      const { colours, font } = coloursOf(this.element);
      this.picture.draw(brush, { from: this.scroller.scrollLeft / pixels, pixels, width, ruler, colours, font });
    });
  }
}
