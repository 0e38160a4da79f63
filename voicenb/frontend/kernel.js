// The kernel, as the page hears it: the widget's model, with its state, its messages and its answers.

import { keep } from "./keepsake.js";
import { passage } from "./passage.js";

/**
 * @typedef {object} Model what anywidget gives
 * @property {(name: string) => any} get
 * @property {(event: string, handler: (...args: any[]) => void) => void} on
 * @property {(event: string, handler: (...args: any[]) => void) => void} off
 * @property {(content: object, callbacks?: object, buffers?: ArrayBuffer[]) => void} send
 * @property {any} [widget_manager]
 * @property {Absent} [absent] elsewhere than in a notebook
 * @property {string} [next] what one can do when a call is over, likewise
 */

/**
 * @typedef {object} Absent what is said where nobody answers any more
 * @property {string} meaning as the panel's state
 * @property {string} message when there was a call
 * @property {string} remedy
 */

/** @type {Absent} */
const ABSENT = {
  meaning: "run the cell to talk",
  message: "The kernel is gone, and the call with it.",
  remedy: "Run the cells again. What was recorded is in vn.recordings().",
};

/**
 * @typedef {object} Line
 * @property {string} id
 * @property {"user" | "agent" | "tool" | "log" | "cost" | "yield"} role
 * @property {number} at seconds since the call began; lines stand in this order
 * @property {string} text
 * @property {string} [tail] words that may still change (caller) or are still to be heard (agent)
 * @property {string} [unheard] words that were never heard
 * @property {boolean} [partial]
 * @property {boolean} [interrupted]
 * @property {{ name: string, arguments: string, result: string | null, ms: number | null, error: boolean }} [tool]
 * @property {string} [strong] the figure in the text that counts
 * @property {{ kind: "silence" | "announcement" | "tool" | "reply", seconds: number }[]} [parts] of what an answer cost
 */

/** An error that says what to do about it. */
export class Problem extends Error {
  /**
   * @param {string} message
   * @param {string} remedy
   * @param {boolean} [known] whether the kernel said so itself
   */
  constructor(message, remedy, known = false) {
    super(message);
    this.remedy = remedy;
    this.known = known;
  }
}

// The kernel says at once that it has heard, unless a cell holds it; the answer itself takes as long as the service
// does to start, a minute where an emulator comes from a cold disk.
const HEARD_LIMIT = 10_000;
// Without a kernel (a saved notebook) nobody answers at all.
const KERNEL_LIMIT = 4000;
// Before a call, too, the service may be warming up.
const RUNNING = new Set(["connecting", "listening", "thinking", "speaking", "reconnecting"]);

/** @param {{ state?: string, call?: string }} state as the kernel tells it */
function runs({ state = "", call }) {
  return RUNNING.has(state) || (state === "warming up" && Boolean(call));
}

/** JupyterLab's version, or null in another host. */
function labVersion() {
  const { appName, appVersion } = JSON.parse(document.getElementById("jupyter-config-data")?.textContent || "{}");
  return appName === "JupyterLab" ? appVersion : null;
}

/**
 * Fires `state` when its state (or whether it is there) changed, `line` (detail: a Line) and `lines` for the
 * transcript, `text` and `frame` (detail: it) for what the call says to the page through it, `first` when its panel is
 * shown for the first time, `after` (detail: message and buffers) for what it says of a call that is over, `restart` when
 * the call is to be begun anew, `look` when it asks who shows the panel, `unsaid` (detail: the message) for words that were typed and could not be said, `answer` (detail: the message) for what came of something that a page asked for,
 * `other` (detail: message and buffers) for what only one kind of panel knows.
 */
