// A call as the page sees it. It belongs to the widget's model: views come and go, microphone and voice stay.

import { NoWay, openChannel } from "./channel.js";
import { Claim } from "./claim.js";
import { Connection } from "./connection.js";
import { Input } from "./input.js";
import { Kernel, Problem } from "./kernel.js";
import { Line } from "./line.js";
import { closeMicrophone, withoutMicrophone } from "./microphone.js";
import { Said } from "./said.js";
import { Sight } from "./sight.js";
import { openContext, silence, Sound } from "./sound.js";
import { Trace } from "./trace.js";
import { Trouble } from "./trouble.js";
import { goWith, mayComeBack, watchVisit } from "./visit.js";
import { Whereabouts } from "./whereabouts.js";

// The kernel's word that a call has ended comes first: a service that is silent has four seconds to say goodbye.
const ENDING_LIMIT = 8000;
// Milliseconds without it after which the kernel may have gone with the call: restarted from elsewhere, it says nothing.
const WORD_LATE = 1500;
// Milliseconds that the kernel has to say why a call has ended that the page could not reach.
const WORD_LIMIT = 500;

const OTHERS = {
  message: "Another call was begun in this browser and has the microphone: this agent hears silence.",
  remedy: "Unmute to talk here, or press Stop.",
};

const SILENT = {
  message: "The kernel has not answered for a minute, so the call was ended: nothing of it would be recorded.",
  remedy: "What was recorded is in vn.recordings().",
};
const UNFIT = 'Leave out transport="browser", or give the agent audio/pcm.';
const FORBIDDEN = 'The page\'s security policy may forbid workers from blob: addresses: leave out transport="browser".';

/**
 * Fires `change` when the state changed, `level` when only the levels did, `line` (detail: a Line) and `lines` for the
 * transcript, `first` when it is shown for the first time.
 */
