// Two small menus in the panel's foot: which microphone, which loudspeaker.

import { make } from "./dom.js";

const TITLES = { input: "Microphone", output: "Speaker" };

/** A menu of devices; `element` is what to put into the page. */
export class Chooser {
  /**
   * @param {import("./call.js").Call} call
   * @param {import("./devices.js").Kind} kind
   * @param {AbortSignal} signal ends it
   */
  constructor(call, kind, signal) {
    this.call = call;
    this.kind = kind;
    this.menu = make("select", "device", { "aria-label": TITLES[kind] });
    this.element = make("label", "choice", {}, TITLES[kind], this.menu);
    this.menu.addEventListener("change", () => void call.choose(kind, this.menu.value), { signal });
  }

  /** Show what there is to choose from; with one device there is no choice. */
  update() {
    const { call, kind, element, menu } = this;
    const devices = call.input.devices[kind];
    const silent = kind === "input" && call.typed; // who types has no microphone in use
    element.hidden = !call.here || silent || devices.length < 2;
    const told = JSON.stringify(devices);
    if (menu.dataset.told !== told) {
      menu.dataset.told = told;
      menu.replaceChildren(...devices.map(({ id, label }) => make("option", "", { value: id, text: label })));
    }
    const used = call.input.using[kind];
    if (used && menu.value !== used) menu.value = used;
  }
}
