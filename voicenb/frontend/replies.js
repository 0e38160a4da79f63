// What the loudspeaker is to do about the service's messages, where the page has them first. The kernel's conversation
// comes to the same later, from the same messages: here nothing waits for it.

import { fromBase64 } from "./base64.js";

/**
 * @typedef {object} Deed
 * @property {{ reply: number, start: number, samples: Int16Array }} [play]
 * @property {{ reply?: number }} [flush] fall silent, where sound of that reply waits; without a reply in any case
 * @property {number} [done] no more sound of that reply comes
 */

/**
 * @typedef {object} Reply
 * @property {number} number by which the loudspeaker knows it; 0 before its first sound
 * @property {number} samples that were given to the loudspeaker
 * @property {boolean} over it has ended, or was cut off: more sound of it is too late
 */

// Codes of errors that answer an update, of which nothing is then in force.
const REFUSALS = new Set(["invalid_value", "invalid_config", "invalid_format", "immutable_field", "agent_id_not_first", "invalid_webhook"]);
// Replies of which late sound is still known as such.
const KEPT = 64;

/** The replies of one call, over all of its connections. */
export class Replies {
  constructor() {
    /** Whether the caller's speech cuts the agent off. */
    this.interrupts = true;
    /** Whether it does so only when the service ends the reply. */
    this.waits = false;
    /** @type {Map<string | symbol, Reply>} by name; those without have a symbol of their own */
    this.all = new Map();
    /** @type {Reply | null} */
    this.last = null;
    this.count = 0;
    /** @type {(boolean | null)[]} of the updates under way: what they say of interruptions; null: nothing */
    this.updates = [];
  }

  /** Numbers begin anew: another connection has its replies and its settings. */
  begin() {
    this.updates = [];
  }

  /** @param {any} message that is sent */
  sent(message) {
    if (message?.type === "session.update") this.updates.push(interruptsIn(message.session));
  }

  /**
   * @param {any} message of the service
   * @returns {Deed}
   */
  take(message) {
    switch (message?.type) {
      case "session.ready":
      case "session.updated":
        this.#acknowledged(message.config);
        return {};
      case "session.error":
      case "error":
        if (REFUSALS.has(String(message.code).toLowerCase())) this.updates.shift();
        return {};
      case "reply.started":
        if (!this.#known(message.reply_id)) this.#another(message.reply_id);
        return {};
      case "reply.audio":
        return this.#sound(this.#named(message.reply_id), message.data);
      case "input.speech.started":
        return this.interrupts && !this.waits ? this.#silence() : {};
      case "transcript.agent":
        return message.interrupted ? this.#cut(this.#named(message.reply_id)) : {};
      case "reply.done":
      case "reply.error":
        return this.#done(this.#named(message.reply_id), message.status === "interrupted");
      default:
        return {};
    }
  }

  /** @param {any} config the service's echo, where it sends one */
  #acknowledged(config) {
    const sent = this.updates.shift();
    this.interrupts = interruptsIn(config) ?? sent ?? this.interrupts;
  }

  /**
   * @param {unknown} id
   * @returns {Reply}
   */
  #named(id) {
    return this.#known(id) ?? (isName(id) ? null : this.last) ?? this.#another(id);
  }

  /**
   * @param {unknown} id
   * @returns {Reply | null}
   */
  #known(id) {
    return (isName(id) && this.all.get(id)) || null;
  }

  /**
   * One that begins, whatever there was before.
   * @param {unknown} id
   * @returns {Reply}
   */
  #another(id) {
    const reply = { number: 0, samples: 0, over: false };
    this.last = reply;
    this.all.set(isName(id) ? id : Symbol("without a name"), reply);
    if (this.all.size > KEPT) this.all.delete(/** @type {string | symbol} */ (this.all.keys().next().value));
    return reply;
  }

  /**
   * @param {Reply} reply
   * @param {unknown} data
   * @returns {Deed}
   */
  #sound(reply, data) {
    if (reply.over) return {};
    const samples = fromBase64(data);
    if (!samples.length) return {};
    reply.number ||= ++this.count;
    const start = reply.samples;
    reply.samples += samples.length;
    return { play: { reply: reply.number, start, samples } };
  }

  /** @returns {Deed} */
  #silence() {
    for (const reply of this.all.values()) reply.over ||= reply.samples > 0;
    return { flush: {} };
  }

  /**
   * @param {Reply} reply
   * @returns {Deed}
   */
  #cut(reply) {
    const late = reply.over;
    reply.over = true;
    // Of one that was cut off before nothing waits; what waits is of the next.
    return late || !reply.number ? {} : { flush: { reply: reply.number } };
  }

  /**
   * @param {Reply} reply
   * @param {boolean} interrupted
   * @returns {Deed}
   */
  #done(reply, interrupted) {
    const deed = interrupted ? this.#cut(reply) : {};
    reply.over = true;
    return reply.number ? { ...deed, done: reply.number } : deed;
  }
}

/**
 * @param {unknown} id
 * @returns {id is string}
 */
function isName(id) {
  return typeof id === "string" && id !== "";
}

/**
 * @param {any} session
 * @returns {boolean | null} null where nothing is said of turn detection, which is always said as a whole
 */
function interruptsIn(session) {
  const turns = session?.input?.turn_detection;
  return turns ? turns.interrupt_response !== false : null;
}
