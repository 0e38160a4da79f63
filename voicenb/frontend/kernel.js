// The kernel, as the page hears it: the widget's model, with its state, its messages and its answers.

import { keep } from "./keepsake.js";

/**
 * @typedef {object} Model what anywidget gives
 * @property {(name: string) => any} get
 * @property {(event: string, handler: (...args: any[]) => void) => void} on
 * @property {(event: string, handler: (...args: any[]) => void) => void} off
 * @property {(content: object, callbacks?: object, buffers?: ArrayBuffer[]) => void} send
 * @property {any} [widget_manager]
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

/** An error that says what to do about it. */
export class Problem extends Error {
  /**
   * @param {string} message
   * @param {string} remedy
   */
  constructor(message, remedy) {
    super(message);
    this.remedy = remedy;
  }
}

// The kernel answers at once unless a cell holds it; a service may take its time to become ready.
const ANSWER_LIMIT = 10_000;
// Without a kernel (a saved notebook) nobody answers at all.
const KERNEL_LIMIT = 4000;
const RUNNING = new Set(["connecting", "listening", "thinking", "speaking"]);

/** JupyterLab's version, or null in another host. */
function labVersion() {
  const { appName, appVersion } = JSON.parse(document.getElementById("jupyter-config-data")?.textContent || "{}");
  return appName === "JupyterLab" ? appVersion : null;
}

/**
 * Fires `state` when its state (or whether it is there) changed, `line` (detail: a Line) and `lines` for the
 * transcript, `problem` (detail: a Problem) for what went wrong there, `text` and `frame` (detail: it) for what the
 * call says to the page through it.
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
    /** @type {((message: any) => void) | null} */
    this.answered = null;
    const handlers = {
      "msg:custom": (/** @type {any} */ message, /** @type {DataView[]} */ buffers) => this.#received(message, buffers ?? []),
      "change:_state": () => this.#fire("state"),
      "change:_lines": () => this.#takeLines(model.get("_lines") ?? []),
      // The comm came or went: a kernel that was restarted does not say so itself.
      comm_live_update: () => this.#look(),
    };
    for (const [event, handler] of Object.entries(handlers)) model.on(event, handler);
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.patience = undefined;
    signal.addEventListener("abort", () => {
      for (const [event, handler] of Object.entries(handlers)) model.off(event, handler);
      clearTimeout(this.patience);
    });
    this.#takeLines(model.get("_lines") ?? []);
    this.#look();
  }

  /** Find out whether there is a kernel: say hello, and wait a while. */
  #look() {
    clearTimeout(this.patience);
    this.present = null;
    this.patience = setTimeout(() => this.present === null && this.#answers(false), KERNEL_LIMIT);
    this.send({ type: "attach", lab: labVersion() });
  }

  /** State as it tells it. */
  get state() {
    return this.model.get("_state") ?? {};
  }

  /** Whether a call runs, on whatever page. */
  get running() {
    return this.present !== false && RUNNING.has(this.state.state);
  }

  /**
   * @param {object} content
   * @param {ArrayBuffer[]} [buffers]
   */
  send(content, buffers) {
    try {
      this.model.send(content, undefined, buffers);
    } catch {
      if (this.present !== false) this.#answers(false);
    }
  }

  /**
   * Ask to be let into a call.
   * @param {boolean} rejoin into the one that runs, and no other
   * @returns {Promise<{ ways: import("./channel.js").Way[], insist: string | null }>}
   * @throws {Problem}
   */
  ask(rejoin) {
    const { origin, hostname } = location;
    const loopback = hostname === "localhost" || hostname === "127.0.0.1" || hostname === "[::1]";
    const answer = new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        reject(new Problem("The kernel does not answer.", "Wait for the running cell to end, or restart the kernel and run the cell again."));
      }, ANSWER_LIMIT);
      this.answered = (message) => {
        clearTimeout(timer);
        this.answered = null;
        if (message.type === "connect") resolve(message);
        else reject(new Problem(message.message, message.remedy ?? ""));
      };
    });
    this.send({ type: "start", origin, loopback, rejoin });
    return answer;
  }

  /**
   * @param {any} message
   * @param {DataView[]} buffers
   */
  #received(message, buffers) {
    if (!this.present) this.#answers(true);
    switch (message?.type) {
      case "connect":
        this.answered?.(message);
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
      case "keep":
        keep(this.model.widget_manager, this.state.mark, message.bundle);
        break;
      case "error":
        if (this.answered) this.answered(message);
        else this.#fire("problem", new Problem(message.message, message.remedy ?? ""));
    }
  }

  /** @param {Line[]} lines */
  #takeLines(lines) {
    this.lines = new Map(lines.map((line) => [line.id, line]));
    this.#fire("lines");
  }

  /** @param {boolean} yes */
  #answers(yes) {
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
