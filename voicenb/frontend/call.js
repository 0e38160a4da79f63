// A call as the page sees it. It belongs to the widget's model: views come and go, microphone and voice stay.

import { NoWay, openChannel } from "./channel.js";
import { readReply } from "./frames.js";
import { closeMicrophone, MicrophoneFailure, openMicrophone } from "./microphone.js";
import { openContext, Sound } from "./sound.js";

/**
 * @typedef {object} Model what anywidget gives
 * @property {(name: string) => any} get
 * @property {(event: string, handler: (...args: any[]) => void) => void} on
 * @property {(event: string, handler: (...args: any[]) => void) => void} off
 * @property {(content: object, callbacks?: object, buffers?: ArrayBuffer[]) => void} send
 */

/**
 * @typedef {object} Problem
 * @property {string} message
 * @property {string} remedy
 */

/**
 * @typedef {object} Line
 * @property {string} id
 * @property {"user" | "agent" | "tool" | "log"} role
 * @property {number} at seconds since the call began; lines stand in this order
 * @property {string} text
 * @property {string} [tail] words that may still change (caller) or are still to be heard (agent)
 * @property {string} [unheard] words that were never heard
 * @property {boolean} [partial]
 * @property {boolean} [interrupted]
 * @property {{ name: string, arguments: string, result: string | null, ms: number | null, error: boolean }} [tool]
 * @property {string} [chip]
 */

// The kernel answers at once unless a cell holds it; a service may take its time to become ready.
const ANSWER_LIMIT = 10_000;
// Clock comparisons: a few at once, then now and then.
const ECHOES = [0, 60, 120, 240, 480, 960];
const ECHO_EVERY = 2000;
// Without a kernel (a saved notebook) nobody answers at all.
const KERNEL_LIMIT = 4000;
// A page that was reloaded comes back to its call by itself, but not an hour later.
const RUNNING = new Set(["connecting", "listening", "thinking", "speaking"]);

/** JupyterLab's version, or null in another host. */
function labVersion() {
  const { appName, appVersion } = JSON.parse(document.getElementById("jupyter-config-data")?.textContent || "{}");
  return appName === "JupyterLab" ? appVersion : null;
}

