// What was said, line by line: it follows what is heard, and leads there.

import { make } from "./dom.js";
import { moment } from "./view_clock.js";
import { WORDLESS } from "./view_document.js";

/** @typedef {import("./view_document.js").Line} Line */

/** @param {Line} line */
const isSaid = ({ by }) => by === "caller" || by === "agent";

/** The transcript; `element` is what to put into the page. */
export class CallTranscript {
  /**
   * @param {import("./view_document.js").CallDocument} call
   * @param {(to: number) => void} go hear it from there
   * @param {string} heading the tag of its heading
   * @param {AbortSignal} signal ends it
   */
  constructor(call, go, heading, signal) {
    this.lines = call.lines;
    this.names = { caller: "Caller", agent: call.title };
    /** @type {HTMLElement[][]} */
    this.words = [];
    this.items = this.lines.map((line, n) => this.#item(line, n));
    this.list = make("ol", "call-lines", {}, ...this.items);
    this.box = make("div", "call-transcript-box", { tabindex: "0", role: "region", "aria-label": "Transcript" }, this.list);
    const title = make(/** @type {"h3"} */ (heading), "call-title", { text: "What was said" });
    const empty = make("p", "call-empty", { text: "Nothing was said." });
    this.element = make("section", "call-transcript", {}, title, this.lines.length ? this.box : empty);
    /** @type {HTMLElement | null} */
    this.lit = null;
    this.current = -1;
    this.following = true;
    for (const name of /** @type {const} */ (["wheel", "touchmove"])) this.box.addEventListener(name, () => (this.following = false), { passive: true, signal });
    this.list.addEventListener(
      "click",
      ({ target }) => {
        if (!(target instanceof Element) || !window.getSelection()?.isCollapsed) return;
        const at = target.closest("[data-at]")?.getAttribute("data-at");
        if (at) go(Number(at));
      },
      { signal },
    );
  }

  /**
   * Show what is heard now.
   * @param {number} at seconds
   */
  show(at) {
    const current = this.lineAt(at);
    if (current !== this.current) {
      this.items[this.current]?.removeAttribute("aria-current");
      this.items[current]?.setAttribute("aria-current", "true");
      this.current = current;
      if (this.following) this.#reveal();
    }
    const words = this.lines[current]?.words ?? [];
    // The last one that has begun, until it is over.
    let word = -1;
    for (let n = 0; n < words.length; n++) {
      const [, from, to] = words[n];
      if (from !== null && to !== null && from <= at) word = at < to + 0.15 ? n : -1;
    }
    const lit = this.words[current]?.[word] ?? null;
    if (lit === this.lit) return;
    this.lit?.classList.remove("voicenb-call-lit");
    lit?.classList.add("voicenb-call-lit");
    this.lit = lit;
  }

  /** The mark has been put somewhere: follow it again. */
  follow() {
    this.following = true;
    this.#reveal();
  }

  /**
   * The line that is said at a moment, or was last.
   * @param {number} at seconds
   * @returns {number} -1 before the first
   */
  lineAt(at) {
    let found = -1;
    for (const [n, line] of this.lines.entries()) {
      if (line.at > at + 0.001) break;
      if (isSaid(line)) found = n;
    }
    return found;
  }

  /**
   * Where the line before this moment begins, or the one after it.
   * @param {number} at seconds
   * @param {-1 | 1} way
   * @returns {number | null}
   */
  beside(at, way) {
    const starts = this.lines.filter(isSaid).map((line) => line.at);
    // Back from within a line is its own beginning.
    return (way > 0 ? starts.find((start) => start > at + 0.05) : starts.filter((start) => start < at - 0.5).pop()) ?? null;
  }

  #reveal() {
    const item = this.items[this.current];
    if (!item || this.box.scrollHeight <= this.box.clientHeight) return;
    const top = item.offsetTop - this.box.offsetTop;
    const { scrollTop, clientHeight } = this.box;
    // The box alone is scrolled, never the page around it.
    if (top < scrollTop || top + item.offsetHeight > scrollTop + clientHeight - 24) this.box.scrollTop = Math.max(0, top - clientHeight / 3);
  }

  /**
   * @param {Line} line
   * @param {number} n
   */
  #item(line, n) {
    const at = String(line.at);
    const time = make("button", "call-when", { type: "button", "data-at": at, text: moment(line.at), "aria-label": `Go to ${moment(line.at)}` });
    this.words[n] = [];
    if (line.by === "tool") {
      const told = make("span", "call-result", { text: `→ ${line.result ?? ""}` });
      const took = line.ms === undefined ? "" : ` · ${line.ms} ms`;
      const item = make("li", `call-line call-line-tool${line.error ? " call-line-error" : ""}`, {}, time, make("code", "call-code", { text: line.code ?? "" }), " ", told, took);
      if (line.error) item.append(" ", make("span", "call-wrong", { text: "failed" }));
      return item;
    }
    if (line.by === "note") {
      const of = make("span", "call-noted", { text: line.whole ? "Note on the call" : "Note" });
      return make("li", "call-line call-line-note", {}, ...(line.whole ? [] : [time]), of, " ", line.note ?? "");
    }
    const said = make("span", "call-said");
    for (const [text, from] of line.words) {
      const word = make("span", "call-word", { "data-at": String(from ?? line.at), text });
      this.words[n].push(word);
      said.append(...(said.childNodes.length ? [" "] : []), word);
    }
    if (!line.words.length && !line.unheard) said.append(make("span", "call-wordless", { "data-at": at, text: WORDLESS }));
    const item = make("li", `call-line call-line-${line.by}`, {}, time, make("span", "call-who", { text: this.names[line.by] }), " ", said);
    if (line.unheard) item.append(" ", make("span", "call-hidden", { text: "(not heard:" }), make("s", "call-unheard", { text: line.unheard }), make("span", "call-hidden", { text: ")" }));
    if (line.note) item.append(" ", make("span", "call-wrong", { text: line.note }));
    return item;
  }
}
