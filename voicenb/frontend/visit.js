// This tab's part in a call: remembered over a reload, and told when the tab goes.

import { storage } from "./storage.js";

const KEY = "voicenb-call";

/**
 * This tab goes while it is in a call, and may be back in a moment. Only then is it noted: a tab that is duplicated takes
 * a copy of the storage with it, and must not take the microphone.
 * @param {string} call
 */
export function goWith(call) {
  storage("sessionStorage")?.setItem(KEY, call);
}

/**
 * Whether this tab was in that call before it was loaded anew, and may listen again without asking.
 * @param {string | undefined} call
 */
export async function mayComeBack(call) {
  if (!call || storage("sessionStorage")?.getItem(KEY) !== call) return false;
  storage("sessionStorage")?.removeItem(KEY);
  try {
    const name = /** @type {PermissionName} */ ("microphone");
    return (await navigator.permissions.query({ name })).state === "granted";
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
