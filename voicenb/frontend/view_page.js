// The share page: its document and its sound lie in the page itself.

import { callView } from "./call_view.js";
import { fromBytes } from "./view_bytes.js";
import { ElementSound } from "./view_element.js";
import { NoSound } from "./view_sound.js";

/** @typedef {import("./view_document.js").CallDocument} CallDocument */
/** @typedef {import("./view_sound.js").Sound} Sound */

/**
 * @param {string} id
 * @returns {HTMLElement}
 */
function part(id) {
  const found = document.getElementById(id);
  if (!found) throw new Error(`The page has no ${id}: it is not complete.`);
  return found;
}

/**
 * @param {CallDocument} call
 * @returns {Sound}
 */
function soundOf(call) {
  const kept = document.getElementById("voicenb-sound");
  if (!kept?.textContent) return new NoSound(call.duration, "The voices are not in this page.");
  const { type = "" } = kept.dataset;
  const audio = new Audio();
  if (!audio.canPlayType(type)) return new NoSound(call.duration, `This browser cannot play the sound of the page (${type}); Chrome, Edge and Firefox can, and Safari from 18.4 on.`);
  audio.preload = "auto";
  audio.src = URL.createObjectURL(new Blob([fromBytes(kept.textContent.trim())], { type }));
  kept.remove();
  return new ElementSound(audio, call.duration);
}

/** @type {CallDocument} */
const call = JSON.parse(part("voicenb-document").textContent ?? "");
const root = part("voicenb-page");
root.replaceChildren();
callView(root, call, soundOf(call), { heading: "h1", keys: document });
