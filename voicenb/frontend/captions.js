// The transcript: the caller's lines and the agent's, tool calls between them.

import { make, say } from "./dom.js";
import { sayParts } from "./parts.js";

// Closer to the end than this (in pixels), the transcript follows what is said.
const NEAR = 48;
// A call of an hour has more than a thousand lines: in the page are the last of them, and the earlier ones while one
// scrolls up to them.
const WINDOW = 120;
const BATCH = 60;
// Closer to the top than this (in pixels), earlier ones are put in.
const AHEAD = 400;
// Seconds that a whole bar stands for; one of a longer wait is all full.
const SCALE = 2;

/**
 * Whether a line stands above another. What an answer cost stands above it. A reply that announces a tool call begins
 * in the same moment as the call, and its first word comes later: it stands above all the same.
 * @param {import("./kernel.js").Line} line
 * @param {import("./kernel.js").Line} other
 */
function isBefore(line, other) {
  return line.at < other.at || (line.at === other.at && rank(line) < rank(other));
}

/** @param {import("./kernel.js").Line} line */
function rank({ role }) {
  return { yield: 0, cost: 1, tool: 3 }[/** @type {string} */ (role)] ?? 2;
}

/**
 * A line of a call that was lost: what was about to be said never was.
 * @param {import("./kernel.js").Line} line
 * @returns {import("./kernel.js").Line}
 */
function atTheEnd(line) {
  const { role, text, tail, unheard, tool } = line;
  if (tool?.result === null) return { ...line, partial: false, tool: { ...tool, result: "no result", error: true } };
  if (!line.partial && !tail) return line;
  if (role !== "agent") return { ...line, partial: false, text: [text, tail].filter(Boolean).join(" "), tail: "" };
  return { ...line, partial: false, tail: "", unheard: tail || unheard, interrupted: true };
}

/** Shows lines; `element` is what to put into the page. */
export class Captions {
  /** @param {string} agent its name */
  constructor(agent) {
    this.agent = agent;
    this.list = make("ol", "captions", { "aria-label": "Transcript", tabindex: "0" });
    // Read out are finished lines only: partial ones change several times a second.
    this.spoken = make("div", "spoken", { "aria-live": "polite", role: "log" });
    this.newer = make("button", "small newer", { type: "button", text: "Newer lines below" });
    this.newer.hidden = true;
    this.element = make("div", "transcript", {}, this.list, this.newer, this.spoken);
    /** @type {Map<string, HTMLElement>} */
    this.items = new Map();
    /** @type {import("./kernel.js").Line[]} all of them, as they stand */
    this.order = [];
    /** The place among them of the first that is in the page. */
    this.first = 0;
    /** @type {Set<string>} */
    this.read = new Set();
    /** Whether the reader is at the end, and goes along with what is said. */
    this.follows = true;
    /** The list's measures when it was last looked at. */
    this.size = "";
    this.list.addEventListener("scroll", () => this.#scrolled(), { passive: true });
    this.newer.addEventListener("click", () => {
      this.#toEnd();
      this.list.focus({ preventScroll: true }); // the button is going
    });
    new ResizeObserver(() => this.#look()).observe(this.list);
  }

  /**
   * Show these lines and no others.
   * @param {Iterable<import("./kernel.js").Line>} lines
   */
  replace(lines) {
    this.items.clear();
    this.order.length = 0;
    this.first = 0;
    this.read.clear();
    this.spoken.replaceChildren();
    for (const line of lines) {
      this.read.add(line.id);
      this.order.splice(this.#placeOf(line), 0, line);
    }
    this.first = Math.max(0, this.order.length - WINDOW);
    this.list.replaceChildren(...this.order.slice(this.first).map((line) => this.#item(line)));
    this.#toEnd();
  }

  /**
   * Show a line that is new or has changed.
   * @param {import("./kernel.js").Line} line
   */
  show(line) {
    this.#look();
    this.#take(line);
    if (this.follows) this.#toEnd();
    this.#measure();
    if (!line.partial && !line.tail && !this.read.has(line.id)) this.#read(line);
  }

  /** The call is lost: nothing more comes. */
  end() {
    for (const line of this.order) {
      const ended = atTheEnd(line);
      if (ended !== line) this.show(ended);
    }
  }

  /**
   * Put a line where it belongs, or in the place of what it was before.
   * @param {import("./kernel.js").Line} line
   */
  #take(line) {
    const { order } = this;
    let known = order.length - 1;
    while (known >= 0 && order[known].id !== line.id) known -= 1;
    if (known >= 0) {
      // It keeps its place, which is that of the moment at which it began.
      order[known] = { ...line, at: order[known].at };
      const item = this.items.get(line.id);
      if (item) this.#fill(item, line);
      return;
    }
    const place = this.#placeOf(line);
    order.splice(place, 0, line);
    if (place < this.first) this.first += 1;
    else this.list.insertBefore(this.#item(line), this.list.children[place - this.first] ?? null);
  }

  /**
   * Where a new line belongs among the others.
   * @param {import("./kernel.js").Line} line
   */
  #placeOf(line) {
    let before = this.order.length;
    while (before > 0 && isBefore(line, this.order[before - 1])) before -= 1;
    return before;
  }

  /** Follow what is said; the earliest lines leave the page when there are many. */
  #toEnd() {
    const { list } = this;
    while (list.childElementCount > WINDOW + BATCH) {
      for (const { id } of this.order.slice(this.first, this.first + BATCH)) {
        this.items.get(id)?.remove();
        this.items.delete(id);
      }
      this.first += BATCH;
    }
    list.scrollTop = list.scrollHeight;
    this.#follow(true);
    this.#measure();
  }

  /** @returns {boolean} whether the list's measures are others than they were */
  #measure() {
    const { clientWidth, clientHeight, scrollHeight } = this.list;
    const size = `${clientWidth} ${clientHeight} ${scrollHeight}`;
    const other = size !== this.size;
    this.size = size;
    return other;
  }

  /**
   * See whether the reader has moved. Where the list has other measures the page moved it, by a window that became
   * narrower, say: who was at the end stays there.
   */
  #look() {
    const { list } = this;
    if (!this.#measure()) this.#follow(list.scrollHeight - list.scrollTop - list.clientHeight < NEAR);
    else if (this.follows || list.scrollHeight <= list.clientHeight) this.#toEnd();
  }

  /** @param {boolean} follows */
  #follow(follows) {
    this.follows = follows;
    this.newer.hidden = follows;
  }

  /** Put earlier lines in before one comes to the first, and stay at what is being read. */
  #scrolled() {
    this.#look();
    const { list, first } = this;
    if (first === 0 || list.scrollTop > AHEAD) return;
    this.first = Math.max(0, first - BATCH);
    const below = list.scrollHeight - list.scrollTop;
    list.prepend(...this.order.slice(this.first, first).map((line) => this.#item(line)));
    list.scrollTop = list.scrollHeight - below;
    this.#measure();
  }

  /** @param {import("./kernel.js").Line} line */
  #item(line) {
    const item = make("li", "");
    this.items.set(line.id, item);
    this.#fill(item, line);
    return item;
  }

  /**
   * @param {HTMLElement} item
   * @param {import("./kernel.js").Line} line
   */
  #fill(item, line) {
    item.className = `voicenb-line voicenb-${line.role}`;
    if (line.role === "tool") this.#tool(item, line);
    else if (line.role === "cost" || line.role === "yield") this.#chip(item, line);
    else if (line.role === "log") item.replaceChildren(make("span", "text", { text: line.text }));
    else this.#speech(item, line);
  }

