// One call at a time has a browser's microphone: the one that took it last.

/** A call's claim on the microphone; the pages of one site hear of each other's. */
export class Claim {
  /**
   * @param {AbortSignal} signal gives it up
   * @param {(call: string) => void} taken another call has it now; `call` is its name, empty while it has none
   */
  constructor(signal, taken) {
    this.channel = new BroadcastChannel("voicenb-microphone");
    this.channel.onmessage = ({ data }) => taken(data);
    signal.addEventListener("abort", () => this.channel.close());
  }

  /** @param {string} [call] its name, where it has one already */
  take(call = "") {
    this.channel.postMessage(call);
  }
}
