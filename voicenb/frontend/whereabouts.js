// Which page has a call, as far as the tabs of one browser can tell each other.

// Milliseconds in which a tab of this browser answers.
const PATIENCE = 500;
// The same for all widgets of a page, and for no other page.
const PAGE = performance.timeOrigin;

/** Asks the other tabs of this site who has a call, and answers them. */
export class Whereabouts {
  /**
   * @param {AbortSignal} signal ends it
   * @param {() => void} changed something else is known
   */
  constructor(signal, changed) {
    this.changed = changed;
    /** The call that this page has; empty while it has none. */
    this.own = "";
    /** The call that another page has. */
    this.sought = "";
    /** @type {"" | "page" | "tab" | "elsewhere"} where that page is (this one, by another panel); empty until that is known */
    this.place = "";
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.timer = undefined;
    /** @type {BroadcastChannel | null} */
    this.channel = new BroadcastChannel("voicenb-whereabouts");
    this.channel.onmessage = ({ data }) => this.#heard(data);
    signal.addEventListener("abort", () => {
      this.has("");
      this.seek("");
      this.channel?.close();
      this.channel = null;
    });
  }

  /**
   * This page has a call now.
   * @param {string} call empty for none
   */
  has(call) {
    if (call === this.own) return;
    const left = this.own;
    this.own = call;
    this.channel?.postMessage(call ? { has: call, page: PAGE } : { left });
  }

  /**
   * Another page has a call: find out which.
   * @param {string} call empty for none
   */
  seek(call) {
    if (call === this.sought) return;
    this.sought = call;
    this.place = "";
    clearTimeout(this.timer);
    if (!call) return;
    this.channel?.postMessage({ asks: call });
    this.timer = setTimeout(() => this.#found("elsewhere"), PATIENCE);
  }

  /** @param {{ asks?: string, has?: string, page?: number, left?: string }} word of another tab, or of another widget here */
  #heard({ asks, has, page, left }) {
    if (asks && asks === this.own) this.channel?.postMessage({ has: asks, page: PAGE });
    else if (has && has === this.sought) this.#found(page === PAGE ? "page" : "tab");
    else if (left && left === this.sought) {
      this.sought = "";
      this.seek(left);
    }
  }

  /** @param {"page" | "tab" | "elsewhere"} place */
  #found(place) {
    clearTimeout(this.timer);
    this.place = place;
    this.changed();
  }
}
