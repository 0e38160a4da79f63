// Recorded calls as the kernel tells of them: what does not depend on the setting once, and for each move what does.

import { Kernel } from "./kernel.js";
import { byEar, byHarm, nameOf } from "./recorded_items.js";
import { RecordedSound } from "./recorded_sound.js";
import { Outline } from "./view_outline.js";

/**
 * @typedef {{ vad_threshold: number, min_silence: number, max_silence: number }} Setting
 * @typedef {{ k: number, n: number, low: number, high: number, tells: boolean }} Share
 *
 * @typedef {object} Figures
 * @property {Share} pauses
 * @property {Share} turns
 * @property {Share} calls
 * @property {Share} doubtful
 * @property {number | null} latency seconds, mean
 * @property {number | null} latency_low
 * @property {number | null} latency_high
 * @property {number | null} p50
 * @property {number} ends
 * @property {number} missed
 * @property {number} beyond ends that are decided later than anybody observed
 * @property {string} verdict
 *
 * @typedef {object} Point
 * @property {number | null} latency
 * @property {number | null} rate
 * @property {number} k
 * @property {number} n
 * @property {boolean} observed
 * @property {Setting | null} setting
 * @property {string} [name]
 *
 * @typedef {object} Ground
 * @property {number} version
 * @property {{ name: string, length: number, rate: number }[]} calls
 * @property {import("./recorded_items.js").Turn[]} turns
 * @property {number} pauses
 * @property {string[]} services
 * @property {{ k: number, n: number }} agreement
 * @property {string} calibration
 * @property {Point[]} front
 * @property {string} tried of which settings the front is made, in words
 * @property {number | null} unobserved the latency from which on nothing was observed; null: everywhere something was
 * @property {Point[]} marks
 * @property {{ latency: number, ends: number } | null} was
 *
 * @typedef {object} Decided
 * @property {number} version of the ground that it was decided on
 * @property {Float64Array} ghosts
 * @property {Figures} figures
 * @property {Setting} setting
 *
 * @typedef {object} Voices
 * @property {Outline} caller
 * @property {Outline} agent
 * @property {Uint8Array} likely
 * @property {number} frame seconds
 *
 * @typedef {object} Said what somebody says of a silence
 * @property {number} call
 * @property {number} start
 * @property {number} end
 * @property {string | null} said null takes it back
 * @property {string} name of its turn
 *
 * @typedef {object} State as the kernel tells it
 * @property {number} [calls]
 * @property {number} [read] how many have been read
 * @property {number} [version] counts the labels that were set
 * @property {{ message: string, remedy: string } | null} [error]
 * @property {string} [mark]
 * @property {Record<string, Setting>} [presets]
 * @property {Setting | null} [setting]
 * @property {{ kind: string, name: string }} [target]
 */

// Milliseconds without a move after which what stays in the notebook is brought up to it.
const REST = 1000;
// Milliseconds that the kernel may take for a move before it is asked again.
const PATIENCE = 4000;

/**
 * Fires `change` when there is something else to say, `ground` when all is different, `decided` when another setting has
 * been decided, and `voices` when the sound of a call can be drawn.
 */
