// A call in progress is never out of sight: while no panel of it is in view, a small pill stands at the page's edge.

import { CallButton, RING } from "./button.js";
import { make, say } from "./dom.js";
import { clock, money } from "./meter.js";

/** One call's pill; it puts itself into the page and takes itself out of it. */
export class Pill {
  /**
   * @param {import("./call.js").Call} call
   * @param {AbortSignal} signal ends it
   */
  constructor(call, signal) {
    this.call = call;
    this.button = new CallButton();
    /** `performance.now()` of the ring's last picture. */
    this.moved = 0;
    this.name = make("span", "pill-name");
    this.time = make("span", "time");
    this.cost = make("span", "cost");
    this.mute = make("button", "small", { type: "button", text: "Mute" });
    this.show = make("button", "small", { type: "button", text: "Show", title: "Go to the call's panel" });
    const attributes = { role: "group", "aria-label": "Call in progress" };
    this.element = make("div", "pill", attributes, this.button.element, this.name, this.time, this.cost, this.mute, this.show);
    this.button.element.addEventListener("click", () => call.stop());
    this.mute.addEventListener("click", () => call.mute(!call.muted));
    this.show.addEventListener("click", () => call.panel?.scrollIntoView({ block: "nearest" }));
    call.addEventListener("change", () => this.#update(), { signal });
    call.addEventListener("level", () => this.#level(), { signal });
    const second = setInterval(() => this.element.isConnected && this.#tick(), 500);
    signal.addEventListener("abort", () => {
      clearInterval(second);
      this.element.remove();
    });
  }

  #update() {
    const { call } = this;
    const wanted = (call.phase === "live" || call.phase === "connecting") && !call.seen;
    if (!wanted) return this.element.remove();
    if (!this.element.isConnected) document.body.append(this.element);
    say(this.name, call.state.agent || "Agent");
    say(this.mute, call.muted ? "Unmute" : "Mute");
    this.mute.classList.toggle("voicenb-muted", call.muted);
    this.show.hidden = !call.panel;
    this.button.show(true, call.phase === "connecting");
    this.#tick();
  }

  #tick() {
    const { kernel } = this.call;
    say(this.time, clock(kernel));
    say(this.cost, money(kernel));
  }

  #level() {
    if (!this.element.isConnected || performance.now() - this.moved < RING) return;
    this.moved = performance.now();
    const { user, agent } = this.call.level;
    this.button.level(agent > 0 ? agent : user, agent > 0 ? "agent" : "user");
  }
}
