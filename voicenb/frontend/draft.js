// A draft of the settings: what has been moved and is not in force yet, and how it gets there.

import { Kernel } from "./kernel.js";

/**
 * @typedef {object} Turns a turn_detection object, as the service has it
 * @property {number} [vad_threshold]
 * @property {number} [min_silence]
 * @property {number} [max_silence]
 * @property {boolean} [interrupt_response]
 * @property {number} [interruption_delay]
 *
 * @typedef {object} Row a turn of the caller's
 * @property {number} n
 * @property {string} text
 * @property {number | null} latency seconds
 * @property {number | null} delay seconds
 * @property {{ kind: "silence" | "announcement" | "tool" | "reply", seconds: number }[]} parts
 * @property {string} ended_by
 * @property {number | null} limit milliseconds
 * @property {"" | "cut" | "interrupted"} outcome
 * @property {boolean} tool
 * @property {string} note
 * @property {{ delay: number, silence: number, pause: number | null } | null} [beside] what another setting would have
 *   done, in seconds; pause: in which it would have cut the caller off
 * @property {string} change what was changed since the turn before
 *
 * @typedef {object} State as the kernel tells it
 * @property {string} [agent]
 * @property {"before" | "connecting" | "running" | "reconnecting" | "after"} [phase]
 * @property {boolean} [once] whether there is no next call
 * @property {"" | "page" | "here"} [restarts]
 * @property {boolean} [stale] whether another Talk was made after this panel
 * @property {string} [service]
 * @property {string} [profile]
 * @property {string} [brain]
 * @property {Turns | null} [turn_detection] null while the adaptive default holds
 * @property {string | null} [mode]
 * @property {Record<string, Turns>} [presets]
 * @property {Turns} [defaults]
 * @property {Record<string, number>} [delays] by mode
 * @property {Turns | null} [beside] another setting, by which the turns are decided too
 * @property {Row[]} [turns]
 * @property {string} [coming]
 */

// Milliseconds that the keyboard rests before what it moved is sent: one holds an arrow key down.
const REST = 450;
// The service has five seconds for its word, and a cell may hold the kernel.
const PATIENCE = 12_000;

export const MODE = "balanced";

