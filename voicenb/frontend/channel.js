// The page channel: text and frames to the helper and back, over one of several ways.

import { markCaptured } from "./frames.js";

/**
 * @typedef {object} Way
 * @property {"direct" | "proxy" | "kernel"} kind
 * @property {string} [url] of the helper; for the proxy relative to the Jupyter server's base
 * @property {string} [secret] lets this page in, once
 * @property {string} [nonce] the question to the helper
 * @property {string} [proof] the answer that only this helper can give
 */

// Samples in a frame: 16 ms where it costs nothing, 37 where each frame is a message to the kernel. These are three and
// seven whole quanta of the audio thread; of 20 or 40 ms every other frame waits for a quantum more.
const FRAME = { direct: 3 * 128, proxy: 3 * 128, kernel: 7 * 128 };
// Milliseconds that are held back before a voice begins, against the unevenness of the way. A service that sends ahead
// has them there at once; one that sends at the pace of speech is heard later by them, less a message. The least that is
// usual: with 20 its voice had three gaps in ten seconds on a calm machine, with 60 none, with 100 none on a busier one.
const PREBUFFER = { direct: 100, proxy: 100, kernel: 120 };
// And how much is heard before that is told.
const REPORT = { direct: 0, proxy: 0, kernel: 200 };
const SAMPLES_PER_MS = 24;
// Once: joined into one module, this makes a file of the page's memory.
const CARRIER = new URL("./carrier.worker.js", import.meta.url);

/** No way led to the helper. */
export class NoWay extends Error {}

/** One open channel. `ontext`, `onframe` and `onclose` are set by its owner. */
export class Channel {
  /** @param {Way["kind"]} kind */
  constructor(kind) {
    this.kind = kind;
    /** Samples in a frame from the microphone. */
    this.samples = FRAME[kind];
    /** Samples to wait for before a voice begins. */
    this.prebuffer = PREBUFFER[kind] * SAMPLES_PER_MS;
    /** Samples heard before they are told of. */
    this.report = REPORT[kind] * SAMPLES_PER_MS;
    /** Frames that could not be sent. */
    this.lost = 0;
    /** @type {(text: any) => void} */
    this.ontext = () => {};
    /** @type {(frame: ArrayBuffer | DataView) => void} */
    this.onframe = () => {};
    /** @type {(taken: boolean) => void} whether another page has the call now */
    this.onclose = () => {};
  }

  /** @param {object} _message */
  text(_message) {}

  /** @param {ArrayBuffer} _frame */
  frame(_frame) {}

  /**
   * Ways for sound that leave the page's own thread out, where there are any: a port for each worklet.
   * @param {number} _rate of the worklets' context, in Hz
   * @returns {{ capture: MessagePort, playback: MessagePort } | null} without them frames go by `frame` and `onframe`
   */
  carry(_rate) {
    return null;
  }

  /** The sound goes another way from now on. */
  spare() {}

  /** The page goes; it may come back, and may be gone before anything else can be said. */
  leave() {}

  close() {}
}

/** A socket to the helper, direct or through jupyter-server-proxy; a worker of its own holds it. */
class SocketChannel extends Channel {
  /**
   * @param {Way["kind"]} kind
   * @param {Worker} worker whose socket has proved itself
   */
  constructor(kind, worker) {
    super(kind);
    this.worker = worker;
    worker.onmessage = ({ data }) => {
      if (data.type === "text") this.ontext(data.text);
      else if (data.type === "frame") this.onframe(data.frame);
      else if (data.type === "lost") this.lost = data.lost;
      else if (data.type === "closed") this.onclose(data.taken);
    };
  }

  /** @param {object} message */
  text(message) {
    this.worker.postMessage({ type: "text", text: message });
  }

  /** @param {ArrayBuffer} frame */
  frame(frame) {
    this.worker.postMessage({ type: "frame", frame }, [frame]);
  }

  /** @param {number} rate */
  carry(rate) {
    const [capture, playback] = [new MessageChannel(), new MessageChannel()];
    const ports = [capture.port1, playback.port1];
    this.worker.postMessage({ type: "sound", rate, capture: ports[0], playback: ports[1] }, ports);
    return { capture: capture.port2, playback: playback.port2 };
  }

