// Two moving lanes: the last ten seconds of both voices, the caller's above, the agent's below.

import { make, say } from "./dom.js";
import { SPAN, STEP } from "./trace.js";

// Milliseconds between two pictures. Where there is no graphics processor the same processors draw them and carry the
// sound: with 30 pictures a second, p99 of the sound through a busy kernel doubled (tests/benchmarks/bench_kernel.py).
const PICTURE = 100;
// dB below full scale that fill a lane from its middle to its edge.
const QUIET = -54;
const LOUD = -10;

/**
 * @param {number} level root mean square
 * @returns {number} 0…1
 */
function fill(level) {
  return level > 0 ? Math.min(1, Math.max(0, (20 * Math.log10(level) - QUIET) / (LOUD - QUIET))) : 0;
}

/** A picture of a call's trace; `element` is what to put into the page. */
export class Lanes {
  /**
   * @param {import("./call.js").Call} call
   * @param {AbortSignal} signal ends it
   */
  constructor(call, signal) {
    this.call = call;
    this.signal = signal;
    this.canvas = make("canvas", "lanes-picture");
    this.name = make("span", "lane-name lane-agent");
    const you = make("span", "lane-name lane-user", { text: "You" });
    // The captions say the same to who cannot see it.
    this.element = make("div", "lanes", { "aria-hidden": "true" }, this.canvas, you, this.name);
    this.element.hidden = true;
    this.seen = false;
    this.running = false;
    this.last = 0;
    const watch = new IntersectionObserver(([entry]) => {
      this.seen = entry.isIntersecting;
      this.#run();
    });
    watch.observe(this.canvas);
    signal.addEventListener("abort", () => watch.disconnect());
  }

  /**
   * @param {boolean} wanted whether there is something to show
   * @param {string} agent its name
   */
  show(wanted, agent) {
    say(this.name, agent);
    this.element.hidden = !wanted;
    this.#run();
  }

  #run() {
    if (this.running || this.element.hidden || !this.seen || this.signal.aborted) return;
    this.running = true;
    // Not at each picture of the screen: one that is asked for costs the page something even if nothing is drawn.
    const wait = Math.max(0, this.last + PICTURE - 8 - performance.now());
    setTimeout(() => requestAnimationFrame((time) => this.#picture(time)), wait);
  }

  /** @param {number} time */
  #picture(time) {
    this.running = false;
    if (this.signal.aborted) return;
    this.last = time;
    this.#draw(performance.now());
    this.#run();
  }

  /** @param {number} now */
  #draw(now) {
    const { canvas } = this;
    const { clientWidth: width, clientHeight: height } = canvas;
    const density = window.devicePixelRatio || 1;
    if (!width || !height) return;
    if (canvas.width !== Math.round(width * density) || canvas.height !== Math.round(height * density)) {
      canvas.width = Math.round(width * density);
      canvas.height = Math.round(height * density);
    }
    const brush = canvas.getContext("2d");
    if (!brush) return;
    const style = getComputedStyle(canvas);
    const color = (/** @type {string} */ name) => style.getPropertyValue(name).trim();
    brush.setTransform(density, 0, 0, density, 0, 0);
    brush.clearRect(0, 0, width, height);
    const place = (/** @type {number} */ at) => width - ((now - at) / SPAN) * width;
    this.#grid(brush, place, now, height, color("--edge"));
    const half = height / 2;
    const { trace } = this.call;
    /** @type {["user" | "agent", string, string, number][]} */
    const sides = [
      ["user", color("--caller"), color("--caller-wash"), half * 0.5],
      ["agent", color("--agent"), color("--agent-wash"), half * 1.5],
    ];
    for (const [side, ink, wash, middle] of sides) {
      brush.fillStyle = wash;
      for (const { from, to } of trace.spoken(side, now)) {
        const left = place(from * STEP);
        brush.beginPath();
        brush.roundRect(left, middle - half * 0.42, place(to * STEP) - left, half * 0.84, 4);
        brush.fill();
      }
      brush.fillStyle = ink;
      const wide = Math.max(1.5, (STEP / SPAN) * width * 0.4);
      for (let step = Math.floor((now - SPAN) / STEP); step <= now / STEP; step += 1) {
        const tall = fill(trace[side].at(step)) * half * 0.8;
        if (tall > 0.5) brush.fillRect(place(step * STEP), middle - tall / 2, wide, tall);
      }
    }
    this.#waits(brush, place, now, half * 0.5, color("--faint"));
    this.#cuts(brush, place, now, height, color("--wrong"), style.fontFamily);
  }

  /**
   * One line per second.
   * @param {CanvasRenderingContext2D} brush
   * @param {(at: number) => number} place
   * @param {number} now
   * @param {number} height
   * @param {string} color
   */
  #grid(brush, place, now, height, color) {
    brush.fillStyle = color;
    for (let at = Math.ceil((now - SPAN) / 1000) * 1000; at <= now; at += 1000) brush.fillRect(Math.round(place(at)), 0, 1, height);
  }

  /**
   * A wait is hatched, here as everywhere.
   * @param {CanvasRenderingContext2D} brush
   * @param {(at: number) => number} place
   * @param {number} now
   * @param {number} middle
   * @param {string} color
   */
  #waits(brush, place, now, middle, color) {
    brush.strokeStyle = color;
    brush.lineWidth = 1.5;
    for (const { from, to } of this.call.trace.waits(now)) {
      const [left, right] = [place(from * STEP), place(to * STEP)];
      brush.save();
      brush.beginPath();
      brush.rect(left, middle - 4, right - left, 8);
      brush.clip();
      brush.beginPath();
      // From a fixed moment on, so that the hatching moves with the time it stands for.
      for (let x = left - 8; x < right; x += 6) {
        brush.moveTo(x, middle + 4);
        brush.lineTo(x + 8, middle - 4);
      }
      brush.stroke();
      brush.restore();
    }
  }

  /**
   * @param {CanvasRenderingContext2D} brush
   * @param {(at: number) => number} place
   * @param {number} now
   * @param {number} height
   * @param {string} color
   * @param {string} font
   */
  #cuts(brush, place, now, height, color, font) {
    brush.strokeStyle = brush.fillStyle = color;
    brush.lineWidth = 1;
    brush.font = `11px ${font}`;
    brush.setLineDash([3, 3]);
    const named = this.name.offsetLeft + this.name.offsetWidth;
    for (const at of this.call.trace.cuts) {
      if (at < now - SPAN) continue;
      const x = Math.round(place(at)) + 0.5;
      brush.beginPath();
      brush.moveTo(x, 2);
      brush.lineTo(x, height - 2);
      brush.stroke();
      // As far as the agent's name, with which it would run together.
      if (x > named) brush.fillText("interrupted", x + 5, height - 6);
    }
    brush.setLineDash([]);
  }
}