export class RecordedCalls extends EventTarget {
  /**
   * @param {import("./kernel.js").Model} model
   * @param {AbortSignal} signal ends it
   */
  constructor(model, signal) {
    super();
    this.kernel = new Kernel(model, signal);
    this.sound = new RecordedSound((call, start, count) => this.kernel.send({ type: "slice", call, start, count }), signal);
    /** @type {Ground | null} */
    this.ground = null;
    /** @type {Decided | null} */
    this.decided = null;
    /** @type {Setting | null} where the sliders stand */
    this.setting = null;
    /** @type {Map<number, Voices | null>} null: asked for */
    this.voices = new Map();
    /** The version of the ground that was asked for. */
    this.asked = 0;
    /** @type {{ id: string, timer: ReturnType<typeof setTimeout> } | null} the move under way */
    this.moving = null;
    this.again = false;
    /** @type {ReturnType<typeof setTimeout> | undefined} until the sliders have rested */
    this.resting = undefined;
    /** When the person moved something that has not been drawn yet; NaN: never. */
    this.since = NaN;
    /** @type {string | null} what else the kernel was asked to do */
    this.doing = null;
    /** Whether silences are labelled instead of looked at. */
    this.labelling = false;
    /** @type {Said[]} the labels that were given here, the last one last */
    this.given = [];
    /** @type {Said | null} the label under way */
    this.saying = null;
    /** @type {{ after: Said | null } | null} where to go on labelling when all has been decided anew */
    this.onward = null;
    /** @type {{ message: string, remedy: string, param?: string } | null} */
    this.problem = null;
    /** What was done, in a sentence. */
    this.done = "";
    this.kernel.addEventListener("state", () => this.#look());
    this.kernel.addEventListener("answer", (event) => this.#answered(/** @type {CustomEvent} */ (event).detail));
    this.kernel.addEventListener("other", (event) => this.#heard(/** @type {CustomEvent} */ (event).detail));
    signal.addEventListener("abort", () => {
      clearTimeout(this.moving?.timer);
      clearTimeout(this.resting);
    });
    this.#look();
  }

  /** @returns {State} */
  get state() {
    return this.kernel.state;
  }

  /** What is listed. */
  get items() {
    const { ground, decided } = this;
    if (!ground || decided?.version !== ground.version) return [];
    return (this.labelling ? byEar : byHarm)(ground.turns, decided.ghosts);
  }

  /** How many silences nobody knows of. */
  get doubtful() {
    return this.ground?.turns.filter(({ truth }) => truth === "doubtful").length ?? 0;
  }

  /** How many have a label. */
  get labelled() {
    return this.ground?.turns.reduce((sum, { pauses, silence }) => sum + [...pauses, silence].filter(([, , said]) => said).length, 0) ?? 0;
  }

  /** @returns {Setting | null} what most turns were held with */
  get recorded() {
    const held = (this.ground?.marks ?? []).filter(({ setting }) => setting);
    return held.sort((one, other) => other.n - one.n)[0]?.setting ?? null;
  }

  /**
   * Move something.
   * @param {Partial<Setting>} changes
   */
  move(changes) {
    if (!this.setting) return;
    this.setting = { ...this.setting, ...changes };
    if (Number.isNaN(this.since)) this.since = performance.now();
    this.done = "";
    this.problem = null;
    clearTimeout(this.resting);
    this.resting = setTimeout(() => this.kernel.send({ type: "rest" }), REST);
    this.#decide();
    this.#fire("change");
  }

  /**
   * Say what a silence was.
   * @param {import("./recorded_items.js").Item} item
   * @param {string | null} said null takes it back
   */
  label({ turn, silence }, said) {
    if (!silence) return;
    const [start, end] = silence;
    this.#say({ call: turn.call, start, end, said, name: nameOf(turn, this.ground?.calls.length ?? 1) });
  }

  /** Take back the label that was given last. */
  takeBack() {
    const last = this.given.at(-1);
    if (last) this.#say({ ...last, said: null });
  }

  /** @param {Said} saying */
  #say(saying) {
    // What is shown has to be what the kernel knows: a key that is pressed twice would label twice.
    const settled = this.decided?.version === this.state.version;
    if (this.doing || !settled) return;
    this.onward = this.labelling ? { after: saying } : null;
    this.saying = saying;
    const { call, start, end, said } = saying;
    this.#ask({ type: "label", call, start, end, said });
  }

  /** @param {boolean} even whether also what the emulator was tuned with */
  apply(even) {
    if (this.setting && !this.doing) this.#ask({ type: "apply", setting: this.setting, even });
  }

  /** @param {boolean} yes */
  labels(yes) {
    this.labelling = yes;
    this.given = [];
    this.#fire("decided");
  }

  /**
   * The sound of a call, to be drawn; undefined until it has come.
   * @param {number} call
   */
  voicesOf(call) {
    const known = this.voices.get(call);
    if (known === undefined && this.kernel.present) {
      this.voices.set(call, null);
      this.kernel.send({ type: "voices", call });
    }
    return known ?? undefined;
  }

  #look() {
    const { kernel, state } = this;
    if (kernel.present === false) this.asked = 0;
    else if (state.version && state.version !== this.ground?.version && state.version !== this.asked) {
      this.asked = state.version;
      kernel.send({ type: "ground" });
    }
    this.#fire("change");
  }

  /** Have the setting decided: one at a time, and of those that come meanwhile the last one. */
  #decide() {
    if (!this.setting || !this.ground) return;
    if (this.moving) return void (this.again = true);
    const id = Math.random().toString(36).slice(2);
    this.again = false;
    const timer = setTimeout(() => {
      this.moving = null;
      if (this.kernel.present !== false) this.#decide();
    }, PATIENCE);
    this.moving = { id, timer };
    this.kernel.send({ type: "move", ask: id, setting: this.setting });
  }

