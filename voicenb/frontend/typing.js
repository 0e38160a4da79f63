// For who has no microphone: a line to type into. The words are said into the call by a synthetic voice.

import { make } from "./dom.js";

/** A line to type into; `element` is what to put into the page. */
export class Typing {
  /**
   * @param {import("./call.js").Call} call
   * @param {AbortSignal} signal ends it
   */
  constructor(call, signal) {
    this.call = call;
    const attributes = { type: "text", "aria-label": "What the caller says", placeholder: "Type what the caller says, and press Enter", autocomplete: "off" };
    this.line = make("input", "typed", attributes);
    this.send = make("button", "small", { type: "submit", text: "Say it" });
    this.talk = make("button", "small", { type: "button", text: "Talk instead", title: "Use the microphone" });
    this.element = make("form", "typing", {}, this.line, make("div", "typing-ways", {}, this.send, this.talk));
    /** Of what was said last. */
    this.ask = "";
    call.kernel.addEventListener("unsaid", (event) => this.#unsaid(/** @type {CustomEvent} */ (event).detail), { signal });
    this.talk.addEventListener("click", () => void call.useMicrophone(), { signal });
    this.element.addEventListener("submit", (event) => this.#say(event), { signal });
    this.line.addEventListener("keydown", (event) => this.#enter(event), { signal });
  }

  /** Show it while words are typed. */
  update() {
    const { call, element } = this;
    const wanted = call.typed && call.phase === "live";
    if (element.hidden === !wanted) return;
    element.hidden = !wanted;
    // Whoever has gone on to write in a cell meanwhile keeps the keyboard.
    const { activeElement } = document;
    const free = !activeElement || activeElement.contains(element) || element.parentElement?.contains(activeElement);
    if (wanted && free) this.line.focus();
  }

  /**
   * JupyterLab keeps Enter from what comes of it: to the browser it is a line break, in a cell that is not edited.
   * @param {KeyboardEvent} event
   */
  #enter(event) {
    if (event.key !== "Enter" || event.isComposing || event.defaultPrevented) return;
    event.preventDefault();
    this.element.requestSubmit(this.send);
  }

  /** @param {SubmitEvent} event */
  #say(event) {
    event.preventDefault();
    const text = this.line.value.trim();
    if (!text) return;
    this.ask = Math.random().toString(36).slice(2);
    this.call.kernel.send({ type: "say", ask: this.ask, text });
    this.line.value = "";
  }

  /**
   * It could not be said: whoever typed it may want to change it.
   * @param {{ ask: string, text: string }} message
   */
  #unsaid({ ask, text }) {
    if (ask === this.ask && !this.line.value) this.line.value = text;
  }
}
