// The panel of turn detection: one view of a draft. It keeps nothing itself.

import { make, say } from "./dom.js";
import { Modes } from "./modes.js";
import { keepKeys } from "./notebook.js";
import { DELAYS, pushed, SILENCES, Slider, THRESHOLDS } from "./slider.js";
import { Other } from "./other.js";
import { TurnList } from "./turns.js";

const ADAPTIVE = "adaptive";

/** @param {number} value */
const milliseconds = (value) => `${value} ms`;

/** A view of a draft. */
export class TuningPanel {
  /**
   * @param {import("./draft.js").Draft} draft
   * @param {HTMLElement} host
   * @param {AbortSignal} signal ends the view
   */
  constructor(draft, host, signal) {
    this.draft = draft;
    this.signal = signal;
    this.waiting = false;
    this.name = make("div", "name", { text: "Turn detection" });
    this.word = make("b", "word");
    this.meaning = make("span", "meaning");
    this.badge = make("span", "badge");
    this.problem = make("div", "problem", { role: "alert" });
    this.notice = make("div", "tune-notice");
    this.noticeTold = make("span", "tune-notice-told");
    this.restart = make("button", "small", { type: "button", text: "Restart" });
    this.presets = make("div", "presets", { role: "group", "aria-label": "Presets" });
    /** @type {Map<string, HTMLElement>} */
    this.pills = new Map();
    this.sliders = this.#sliders();
    this.interrupts = make("button", "switch", { type: "button", role: "switch" });
    this.modes = new Modes((mode, rest) => draft.choose(mode, rest), signal);
    this.other = new Other(draft, signal);
    this.turns = new TurnList(this.other.element);
    this.element = this.#build();
    host.append(this.element);
    this.#listen();
    keepKeys(this.element, signal);
    this.update();
    draft.kernel.send({ type: "shown" });
  }

  #sliders() {
    const { draft, signal } = this;
    const settled = (/** @type {boolean} */ rest) => draft.settle(rest);
    const silence = (/** @type {"min_silence" | "max_silence"} */ name, /** @type {string} */ hint) =>
      new Slider({ name, hint, stops: SILENCES, format: milliseconds, settled, moved: (value) => this.#push(name, value) }, signal);
    return {
      min_silence: silence("min_silence", "pause that ends a turn which sounds complete"),
      max_silence: silence("max_silence", "pause that ends any turn"),
      vad_threshold: new Slider(
        {
          name: "vad_threshold",
          hint: "how sure a sound must be speech; lower hears more",
          stops: THRESHOLDS,
          format: (value) => value.toFixed(2),
          settled,
          moved: (value) => draft.move("vad_threshold", value),
        },
        signal,
      ),
      interruption_delay: new Slider(
        {
          name: "interruption_delay",
          hint: "how long you must speak over the agent to stop it",
          stops: DELAYS,
          format: milliseconds,
          settled,
          moved: (value) => draft.move("interruption_delay", value),
        },
        signal,
      ),
    };
  }

  #build() {
    const { sliders } = this;
    const state = make("div", "state", { role: "status" }, this.word, this.meaning);
    const head = make("div", "head tune-head", {}, make("div", "who", {}, this.name, state), this.badge);
    this.notice.append(this.noticeTold, this.restart);
    const knob = make("span", "switch-track", { "aria-hidden": "true" });
    const words = make("span", "switch-words", {}, make("code", "dial-name", { text: "interrupt_response" }), make("span", "dial-hint", { text: "your speech stops the agent" }));
    this.interrupts.append(words, knob);
    const left = make(
      "div",
      "tune-dials",
      {},
      this.presets,
      sliders.min_silence.element,
      sliders.max_silence.element,
      sliders.vad_threshold.element,
      this.interrupts,
      sliders.interruption_delay.element,
      this.modes.element,
    );
    const body = make("div", "tune-body", {}, left, this.turns.element);
    return make("div", "talk tuning", { role: "group", "aria-label": "Turn detection" }, head, this.problem, this.notice, body);
  }

  #listen() {
    const { draft, signal } = this;
    draft.addEventListener("change", () => this.#soon(), { signal });
    this.interrupts.addEventListener("click", () => this.#flip(), { signal });
    this.restart.addEventListener("click", () => draft.restart(), { signal });
    signal.addEventListener("abort", () => this.element.remove());
  }

  /**
   * @param {"min_silence" | "max_silence"} name
   * @param {number} value
   */
  #push(name, value) {
    const both = pushed(name, value, this.draft.shown);
    this.draft.move("min_silence", both.min_silence);
    this.draft.move("max_silence", both.max_silence);
  }