  /** @param {object} content */
  #ask(content) {
    this.doing = Math.random().toString(36).slice(2);
    this.problem = null;
    this.done = "";
    this.kernel.send({ ...content, ask: this.doing });
    this.#fire("change");
  }

  /** @param {{ ask: string, message?: string, remedy?: string, param?: string, done?: string }} answer */
  #answered({ ask, message, remedy = "", param, done = "" }) {
    const moved = this.moving?.id;
    if (ask === moved) this.#settled();
    else if (ask !== this.doing) return; // another page's
    else this.doing = null;
    if (message) this.onward = null;
    this.problem = message ? { message, remedy, param } : null;
    this.done = done;
    if (ask !== moved) this.#said(!message);
    this.#fire("change");
  }

  /** @param {boolean} kept whether the label under way has been kept */
  #said(kept) {
    const { saying } = this;
    this.saying = null;
    if (!saying || !kept) return;
    this.given = this.given.filter(({ call, start }) => call !== saying.call || start !== saying.start);
    if (saying.said) this.given.push(saying);
    else this.done = `Taken back: ${saying.name}.`;
  }

  #settled() {
    clearTimeout(this.moving?.timer);
    this.moving = null;
    if (this.again) this.#decide();
  }

  /** @param {{ message: any, buffers: DataView[] }} heard */
  #heard({ message, buffers }) {
    switch (message.type) {
      case "ground":
        this.ground = message;
        this.sound.calls = message.calls;
        this.setting ??= this.state.setting ?? null;
        clearTimeout(this.moving?.timer);
        this.moving = null;
        this.#decide();
        this.#fire("ground");
        break;
      case "decided":
        if (message.ask !== this.moving?.id || message.version !== this.ground?.version) break;
        this.decided = { version: message.version, ghosts: new Float64Array(bytesOf(buffers[0])), figures: message.figures, setting: message.setting };
        this.#settled();
        this.#fire("decided");
        break;
      case "voices": {
        const { call, step, frame } = message;
        const [caller, agent, likely] = buffers.map((view) => new Uint8Array(bytesOf(view)));
        this.voices.set(call, { caller: new Outline(caller, step), agent: new Outline(agent, step), likely, frame });
        this.#fire("voices");
        break;
      }
      case "slice":
        this.sound.take(message.call, message.start, buffers[0]);
        break;
      case "slice-error":
        this.sound.fail(message.call, `${message.message} ${message.remedy}`.trim());
        break;
    }
  }

  /** @param {string} type */
  #fire(type) {
    this.dispatchEvent(new Event(type));
  }
}

/**
 * A buffer of a message, which may lie anywhere in it.
 * @param {DataView} view
 */
function bytesOf({ buffer, byteOffset, byteLength }) {
  return buffer.slice(byteOffset, byteOffset + byteLength);
}
