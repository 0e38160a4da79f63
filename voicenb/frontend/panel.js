// The panel: one view of a call. It reads the call and the state that the kernel tells, and keeps nothing itself.

import { After } from "./after.js";
import { CallButton, RING } from "./button.js";
import { Captions } from "./captions.js";
import { Chooser } from "./chooser.js";
import { make, say } from "./dom.js";
import { Lanes } from "./lanes.js";
import { clock, isTimed, money } from "./meter.js";
import { sayParts } from "./parts.js";
import { bringIntoView, followGrowth, keepKeys } from "./notebook.js";
import { Typing } from "./typing.js";

/** @type {Record<string, [string, string]>} what a state is called, and what it means for the person */
const WORDS = {
  idle: ["ready", "press Start and talk"],
  "warming up": ["warming up", "ears and voice are being loaded"],
  connecting: ["connecting", "the agent is being called"],
  listening: ["listening", "go ahead"],
  thinking: ["thinking", "one moment"],
  speaking: ["speaking", "interrupt any time"],
  reconnecting: ["reconnecting", "the connection was lost: what you say is kept"],
  ending: ["ending", ""],
  ended: ["ended", "press Start for a new call"],
};

/** Which page has the call, where it is not this one. */
const PLACES = {
  "": "on another page",
  page: "in this page: Talk here brings it into this panel",
  tab: "in another tab of this browser",
  elsewhere: "on another page: another browser, or another address",
};

/**
 * What becomes of the agent's voice while the caller speaks over it.
 * @type {Record<string, string>}
 */
const BARGE_IN = {
  flush: "Spoken over, the agent falls silent when the service says that you speak.",
  duck: "Spoken over, the agent is quieter as soon as you are heard here, and silent when the service says that you speak; where it does not, the voice is back some 3 s later.",
  wait: "Spoken over, the agent falls silent when the service ends the reply.",
};

/** What the figures in the foot mean: shown where one points at them, and read out behind them. */
const FIGURES = `late: a piece of your voice came more than 0.15 s after its time, and was heard all the same.
lost: a piece of your voice never came.
gap: a silence in the agent's voice that was not in it.
The likely cause: the machine was too busy. Close what else keeps it at work; sound through the kernel waits for cells, too.`;

/** What is said where no page has it. */
const NOBODY = "no page takes part in this call: Talk here does";

const EMULATOR = `A server on this machine answers, as the hosted service would: service · profile · brain.
The profile says whose manners it has: "contract" those of the documentation, "live" those that were observed.
The brain says who thinks: "rules" (no language model), or the name of a model.`;

const STRAIGHT = `The browser connects to the service by itself: your voice and the agent's do not pass through the kernel.
What is said and heard is told to the kernel, which records it. The key stays there: the browser has a token for one session.`;

const ASLEEP = {
  message: "The browser holds the sound back: nothing is heard, on either side.",
  remedy: "Click anywhere on this page, and the call goes on.",
};

const CHECK = `A quarter of a minute before a call: say nothing, hear five tones, say a sentence.
It tells how loud you and your room are, and whether the microphone hears the agent. Nothing is billed.`;

const reducedMotion = matchMedia("(prefers-reduced-motion: reduce)");

/** A view of a call. */
export class Panel {
  /**
   * @param {import("./call.js").Call} call
   * @param {HTMLElement} host
   * @param {AbortSignal} signal ends the view; the call goes on
   */
  constructor(call, host, signal) {
    this.call = call;
    this.signal = signal;
    // Whether a picture has been asked for: of everything, of the ring.
    this.waiting = false;
    this.moving = false;
    this.still = reducedMotion.matches; // as it was last shown
    this.button = new CallButton();
    this.captions = new Captions(call.state.agent || "Agent");
    this.lanes = new Lanes(call, signal);
    this.after = new After(call, signal);
    this.typing = new Typing(call, signal);
    this.type = make("button", "small", { type: "button", text: "Type instead" });
    this.name = make("div", "name");
    this.state = make("div", "state");
    this.word = make("b", "word");
    this.meaning = make("span", "meaning");
    this.service = make("span", "");
    this.badge = make("span", "badge", {}, this.service);
    this.join = make("button", "small", { type: "button", text: "Talk here", title: "Bring the call's microphone and voice to this page" });
    this.mute = make("button", "small mute", { type: "button", text: "Mute" });
    this.check = make("button", "check", { type: "button", text: "Check the sound", title: CHECK });
    this.microphone = new Chooser(call, "input", signal);
    this.speaker = new Chooser(call, "output", signal);
    this.time = make("span", "time", { role: "timer", "aria-label": "Time of the call" });
    this.cost = make("span", "cost");
    this.counts = make("span", "counts", {}, this.time, this.cost);
    this.problem = make("div", "problem", { role: "alert" });
    this.hints = make("div", "hints");
    // The transcript that stays in the saved notebook: hidden for as long as this panel shows the same.
    this.hiding = make("style", "");
    this.turns = make("span", "turns");
    this.way = make("span", "way");
    this.figures = make("span", "spoken");
    this.element = this.#build();
    host.append(this.element);
    this.#listen();
    this.captions.replace(call.lines.values());
    this.update();
    call.shown(this.element, signal);
  }

