// The view of a call: what the share page and the widget show.

import { make } from "./dom.js";
import { keepKeys } from "./notebook.js";
import { onTheme } from "./view_colours.js";
import { FORMAT } from "./view_document.js";
import { callFindings } from "./view_findings.js";
import { CallHeader } from "./view_header.js";
import { wishOf } from "./view_keys.js";
import { CallLanes } from "./view_lanes.js";
import { Paper } from "./view_paper.js";
import { TurnRows } from "./view_rows.js";
import { summaryTiles } from "./view_tiles.js";
import { CallTranscript } from "./view_transcript.js";

/** @typedef {import("./view_keys.js").Wish} Wish */

const KEYS = "Keys: space plays, ← and → move 2 s, [ and ] go from line to line, Home and End, + and − zoom.";

// Seconds from which on times have more digits.
const LONG = 600;

/**
 * @typedef {object} Options
 * @property {AbortSignal} [signal] ends it: listeners go, the element stays
 * @property {"h1" | "h2"} [heading] the tag of the call's name; those of its parts are one level below
 * @property {HTMLElement | Document} [keys] whose keys it takes: its own, where the page has something else on it
 */

/**
 * Show a call.
 * @param {HTMLElement} root gets the view as its child
 * @param {import("./view_document.js").CallDocument} call
 * @param {import("./view_sound.js").Sound} sound
 * @param {Options} [options]
 * @returns {HTMLElement} the view
 */
export function callView(root, call, sound, { signal = new AbortController().signal, heading = "h2", keys } = {}) {
  const element = make("article", call.duration < LONG ? "call" : "call call-long", { "aria-label": `Call with ${call.title}` });
  root.append(element);
  if (call.format !== FORMAT) {
    element.append(make("p", "call-empty", { text: `This view reads form ${FORMAT} of a call; this one has form ${call.format}.` }));
    return element;
  }
  const below = heading === "h1" ? "h2" : "h3";
  /** @param {number} to seconds */
  const go = (to) => sound.seek(to);
  const lanes = new CallLanes(call, sound, signal);
  const header = new CallHeader(call, sound, heading, (steps) => lanes.zoom(steps));
  const transcript = new CallTranscript(call, go, below, signal);
  const rows = new TurnRows(call, go, below);
  const paper = new Paper(call);
  const columns = make("div", "call-columns", {}, rows.element, transcript.element);
  element.append(header.element, summaryTiles(call.tiles), lanes.element, paper.element, columns, callFindings(call, below), make("p", "call-keys", { text: KEYS }));

  lanes.onzoom = () => header.zoomed(lanes.scale);
  onTheme(() => lanes.redraw(), signal);
  paper.listen(signal);

  let shown = NaN;
  const show = () => {
    const at = sound.position();
    if (at === shown) return;
    // It was put there, and did not come there by itself.
    const put = !(at > shown && at - shown < 1);
    shown = at;
    header.show(at);
    lanes.show(at);
    transcript.show(at);
    rows.show(at);
    if (put) {
      lanes.follow();
      transcript.follow();
    }
  };
  let pending = 0;
  const run = () => {
    pending = 0;
    show();
    if (sound.playing && !signal.aborted) pending = requestAnimationFrame(run);
  };
  sound.onchange(() => {
    if (signal.aborted) return;
    header.changed();
    if (!pending) run();
  });
  run();

  /** @param {Wish} wish */
  const grant = (wish) => {
    switch (wish.to) {
      case "play":
        return sound.playing ? sound.pause() : sound.play();
      case "move":
        return sound.seek(sound.position() + wish.seconds);
      case "begin":
        return sound.seek(0);
      case "end":
        return sound.seek(call.duration);
      case "line":
        return sound.seek(transcript.beside(sound.position(), wish.way) ?? (wish.way > 0 ? call.duration : 0));
      case "zoom":
        return lanes.zoom(wish.steps);
    }
  };
  keepKeys(element, signal);
  /** @param {Event} event */
  const pressed = (event) => {
    const { target } = event;
    if (!(event instanceof KeyboardEvent) || event.defaultPrevented) return;
    const on = target instanceof Element ? target : element;
    const wish = wishOf(event, {
      pressed: Boolean(on.closest("button, a[href], summary")),
      chosen: Boolean(on.closest("select, input, textarea, [contenteditable]")),
      moved: on === lanes.scroller,
    });
    if (!wish) return;
    event.preventDefault();
    event.stopPropagation();
    grant(wish);
  };
  (keys ?? element).addEventListener("keydown", pressed, { signal });
  return element;
}
