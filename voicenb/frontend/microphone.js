// The browser's microphone: asked for on a click, with the constraints that voice agents need.

/** Why there is no microphone, and what a person can do about it. */
export class MicrophoneFailure extends Error {
  /**
   * @param {string} code
   * @param {string} message
   * @param {string} remedy
   */
  constructor(code, message, remedy) {
    super(message);
    this.code = code;
    this.remedy = remedy;
  }
}

// Echo cancellation keeps the agent from hearing itself; noise suppression would be done twice (the service does it).
const CONSTRAINTS = { echoCancellation: true, noiseSuppression: false, autoGainControl: true, channelCount: 1 };

/**
 * @param {string} [device] a device's id; without one the browser's default
 * @param {object} [options]
 * @param {boolean} [options.exact] that one and no other: else one that is not there gives way to the default
 * @param {string} [options.again] what the person does to try once more, e.g. "press Start again"
 * @returns {Promise<MediaStream>}
 * @throws {MicrophoneFailure}
 */
export async function openMicrophone(device, { exact = false, again = "press Start again" } = {}) {
  if (!window.isSecureContext) {
    throw new MicrophoneFailure(
      "insecure",
      "The browser gives the microphone to secure pages only, and this page came over plain http.",
      "Open the notebook under https, or under http://localhost.",
    );
  }
  if (!navigator.mediaDevices?.getUserMedia) {
    throw new MicrophoneFailure(
      "unsupported",
      "This page cannot reach a microphone.",
      "In VS Code the notebook's frame refuses it: run talk.open() in a cell for this panel in a browser tab.",
    );
  }
  const audio = device ? { ...CONSTRAINTS, deviceId: { exact: device } } : CONSTRAINTS;
  try {
    return await navigator.mediaDevices.getUserMedia({ audio });
  } catch (error) {
    const { name } = /** @type {DOMException} */ (error);
    if (device && !exact && (name === "OverconstrainedError" || name === "NotFoundError")) return openMicrophone(undefined, { again });
    throw explain(/** @type {DOMException} */ (error), again);
  }
}

/** The person, or the browser, has taken the permission back while the call runs. */
export function withdrawn() {
  return new MicrophoneFailure(
    "microphone-withdrawn",
    "The browser took the microphone back; the agent hears silence.",
    "Allow it again for this site (the icon beside the address), and the call goes on.",
  );
}

/**
 * It went while the call ran, and no other could take its place.
 * @param {boolean} choice whether the panel's menu shows others
 */
export function gone(choice) {
  const remedy = `Plug it in again${choice ? ", or choose another one below" : ""}, and the call goes on.`;
  return new MicrophoneFailure("microphone-lost", "The microphone is gone; the agent hears silence.", remedy);
}

/** It is there, and whoever rules over it gives silence: a switch at the device, or the system. */
export function hushed() {
  return new MicrophoneFailure(
    "microphone-hushed",
    "The system has muted the microphone; the agent hears silence.",
    "Unmute it at the device or in the system's settings, and the call goes on.",
  );
}

/**
 * @param {DOMException} error
 * @param {string} again
 */
function explain(error, again) {
  switch (error.name) {
    case "NotAllowedError":
    case "SecurityError":
      return window.self !== window.top
        ? new MicrophoneFailure(
            "microphone-denied",
            "The frame that this notebook is shown in may not use the microphone.",
            "Run talk.open() in a cell: it opens this panel in a browser tab of its own.",
          )
        : new MicrophoneFailure(
            "microphone-denied",
            "The browser did not allow the microphone.",
            `Allow it for this site (the icon beside the address), then ${again}.`,
          );
    case "NotFoundError":
    case "OverconstrainedError":
      return new MicrophoneFailure(
        "microphone-missing",
        "No microphone was found.",
        `Plug one in or choose one in the system's settings, then ${again}.`,
      );
    case "NotReadableError":
    case "AbortError":
      return new MicrophoneFailure(
        "microphone-busy",
        "The microphone is there but could not be opened.",
        `Close other programs that use it, then ${again}.`,
      );
    default: {
      const why = (error.message || error.name).replace(/\.?$/, ".");
      return new MicrophoneFailure("microphone-failed", `The microphone failed: ${why}`, `${again[0].toUpperCase()}${again.slice(1)}.`);
    }
  }
}

/**
 * Whether it failed for want of a microphone only, and a call can be held without one.
 * @param {unknown} error
 */
export function withoutMicrophone(error) {
  // On an insecure page the worklets are missing as well.
  return error instanceof MicrophoneFailure && error.code !== "insecure";
}

/** @param {MediaStream | null} stream */
export function closeMicrophone(stream) {
  for (const track of stream?.getTracks() ?? []) track.stop();
}