  #build() {
    this.state.append(this.word, this.meaning);
    const head = make(
      "div",
      "head",
      {},
      this.button.element,
      make("div", "who", {}, this.name, this.state),
      make("div", "side", {}, this.badge, this.join, this.mute, this.counts),
    );
    const foot = make("div", "foot", {}, this.turns, this.check, this.way, this.microphone.element, this.speaker.element, this.figures);
    const attributes = { role: "group", "aria-label": "Voice agent" };
    return make("div", "talk", attributes, head, this.problem, this.lanes.element, this.captions.element, this.typing.element, this.after.element, this.hints, foot, this.hiding);
  }

  #listen() {
    const { call, signal } = this;
    const options = { signal };
    this.button.element.addEventListener("click", (event) => this.#press(event), options);
    this.join.addEventListener("click", () => void call.start({ rejoin: true }), options);
    this.check.addEventListener("click", () => void call.start({ check: true }), options);
    this.type.addEventListener("click", () => void call.start({ typed: true, rejoin: !call.here && call.running }), options);
    this.mute.addEventListener("click", () => call.mute(!call.muted), options);
    call.addEventListener("change", () => this.#soon(), options);
    call.addEventListener("level", () => this.#level(), options);
    call.addEventListener("lines", () => this.#lines(), options);
    call.addEventListener("line", (event) => this.#line(/** @type {CustomEvent} */ (event).detail), options);
    call.addEventListener("first", () => bringIntoView(this.element), options);
    followGrowth(this.element, signal);
    keepKeys(this.element, signal);
    reducedMotion.addEventListener("change", () => this.update(), options);
    const second = setInterval(() => this.#again(), 250);
    signal.addEventListener("abort", () => {
      clearInterval(second);
      this.element.remove();
    });
  }

  /** @param {MouseEvent} event */
  #press(event) {
    if (this.button.again(event)) return;
    if (this.call.running) this.call.stop();
    else void this.call.start();
  }

  /** Once per picture of the screen, however often the call changes. */
  #soon() {
    if (this.waiting) return;
    this.waiting = true;
    requestAnimationFrame(() => {
      this.waiting = false;
      if (!this.signal.aborted) this.update();
    });
  }

  /** What changes with time; and all of it, where the browser did not tell that the medium has changed. */
  #again() {
    if (this.still === reducedMotion.matches) this.#tick();
    else this.update();
  }

  /** Move the ring, a few times a second, until it has come to rest. */
  #level() {
    if (this.moving || reducedMotion.matches) return;
    this.moving = true;
    setTimeout(() => requestAnimationFrame(() => this.#ring()), RING);
  }

  #ring() {
    this.moving = false;
    if (this.signal.aborted || reducedMotion.matches) return;
    const { user, agent } = this.call.level;
    if (!this.button.level(agent > 0 ? agent : user, agent > 0 ? "agent" : "user")) this.#level();
  }

  #lines() {
    this.captions.replace(this.call.lines.values());
    this.#hints();
  }

  /** @param {import("./kernel.js").Line} line */
  #line(line) {
    this.captions.show(line);
    this.#hints();
  }

  /** Show the call as it is. */
  update() {
    const { call } = this;
    const { state } = call;
    const name = state.agent || "Agent";
    say(this.name, name);
    this.captions.rename(name);
    if (call.kernel.present === false) this.captions.end();
    const [word, meaning] = this.#words();
    say(this.word, word);
    say(this.meaning, meaning ? ` · ${meaning}` : "");
    this.element.dataset.state = word;
    // While people talk it changes several times a turn, and would be read out over the agent's voice.
    this.state.setAttribute("aria-live", call.phase === "live" ? "off" : "polite");
    this.button.show(call.running, call.waits);
    this.button.element.disabled = call.kernel.present === false && !call.here;
    this.#level();
    this.still = reducedMotion.matches;
    this.lanes.show(call.phase === "live" && !this.still, name);
    this.#badge();
    this.join.hidden = !call.running || call.here || Boolean(state.caller);
    this.check.hidden = call.running || call.phase !== "idle" || call.kernel.present === false || Boolean(state.replaced);
    this.microphone.update();
    this.speaker.update();
    this.mute.hidden = !call.running || !call.here || call.typed; // what is typed is heard all the same
    say(this.mute, call.muted ? "Unmute" : "Mute");
    this.mute.classList.toggle("voicenb-muted", call.muted);
    say(this.hiding, state.mark ? `.${state.mark} { display: none }` : "");
    this.#problem();
    this.#tick();
    this.#foot();
    this.after.update();
    this.typing.update();
    this.#hints();
  }

  /** @returns {[string, string]} */
  #words() {
    const { call } = this;
    const { state } = call;
    if (call.phase === "asking") return ["microphone", "the browser asks whether it may listen"];
    if (call.phase === "ending") return WORDS.ending;
    const kernel = state.state ?? "idle";
    if (call.kernel.present === false && !call.here) return ["not connected", call.kernel.absent.meaning];
    if (kernel === "warming up" && call.phase !== "idle") return ["warming up", "a moment, then the call begins"];
    if (call.phase === "connecting") return WORDS.connecting;
    const [word, meaning] = WORDS[kernel] ?? [kernel, ""];
    if (!call.running) return state.replaced ? ["replaced", "by a later Talk"] : [word, meaning];
    if (state.caller) return [word, `${state.caller} is the caller`];
    if (!call.here && state.present === false) return [word, NOBODY];
    if (!call.here) return [word, `the microphone is ${PLACES[call.whereabouts.place]}`];
    if (!call.typed && call.trouble.of("microphone")) return [word, "you are not heard"];
    if (call.typed && word === "listening") return [word, `${call.input.standsIn || call.input.lost ? "no microphone: " : ""}type what the caller says`];
    if (call.muted && !call.typed) return [word, "muted: the agent hears silence"];
    if (word === "thinking" && state.tool) return [word, `${state.tool} is running`];
    if (word === "speaking" && state.interruptible === false) return [word, "hear it out: interruptions are off"];
    return [word, meaning];
  }

  #badge() {
    const { service, profile, brain, transport } = this.call.state;
    const straight = transport === "browser";
    const parts = [service, profile, brain, service && straight ? "straight from the browser" : ""].filter(Boolean);
    sayParts(this.service, parts.join(" · "));
    this.badge.hidden = !parts.length;
    this.badge.title = [service === "emulator" ? EMULATOR : "", straight ? STRAIGHT : ""].filter(Boolean).join("\n");
  }

  #tick() {
    const { state, kernel } = this.call;
    const { cost_rate: rate } = state;
    this.counts.hidden = !isTimed(kernel);
    this.cost.hidden = rate === null || rate === undefined;
    say(this.time, clock(kernel));
    this.time.title = state.ends ?? "";
    say(this.cost, money(kernel));
    this.cost.title = rate ? `$${rate.toFixed(2)} an hour while the session is open` : "an open session costs nothing";
  }

  #problem() {
    const { trouble, asleep, state, typed } = this.call;
    const problem = trouble.told(typed) ?? state.error ?? (asleep ? ASLEEP : null) ?? state.notice ?? null;
    this.problem.hidden = !problem;
    const told = problem ? `${problem.message} ${problem.remedy}` : "";
    const offers = String(Boolean(problem?.typing && !(typed && this.call.here)));
    this.problem.classList.toggle("voicenb-calm", Boolean(problem?.calm));
    if (this.problem.dataset.told === told && this.problem.dataset.offers === offers) return;
    Object.assign(this.problem.dataset, { told, offers });
    if (!problem) return this.problem.replaceChildren();
    const remedy = make("span", "remedy", { text: ` ${problem.remedy}` });
    const instead = offers === "true" ? [" ", this.type] : [];
    this.problem.replaceChildren(make("b", "", { text: problem.message }), remedy, ...instead);
  }

  #hints() {
    const { call } = this;
    const { hints } = call.state;
    const begun = [...call.lines.values()].some((line) => line.role === "user");
    const over = call.state.state === "ended" || call.kernel.present === false;
    this.hints.hidden = begun || over || !hints?.length;
    if (this.hints.hidden) return;
    const told = JSON.stringify(hints);
    if (this.hints.dataset.told === told) return;
    this.hints.dataset.told = told;
    const chips = hints.map((/** @type {string} */ hint) => make("q", "hint", { text: hint }));
    this.hints.replaceChildren(make("span", "try", { text: "Try: " }), ...chips);
  }

  #foot() {
    const { call } = this;
    const { turn_detection: turns, audio, transport, late = 0, lost = 0, caller, microphone } = call.state;
    const { barge_in: mode = "flush" } = call.state;
    const other = mode === "flush" ? "" : ` · barge-in: ${mode}`;
    if (turns) sayParts(this.turns, `Turn detection ${turns.name} ${turns.detail}`.trim() + other, turns.name);
    this.turns.title = BARGE_IN[mode] ?? "";
    const figures = audio || caller ? FIGURES : "";
    this.way.title = figures;
    say(this.figures, figures);
    const through = audio === "kernel" ? "through the kernel" : audio;
    const sound = transport === "browser" ? `audio straight to the service · recorded ${through}` : `audio ${through}`;
    const way = caller ? `caller ${microphone ?? caller}` : sound;
    const gaps = call.gaps ? ` · ${call.gaps} gap${call.gaps > 1 ? "s" : ""}` : "";
    sayParts(this.way, audio || caller ? `${way} · ${late} late · ${lost} lost${gaps}` : "");
    this.way.classList.toggle("voicenb-bad", lost + call.gaps > 0);
  }
}
