// The panel of turn detection on recordings: where would each turn have ended? One view; it keeps nothing itself.

import { make, say } from "./dom.js";
import { keepKeys } from "./notebook.js";
import { Front } from "./recorded_front.js";
import { partOf, Rows } from "./recorded_rows.js";
import { pushed, SILENCES, Slider, THRESHOLDS } from "./slider.js";
import { onTheme } from "./view_colours.js";

// Milliseconds in which a theme's style sheet is there.
const LATE = 500;
// Pixels that are left above the row to which the list is scrolled.
const ABOVE = 12;

/** @param {number} count @param {string} one */
const counted = (count, one) => `${count} ${one}${count === 1 ? "" : "s"}`;

/** @param {number} share */
const percent = (share) => `${Math.round(100 * share)}`;

/** A view of recorded calls. */
export class RecordedPanel {
  /**
   * @param {import("./recorded_calls.js").RecordedCalls} calls
   * @param {HTMLElement} host
   * @param {AbortSignal} signal ends the view
   */
  constructor(calls, host, signal) {
    this.calls = calls;
    this.signal = signal;
    this.title = make("div", "name recorded-title", { text: "Where would each turn have ended?" });
    this.rests = make("span", "badge");
    this.agrees = make("span", "badge");
    this.notice = make("div", "tune-notice", { role: "status" });
    this.problem = make("div", "problem", { role: "alert" });
    this.presets = make("div", "presets", { role: "group", "aria-label": "Settings" });
    /** @type {Map<string, HTMLButtonElement>} */
    this.pills = new Map();
    this.yours = make("span", "preset chosen", { text: "yours" });
    this.sliders = this.#sliders();
    this.ear = make("button", "recorded-ear", { type: "button" });
    this.apply = make("button", "recorded-apply", { type: "button" });
    this.even = make("button", "small", { type: "button", text: "Write them all the same" });
    this.done = make("div", "recorded-done", { role: "status" });
    this.rows = new Rows(calls, signal);
    this.cut = make("b", "recorded-figure");
    this.cutOf = make("span", "recorded-of");
    this.cutSure = make("span", "recorded-of");
    this.wait = make("b", "recorded-figure");
    this.waitWas = make("span", "recorded-of");
    this.waitSure = make("span", "recorded-of");
    this.front = new Front();
    this.verdict = make("p", "recorded-verdict-told");
    this.hear = make("button", "recorded-hear", { type: "button" });
    this.took = make("span", "recorded-took");
    this.hiding = make("style", "");
    this.body = make("div", "recorded-body");
    this.foot = make("div", "recorded-foot");
    this.element = this.#build();
    host.append(this.element);
    this.#listen();
    keepKeys(this.element, signal);
    this.ground();
  }