  spare() {
    this.worker.postMessage({ type: "no-sound" });
  }

  close() {
    this.worker.onmessage = null;
    this.worker.postMessage({ type: "close" });
  }
}

/**
 * Messages of the widget, which the kernel hands to the helper unchanged. All pages of the kernel hear its answers, and
 * all say what they say on this way: so each text carries the page's name, and each frame a mark.
 */
class KernelChannel extends Channel {
  /** @param {import("./kernel.js").Kernel} kernel */
  constructor(kernel) {
    super("kernel");
    this.kernel = kernel;
    this.page = Math.random().toString(36).slice(2);
    this.mark = 1 + Math.floor(Math.random() * 0xffff);
    /** @type {object[]} texts that nobody waits for: they ride with the next message, for each costs the kernel dear */
    this.riding = [];
    this.life = new AbortController();
    const { signal } = this.life;
    kernel.addEventListener("text", (event) => this.#take(/** @type {CustomEvent} */ (event).detail), { signal });
    kernel.addEventListener("frame", (event) => this.onframe(/** @type {CustomEvent} */ (event).detail), { signal });
    this.text({ type: "hello", mark: this.mark });
  }

  /** @param {any} text */
  #take(text) {
    const own = text.page === this.page;
    // That another page has lost the call is nothing to this one; that another is welcome is.
    if (text.type === (own ? "taken" : "welcome")) this.onclose(true);
    else if (text.type !== "taken" && text.type !== "welcome") this.ontext(text);
  }

  /** @param {object} message */
  text(message) {
    this.riding.push({ ...message, page: this.page });
    if (/** @type {any} */ (message).type !== "heard") this.#send();
  }

  /** @param {ArrayBuffer} frame */
  frame(frame) {
    markCaptured(frame, this.mark);
    this.#send([frame]);
  }

  /** @param {ArrayBuffer[]} [frames] */
  #send(frames) {
    this.kernel.send({ type: "page", texts: this.riding.splice(0) }, frames);
  }

  leave() {
    this.text({ type: "bye" });
  }

  close() {
    this.life.abort();
    this.leave();
  }
}

/**
 * Open the first way that leads to the right helper.
 * @param {Way[]} ways best first
 * @param {import("./kernel.js").Kernel} kernel
 * @returns {Promise<Channel>}
 * @throws {NoWay}
 */
export async function openChannel(ways, kernel) {
  const failures = [];
  for (const way of ways) {
    if (way.kind === "kernel") return new KernelChannel(kernel);
    try {
      return new SocketChannel(way.kind, await openCarrier(way));
    } catch (error) {
      failures.push(`${way.kind}: ${/** @type {Error} */ (error).message}`);
    }
  }
  throw new NoWay(failures.join("; ") || "no way was offered");
}

/**
 * A worker that holds a socket to the helper.
 * @param {Way} way
 * @returns {Promise<Worker>}
 */
function openCarrier(way) {
  return new Promise((resolve, reject) => {
    const worker = new Worker(CARRIER, { type: "module" });
    /** @param {string} reason */
    const fail = (reason) => {
      worker.terminate();
      reject(new NoWay(reason));
    };
    // A page's security policy may forbid workers from blob: addresses.
    worker.onerror = () => fail("its worker does not run");
    worker.onmessage = ({ data }) => {
      if (data.type === "failed") return fail(data.reason);
      worker.onerror = worker.onmessage = null;
      resolve(worker);
    };
    const open = { type: "open", address: socketAddress(way).href, way, origin: performance.timeOrigin };
    worker.postMessage(open);
  });
}

/** @param {Way} way */
function socketAddress(way) {
  const url = new URL(way.url ?? "", new URL(serverBase(), location.href));
  url.protocol = url.protocol.replace("http", "ws");
  return url;
}

/** The path of the Jupyter server that this page came from. */
function serverBase() {
  const config = document.getElementById("jupyter-config-data")?.textContent;
  if (config) return JSON.parse(config).baseUrl ?? "/";
  return document.body.dataset.baseUrl ?? "/";
}
