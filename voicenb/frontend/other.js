// Another setting beside the one in force: one hears the one, and sees what the other would have done.

import { make } from "./dom.js";

const NONE = "none";
const PINNED = "pinned";
const NOW = "now";

/** What is chosen; `element` is what to put into the page. */
export class Other {
  /**
   * @param {import("./draft.js").Draft} draft
   * @param {AbortSignal} signal ends it
   */
  constructor(draft, signal) {
    this.draft = draft;
    this.choice = make("select", "other-choice");
    this.element = make("label", "other", {}, make("span", "", { text: "and beside it" }), this.choice);
    this.choice.addEventListener("change", () => this.#choose(), { signal });
    this.shown = "";
  }

  /** Show what is chosen. */
  show() {
    const { presets = {}, beside } = this.draft.state;
    const known = Object.entries(presets).filter(([name]) => name !== "no_interruption");
    const named = known.find(([, preset]) => same(preset, beside))?.[0];
    const now = JSON.stringify([known, beside]);
    this.choice.disabled = this.draft.kernel.present === false;
    if (now === this.shown) return;
    this.shown = now;
    const option = (/** @type {string} */ value, /** @type {string} */ text) => make("option", "", { value, text });
    const options = [option(NONE, "nothing"), ...known.map(([name, preset]) => option(name, `${name} · ${figures(preset)}`))];
    if (beside && !named) options.push(option(PINNED, figures(beside)));
    options.push(option(NOW, "what the dials show now"));
    this.choice.replaceChildren(...options);
    this.choice.value = beside ? (named ?? PINNED) : NONE;
  }

  #choose() {
    const { draft, choice } = this;
    const { value } = choice;
    if (value === PINNED) return;
    if (value === NONE) return draft.beside(null);
    const { vad_threshold, min_silence, max_silence } = value === NOW ? draft.shown : draft.whole((draft.state.presets ?? {})[value]);
    draft.beside({ vad_threshold, min_silence, max_silence });
    this.shown = ""; // what the kernel makes of it is shown
  }
}

/** @param {import("./draft.js").Turns} setting */
function figures({ vad_threshold = 0.5, min_silence = 1000, max_silence = 3000 }) {
  return `${vad_threshold} · ${min_silence} · ${max_silence}`;
}

/**
 * @param {import("./draft.js").Turns} one
 * @param {import("./draft.js").Turns | null | undefined} other
 */
function same(one, other) {
  return Boolean(other) && figures(one) === figures(other ?? {});
}
