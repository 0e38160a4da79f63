// Player: what anywidget loads. The call and its sound belong to the model, a view to each place that shows it.

import { PlayedCall } from "./player_call.js";
import { PlayerFrame } from "./player_frame.js";

/** One widget model's life: anywidget calls this once per model. */
export default function player() {
  /** @type {PlayedCall} */
  let call;
  let views = 0;
  return {
    /** @param {{ model: import("./kernel.js").Model, signal: AbortSignal }} host */
    initialize({ model, signal }) {
      call = new PlayedCall(model, signal);
    },
    /** @param {{ el: HTMLElement, signal: AbortSignal }} view */
    render({ el, signal }) {
      new PlayerFrame(call, el, signal);
      views += 1;
      signal.addEventListener("abort", () => {
        views -= 1;
        // The cell ran again, or its notebook was closed: nobody could stop it any more.
        if (!views) call.sound?.pause();
      });
    },
  };
}
