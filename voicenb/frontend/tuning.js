// TurnDetectionPanel: what anywidget loads. What is moved belongs to the model, a panel to each view of it.

import { Draft } from "./draft.js";
import { TuningPanel } from "./dials.js";

/** One widget model's life: anywidget calls this once per model. */
export default function tuning() {
  /** @type {Draft} */
  let draft;
  return {
    /** @param {{ model: import("./kernel.js").Model, signal: AbortSignal }} host */
    initialize({ model, signal }) {
      draft = new Draft(model, signal);
    },
    /** @param {{ el: HTMLElement, signal: AbortSignal }} view */
    render({ el, signal }) {
      new TuningPanel(draft, el, signal);
    },
  };
}