/** Fires `change` when the state changed, `level` when only the levels did, `line` (detail: a Line) and `lines` for the transcript. */
export class Call extends EventTarget {
  /**
   * @param {Model} model
   * @param {AbortSignal} signal ends the call's hold on the microphone
   */
  constructor(model, signal) {
    super();
    this.model = model;
    /** @type {"idle" | "asking" | "connecting" | "live" | "ending"} what this page does for the call */
    this.phase = "idle";
    /** @type {Problem | null} */
    this.problem = null;
    /** @type {Map<string, Line>} */
    this.lines = new Map();
    this.level = { user: 0, agent: 0 };
    this.muted = false;
    this.mutedThere = false;
    this.gaps = 0;
    /** @type {{ type: "heard", reply: number, from: number, to: number, at: number } | null} not told yet */
    this.report = null;
    /** Seconds that the kernel's clock is ahead of the page's. */
    this.ahead = 0;
    /** @type {Sound | null} */
    this.sound = null;
    /** @type {MediaStream | null} */
    this.stream = null;
    /** @type {import("./channel.js").Channel | null} */
    this.channel = null;
    /** @type {((message: any) => void) | null} */
    this.answered = null;
    this.attempt = 0;
    this.echoes = new Map();
    this.roundTrip = Infinity;
    /** @type {ReturnType<typeof setTimeout>[]} */
    this.timers = [];
    this.told = "";
    /** @type {boolean | null} whether there is a kernel; null until that is known */
    this.kernel = null;
    const onCustom = (/** @type {any} */ message, /** @type {DataView[]} */ buffers) => this.#received(message, buffers);
    const onState = () => this.#stateChanged();
    const onLines = () => this.#takeLines(model.get("_lines") ?? []);
    model.on("msg:custom", onCustom);
    model.on("change:_state", onState);
    model.on("change:_lines", onLines);
    signal.addEventListener("abort", () => {
      model.off("msg:custom", onCustom);
      model.off("change:_state", onState);
      model.off("change:_lines", onLines);
      this.#release();
    });
    this.#takeLines(model.get("_lines") ?? []);
    this.#send({ type: "attach", lab: labVersion() });
    const patience = setTimeout(() => this.kernel === null && this.#answers(false), KERNEL_LIMIT);
    signal.addEventListener("abort", () => clearTimeout(patience));
  }

  /** State as the kernel tells it. */
  get state() {
    return this.model.get("_state") ?? {};
  }

  /** Whether a call runs, here or elsewhere. */
  get running() {
    return this.phase === "idle" ? RUNNING.has(this.state.state) : this.phase !== "ending";
  }

  /** Whether this page has the call's microphone. */
  get here() {
    return this.phase !== "idle";
  }

  /**
   * Begin a call, or take part in the running one. Called from a click.
   * @param {{ rejoin?: boolean }} [options]
   */
  async start({ rejoin = false } = {}) {
    if (this.phase !== "idle") return;
    const attempt = ++this.attempt;
    this.problem = null;
    this.gaps = 0;
    this.roundTrip = Infinity;
    this.#enter("asking");
    // A context that is made behind an await is no longer made by the click, and stays silent.
    const context = openContext();
    try {
      const stream = await openMicrophone();
      if (attempt !== this.attempt) return closeMicrophone(stream), void context.close();
      this.stream = stream;
      this.#watch(stream);
      this.sound = new Sound(context, this.#soundEvents());
      await this.sound.open(stream);
      if (attempt !== this.attempt) return;
      this.#enter("connecting");
      await this.#connect(attempt, rejoin);
    } catch (error) {
      if (!this.sound) void context.close();
      if (attempt === this.attempt) this.#fail(error);
    }
  }

  /** A view of the call is on the page. */
  shown() {
    this.#send({ type: "shown" });
  }

  /** End the call, wherever it runs. */
  stop() {
    this.#send({ type: "stop" });
    if (this.phase === "idle") return;
    this.attempt += 1;
    this.sound?.flush();
    this.#release();
    this.#enter("ending");
    // The kernel's word that the call has ended normally comes first.
    this.timers.push(setTimeout(() => this.phase === "ending" && this.#enter("idle"), 3000));
  }

  /** @param {boolean} muted */
  mute(muted) {
    this.#mute(muted);
    this.#send({ type: "mute", muted });
  }

  /** @param {boolean} muted */
  #mute(muted) {
    this.muted = muted;
    // Nothing leaves the page: the browser itself hands out silence.
    for (const track of this.stream?.getAudioTracks() ?? []) track.enabled = !muted;
    this.channel?.text({ type: "mute", muted });
    this.#changed();
  }

  /** Forget the problem that is shown. */
  dismiss() {
    this.problem = null;
    this.#changed();
  }

  // --- the way to the helper -----------------------------------------------------------------------------

  /**
   * @param {number} attempt
   * @param {boolean} rejoin
   */
  async #connect(attempt, rejoin) {
    const { origin, hostname } = location;
    const loopback = hostname === "localhost" || hostname === "127.0.0.1" || hostname === "[::1]";
    const answer = this.#answer();
    this.#send({ type: "start", origin, loopback, rejoin });
    const { ways, insist } = await answer;
    if (attempt !== this.attempt) return;
    let channel;
    try {
      channel = await openChannel(ways, { send: (content, buffers) => this.#send(content, buffers) });
    } catch (error) {
      if (!(error instanceof NoWay)) throw error;
      const remedy = insist ? `Leave out audio="${insist}" to let voicenb choose.` : "Run voicenb doctor.";
      throw Object.assign(new Error(`The page does not reach the call's process (${error.message}).`), { remedy });
    }
    if (attempt !== this.attempt) return channel.close();
    this.channel = channel;
    channel.ontext = (text) => this.#text(text);
    channel.onframe = (frame) => this.#frame(frame);
    channel.onclose = () => void this.#lost();
    this.told = "";
    this.sound?.tune(channel);
    this.#send({ type: "chosen", kind: channel.kind });
    if (this.muted) channel.text({ type: "mute", muted: true });
    for (const delay of ECHOES) this.timers.push(setTimeout(() => this.#echo(), delay));
    this.timers.push(setInterval(() => this.#echo(), ECHO_EVERY), setInterval(() => this.#stats(), ECHO_EVERY));
    this.#remember(true);
    this.#enter("live");
  }

  /** The kernel's answer to a start. @returns {Promise<any>} */
  #answer() {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        const remedy = "Wait for the running cell to end, or restart the kernel and run the cell again.";
        reject(Object.assign(new Error("The kernel does not answer."), { remedy }));
      }, ANSWER_LIMIT);
      this.answered = (message) => {
        clearTimeout(timer);
        this.answered = null;
        if (message.type === "connect") resolve(message);
        else reject(Object.assign(new Error(message.message), { remedy: message.remedy }));
      };
    });
  }

  /** The channel closed without a word: try once more, with the microphone still open. */
  async #lost() {
    this.#closeChannel();
    if (this.phase !== "live") return;
    const attempt = ++this.attempt;
    this.sound?.flush();
    this.#enter("connecting");
    try {
      await this.#connect(attempt, true);
    } catch (error) {
      if (attempt === this.attempt) this.#fail(error);
    }
  }

  /** @param {any} text */
  #text(text) {
    switch (text.type) {
      case "open":
        if (this.sound) this.sound.sending = true;
        break;
      case "flush":
        this.sound?.flush();
        break;
      case "done":
        this.sound?.done(text.reply);
        break;
      case "echo":
        this.#echoed(text);
        break;
      case "end":
        this.attempt += 1;
        this.#release();
        this.#enter("idle");
    }
  }

  /** @param {ArrayBuffer | DataView} frame */
  #frame(frame) {
    const reply = readReply(frame);
    if (reply) this.sound?.play(reply);
  }

