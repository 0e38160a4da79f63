// Microphones and loudspeakers: what there is, which is in use, and what a person chose before.

import { storage } from "./storage.js";

const KEYS = { input: "voicenb-microphone", output: "voicenb-speaker" };

// Chromium's names for what the system has chosen; they stand in its list beside the devices themselves.
const ALIASES = new Set(["default", "communications"]);

/** @typedef {"input" | "output"} Kind */

/**
 * The device that was chosen in this browser, or none.
 * @param {Kind} kind
 */
export function chosenDevice(kind) {
  return storage("localStorage")?.getItem(KEYS[kind]) ?? undefined;
}

/**
 * @param {Kind} kind
 * @param {string} id empty for the browser's default
 */
export function rememberDevice(kind, id) {
  if (id) storage("localStorage")?.setItem(KEYS[kind], id);
  else storage("localStorage")?.removeItem(KEYS[kind]);
}

/** Whether this browser lets a page choose where it sounds. */
export const speakersCanBeChosen = typeof AudioContext !== "undefined" && "setSinkId" in AudioContext.prototype;

/** @returns {Promise<MediaDeviceInfo[] | null>} null where the browser does not say, as in a webview */
async function everyDevice() {
  try {
    return await navigator.mediaDevices.enumerateDevices();
  } catch {
    return null;
  }
}

/**
 * What there is to choose from; the browser says so once it has given the microphone.
 * @returns {Promise<Record<Kind, { id: string, label: string }[]>>}
 */
export async function listDevices() {
  const all = (await everyDevice()) ?? [];
  const of = (/** @type {MediaDeviceKind} */ kind) =>
    all.filter((device) => device.kind === kind && device.label).map(({ deviceId: id, label }) => ({ id, label }));
  return { input: of("audioinput"), output: speakersCanBeChosen ? of("audiooutput") : [] };
}

/**
 * The microphone that is heard, also where it goes by a name for whatever the system has chosen: such a name stays when
 * the device behind it is unplugged. Where the browser does not say which that is, the name.
 * @param {MediaStream | null} stream
 */
export async function deviceBehind(stream) {
  const { deviceId = "", groupId = "" } = stream?.getAudioTracks()[0]?.getSettings() ?? {};
  if (!ALIASES.has(deviceId) || !groupId) return deviceId;
  const all = (await everyDevice()) ?? [];
  const own = all.find((device) => device.kind === "audioinput" && device.groupId === groupId && !ALIASES.has(device.deviceId));
  return own?.deviceId ?? deviceId;
}

/**
 * Whether a microphone is still plugged in; true where the browser does not say.
 * @param {string} id
 */
export async function isThere(id) {
  const all = await everyDevice();
  const inputs = all?.filter(({ kind }) => kind === "audioinput");
  return !id || !inputs || inputs.some(({ deviceId }) => deviceId === id || !deviceId);
}

/**
 * The browser's word on whether this page may listen, and on its changes; null where it gives none.
 * @returns {Promise<PermissionStatus | null>}
 */
export async function listeningPermission() {
  try {
    return await navigator.permissions.query({ name: /** @type {PermissionName} */ ("microphone") });
  } catch {
    return null; // older browsers do not know this name
  }
}
