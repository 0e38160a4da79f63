// The transcription mode: how long the service's recogniser takes its time.

import { make } from "./dom.js";

/** Seconds from the end of speech to an audible reply, as others have observed them of the hosted service. */
const MODES = {
  min_latency: "2.1–2.6 s",
  balanced: "2.9–3.2 s",
  max_accuracy: "4.2–4.5 s",
};

let made = 0;

/**
 * In a narrow panel it breaks behind the underscore.
 * @param {string} mode
 */
const name = (mode) => make("span", "mode-name", {}, ...mode.split(/(?<=_)/).flatMap((part) => [part, document.createElement("wbr")]));

/** The choice; `element` is what to put into the page. */
export class Modes {
  /**
   * @param {(mode: string, rest: boolean) => void} chosen
   * @param {AbortSignal} signal
   */
  constructor(chosen, signal) {
    const id = `voicenb-mode-${(made += 1)}`;
    this.inputs = new Map(Object.keys(MODES).map((mode) => [mode, make("input", "mode-input", { type: "radio", name: id, value: mode })]));
    const options = Object.entries(MODES).map(([mode, seconds]) =>
      make("label", "mode", {}, /** @type {Node} */ (this.inputs.get(mode)), name(mode), make("span", "mode-told", { text: seconds })),
    );
    this.hint = make("div", "dial-hint", { id });
    const row = make("div", "modes", { role: "radiogroup", "aria-label": "transcription_mode", "aria-describedby": id }, ...options);
    const top = make("div", "dial-top", {}, make("code", "dial-name", { text: "transcription_mode", "aria-hidden": "true" }));
    this.element = make("div", "dial", {}, top, row, this.hint);
    let keyed = false;
    row.addEventListener("pointerdown", () => void (keyed = false), { signal });
    row.addEventListener("keydown", () => void (keyed = true), { signal });
    row.addEventListener("change", (event) => chosen(/** @type {HTMLInputElement} */ (event.target).value, keyed), { signal });
  }

  /**
   * @param {string} shown
   * @param {boolean} disabled
   * @param {string | undefined} service
   */
  show(shown, disabled, service) {
    for (const [mode, input] of this.inputs) {
      input.checked = mode === shown;
      input.disabled = disabled;
    }
    const most = "What moves the hosted service's answer most: seconds from your last sound to its first, as observed in September 2026.";
    const here = service === "emulator" ? " The emulator hears the same in each; only what interruption_delay is by default goes by it." : "";
    if (this.hint.textContent !== most + here) this.hint.textContent = most + here;
  }
}