export class Call extends EventTarget {
  /**
   * @param {import("./kernel.js").Model} model
   * @param {AbortSignal} signal ends the call's hold on the microphone
   */
  constructor(model, signal) {
    super();
    /** @type {"idle" | "asking" | "connecting" | "live" | "ending"} what this page does for the call */
    this.phase = "idle";
    this.trouble = new Trouble();
    this.level = { user: 0, agent: 0 };
    this.trace = new Trace();
    this.said = new Said();
    this.input = new Input(this.#inputEvents());
    this.mutedThere = false;
    this.gaps = 0;
    /** Whether the browser holds the sound back until somebody clicks. */
    this.asleep = false;
    /** @type {Sound | null} */
    this.sound = null;
    /** @type {Connection | null} */
    this.connection = null;
    /** @type {Line | null} the page's own line to the service, where it holds it */
    this.line = null;
    this.typed = false;
    /** @type {Set<Sight>} the panels */
    this.views = new Set();
    // Whether the call that is being begun is one that runs already.
    this.joins = false;
    // Whether one call is being followed by another, with the same microphone.
    this.restarting = false;
    // Counts what was begun, so that what comes back from an await knows whether it is still wanted.
    this.attempt = 0;
    this.kernel = new Kernel(model, signal);
    this.whereabouts = new Whereabouts(signal, () => this.dispatchEvent(new Event("change")));
    this.claim = new Claim(signal, (call) => this.#takenBy(call));
    navigator.mediaDevices?.addEventListener?.("devicechange", () => void (this.here && this.input.plugged()), { signal });
    this.#listen();
    // On the direct way the socket's end says the same; through the kernel nothing else does.
    watchVisit(signal, { goes: () => this.#go(), returns: () => void this.#reconnect() });
    signal.addEventListener("abort", () => this.#release());
  }

  #listen() {
    const { kernel } = this;
    kernel.addEventListener("state", () => this.#stateChanged());
    kernel.addEventListener("line", (event) => this.#pass(event));
    kernel.addEventListener("first", (event) => this.#pass(event));
    kernel.addEventListener("said", (event) => this.said.add(/** @type {CustomEvent} */ (event).detail, performance.now()));
    kernel.addEventListener("restart", () => void this.#restart());
    kernel.addEventListener("lines", (event) => {
      this.#pass(event);
      void this.#comeBack();
    });
  }

  /** Whether the agent hears silence. */
  get muted() {
    return this.input.muted;
  }

  /** State as the kernel tells it. */
  get state() {
    return this.kernel.state;
  }

  /** The transcript. */
  get lines() {
    return this.kernel.lines;
  }

  /** Whether a call runs, here or elsewhere. */
  get running() {
    return this.phase === "idle" ? this.kernel.running : this.phase !== "ending";
  }

  /** Whether this page has the call's microphone. */
  get here() {
    return this.phase !== "idle";
  }

  /** Whether a call is over, and the kernel still has it. */
  get ending() {
    return this.phase === "ending" || (this.phase === "idle" && this.kernel.present !== false && this.state.state === "ending");
  }

  /** Whether it takes a moment before anything is heard. */
  get waits() {
    const { phase } = this;
    return phase === "asking" || phase === "connecting" || this.ending || (this.running && this.state.state === "reconnecting");
  }

  /** Whether a panel is in view. */
  get seen() {
    return [...this.views].some(({ seen }) => seen);
  }

  /** The panel that was made last. */
  get panel() {
    return [...this.views].at(-1);
  }

  /**
   * A view of the call is on the page.
   * @param {HTMLElement} element
   * @param {AbortSignal} signal until then
   */
  shown(element, signal) {
    const sight = new Sight(element, () => this.#changed(), signal);
    this.views.add(sight);
    this.#changed();
    signal.addEventListener("abort", () => {
      this.views.delete(sight);
      this.#changed();
    });
    this.kernel.send({ type: "shown" });
    void this.#comeBack();
  }

  /**
   * Begin a call, or take part in the running one. Called from a click.
   * @param {{ rejoin?: boolean, typed?: boolean, check?: boolean }} [options] typed: without a microphone; check: a
   *   sound check, and no call
   */
  async start({ rejoin = false, typed = false, check = false } = {}) {
    if (typed && this.phase === "live") return this.#type();
    if (this.phase !== "idle" || this.ending) return;
    const attempt = ++this.attempt;
    this.joins = rejoin;
    this.typed = typed;
    this.trouble.forget();
    this.trace = new Trace();
    this.said = new Said();
    this.#enter("asking");
    // A context that is made behind an await is no longer made by the click, and stays silent.
    const context = openContext();
    try {
      const stream = typed ? silence(context) : await this.input.open(rejoin ? "press Talk here again" : "press Start again");
      if (attempt !== this.attempt) return closeMicrophone(stream), void context.close();
      this.input.take(stream, { standsIn: typed });
      this.sound = new Sound(context, this.#soundEvents());
      await this.sound.open(stream);
      void this.input.look();
      if (attempt !== this.attempt) return;
      // The cell ran again while the browser asked: nobody could see this call, and press Stop.
      if (!this.views.size) return this.#leave("idle");
      this.#enter("connecting");
      if (!typed && !this.muted) this.claim.take(rejoin ? this.state.call : "");
      await this.#connect(attempt, { rejoin, anew: true, check });
    } catch (error) {
      if (!this.sound) void context.close();
      if (attempt === this.attempt) this.#fail(error);
    }
  }

  /** End the call, wherever it runs. */
  stop() {
    this.kernel.send({ type: "stop" });
    if (this.phase === "idle") return;
    if (this.phase === "asking" && !this.kernel.running) return this.#leave("idle"); // no call has begun
    this.#end();
  }

  /** The call ends: the kernel says when it has, and until then nobody takes part in it. */
  #end() {
    this.#leave("ending");
    const { attempt } = this;
    const since = Date.now() / 1000;
    const ends = () => attempt === this.attempt && this.phase === "ending";
    setTimeout(() => ends() && this.kernel.look(since), WORD_LATE);
    setTimeout(() => ends() && this.#enter("idle"), ENDING_LIMIT);
  }

  /** End the call and begin another one, where this page has it; the microphone stays open meanwhile. */
  async #restart() {
    const able = this.phase === "live";
    // Whoever asked would wait for nothing.
    if (this.here) this.kernel.send({ type: "restarting", able });
    if (!able) return;
    const { typed } = this;
    // As long as one of its tracks is open, no browser asks again whether the page may listen.
    const held = this.input.stream?.clone() ?? null;
    this.stop();
    await this.#ended();
    this.restarting = true;
    await this.start({ typed });
    this.restarting = false;
    closeMicrophone(held);
  }

  /** Until the call that was to end has ended. */
  async #ended() {
    while (this.phase === "ending") {
      await new Promise((resolve) => this.addEventListener("change", resolve, { once: true }));
    }
  }

  /** @param {boolean} muted */
  mute(muted) {
    this.#mute(muted);
    if (!muted) {
      this.trouble.mend("others");
      this.claim.take(this.state.call);
    }
    this.kernel.send({ type: "mute", muted });
  }

  /**
   * Take another microphone or loudspeaker, now and from now on.
   * @param {import("./devices.js").Kind} kind
   * @param {string} id
   */
  async choose(kind, id) {
    try {
      await this.input.choose(kind, id);
      this.trouble.mend("device");
    } catch (error) {
      this.trouble.fail("device", error, "Choose another one.");
    }
    this.#changed();
  }

  /** Let the microphone take the place of what is typed. */
  async useMicrophone() {
    try {
      await this.input.use();
      this.typed = false;
      this.trouble.mend("device", "microphone");
      this.claim.take(this.state.call);
    } catch (error) {
      this.trouble.fail("device", error, "Press Stop, then Start, to talk.");
    }
    this.#changed();
  }

  // --- the way to the helper -----------------------------------------------------------------------------

  /**
   * @param {number} attempt
   * @param {object} options
   * @param {boolean} options.rejoin into the call that runs
   * @param {boolean} options.anew with a sound that has not been in a call yet
   * @param {boolean} [options.check] a sound check
   */
  async #connect(attempt, { rejoin, anew, check = false }) {
    const { ways, insist } = await this.kernel.ask(rejoin, this.restarting && this.muted, check);
    if (attempt !== this.attempt) return;
    let channel;
    try {
      channel = await openChannel(ways, this.kernel);
    } catch (error) {
      if (!(error instanceof NoWay)) throw error;
      await this.#endedElsewhere();
      const remedy = insist ? `Leave out audio="${insist}" to let voicenb choose.` : "Run voicenb doctor.";
      throw new Problem(`The page does not reach the call's process (${error.message}).`, remedy);
    }
    if (attempt !== this.attempt) return channel.close();
    this.connection = new Connection(channel, {
      text: (text) => this.#text(text),
      sound: (reply) => this.sound?.play(reply),
      frame: (frame) => this.line?.hear(frame),
      lost: (taken) => (taken ? this.#taken() : void this.#reconnect()),
      silent: () => this.line && this.#fail(new Problem(SILENT.message, SILENT.remedy)),
    });
    if (anew) this.gaps = 0; // until now those of the call before, which its panel shows
    this.connection.gaps = this.gaps;
    this.joins = false;
    if (this.line) this.#bind(this.line, this.connection);
    else this.sound?.join(channel);
    this.kernel.send({ type: "chosen", kind: channel.kind });
    if (this.muted) this.connection.mute(true);
    if (this.asleep) this.connection.sleep(true);
    this.#enter("live");
  }

  /**
   * The process lets nobody in to a call that has just ended; the kernel says so, and why, a moment later.
   * @throws {Problem} where that is it
   */
  async #endedElsewhere() {
    const word = () => (this.state.state === "ending" || this.state.state === "ended") && this.state.error;
    for (const until = performance.now() + WORD_LIMIT; !word() && performance.now() < until; ) {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    if (word()) throw new Problem(this.state.error.message, this.state.error.remedy ?? "", true);
  }

  /** The page goes; perhaps it is only loaded anew. */
  #go() {
    if (this.phase === "live" && this.state.call) goWith(this.state.call, this.typed);
    this.whereabouts.has("");
    // Closed or loaded anew, one cannot tell: an open session is billed.
    this.line?.leave();
    this.line = null;
    if (this.connection) this.connection.line = null;
    this.connection?.leave();
  }

  /** Another page has the call. */
  #taken() {
    this.line?.drop();
    this.line = null;
    this.#leave("idle");
  }

  /** The channel closed without a word: try once more, with the microphone still open. */
  async #reconnect() {
    if (this.line && this.phase === "live") this.#hold(this.line);
    else this.#disconnect();
    if (this.phase !== "live") return;
    const attempt = ++this.attempt;
    this.sound?.flush();
    this.#enter("connecting");
    try {
      await this.#connect(attempt, { rejoin: true, anew: false });
    } catch (error) {
      if (attempt === this.attempt) this.#fail(error);
    }
  }

  /** @param {any} text */
  #text(text) {
    switch (text.type) {
      case "open":
        this.sound?.begin();
        break;
      case "flush":
        this.sound?.flush();
        break;
      case "duck":
        this.sound?.duck(text.gain);
        break;
      case "done":
        this.sound?.done(text.reply);
        break;
      case "end":
        if (this.kernel.running) this.#end();
        else this.#leave("idle");
        break;
      case "reach":
        this.#hasLine();
        this.line?.take(text);
        break;
      default:
        this.line?.take(text);
    }
  }

  // --- the page's own line to the service ------------------------------------------------------------------

  /** The kernel's side wants the page to connect to the service. */
  #hasLine() {
    if (this.line || !this.connection) return;
    this.line = new Line({
      unfit: (encoding) => this.#fail(new Problem(`The agent's sound is ${encoding}, which a page does not speak.`, UNFIT)),
      broken: () => this.#fail(new Problem("The page's worker for the sound does not run.", FORBIDDEN)),
    });
    this.#bind(this.line, this.connection);
    this.sound?.join(this.line);
    this.connection.channel.spare();
    if (this.muted) this.line.mute(true);
    if (this.asleep) this.line.sleep(true);
  }

  /**
   * @param {Line} line
   * @param {Connection} connection by which it tells the kernel's side
   */
  #bind(line, connection) {
    line.bind(connection.channel);
    connection.line = line;
  }

  /**
   * The channel is lost: until there is another one nothing goes to the service, and nothing comes.
   * @param {Line} line
   */
  #hold(line) {
    line.hold();
    this.connection?.close();
    this.connection = null;
  }

  /**
   * Another call has the microphone: two agents would hear one person, and each other.
   * @param {string} call
   */
  #takenBy(call) {
    if (!this.here || this.typed || this.muted || (call && call === this.state.call)) return;
    this.trouble.note("others", OTHERS);
    this.mute(true);
  }

