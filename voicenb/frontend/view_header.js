// The head of a call's view: play, the time, whose call it was, how fast it plays, how much of it is seen.

import { make, say } from "./dom.js";
import { clock } from "./view_clock.js";

const RATES = [0.5, 0.75, 1, 1.25, 1.5, 2];

/** The head; `element` is what to put into the page. */
export class CallHeader {
  /**
   * @param {import("./view_document.js").CallDocument} call
   * @param {import("./view_sound.js").Sound} sound
   * @param {string} heading the tag of the call's name
   * @param {(steps: number) => void} zoom
   */
  constructor(call, sound, heading, zoom) {
    this.call = call;
    this.sound = sound;
    this.button = make("button", "call-play", { type: "button", "aria-label": "Play" }, make("span", "call-play-sign", { "aria-hidden": "true" }));
    this.button.addEventListener("click", () => (sound.playing ? sound.pause() : sound.play()));
    this.now = make("b", "call-now", { text: clock(0, true) });
    const time = make("span", "call-time", {}, this.now, ` / ${clock(call.duration, true)}`);
    const count = `${call.turns} turn${call.turns === 1 ? "" : "s"}`;
    const parts = [count, call.part, call.date, call.service, call.finished ? "" : "not finished", ...call.tags].filter(Boolean);
    const about = make("span", "call-about", { text: parts.join(" · ") });
    this.rate = make("select", "call-rate", { "aria-label": "Speed" }, ...RATES.map((rate) => make("option", "", { value: String(rate), text: `${rate}×` })));
    this.rate.addEventListener("change", () => (sound.rate = Number(this.rate.value)));
    this.out = make("button", "call-zoom", { type: "button", "aria-label": "Zoom out", text: "−" });
    this.in = make("button", "call-zoom", { type: "button", "aria-label": "Zoom in", text: "+" });
    this.out.addEventListener("click", () => zoom(-1));
    this.in.addEventListener("click", () => zoom(1));
    const zooms = make("span", "call-zooms", { role: "group", "aria-label": "Zoom" }, this.out, make("span", "", { "aria-hidden": "true", text: "zoom" }), this.in);
    this.trouble = make("p", "call-trouble", { role: "status" });
    const who = make("div", "call-whose", {}, make(/** @type {"h2"} */ (heading), "call-name", { text: call.title }), about);
    this.tools = make("div", "call-controls", {}, this.rate, zooms);
    this.element = make("header", "call-head", {}, this.button, time, who, this.tools, this.trouble);
    this.changed();
  }

  /** What plays, and how, has changed. */
  changed() {
    const { playing, waiting, rate, trouble } = this.sound;
    this.button.dataset.playing = String(playing);
    this.button.setAttribute("aria-label", playing ? "Pause" : "Play");
    this.button.setAttribute("aria-busy", String(Boolean(waiting)));
    this.button.hidden = this.rate.hidden = Boolean(trouble);
    this.trouble.hidden = !trouble;
    say(this.trouble, trouble);
    const known = RATES.includes(rate);
    this.rate.value = known ? String(rate) : "";
  }

  /** @param {number} at seconds */
  show(at) {
    say(this.now, clock(at, true));
  }

  /** @param {import("./view_scale.js").Scale} scale */
  zoomed(scale) {
    // Not disabled: the keyboard would lose its place at the last step.
    this.in.setAttribute("aria-disabled", String(scale.closest));
    this.out.setAttribute("aria-disabled", String(scale.furthest));
  }
}
