// Talk: what anywidget loads. The call belongs to the model, a panel to each view of it.

import { Call } from "./call.js";
import { Panel } from "./panel.js";
import { Pill } from "./pill.js";

/** One widget model's life: anywidget calls this once per model. */
export default function talk() {
  /** @type {Call} */
  let call;
  return {
    /** @param {{ model: import("./kernel.js").Model, signal: AbortSignal }} host */
    initialize({ model, signal }) {
      call = new Call(model, signal);
      new Pill(call, signal);
    },
    /** @param {{ el: HTMLElement, signal: AbortSignal }} view */
    render({ el, signal }) {
      new Panel(call, el, signal);
    },
  };
}