  // --- microphone ------------------------------------------------------------------------------------------

  /** @returns {import("./input.js").InputEvents} */
  #inputEvents() {
    return {
      changed: () => this.#changed(),
      replaced: (stream) => this.sound?.replace(stream),
      speaker: async (device) => this.sound?.speak(device),
      lost: ({ message, remedy, code }) => {
        this.trouble.note("microphone", { message, remedy, typing: code !== "microphone-hushed" });
        this.kernel.send({ type: "failed", code: "microphone-lost", message });
        this.#changed();
      },
      found: () => {
        this.typed = false;
        this.trouble.mend("microphone");
        this.#changed();
      },
    };
  }

  /** The call goes on without the microphone that it had: what is typed is said in its place. */
  #type() {
    this.typed = true;
    this.#changed();
  }

  // --- sound ---------------------------------------------------------------------------------------------

  /** @returns {import("./sound.js").SoundEvents} */
  #soundEvents() {
    return {
      level: (level) => {
        this.input.hears(level);
        this.#louder("user", Math.max(this.muted ? 0 : level, this.said.at(performance.now())));
      },
      captured: (frame) => this.connection?.frame(frame),
      asleep: (asleep) => {
        this.asleep = asleep;
        this.line?.sleep(asleep);
        this.connection?.sleep(asleep);
        this.#changed();
      },
      heard: (reply, from, to, at, level) => {
        this.#louder("agent", level);
        this.connection?.heard(reply, from, to, at);
      },
      flushed: () => {
        if (this.level.agent > 0) this.trace.cut(performance.now());
        this.#louder("agent", 0);
        this.connection?.tellHeard();
      },
      ducked: (gain, at) => this.connection?.ducked(gain, at),
      playedOut: (reply) => {
        this.#louder("agent", 0);
        this.connection?.playedOut(reply);
      },
      gap: (gaps) => {
        this.gaps = gaps;
        if (this.connection) this.connection.gaps = gaps;
        this.#changed();
      },
    };
  }

  /**
   * @param {"user" | "agent"} side
   * @param {number} level
   */
  #louder(side, level) {
    // What the worklets still had to say when the call ended moves nothing any more.
    this.level[side] = this.sound ? level : 0;
    this.trace.add(side, this.level[side], performance.now());
    this.dispatchEvent(new Event("level"));
  }

  /** @param {boolean} muted */
  #mute(muted) {
    this.input.mute(muted);
    this.line?.mute(muted);
    this.connection?.mute(muted);
    this.#changed();
  }

  // --- states --------------------------------------------------------------------------------------------

  #stateChanged() {
    const { state, muted = false } = this.state;
    if (this.kernel.present === false && this.phase !== "idle") {
      const { message, remedy } = this.kernel.absent;
      this.trouble.note("call", { message, remedy });
      return this.#leave("idle");
    }
    // Only what the kernel changes: its word on a click of this page comes later than the click.
    if (muted !== this.mutedThere) {
      this.mutedThere = muted;
      if (muted !== this.muted) this.#mute(muted);
    }
    if (this.phase === "ending" && !this.kernel.running) this.#enter("idle");
    if (this.phase === "live" && state === "ended") this.#leave("idle");
    this.#changed();
  }

  /** After a reload: a tab that was in the running call goes back into it, if that needs no question. */
  async #comeBack() {
    // Without a panel nobody could see that the microphone is open: the call then ends when it has waited long enough.
    if (this.phase !== "idle" || !this.kernel.running || !this.views.size) return;
    const back = await mayComeBack(this.state.call);
    if (back) await this.start({ rejoin: true, typed: back === "typed" });
  }

  /** @param {unknown} error */
  #fail(error) {
    const { message = String(error), code, remedy = "", known } = /** @type {any} */ (error);
    this.trouble.note("call", { message, remedy, typing: withoutMicrophone(error) });
    const failed = { type: "failed", code: code ?? "page", message, joins: this.joins };
    if (!known) this.kernel.send(failed);
    this.#leave("idle");
  }

  /**
   * This page takes no part in the call any more.
   * @param {"idle" | "ending"} phase
   */
  #leave(phase) {
    this.attempt += 1;
    this.trouble.leave();
    this.sound?.flush();
    this.#release();
    this.#enter(phase);
  }

  /** @param {Call["phase"]} phase */
  #enter(phase) {
    this.phase = phase;
    this.#changed();
  }

  #disconnect() {
    const { line, connection } = this;
    this.line = this.connection = null;
    if (line) {
      connection?.linger();
      line.end(() => connection?.close());
    } else connection?.close();
    this.sound?.pause();
  }

  /** Give back microphone, loudspeaker and channel. */
  #release() {
    this.#disconnect();
    this.input.close();
    void this.sound?.close();
    this.sound = null;
    this.asleep = false;
    this.kernel.forget();
    this.level = { user: 0, agent: 0 };
  }

  /** @param {Event} event of the kernel's */
  #pass(event) {
    this.dispatchEvent(new CustomEvent(event.type, { detail: /** @type {CustomEvent} */ (event).detail }));
  }

  #changed() {
    const { call = "", caller } = this.state;
    this.whereabouts.has(this.phase === "live" ? call : "");
    this.whereabouts.seek(this.running && !this.here && !caller ? call : "");
    this.dispatchEvent(new Event("change"));
  }
}
