// A call in progress is never out of sight: while no panel of it is in view, a small pill stands at the page's edge.

import { CallButton, RING } from "./button.js";
import { make, say } from "./dom.js";
import { clock, money } from "./meter.js";

/** @typedef {{ word: string, told: string, wrong: boolean }} Worry what a person out of the panel's sight has to know */

/** What holds the pills of all calls: each widget has modules of its own, so it is found in the page. */
const PILLS = "voicenb-pills";

/**
 * Put a pill into the page, above those that are there.
 * @param {HTMLElement} pill
 */
function putIn(pill) {
  const there = document.querySelector(`body > .${PILLS}`);
  const pills = there ?? make("div", "pills");
  pills.append(pill);
  if (!there) document.body.append(pills);
}

/** @param {HTMLElement} pill */
function takeOut(pill) {
  const pills = pill.parentElement;
  pill.remove();
  if (!pills?.childElementCount) pills?.remove();
}

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
    this.word = make("div", "pill-word", { role: "status" });
    /** The document that the panel was in when it was there. */
    this.where = "";
    this.time = make("span", "time");
    this.cost = make("span", "cost");
    this.mute = make("button", "small", { type: "button", text: "Mute" });
    this.show = make("button", "small", { type: "button", text: "Show", title: "Go to the call's panel" });
    const attributes = { role: "group", "aria-label": "Call in progress" };
    const who = make("div", "pill-who", {}, this.name, this.time, this.cost);
    const about = make("div", "pill-call", {}, this.button.element, make("div", "pill-told", {}, who, this.word));
    const ways = make("div", "pill-ways", {}, this.mute, this.show);
    this.element = make("div", "pill", attributes, about, ways);
    this.button.element.addEventListener("click", () => call.stop());
    this.mute.addEventListener("click", () => call.mute(!call.muted));
    this.show.addEventListener("click", () => call.panel?.show());
    call.addEventListener("change", () => this.#update(), { signal });
    call.addEventListener("level", () => this.#level(), { signal });
    const second = setInterval(() => this.element.isConnected && this.#tick(), 500);
    signal.addEventListener("abort", () => {
      clearInterval(second);
      takeOut(this.element);
    });
  }

  #update() {
    const { call } = this;
    const wanted = (call.phase === "live" || call.phase === "connecting") && !call.seen;
    if (!wanted) return takeOut(this.element);
    if (!this.element.isConnected) putIn(this.element);
    say(this.name, call.state.agent || "Agent");
    this.where = call.panel?.where || this.where;
    this.show.hidden = !call.panel?.reachable;
    const { word, told, wrong } = this.#worry();
    say(this.word, word);
    this.word.title = told;
    this.element.classList.toggle("voicenb-pill-wrong", wrong);
    this.mute.hidden = call.typed; // what is typed is heard all the same
    say(this.mute, call.muted ? "Unmute" : "Mute");
    this.mute.classList.toggle("voicenb-muted", call.muted);
    this.button.show(true, call.waits);
    this.#tick();
  }

  /** @returns {Worry} */
  #worry() {
    const { call } = this;
    const lost = call.trouble.of("microphone");
    if (call.asleep) return { word: "no sound: click here", told: "The browser holds the sound back until you click.", wrong: true };
    if (lost && !call.typed) return { word: "you are not heard", told: `${lost.message} ${lost.remedy}`, wrong: true };
    if (call.state.state === "reconnecting") return { word: "reconnecting", told: "What you say is kept.", wrong: false };
    if (this.show.hidden && this.where) return { word: `in ${this.where}`, told: `Its panel is in ${this.where}.`, wrong: false };
    return { word: "", told: "", wrong: false };
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
