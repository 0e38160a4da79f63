// What is offered when a call is over: what it was, to hear it, to keep it, and how to go on.

import { make, say } from "./dom.js";
import { Problem } from "./kernel.js";
import { sayParts } from "./parts.js";

// Without a piece for so long, the kernel is not going to answer.
const PATIENCE = 20_000;

const TUNE = "Next: vn.TurnDetectionPanel(talk) tunes how long it waits for you";
const CHANGE = ", talk.update(…) changes what it is told; talk.recording has every event.";
const RULES = " The rules know your tools and no more: start Ollama, or set OPENAI_BASE_URL, and a language model answers.";

/** The line below an ended call; `element` is what to put into the page. */
export class After {
  /**
   * @param {import("./call.js").Call} call
   * @param {AbortSignal} signal ends it
   */
  constructor(call, signal) {
    this.call = call;
    this.told = make("span", "after-told");
    this.hear = make("button", "small", { type: "button", text: "Hear it" });
    this.download = make("button", "small", { type: "button", text: "Download" });
    this.save = make("button", "small", { type: "button", text: "Save" });
    this.said = make("div", "after-said", { role: "status" });
    this.player = make("audio", "player", { controls: "" });
    this.next = make("div", "after-next");
    const ways = make("div", "after-ways", {}, this.hear, this.download, this.save);
    const row = make("div", "after-row", {}, this.told, ways);
    this.element = make("div", "after", {}, row, this.said, this.player, this.next);
    this.player.hidden = true;
    this.signal = signal;
    /** @type {string | undefined} the call whose sound is here */
    this.of = undefined;
    /** @type {Promise<{ url: string, name: string }> | null} */
    this.sound = null;
    this.hear.addEventListener("click", () => void this.#hear(), { signal });
    this.download.addEventListener("click", () => void this.#download(), { signal });
    this.save.addEventListener("click", () => void this.#save(), { signal });
    signal.addEventListener("abort", () => this.#forget());
  }

  /** Show what there is. */
  update() {
    const { call } = this;
    const { state, summary, brain, call: id } = call.state;
    this.element.hidden = state !== "ended" || call.running || call.kernel.present === false || !call.lines.size;
    if (this.of !== id || call.running) {
      this.#forget();
      this.of = id;
    }
    sayParts(this.told, summary ?? "");
    const rules = brain === "rules";
    const next = call.kernel.model.next ?? TUNE + (rules ? "." : CHANGE);
    say(this.next, next + (rules ? RULES : ""));
  }

  /** The sound of the last call is not wanted any more. */
  #forget() {
    void this.sound?.then(({ url }) => URL.revokeObjectURL(url)).catch(() => {});
    this.sound = null;
    this.player.pause();
    this.player.removeAttribute("src");
    this.player.hidden = true;
    say(this.said, "");
  }

  async #hear() {
    const sound = await this.#fetch();
    if (!sound) return;
    this.player.src = sound.url;
    this.player.hidden = false;
    await this.player.play().catch(() => {}); // the controls are there
  }

  async #download() {
    const sound = await this.#fetch();
    if (!sound) return;
    const link = make("a", "", { href: sound.url, download: sound.name });
    link.click();
  }

  async #save() {
    say(this.said, "saving …");
    await this.#try(async () => {
      const { path } = await this.#ask("save", (message) => message.type === "saved" && message);
      say(this.said, `saved: vn.load("${path}")`);
    });
  }

  /** Both voices as a file in the page's memory. */
  async #fetch() {
    say(this.said, this.sound ? "" : "fetching …");
    this.sound ??= this.#wav();
    const { sound } = this;
    const got = await this.#try(() => sound);
    if (got) say(this.said, "");
    else if (this.sound === sound) this.sound = null;
    return got;
  }

  async #wav() {
    /** @type {BlobPart[]} */
    const pieces = [];
    let size = 0;
    const { name } = await this.#ask("hear", (message, buffers) => {
      if (message.type !== "wav") return false;
      for (const buffer of buffers) {
        pieces.push(/** @type {BlobPart} */ (buffer));
        size += buffer.byteLength;
      }
      return size >= message.size && message;
    });
    return { url: URL.createObjectURL(new Blob(pieces, { type: "audio/wav" })), name };
  }

  /**
   * Ask the kernel something, and take what it says until that is enough.
   * @param {"hear" | "save"} type
   * @param {(message: any, buffers: DataView[]) => any} enough the answer, or something false
   * @returns {Promise<any>}
   */
  #ask(type, enough) {
    const { kernel } = this.call;
    const id = Math.random().toString(36).slice(2);
    return new Promise((resolve, reject) => {
      const over = new AbortController();
      /** @type {ReturnType<typeof setTimeout>} */
      let timer;
      const wait = () => {
        clearTimeout(timer);
        timer = setTimeout(() => {
          over.abort();
          reject(new Problem("The kernel does not answer.", "Is it still running?"));
        }, PATIENCE);
      };
      wait();
      const taken = (/** @type {Event} */ event) => {
        const { message, buffers } = /** @type {CustomEvent} */ (event).detail;
        if (message.ask !== id) return;
        wait();
        const answer = message.type !== "after-error" && enough(message, buffers);
        if (!answer && message.type !== "after-error") return;
        clearTimeout(timer);
        over.abort();
        if (answer) resolve(answer);
        else reject(new Problem(message.message, message.remedy));
      };
      kernel.addEventListener("after", taken, { signal: over.signal });
      kernel.send({ type, ask: id });
    });
  }

  /**
   * @template T
   * @param {() => Promise<T>} work
   * @returns {Promise<T | null>}
   */
  async #try(work) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      say(this.said, `${error.message} ${error.remedy}`);
      return null;
    }
  }
}