export class Kernel extends EventTarget {
  /**
   * @param {Model} model
   * @param {AbortSignal} signal ends the listening
   */
  constructor(model, signal) {
    super();
    this.model = model;
    /** @type {boolean | null} whether there is one; null until that is known */
    this.present = null;
    /** @type {Map<string, Line>} */
    this.lines = new Map();
    /** Seconds that its clock is ahead of the page's. */
    this.ahead = 0;
    /** Since when it may be gone, in seconds of the page's clock; null while it is there, and where it never was. */
    this.lost = /** @type {number | null} */ (null);
    /** @type {{ id: string, heard: (message: any) => void, forget: () => void } | null} the question under way */
    this.question = null;
    const way = passage(model);
    /** @type {(() => void)[] | null} what is to be said once messages pass a running cell */
    this.held = way && [];
    void way?.then(() => this.#pass());
    const handlers = {
      "msg:custom": (/** @type {any} */ message, /** @type {DataView[]} */ buffers) => this.#received(message, buffers ?? []),
      "change:_state": () => this.#fire("state"),
      "change:_lines": () => this.#takeLines(model.get("_lines") ?? []),
      // The comm came or went: a kernel that was restarted does not say so itself.
      comm_live_update: () => this.look(),
    };
    for (const [event, handler] of Object.entries(handlers)) model.on(event, handler);
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.patience = undefined;
    signal.addEventListener("abort", () => {
      for (const [event, handler] of Object.entries(handlers)) model.off(event, handler);
      clearTimeout(this.patience);
    });
    this.#takeLines(model.get("_lines") ?? []);
    this.look();
  }

  /**
   * Find out whether there is a kernel: say hello, and wait a while.
   * @param {number} [since] seconds of the page's clock since which it may be gone
   */
  look(since = Date.now() / 1000) {
    clearTimeout(this.patience);
    this.#loses(since);
    this.present = null;
    this.patience = setTimeout(() => this.present === null && this.#answers(false), KERNEL_LIMIT);
    this.send({ type: "attach", lab: labVersion() });
  }

  /** Messages pass: say what was held back. */
  #pass() {
    const { held } = this;
    this.held = null;
    for (const say of held ?? []) say();
  }

  /** State as it tells it. */
  get state() {
    return this.model.get("_state") ?? {};
  }

  /** What is said where it is not present. */
  get absent() {
    return this.model.absent ?? ABSENT;
  }

  /** Whether a call runs, on whatever page. */
  get running() {
    return this.present !== false && runs(this.state);
  }

  /**
   * @param {object} content
   * @param {ArrayBuffer[]} [buffers]
   */
  send(content, buffers) {
    if (this.held) return void this.held.push(() => this.send(content, buffers));
    try {
      this.model.send(content, undefined, buffers);
    } catch {
      if (this.present !== false) this.#answers(false);
    }
  }

  /**
   * Ask to be let into a call.
   * @param {boolean} rejoin into the one that runs, and no other
   * @param {boolean} muted whether a new one begins with nothing heard of the caller
   * @param {boolean} check whether it is a sound check, and no call
   * @returns {Promise<{ ways: import("./channel.js").Way[], insist: string | null }>}
   * @throws {Problem}
   */
  ask(rejoin, muted, check) {
    const { origin, hostname } = location;
    const loopback = hostname === "localhost" || hostname === "127.0.0.1" || hostname === "[::1]";
    // All pages of the kernel hear its answers; the id says whose each is.
    const id = Math.random().toString(36).slice(2);
    this.forget();
    const answer = new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.question = null;
        reject(new Problem("The kernel does not answer.", "Wait for the running cell to end, or restart the kernel and run the cell again."));
      }, HEARD_LIMIT);
      const forget = () => clearTimeout(timer);
      /** @param {any} message */
      const heard = (message) => {
        forget();
        if (message.type === "starting") return;
        this.question = null;
        if (message.type === "connect") resolve(message);
        else reject(new Problem(message.message, message.remedy ?? "", true));
      };
      this.question = { id, heard, forget };
    });
    this.send({ type: "start", ask: id, origin, loopback, rejoin, muted, check });
    return answer;
  }

  /** The answer to the question under way is not wanted any more. */
  forget() {
    this.question?.forget();
    this.question = null;
  }

  /**
   * @param {any} message
   * @param {DataView[]} buffers
   */
  #received(message, buffers) {
    if (!this.present) this.#answers(true);
    switch (message?.type) {
      case "starting":
      case "connect":
      case "error":
        if (message.ask === this.question?.id) this.question?.heard(message);
        break;
      case "page":
        this.#fire("text", message.text);
        break;
      case "audio":
        for (const buffer of buffers) this.#fire("frame", buffer);
        break;
      case "line":
        this.lines.set(message.line.id, message.line);
        this.#fire("line", message.line);
        break;
      case "lines":
        this.ahead = message.now ? message.now - Date.now() / 1000 : 0;
        this.#takeLines(message.lines);
        break;
      case "wav":
      case "saved":
      case "after-error":
        this.#fire("after", { message, buffers });
        break;
      case "said":
        this.#fire("said", message.levels);
        break;
      case "unsaid":
        this.#fire("unsaid", message);
        break;
      case "first":
      case "restart":
      case "look":
        this.#fire(message.type);
        break;
      case "answer":
        this.#fire("answer", message);
        break;
      case "keep":
        keep(this.model.widget_manager, this.state.mark, message.bundle);
        break;
      default:
        this.#fire("other", { message, buffers });
    }
  }

  /** @param {Line[]} lines */
  #takeLines(lines) {
    this.lines = new Map(lines.map((line) => [line.id, line]));
    this.#fire("lines");
  }

  /**
   * It may be gone.
   * @param {number} since if so
   */
  #loses(since) {
    if (this.present) this.lost = since;
  }

  /** @param {boolean} yes */
  #answers(yes) {
    if (yes) this.lost = null;
    else this.#loses(Date.now() / 1000);
    this.present = yes;
    this.#fire("state");
  }

  /**
   * @param {string} type
   * @param {any} [detail]
   */
  #fire(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }
}
