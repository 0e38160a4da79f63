// This tab's part in a call: remembered over a reload, and told when the tab goes.

import { storage } from "./storage.js";

const KEY = "voicenb-call";
// Behind the name of a call in which one typed: to go on with that no microphone is needed.
const TYPED = " typed";

/**
 * This tab goes while it is in a call, and may be back in a moment. Only then is it noted: a tab that is duplicated takes
 * a copy of the storage with it, and must not take the microphone.
 * @param {string} call
 * @param {boolean} typed whether one types what the caller says
 */
export function goWith(call, typed) {
  storage("sessionStorage")?.setItem(KEY, typed ? call + TYPED : call);
}

/**
 * Whether this tab was in that call before it was loaded anew, and may go on without asking.
 * @param {string | undefined} call
 * @returns {Promise<false | "typed" | "heard">} and how
 */
export async function mayComeBack(call) {
  const noted = storage("sessionStorage")?.getItem(KEY);
  if (!call || (noted !== call && noted !== call + TYPED)) return false;
  storage("sessionStorage")?.removeItem(KEY);
  if (noted !== call) return "typed";
  try {
    const name = /** @type {PermissionName} */ ("microphone");
    return (await navigator.permissions.query({ name })).state === "granted" && "heard";
  } catch {
    return false; // browsers that cannot be asked show the button for it
  }
}

/**
 * @param {AbortSignal} signal
 * @param {object} events
 * @param {() => void} events.goes the tab is closed, loaded anew, or left for another page
 * @param {() => void} events.returns it was kept, and is looked at again
 */
export function watchVisit(signal, { goes, returns }) {
  window.addEventListener("pagehide", goes, { signal });
  const back = () => {
    storage("sessionStorage")?.removeItem(KEY);
    returns();
  };
  window.addEventListener("pageshow", ({ persisted }) => persisted && back(), { signal });
}