  /**
   * @param {HTMLElement} item
   * @param {import("./kernel.js").Line} line
   */
  #speech(item, line) {
    if (line.unheard && !line.text && !line.tail) return this.#unsaid(item, line.unheard);
    const words = make("p", "words");
    words.append(line.text);
    const glue = line.text && (line.tail || line.unheard) ? " " : "";
    if (line.tail) words.append(glue, make("i", "tail", { text: line.tail }));
    if (line.unheard) words.append(glue, make("s", "unheard", { text: line.unheard, title: "not heard" }));
    const who = make("span", "speaker", { text: line.role === "user" ? "You" : this.agent });
    const note = line.interrupted ? [make("span", "note", { text: "interrupted" })] : [];
    item.replaceChildren(make("div", "bubble", {}, make("div", "by", {}, who, ...note), words));
  }

  /**
   * Nothing of it was heard, as where the caller went on before it began: one line is enough.
   * @param {HTMLElement} item
   * @param {string} unheard
   */
  #unsaid(item, unheard) {
    item.classList.add("voicenb-unsaid");
    const words = make("s", "unheard", { text: unheard, title: unheard });
    const who = make("span", "unsaid-by", { text: this.agent });
    item.replaceChildren(make("span", "", {}, who, ", not heard: "), words);
  }

  /**
   * Where the time went: a bar of its parts, and the same in words.
   * @param {HTMLElement} item
   * @param {import("./kernel.js").Line} line
   */
  #chip(item, line) {
    const { text, strong = "", parts = [] } = line;
    const words = make("span", "told");
    sayParts(words, text, strong);
    const whole = Math.max(SCALE, parts.reduce((sum, part) => sum + part.seconds, 0));
    const bar = make("span", "bar", { "aria-hidden": "true" });
    for (const { kind, seconds } of parts) {
      const piece = make("span", `part-${kind}`);
      piece.style.width = `${(100 * seconds) / whole}%`;
      bar.append(piece);
    }
    item.replaceChildren(...(parts.length ? [bar] : []), words);
  }

  /**
   * @param {HTMLElement} item
   * @param {import("./kernel.js").Line} line
   */
  #tool(item, line) {
    const { name, arguments: given, result, ms, error } = line.tool ?? { name: "", arguments: "", result: null, ms: null, error: false };
    const call = make("span", "call", {}, make("b", "", { text: name }), `(${given})`);
    const parts = [call];
    if (result === null) {
      parts.push(make("span", "wait", { text: " running" }));
    } else {
      parts.push(make("span", error ? "result failed" : "result", { text: ` → ${result}` }));
      if (ms !== null) parts.push(make("span", "ms", { text: ` ·\u00a0${ms}\u00a0ms` }));
    }
    item.replaceChildren(...parts);
  }

  /** @param {import("./kernel.js").Line} line */
  #read(line) {
    if ((line.role !== "user" && line.role !== "agent") || !line.text) return;
    this.read.add(line.id);
    const who = line.role === "user" ? "You" : this.agent;
    this.spoken.append(make("p", "", { text: `${who}: ${line.text}` }));
    while (this.spoken.childElementCount > 6) this.spoken.firstElementChild?.remove();
  }

  /** @param {string} agent */
  rename(agent) {
    if (agent === this.agent) return;
    this.agent = agent;
    for (const who of this.list.querySelectorAll(".voicenb-agent :is(.voicenb-speaker, .voicenb-unsaid-by)")) say(who, agent);
  }
}
