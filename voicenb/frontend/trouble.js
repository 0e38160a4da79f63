// What is wrong with a call on this page: at most one thing of each cause, so that whoever mends one takes back its word only.

/**
 * `call`: it could not begin, or was lost. `microphone`: nothing of it is heard. `device`: one that was chosen cannot be
 * used. `others`: another call has the microphone.
 * @typedef {"call" | "microphone" | "device" | "others"} Cause
 *
 * @typedef {object} Told
 * @property {string} message
 * @property {string} remedy
 * @property {boolean} [typing] whether a call can be held without what is missing
 */

// What a page that has left its call has nothing to do with any more.
const OF_A_CALL = /** @type {Cause[]} */ (["microphone", "device", "others"]);
// What keeps a voice from being heard, and nothing that is typed.
const OF_A_VOICE = /** @type {Cause[]} */ (["microphone", "others"]);

/** Holds what is wrong. */
export class Trouble {
  constructor() {
    /** @type {Map<Cause, Told>} latest last */
    this.all = new Map();
  }

  /**
   * What is told: the latest.
   * @param {boolean} typed whether one types what the caller says, which is heard without a microphone
   */
  told(typed) {
    const all = [...this.all].filter(([cause]) => !typed || !OF_A_VOICE.includes(cause));
    return all.at(-1)?.[1] ?? null;
  }

  /** @param {Cause} cause */
  of(cause) {
    return this.all.get(cause) ?? null;
  }

  /**
   * @param {Cause} cause
   * @param {Told} told
   */
  note(cause, told) {
    this.all.delete(cause);
    this.all.set(cause, told);
  }

  /**
   * @param {Cause} cause
   * @param {unknown} error with a remedy of its own, perhaps
   * @param {string} otherwise the remedy where it has none
   */
  fail(cause, error, otherwise) {
    const { message, remedy = otherwise } = /** @type {any} */ (error);
    this.note(cause, { message: String(message ?? error), remedy });
  }

  /** @param {Cause[]} causes that are no more */
  mend(...causes) {
    for (const cause of causes) this.all.delete(cause);
  }

  /** The page takes no part in the call any more. */
  leave() {
    this.mend(...OF_A_CALL);
  }

  /** Another call begins. */
  forget() {
    this.all.clear();
  }
}