  #flip() {
    const { draft } = this;
    draft.move("interrupt_response", !draft.shown.interrupt_response);
    draft.settle(true);
  }

  /** Once per picture of the screen, however often it changes. */
  #soon() {
    if (this.waiting) return;
    this.waiting = true;
    requestAnimationFrame(() => {
      this.waiting = false;
      if (!this.signal.aborted) this.update();
    });
  }

  /** Show the draft as it is. */
  update() {
    const { draft } = this;
    const { state } = draft;
    if (!state.presets) return; // nothing is known yet
    const [word, meaning] = this.#words();
    say(this.word, word);
    say(this.meaning, meaning ? ` · ${meaning}` : "");
    say(this.name, `Turn detection${state.agent ? ` of ${state.agent}` : ""}`);
    say(this.badge, [state.service, state.profile, state.brain].filter(Boolean).join(" · "));
    this.#problem();
    this.#notice();
    this.#presets();
    this.#dials();
    this.other.show();
    this.turns.show(state.turns ?? [], state.coming ?? "", state.phase === "running" || state.phase === "reconnecting");
  }

  /** @returns {[string, string]} */
  #words() {
    const { draft } = this;
    const { phase, once } = draft.state;
    if (draft.kernel.present === false) return ["not connected", "run the cell to tune"];
    if (draft.asked) return ["sending", phase === "running" ? "the service has not confirmed it yet" : ""];
    if (draft.turns || draft.mode !== null) return ["moved", "sent as soon as it rests"];
    if (phase === "connecting") return ["connecting", "the dials wait until the call has begun"];
    if (phase === "reconnecting") return ["reconnecting", "the dials wait until the call is back"];
    if (phase === "running") return ["in force", draft.adaptive ? "the service's adaptive default" : "confirmed by the service"];
    if (once) return phase === "after" ? ["ended", "this is how it ended; a Session is held once"] : ["not begun", "the dials wait until the session has begun"];
    return ["set", draft.state.stale ? "for the earlier Talk" : "the next call begins with it"];
  }

  #problem() {
    const { problem } = this.draft;
    this.problem.hidden = !problem;
    const told = problem ? `${problem.message} ${problem.remedy}` : "";
    if (this.problem.dataset.told === told) return;
    this.problem.dataset.told = told;
    if (!problem) return this.problem.replaceChildren();
    const still = " Nothing of it is in force.";
    this.problem.replaceChildren(make("b", "", { text: problem.message }), `${problem.remedy ? ` ${problem.remedy}` : still}`);
  }

  /** What is to be known of the adaptive default before it ends, and how it comes back; or that this is another's panel. */
  #notice() {
    const { draft } = this;
    const { phase, restarts, stale } = draft.state;
    const running = phase === "running";
    const ended = running && Boolean(draft.state.turn_detection);
    let told = stale ? "Another Talk was made after this panel. Run this cell again to tune that one." : "";
    if (running && !ended) {
      told = "Adaptive: the service sets its pauses itself. The first move ends that for the rest of this session";
      told += restarts ? "; only Restart, a new call, brings it back." : ".";
    } else if (ended) {
      told = restarts ? "The adaptive default is off for the rest of this session. Restart begins a new call, and brings it back." : "";
    }
    say(this.noticeTold, told);
    this.notice.hidden = !told;
    this.restart.hidden = !restarts || !ended;
    this.restart.disabled = Boolean(draft.asked) || draft.kernel.present === false;
  }

  #presets() {
    const { draft } = this;
    const { state } = draft;
    if (!this.pills.size) {
      for (const name of [ADAPTIVE, ...Object.keys(state.presets ?? {}), "custom"]) this.#pill(name);
    }
    const chosen = draft.name;
    // In a session whose settings were changed the default does not come back.
    const gone = (state.phase === "running" || state.phase === "reconnecting") && Boolean(state.turn_detection);
    for (const [name, pill] of this.pills) {
      if (name === "custom") {
        pill.hidden = chosen !== name;
        continue;
      }
      pill.setAttribute("aria-pressed", String(name === chosen));
      /** @type {HTMLButtonElement} */ (pill).disabled = draft.locked || (name === ADAPTIVE && gone);
      if (name === ADAPTIVE) pill.title = gone ? "It does not come back in this session: Restart" : "The service sets its pauses itself";
    }
  }

  /** @param {string} name */
  #pill(name) {
    const { draft } = this;
    const custom = name === "custom";
    const text = name.replace("_", " ");
    const pill = custom ? make("span", "preset chosen", { text }) : make("button", "preset", { type: "button", text });
    if (!custom && name !== ADAPTIVE) {
      const { vad_threshold, min_silence, max_silence } = draft.whole((draft.state.presets ?? {})[name]);
      pill.title = `${vad_threshold} · ${min_silence} · ${max_silence}`;
    }
    const press = () => {
      if (name !== ADAPTIVE) draft.preset(name);
      else if (!draft.adaptive) draft.leave();
    };
    if (!custom) pill.addEventListener("click", press, { signal: this.signal });
    this.pills.set(name, pill);
    this.presets.append(pill);
  }

  #dials() {
    const { draft, sliders } = this;
    const { shown, adaptive, locked } = draft;
    const inForce = draft.state.turn_detection ? draft.whole(draft.state.turn_detection) : null;
    const how = { disabled: locked, faint: adaptive };
    const told = adaptive ? "adaptive" : undefined;
    sliders.min_silence.show(shown.min_silence, { ...how, told, was: inForce && inForce.min_silence });
    sliders.max_silence.show(shown.max_silence, { ...how, told, was: inForce && inForce.max_silence });
    sliders.vad_threshold.show(shown.vad_threshold, { disabled: locked, was: inForce && inForce.vad_threshold });
    const left = draft.delayLeft ? `${shown.interruption_delay} ms · by the mode` : undefined;
    const off = !shown.interrupt_response;
    sliders.interruption_delay.show(shown.interruption_delay, { disabled: locked || off, faint: off, told: off ? "off" : left });
    this.interrupts.setAttribute("aria-checked", String(shown.interrupt_response));
    this.interrupts.disabled = locked;
    this.modes.show(draft.shownMode, locked, draft.state.service);
  }
}
