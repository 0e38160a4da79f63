// The page channel: text and frames to the helper and back, over one of several ways.

/**
 * @typedef {object} Way
 * @property {"direct" | "proxy" | "kernel"} kind
 * @property {string} [url] of the helper; for the proxy relative to the Jupyter server's base
 * @property {string} [secret] lets this page in, once
 * @property {string} [nonce] the question to the helper
 * @property {string} [proof] the answer that only this helper can give
 */

// Time for a way to prove itself before the next one is tried.
const LIMIT = 1000;
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
// The helper's close code for a page whose call another page has taken over.
const TAKEN = 4000;
// Bytes that may wait in the socket (five seconds); beyond them frames are lost, and counted.
const BACKLOG = 5000 * SAMPLES_PER_MS * 2;

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
    /** Whether a frame's buffer is free again once `frame` has returned. */
    this.recycle = kind !== "kernel";
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

  /** The page goes; it may come back, and may be gone before anything else can be said. */
  leave() {}

  close() {}
}

/** A socket to the helper, direct or through jupyter-server-proxy. */
class SocketChannel extends Channel {
  /**
   * @param {Way["kind"]} kind
   * @param {WebSocket} socket that has proved itself
   */
  constructor(kind, socket) {
    super(kind);
    this.socket = socket;
    socket.onmessage = ({ data }) => {
      if (typeof data === "string") this.ontext(JSON.parse(data));
      else this.onframe(data);
    };
    socket.onclose = ({ code }) => this.onclose(code === TAKEN);
  }

  /** @param {object} message */
  text(message) {
    if (this.socket.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify(message));
  }

  /** @param {ArrayBuffer} frame */
  frame(frame) {
    if (this.socket.readyState === WebSocket.OPEN && this.socket.bufferedAmount < BACKLOG) this.socket.send(frame);
    else this.lost += 1;
  }

  close() {
    this.socket.onclose = null;
    this.socket.close(1000);
  }
}

/** Messages of the widget, which the kernel hands to the helper unchanged. All pages of the kernel hear its answers. */
class KernelChannel extends Channel {
  /** @param {import("./kernel.js").Kernel} kernel */
  constructor(kernel) {
    super("kernel");
    this.kernel = kernel;
    this.page = Math.random().toString(36).slice(2);
    /** @type {object[]} texts that nobody waits for: they ride with the next message, for each costs the kernel dear */
    this.riding = [];
    this.life = new AbortController();
    const { signal } = this.life;
    kernel.addEventListener("text", (event) => this.#take(/** @type {CustomEvent} */ (event).detail), { signal });
    kernel.addEventListener("frame", (event) => this.onframe(/** @type {CustomEvent} */ (event).detail), { signal });
    this.text({ type: "hello", page: this.page });
  }

  /** @param {any} text */
  #take(text) {
    if (text.type === "taken") this.onclose(true);
    else if (text.type !== "welcome") this.ontext(text);
    else if (text.page !== this.page) this.onclose(true);
  }

  /** @param {object} message */
  text(message) {
    this.riding.push(message);
    if (/** @type {any} */ (message).type !== "heard") this.#send();
  }

  /** @param {ArrayBuffer} frame */
  frame(frame) {
    this.#send([frame]);
  }

  /** @param {ArrayBuffer[]} [frames] */
  #send(frames) {
    this.kernel.send({ type: "page", texts: this.riding.splice(0) }, frames);
  }

  leave() {
    this.text({ type: "bye", page: this.page });
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
      return new SocketChannel(way.kind, await openSocket(way));
    } catch (error) {
      failures.push(`${way.kind}: ${/** @type {Error} */ (error).message}`);
    }
  }
  throw new NoWay(failures.join("; ") || "no way was offered");
}

/**
 * A socket whose other end has proved that it is the helper which the kernel spoke of. On a "loopback" page the
 * kernel may be elsewhere (a container, a tunnel), and then another program may sit on this port.
 * @param {Way} way
 * @returns {Promise<WebSocket>}
 */
function openSocket(way) {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(socketAddress(way));
    socket.binaryType = "arraybuffer";
    /** @param {string} reason */
    const fail = (reason) => {
      clearTimeout(timer);
      socket.onopen = socket.onmessage = socket.onclose = socket.onerror = null;
      socket.close();
      reject(new NoWay(reason));
    };
    const timer = setTimeout(() => fail(`no answer within ${LIMIT / 1000} s`), LIMIT);
    socket.onerror = () => fail("refused");
    socket.onclose = () => fail("closed");
    socket.onopen = () => socket.send(JSON.stringify({ type: "hello", secret: way.secret, nonce: way.nonce }));
    socket.onmessage = ({ data }) => {
      const message = typeof data === "string" ? JSON.parse(data) : {};
      if (message.type !== "welcome" || message.nonce !== way.proof) return fail("somebody else answers there");
      clearTimeout(timer);
      socket.onopen = socket.onmessage = socket.onclose = socket.onerror = null;
      resolve(socket);
    };
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
