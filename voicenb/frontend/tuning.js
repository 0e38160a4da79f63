// TurnDetectionPanel: what anywidget loads. What is moved belongs to the model, a panel to each view of it.

import { Draft } from "./draft.js";
import { TuningPanel } from "./dials.js";

/** One widget model's life: anywidget calls this once per model. */
export default function tuning() {
  /** @type {Draft} */
  let draft;
  let views = 0;
  return {
    /** @param {{ model: import("./kernel.js").Model, signal: AbortSignal }} host */
    initialize({ model, signal }) {
      draft = new Draft(model, signal);
      // Another page has none any more, and the kernel asks who has.
      draft.kernel.addEventListener("look", () => views && draft.kernel.send({ type: "shown" }));
    },
    /** @param {{ el: HTMLElement, signal: AbortSignal }} view */
    render({ el, signal }) {
      new TuningPanel(draft, el, signal);
      views += 1;
      signal.addEventListener("abort", () => {
        views -= 1;
        // What a turn cost is dear to measure, and for nobody: the cell ran again, or its notebook was closed.
        if (!views) draft.kernel.send({ type: "hidden" });
      });
    },
  };
}
