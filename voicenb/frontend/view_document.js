// What a call's view is made of: voicenb/sharing/document.py writes it. Times are seconds of the call, from the engine's
// start on; what was not captured is null or left out.

/** @typedef {"caller" | "agent"} Side */
/** @typedef {[number, number]} Span from, to */

/**
 * One tile of the summary.
 * @typedef {object} Tile
 * @property {string} name
 * @property {string} value
 * @property {string} note what the value rests on
 * @property {boolean} [wrong] something went wrong
 */

/**
 * A word: what is clicked, and lit while it is heard. `from` is null where nobody knows.
 * @typedef {[text: string, from: number | null, to: number | null]} TimedWord
 */

/**
 * A line of the transcript: something said, a tool called, or what somebody noted later.
 * @typedef {object} Line
 * @property {string} id
 * @property {Side | "tool" | "note"} by
 * @property {number} at where a click leads
 * @property {number} end
 * @property {TimedWord[]} words what was said; of the agent what was heard of it
 * @property {string} [unheard] of the agent, what never was
 * @property {string} [note] what went wrong at it; of a note, its text
 * @property {boolean} [whole] whether a note is of the whole call, and of no moment
 * @property {string} [code] of a tool, the call
 * @property {string} [result] of a tool
 * @property {number} [ms] of a tool, milliseconds until its result went out
 * @property {boolean} [error] of a tool
 */

/** @typedef {"silence" | "service" | "tool" | "announcement" | "reply" | "playback"} StageKind */

/**
 * A part of a wait, counted from the caller's last sound.
 * @typedef {object} Stage
 * @property {StageKind} kind
 * @property {number} start
 * @property {number} length
 */

/**
 * A turn of the caller's, and what it waited for.
 * @typedef {object} Row
 * @property {number} number among the turns of both sides
 * @property {string} text
 * @property {"plain" | "tool"} kind
 * @property {number | null} at its first sound
 * @property {number | null} end its last: the wait begins there
 * @property {Stage[]} stages
 * @property {number | null} wait seconds; null where no answer was heard
 * @property {string} told "1.82 s"; "unanswered", "no answer, first sound 0.99 s" or "not captured" where no answer was heard
 * @property {string} limit which limit ended it, and what it demands: "min_silence 1.40 s", or empty
 * @property {string[]} tools
 * @property {string[]} notes what went wrong
 */

/**
 * @typedef {object} Mark
 * @property {"interruption" | "cut"} kind
 * @property {number} at where the agent fell silent, or where the service took the caller for done
 * @property {string} text
 * @property {boolean} sure false where only listening tells
 */

/**
 * A call of a tool. What runs at once lies in rows; one call of them has its name behind it.
 * @typedef {object} Tool
 * @property {string} name
 * @property {number} at
 * @property {number} end
 * @property {boolean} error
 * @property {number} row from 0
 * @property {number} rows
 * @property {boolean} named
 */

/**
 * @typedef {object} CallDocument
 * @property {1} format
 * @property {string} title the agent's name
 * @property {string | null} started ISO 8601
 * @property {string} date for people; empty where it is not known
 * @property {string} service who answered
 * @property {boolean} emulated
 * @property {boolean} finished
 * @property {string} part "0:10 to 0:30 of the call"; empty where it is the whole one
 * @property {string[]} tags
 * @property {number} duration seconds
 * @property {number} turns of both sides
 * @property {Tile[]} tiles
 * @property {{ step: number, caller: string, agent: string }} lanes of each side one byte for every `step` seconds,
 *   base64: 0 is silence, 255 the side's loudest, and the square root lies between
 * @property {{ caller: Span[], agent: Span[] }} spans where each side was heard
 * @property {Span[]} overlaps where both were
 * @property {Mark[]} marks
 * @property {Tool[]} tools by time
 * @property {Line[]} lines by time
 * @property {Row[]} rows
 * @property {Record<StageKind, string>} stages what each is called
 * @property {{ from: number, plain: number, tool: number }} band where EVA gives full marks: from, to, to in tool turns
 * @property {string[]} findings
 * @property {string[]} missing what is not captured, or known only about
 */

/** The form of document that this view reads. */
export const FORMAT = 1;

/** Stands where somebody spoke, and nobody wrote down what. */
export const WORDLESS = "words not captured";

/**
 * Whether it is known that nobody answered a turn.
 * @param {Row} row
 */
export const notAnswered = ({ wait, told }) => wait === null && told !== "not captured";
