// Whether a panel is in view, where it stands, and how to bring it into view: JupyterLab has one document in front of the
// others, and in some of its settings takes out of the page what was scrolled away.

/**
 * @typedef {object} Place where a panel was when it was last in view
 * @property {Element | null} document what JupyterLab shows or hides as a whole
 * @property {HTMLElement | null} pane what scrolls around it
 * @property {number} top pixels from the beginning of what scrolls
 */

// Milliseconds that JupyterLab has to lay out what was scrolled to, and how often that is tried.
const LAYOUT = 80;
const TRIES = 12;
// How often in a row it is to be in view.
const STEADY = 3;

/** @param {Element | null} element */
const isDrawn = (element) => Boolean(element?.isConnected && element.getClientRects().length);

/**
 * @param {HTMLElement} element
 * @returns {Place}
 */
function placeOf(element) {
  let pane = element.parentElement;
  while (pane && !/auto|scroll/.test(getComputedStyle(pane).overflowY)) pane = pane.parentElement;
  const top = pane ? element.getBoundingClientRect().top - pane.getBoundingClientRect().top + pane.scrollTop : 0;
  return { document: element.closest("[role=tabpanel][aria-labelledby]"), pane, top };
}

/**
 * The tab of a document of JupyterLab's.
 * @param {Element | null} shown
 */
function tabOf(shown) {
  const tab = document.getElementById(shown?.getAttribute("aria-labelledby") ?? "");
  return tab?.classList.contains("lm-TabBar-tab") ? tab : null;
}

/**
 * Bring a document to the front, as a click on its tab does.
 * @param {Element} tab
 */
function press(tab) {
  const { left, top, width, height } = tab.getBoundingClientRect();
  const at = { clientX: left + width / 2, clientY: top + height / 2, button: 0, bubbles: true, cancelable: true };
  for (const type of ["pointerdown", "pointerup"]) tab.dispatchEvent(new PointerEvent(type, at));
}

/** Looks after one panel. */
export class Sight {
  /**
   * @param {HTMLElement} element
   * @param {() => void} changed it has come into view, or gone out of it
   * @param {AbortSignal} signal ends that
   */
  constructor(element, changed, signal) {
    this.element = element;
    this.seen = true;
    this.place = placeOf(element);
    const watch = new IntersectionObserver((entries) => {
      this.seen = entries.at(-1)?.isIntersecting ?? false;
      if (this.seen) this.place = placeOf(element);
      changed();
    });
    watch.observe(element);
    signal.addEventListener("abort", () => watch.disconnect());
  }

  /** The name of the document that it is in; empty where there is one only. */
  get where() {
    return tabOf(this.place.document)?.querySelector(".lm-TabBar-tabLabel")?.textContent ?? "";
  }

  /** Whether `show` can bring it into view. */
  get reachable() {
    if (isDrawn(this.element)) return true;
    const { document, pane } = this.place;
    if (document && !isDrawn(document)) return document.isConnected && isDrawn(tabOf(document));
    return !this.element.isConnected && isDrawn(pane);
  }

  /** Bring it into view. */
  show() {
    const tab = tabOf(this.place.document);
    if (tab && !isDrawn(this.place.document)) press(tab);
    this.#approach(TRIES, STEADY);
  }

  /**
   * JupyterLab lays out what is near the place that is scrolled to, only then knows how high it is, and moves it.
   * @param {number} tries that are left
   * @param {number} steady how often it is still to be found in view
   */
  #approach(tries, steady) {
    if (this.element.isConnected) this.element.scrollIntoView({ block: "nearest" });
    else this.place.pane?.scrollTo(0, this.place.top);
    setTimeout(() => {
      const left = this.seen ? steady - 1 : STEADY;
      if (tries > 1 && left > 0) this.#approach(tries - 1, left);
    }, LAYOUT);
  }
}
