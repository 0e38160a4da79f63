// TurnDetectionPanel on recordings: what anywidget loads. Calls and their sound belong to the model, a panel to each view.

import { RecordedCalls } from "./recorded_calls.js";
import { RecordedPanel } from "./recorded_panel.js";

/** One widget model's life: anywidget calls this once per model. */
export default function recorded() {
  /** @type {RecordedCalls} */
  let calls;
  let views = 0;
  return {
    /** @param {{ model: import("./kernel.js").Model, signal: AbortSignal }} host */
    initialize({ model, signal }) {
      calls = new RecordedCalls(model, signal);
    },
    /** @param {{ el: HTMLElement, signal: AbortSignal }} view */
    render({ el, signal }) {
      new RecordedPanel(calls, el, signal);
      views += 1;
      signal.addEventListener("abort", () => {
        views -= 1;
        // The cell ran again, or its notebook was closed: nobody could stop it any more.
        if (!views) calls.sound.stop();
      });
    },
  };
}
