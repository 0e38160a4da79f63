// A Player in a cell: the view of the call, and above it what is to be known before one believes it.

import { callView } from "./call_view.js";
import { make, say } from "./dom.js";

// Milliseconds that a sound may be waited for before that is told: most come sooner.
const SOON = 1500;

/** One view of a call. It keeps nothing itself. */
export class PlayerFrame {
  /**
   * @param {import("./player_call.js").PlayedCall} call
   * @param {HTMLElement} host
   * @param {AbortSignal} signal ends the view
   */
  constructor(call, host, signal) {
    this.call = call;
    this.signal = signal;
    this.told = make("span", "listen-told");
    this.refresh = make("button", "listen-refresh", { type: "button", text: "Refresh" });
    this.notice = make("div", "listen-notice", { role: "status" }, this.told, this.refresh);
    this.place = make("div", "listen-place");
    // What stays in the notebook shows the same: it is not shown twice.
    this.hiding = make("style", "");
    this.element = make("div", "listen", {}, this.hiding, this.notice, this.place);
    /** @type {AbortController | null} of what is shown */
    this.shown = null;
    /** @type {ReturnType<typeof setTimeout> | undefined} until a wait is long */
    this.waiting = undefined;
    this.long = false;
    host.append(this.element);
    this.refresh.addEventListener("click", () => call.refresh(), { signal });
    call.addEventListener("change", () => this.#show(), { signal });
    call.addEventListener("state", () => this.#notice(), { signal });
    signal.addEventListener("abort", () => {
      this.shown?.abort();
      clearTimeout(this.waiting);
      this.element.remove();
    });
    this.#show();
    this.#notice();
  }

  /** Show the call as it is. */
  #show() {
    const { document, measured, sound } = this.call;
    if (!document || !sound) return;
    this.shown?.abort();
    this.shown = new AbortController();
    const focused = this.place.contains(globalThis.document.activeElement);
    this.place.replaceChildren();
    this.place.classList.toggle("voicenb-listen-sketch", !measured);
    const view = callView(this.place, document, sound, { signal: this.shown.signal });
    if (focused) view.querySelector("button")?.focus({ preventScroll: true });
    this.#notice();
  }

  #notice() {
    const { state, sound } = this.call;
    this.#waits(Boolean(sound?.waiting));
    const told = this.#words();
    say(this.told, told);
    this.refresh.hidden = !state.running || this.call.kernel.present === false;
    this.refresh.disabled = Boolean(state.reading);
    this.notice.hidden = !told && this.refresh.hidden;
    say(this.hiding, state.mark && this.call.document ? `.${state.mark} { display: none }` : "");
  }

  /** @param {boolean} waiting whether a sound is waited for */
  #waits(waiting) {
    if (waiting === (this.waiting !== undefined)) return;
    clearTimeout(this.waiting);
    this.waiting = undefined;
    this.long = false;
    if (!waiting) return;
    this.waiting = setTimeout(() => {
      this.long = true;
      this.#notice();
    }, SOON);
  }

  /** What is to be said; the first that holds. */
  #words() {
    const { call } = this;
    const { state, sound, document, measured } = call;
    if (state.error) return `${state.error.message} ${state.error.remedy}`.trim();
    if (call.kernel.present === false) return document ? "" : "The kernel that has this call is not there: run the cell to hear it.";
    if (!document || !sound) return `Reading the call${state.agent ? ` with ${state.agent}` : ""} …`;
    if (sound.blocked) return "The browser lets nothing be heard before a click: press play.";
    if (this.long) return "Waiting for the sound: a running cell may hold the kernel.";
    if (!measured) return "The turns are being measured: their figures follow.";
    if (state.running) return state.reading ? "Reading what has come since …" : "The call is not finished: this is what there is so far.";
    return "";
  }
}