/** What holds the settings; fires `change`. */
export class Draft extends EventTarget {
  /**
   * @param {import("./kernel.js").Model} model
   * @param {AbortSignal} signal ends it
   */
  constructor(model, signal) {
    super();
    this.kernel = new Kernel(model, signal);
    /** @type {Required<Turns> | null} where the dials were moved to */
    this.turns = null;
    this.delayMoved = false;
    /** @type {string | null} */
    this.mode = null;
    /** @type {{ message: string, remedy: string } | null} */
    this.problem = null;
    /** @type {{ id: string, moves: number, timer: ReturnType<typeof setTimeout> } | null} what the kernel was asked */
    this.asked = null;
    this.moves = 0;
    /** Whether a dial is held. */
    this.moving = false;
    /** @type {ReturnType<typeof setTimeout> | undefined} until the keyboard has rested */
    this.resting = undefined;
    this.kernel.addEventListener("state", () => this.#changed());
    this.kernel.addEventListener("answer", (event) => this.#answered(/** @type {CustomEvent} */ (event).detail));
    signal.addEventListener("abort", () => {
      clearTimeout(this.resting);
      clearTimeout(this.asked?.timer);
    });
  }

  /** @returns {State} */
  get state() {
    return this.kernel.state;
  }

  /** Whether nothing can be set. */
  get locked() {
    const { phase, once } = this.state;
    return this.kernel.present === false || phase === "connecting" || phase === "reconnecting" || Boolean(once && phase !== "running");
  }

  /** Whether the service sets the pauses itself, and nothing has been moved. */
  get adaptive() {
    return !this.turns && !this.state.turn_detection;
  }

  /** The mode that is shown. */
  get shownMode() {
    return this.mode ?? this.state.mode ?? MODE;
  }

  /**
   * All that counts in an object.
   * @param {Turns | null | undefined} given the recommendation in place of none
   * @param {string} [mode]
   * @returns {Required<Turns>}
   */
  whole(given, mode = this.shownMode) {
    const { presets = {}, defaults = {}, delays = {} } = this.state;
    const known = Object.fromEntries(Object.entries(given ?? presets.recommended ?? {}).filter(([, value]) => value !== null));
    return /** @type {Required<Turns>} */ ({ ...defaults, interruption_delay: delays[mode] ?? 0, ...known });
  }

  /** What the dials show: what was moved, else what is in force; the recommendation while nothing is. */
  get shown() {
    return this.turns ?? this.whole(this.state.turn_detection);
  }

  /** Whether the interruption delay is left to the mode. */
  get delayLeft() {
    return !this.delayMoved && typeof this.state.turn_detection?.interruption_delay !== "number";
  }

  /** The name of the settings shown: of a preset, "adaptive" or "custom". */
  get name() {
    if (this.adaptive) return "adaptive";
    const shown = JSON.stringify(sorted(this.shown));
    const presets = Object.entries(this.state.presets ?? {});
    return presets.find(([, preset]) => JSON.stringify(sorted(this.whole(preset))) === shown)?.[0] ?? "custom";
  }

  /**
   * Move a dial; it is sent with `settle`.
   * @template {keyof Turns} K
   * @param {K} name
   * @param {Required<Turns>[K]} value
   */
  move(name, value) {
    this.turns = { ...this.shown, [name]: value };
    if (name === "interruption_delay") this.delayMoved = true;
    this.moves += 1;
    this.problem = null;
    clearTimeout(this.resting);
    this.resting = undefined;
    this.moving = true;
    this.#changed();
  }

  /**
   * Take a preset, all of it.
   * @param {string} name
   */
  preset(name) {
    this.turns = this.whole((this.state.presets ?? {})[name]);
    this.delayMoved = false;
    this.moves += 1;
    this.settle(false);
  }

  /**
   * @param {string} mode
   * @param {boolean} rest whether more may follow at once
   */
  choose(mode, rest) {
    this.mode = mode;
    this.moves += 1;
    this.settle(rest);
  }

  /**
   * A move is over: send what was moved.
   * @param {boolean} rest whether more may follow at once, as from the keyboard
   */
  settle(rest) {
    clearTimeout(this.resting);
    this.moving = false;
    this.problem = null;
    this.resting = undefined;
    if (!rest) return this.#send();
    this.resting = setTimeout(() => {
      this.resting = undefined;
      this.#send();
    }, REST);
    this.#changed();
  }

  /** Leave turn detection to the service again, from the next call on. */
  leave() {
    const { phase, turn_detection } = this.state;
    this.#drop();
    // The call that runs still has it: there is nothing to take back but the move.
    if (phase === "running" && !turn_detection && !this.asked) return this.#changed();
    this.#ask({ type: "set", changes: { turn_detection: null } });
  }

  /**
   * Decide the turns by another setting too; nothing of it is in force.
   * @param {Turns | null} setting null: by none
   */
  beside(setting) {
    this.kernel.send({ type: "beside", setting });
  }

  /** End the call and begin another one with the service's default. */
  restart() {
    this.#drop();
    this.#ask({ type: "restart" });
  }

  #send() {
    if (this.asked || (!this.turns && this.mode === null)) return this.#changed(); // the answer sends what has come
    /** @type {{ turn_detection?: Turns, transcription_mode?: string }} */
    const changes = {};
    if (this.turns) {
      const { interruption_delay, ...rest } = this.turns;
      // Left out it follows the mode: the kernel fills in what that brings.
      changes.turn_detection = this.delayLeft ? rest : { ...rest, interruption_delay };
    }
    if (this.mode !== null) changes.transcription_mode = this.mode;
    this.#ask({ type: "set", changes });
  }

  /** @param {object} content */
  #ask(content) {
    const id = Math.random().toString(36).slice(2);
    clearTimeout(this.asked?.timer);
    const remedy = "Wait for the running cell to end, or restart the kernel and run the cells again.";
    const timer = setTimeout(() => this.#answered({ ask: id, message: "The kernel does not answer.", remedy }), PATIENCE);
    this.asked = { id, moves: this.moves, timer };
    this.problem = null;
    this.kernel.send({ ...content, ask: id });
    this.#changed();
  }

  /** @param {{ ask: string, message?: string, remedy?: string }} answer */
  #answered({ ask, message, remedy = "" }) {
    if (ask !== this.asked?.id) return; // another page's
    clearTimeout(this.asked.timer);
    const { moves } = this.asked;
    this.asked = null;
    this.problem = message ? { message, remedy } : null;
    // What was moved meanwhile stands, and is sent when it has come to rest.
    if (moves === this.moves) this.#drop();
    else if (this.resting === undefined && !this.moving) this.#send();
    this.#changed();
  }

  /** Show what is in force. */
  #drop() {
    clearTimeout(this.resting);
    this.resting = undefined;
    this.moving = false;
    this.turns = null;
    this.mode = null;
    this.delayMoved = false;
  }

  #changed() {
    this.dispatchEvent(new Event("change"));
  }
}

/** @param {object} value */
function sorted(value) {
  return Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1));
}