  #echo() {
    const id = this.echoes.size;
    const at = performance.now();
    this.echoes.set(id, at);
    const known = Number.isFinite(this.roundTrip) ? { rtt: this.roundTrip } : {};
    this.channel?.text({ type: "echo", id, at, ...known });
  }

  /** @param {{ id: number }} echo */
  #echoed({ id }) {
    const sent = this.echoes.get(id);
    if (sent !== undefined) this.roundTrip = performance.now() - sent;
  }

  #stats() {
    const stats = { lost: this.channel?.lost ?? 0, gaps: this.gaps };
    const told = JSON.stringify(stats);
    if (told === this.told) return;
    this.told = told;
    this.channel?.text({ type: "stats", late: 0, ...stats });
  }

  // --- sound ---------------------------------------------------------------------------------------------

  /** @returns {import("./sound.js").SoundEvents} */
  #soundEvents() {
    return {
      captured: (frame, level) => {
        if (this.sound?.sending) this.channel?.frame(frame);
        this.#louder("user", this.muted ? 0 : level);
      },
      heard: (reply, from, to, at, level) => {
        this.#louder("agent", level);
        this.#heard(reply, from, to, at);
      },
      flushed: () => {
        this.#louder("agent", 0);
        this.#tellHeard();
      },
      playedOut: (reply) => {
        this.#louder("agent", 0);
        this.#tellHeard();
        this.channel?.text({ type: "played-out", reply });
      },
      gap: (gaps) => {
        this.gaps = gaps;
      },
    };
  }

  /**
   * @param {"user" | "agent"} side
   * @param {number} level
   */
  #louder(side, level) {
    this.level[side] = level;
    this.dispatchEvent(new Event("level"));
  }

  /**
   * Keep what was heard until it is worth a message.
   * @param {number} reply
   * @param {number} from
   * @param {number} to
   * @param {number} at
   */
  #heard(reply, from, to, at) {
    const last = this.report;
    if (last && last.reply === reply && last.to === from) last.to = to;
    else {
      this.#tellHeard();
      this.report = { type: "heard", reply, from, to, at };
    }
    const { from: begin, to: end } = /** @type {{ from: number, to: number }} */ (this.report);
    if (end - begin >= (this.channel?.report ?? 0)) this.#tellHeard();
  }

  #tellHeard() {
    if (this.report) this.channel?.text(this.report);
    this.report = null;
  }

  /** @param {MediaStream} stream */
  #watch(stream) {
    for (const track of stream.getAudioTracks()) {
      track.enabled = !this.muted;
      track.addEventListener("ended", () => void this.#unplugged(stream));
    }
  }

  /**
   * The microphone went away (unplugged, or taken back by the system): take the default one instead.
   * @param {MediaStream} gone
   */
  async #unplugged(gone) {
    if (this.stream !== gone) return;
    try {
      const stream = await openMicrophone();
      if (this.stream !== gone) return closeMicrophone(stream);
      this.stream = stream;
      this.#watch(stream);
      this.sound?.replace(stream);
    } catch (error) {
      if (!(error instanceof MicrophoneFailure)) throw error;
      this.problem = { message: "The microphone is gone; the agent hears silence.", remedy: error.remedy };
      this.#send({ type: "failed", code: "microphone-lost", message: error.message });
      this.#changed();
    }
  }

  // --- the kernel ----------------------------------------------------------------------------------------

  /**
   * @param {object} content
   * @param {ArrayBuffer[]} [buffers]
   */
  #send(content, buffers) {
    this.model.send(content, undefined, buffers);
  }

  /**
   * @param {any} message
   * @param {DataView[]} buffers
   */
  #received(message, buffers) {
    if (!this.kernel) this.#answers(true);
    switch (message?.type) {
      case "connect":
        this.answered?.(message);
        break;
      case "page":
        if (this.channel?.kind === "kernel") this.#text(message.text);
        break;
      case "audio":
        if (this.channel?.kind === "kernel") for (const buffer of buffers ?? []) this.#frame(buffer);
        break;
      case "line":
        this.lines.set(message.line.id, message.line);
        this.dispatchEvent(new CustomEvent("line", { detail: message.line }));
        break;
      case "lines":
        this.ahead = message.now ? message.now - Date.now() / 1000 : 0;
        this.#takeLines(message.lines);
        this.#comeBack();
        break;
      case "error":
        if (this.answered) this.answered(message);
        else this.problem = { message: message.message, remedy: message.remedy ?? "" };
        this.#changed();
    }
  }

  /** @param {Line[]} lines */
  #takeLines(lines) {
    this.lines = new Map(lines.map((line) => [line.id, line]));
    this.dispatchEvent(new Event("lines"));
  }

  #stateChanged() {
    const { state, muted = false } = this.state;
    // Only what the kernel changes: its word on a click of this page comes later than the click.
    if (muted !== this.mutedThere) {
      this.mutedThere = muted;
      if (muted !== this.muted) this.#mute(muted);
    }
    if (this.phase === "ending" && !RUNNING.has(state)) this.#enter("idle");
    if (state === "ended" && this.phase === "live") {
      this.#release();
      this.#enter("idle");
    }
    this.#changed();
  }

  /** After a reload: a tab that was in the running call goes back into it, if that needs no question. */
  async #comeBack() {
    if (this.phase !== "idle" || !RUNNING.has(this.state.state) || !this.#remembered()) return;
    try {
      const name = /** @type {PermissionName} */ ("microphone");
      const { state } = await navigator.permissions.query({ name });
      if (state === "granted" && this.phase === "idle") await this.start({ rejoin: true });
    } catch {
      // Browsers that cannot be asked show the button for it.
    }
  }

  #remembered() {
    return Boolean(this.state.call) && sessionStorage.getItem("voicenb-call") === this.state.call;
  }

  /** @param {boolean} yes */
  #remember(yes) {
    if (yes && this.state.call) sessionStorage.setItem("voicenb-call", this.state.call);
    else sessionStorage.removeItem("voicenb-call");
  }

  /** @param {boolean} yes */
  #answers(yes) {
    this.kernel = yes;
    this.#changed();
  }

  // --- states --------------------------------------------------------------------------------------------

  /** @param {unknown} error */
  #fail(error) {
    const { message, code, remedy } = /** @type {any} */ (error);
    this.problem = { message: String(message ?? error), remedy: remedy ?? "" };
    this.#send({ type: "failed", code: code ?? "page", message: this.problem.message });
    this.#release();
    this.#enter("idle");
  }

  /** @param {Call["phase"]} phase */
  #enter(phase) {
    this.phase = phase;
    this.#changed();
  }

  #closeChannel() {
    for (const timer of this.timers) clearTimeout(timer);
    this.timers = [];
    this.echoes.clear();
    this.channel?.close();
    this.channel = null;
    if (this.sound) {
      this.sound.sending = false;
      this.sound.seq = 0;
    }
  }

  /** Give back microphone, loudspeaker and channel. */
  #release() {
    this.#closeChannel();
    this.#remember(false);
    closeMicrophone(this.stream);
    this.stream = null;
    void this.sound?.close();
    this.sound = null;
    this.answered = null;
    this.level = { user: 0, agent: 0 };
  }

  #changed() {
    this.dispatchEvent(new Event("change"));
  }
}