  #sliders() {
    const { calls, signal } = this;
    const format = (/** @type {number} */ value) => `${value} ms`;
    const settled = () => {};
    const silence = (/** @type {"min_silence" | "max_silence"} */ name, /** @type {string} */ hint) =>
      new Slider({ name, hint, stops: SILENCES, format, settled, moved: (value) => calls.setting && calls.move(pushed(name, value, calls.setting)) }, signal);
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
          moved: (value) => calls.move({ vad_threshold: value }),
        },
        signal,
      ),
    };
  }

  #build() {
    const { sliders } = this;
    const head = make("div", "head tune-head recorded-top", {}, this.title, make("div", "recorded-badges", {}, this.rests, this.agrees));
    const left = make("div", "tune-dials recorded-dials", {}, this.presets, sliders.min_silence.element, sliders.max_silence.element, sliders.vad_threshold.element, this.ear, this.apply, this.done, this.even);
    const legend = make("div", "recorded-legend", { "aria-hidden": "true" }, make("span", "", { text: "▏turn decided" }), make("span", "", { text: "▲ first sound" }), make("span", "", { text: "faded: never took place" }));
    const middle = make("div", "recorded-middle", {}, this.rows.element, legend);
    const figure = (/** @type {string} */ name, /** @type {HTMLElement[]} */ ...parts) => make("div", "recorded-tile", {}, make("span", "recorded-of", { text: name }), ...parts);
    const figures = make("div", "recorded-figures", { role: "status" }, figure("mid-turn pauses cut off", this.cut, this.cutOf, this.cutSure), figure("EOT latency, mean", this.wait, this.waitWas, this.waitSure));
    const right = make("div", "recorded-side", {}, figures, this.front.element, this.verdict);
    this.body.append(left, middle, right);
    this.foot.append(this.hear, this.took);
    return make("div", "talk tuning recorded", { role: "group", "aria-label": "Turn detection on recordings" }, this.hiding, head, this.problem, this.notice, this.body, this.foot);
  }

  #listen() {
    const { calls, signal } = this;
    calls.addEventListener("change", () => this.update(), { signal });
    calls.addEventListener("ground", () => this.ground(), { signal });
    calls.addEventListener("decided", () => this.#decided(), { signal });
    calls.addEventListener("voices", () => this.rows.draw(), { signal });
    calls.sound.addEventListener("change", () => this.#foot(), { signal });
    // A theme's style sheet may come after its name.
    onTheme(() => [0, LATE].forEach((wait) => setTimeout(() => signal.aborted || this.rows.draw(), wait)), signal);
    this.ear.addEventListener("click", () => this.#label(), { signal });
    this.apply.addEventListener("click", () => this.#apply(), { signal });
    this.even.addEventListener("click", () => calls.apply(true), { signal });
    this.hear.addEventListener("click", () => this.#hear(), { signal });
    signal.addEventListener("abort", () => this.element.remove());
  }

  /** Everything is different: other labels, or what there is has come. */
  ground() {
    const { ground } = this.calls;
    if (ground) {
      this.front.draw(ground);
      const { calls, turns, pauses, agreement, calibration } = ground;
      say(this.rests, [counted(calls.length, "call"), counted(turns.length, "turn"), counted(pauses, "pause")].join(" · "));
      say(this.agrees, agreement.n ? `agrees with the service in ${agreement.k} of ${counted(agreement.n, "decision")}` : "agreement not known");
      this.agrees.title = calibration;
    }
    this.update();
  }

  /** Show what is said and can be done, but for the turns. */
  update() {
    const { calls } = this;
    const { ground, setting, state, problem, kernel } = calls;
    const told = this.#words();
    say(this.notice, told);
    this.notice.hidden = !told;
    this.body.hidden = this.foot.hidden = !ground;
    this.rests.hidden = this.agrees.hidden = !ground;
    say(this.hiding, state.mark && ground ? `.${state.mark} { display: none }` : "");
    this.problem.hidden = !problem;
    say(this.problem, problem ? `${problem.message} ${problem.remedy}`.trim() : "");
    if (!ground || !setting) return;
    this.#presets();
    const was = calls.recorded;
    const disabled = kernel.present === false;
    for (const name of /** @type {const} */ (["min_silence", "max_silence", "vad_threshold"])) this.sliders[name].show(setting[name], { disabled, was: was && was[name] });
    this.#offers();
    this.#foot();
  }

  #words() {
    const { state, ground, kernel } = this.calls;
    if (state.error) return `${state.error.message} ${state.error.remedy}`.trim();
    if (kernel.present === false) return "The kernel that has these calls is not there: run the cell to tune on them.";
    if (!ground) return (state.calls ?? 0) > 1 ? `Reading call ${Math.min((state.read ?? 0) + 1, state.calls ?? 1)} of ${state.calls} …` : "Reading the call …";
    return "";
  }

  #presets() {
    const { calls } = this;
    /** @type {Record<string, import("./recorded_calls.js").Setting>} */
    const known = { ...(calls.recorded ? { "as recorded": calls.recorded } : {}), ...calls.state.presets };
    if (!this.pills.size) {
      for (const name of Object.keys(known)) {
        const pill = make("button", "preset", { type: "button", text: name });
        pill.addEventListener("click", () => calls.move(known[name]), { signal: this.signal });
        this.pills.set(name, pill);
        this.presets.append(pill);
      }
      this.presets.append(this.yours);
    }
    const chosen = Object.entries(known).find(([, preset]) => same(preset, calls.setting))?.[0];
    for (const [name, pill] of this.pills) {
      pill.setAttribute("aria-pressed", String(name === chosen));
      const { vad_threshold, min_silence, max_silence } = known[name];
      pill.title = `${vad_threshold} · ${min_silence} · ${max_silence}`;
    }
    this.yours.hidden = chosen !== undefined;
  }

  /** What can be done with the setting, and with what nobody knows. */
  #offers() {
    const { calls } = this;
    const { doubtful, labelled, labelling, doing, problem, done } = calls;
    const { kind = "", name = "" } = calls.state.target ?? {};
    const open = doubtful ? `${counted(doubtful, "pause")} the agent may have cut` : `${counted(labelled, "label")} set by ear`;
    this.ear.hidden = !doubtful && !labelled && !labelling;
    say(this.ear, labelling ? "‹ back to all turns" : `${open}: label by ear ▸`);
    say(this.apply, kind ? `Apply to ${name}` : "Copy the settings");
    this.apply.disabled = Boolean(doing) || calls.kernel.present === false;
    say(this.done, done);
    this.even.hidden = problem?.param !== "even_if_emulated";
  }

  #decided() {
    const { calls, rows } = this;
    const { decided, ground } = calls;
    if (!decided || !ground) return;
    rows.show();
    const { pauses, turns, calls: some, latency, latency_low, latency_high, ends, beyond, verdict } = decided.figures;
    say(this.cut, `${pauses.k} of ${pauses.n}`);
    say(this.cutOf, `${turns.k} of ${counted(turns.n, "turn")} · ${some.k} of ${counted(some.n, "call")}`);
    say(this.cutSure, pauses.tells ? `95 %: ${percent(pauses.low)} – ${percent(pauses.high)} %` : pauses.n ? `too few for a percentage` : "");
    say(this.wait, latency === null ? "not known" : `${latency.toFixed(2)} s`);
    const { was } = ground;
    say(this.waitWas, was ? `was ${was.latency.toFixed(2)} s` : "");
    say(this.waitSure, latency_low === null || latency_high === null ? "" : `95 %: ${latency_low.toFixed(2)} – ${latency_high.toFixed(2)} s, n\u00a0=\u00a0${ends}`);
    if (!this.front.show(decided.figures)) {
      this.front.draw(ground, decided.figures.latency ?? 0);
      this.front.show(decided.figures);
    }
    say(this.verdict, `${verdict}${beyond ? ` ${beyond} of ${counted(ends, "end")} would be decided later than anybody observed.` : ""}`);
    this.update();
    if (calls.onward) {
      const { after } = calls.onward;
      calls.onward = null;
      this.#next(after);
    }
    if (!Number.isNaN(calls.since)) {
      const { since } = calls;
      calls.since = NaN;
      // After the next picture of the screen it is seen.
      requestAnimationFrame(() => setTimeout(() => say(this.took, `redrawn in ${Math.round(performance.now() - since)} ms`)));
    }
  }

  #label() {
    const { calls, rows } = this;
    calls.sound.stop();
    rows.rewind();
    calls.labels(!calls.labelling);
    // What is being decided anew is listed when it has come.
    if (calls.labelling && !calls.items.length) calls.onward = { after: null };
    else if (calls.labelling) this.#next(null);
  }

  /**
   * Hear the first one that nobody has labelled; where there is none, or a label was taken back, stay.
   * @param {import("./recorded_calls.js").Said | null} after what was said
   */
  #next(after) {
    const { rows } = this;
    const stays = after && (after.said === null || rows.rows[0]?.item?.silence?.[2]);
    const row = (stays && rows.of(after)) || rows.rows[0];
    if (!row?.item) return;
    row.play.focus({ preventScroll: true });
    rows.element.scrollTop = row === rows.rows[0] ? 0 : row.element.offsetTop - ABOVE;
    if (row.item.silence?.[2]) this.calls.sound.stop();
    else this.calls.sound.play([partOf(row.item)]);
  }

  #apply() {
    const { calls } = this;
    if (calls.state.target?.kind) return calls.apply(false);
    const { vad_threshold, min_silence, max_silence } = calls.setting ?? { vad_threshold: 0, min_silence: 0, max_silence: 0 };
    const text = `vn.TurnDetection(vad_threshold=${vad_threshold}, min_silence=${min_silence}, max_silence=${max_silence})`;
    const copied = () => say(this.done, `Copied: ${text}`);
    // Where the browser does not let it, it can be selected.
    if (!navigator.clipboard) return say(this.done, text);
    navigator.clipboard.writeText(text).then(copied, () => say(this.done, text));
  }

  /** The turns that would be cut, one after the other; or silence. */
  #hear() {
    const { sound } = this.calls;
    if (sound.part) return sound.stop();
    sound.play(this.#cuts().map(partOf));
  }

  #cuts() {
    const { calls } = this;
    return calls.labelling ? [] : calls.items.filter(({ ghost }) => ghost?.cuts);
  }

  #foot() {
    const { sound } = this.calls;
    const count = this.#cuts().length;
    this.hear.hidden = !count && !sound.part;
    say(this.hear, sound.part ? "■ stop" : `▶ hear the ${count === 1 ? "turn" : `${count} turns`} it would cut`);
    if (sound.trouble) say(this.took, sound.trouble);
  }
}

/**
 * @param {import("./recorded_calls.js").Setting} one
 * @param {import("./recorded_calls.js").Setting | null} other
 */
function same(one, other) {
  return other !== null && one.min_silence === other.min_silence && one.max_silence === other.max_silence && Math.abs(one.vad_threshold - other.vad_threshold) < 1e-9;
}
