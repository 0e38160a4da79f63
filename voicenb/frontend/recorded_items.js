// What the panel on recordings lists: turns with the ghost of a decision in each, or silences that somebody may label.

import { clock } from "./view_clock.js";

/**
 * @typedef {[number, number, string]} Silence start and end in seconds of the call, and what a label says of it
 *
 * @typedef {object} Turn
 * @property {number} call counted from 0
 * @property {number} start seconds of the call
 * @property {number} end
 * @property {string} words
 * @property {string} truth of its end: "end", "doubtful", "over", "unclear"
 * @property {Silence} silence behind it
 * @property {Silence[]} pauses in it
 * @property {number[]} decided when the service decided
 * @property {number[]} sounded when the agent was heard first
 *
 * @typedef {object} Ghost a decision that another setting would have made
 * @property {boolean} cuts whether the caller would have been cut off
 * @property {boolean} doubtful whether nobody knows that
 * @property {number} start where the silence begins in which it falls
 * @property {number} decided
 * @property {number} sound the first audible sample; NaN where not known
 * @property {number} begin of that silence as the sound has it; NaN where it is too short for a pause
 * @property {number} end
 *
 * @typedef {object} Item
 * @property {number} place of its turn
 * @property {Turn} turn
 * @property {Ghost | null} ghost null where no decision falls into it
 * @property {Silence | null} silence that can be labelled
 * @property {boolean} [asked] whether it is the silence that is looked at, and not the decision
 */

const COLUMNS = 6;
const [MID, SPEECH, , DOUBTFUL] = [0, 1, 2, 3];

/**
 * The ghost of a turn.
 * @param {Float64Array} numbers as the kernel sends them
 * @param {number} place
 * @returns {Ghost | null}
 */
export function ghostAt(numbers, place) {
  const [kind, start, decided, sound, begin, end] = numbers.subarray(COLUMNS * place, COLUMNS * (place + 1));
  if (!(kind >= 0)) return null;
  return { cuts: kind === MID || kind === SPEECH, doubtful: kind === DOUBTFUL, start, decided, sound, begin, end };
}

/**
 * What a setting does with each turn: those that it would cut first, then those of which nobody knows, then the rest.
 * @param {readonly Turn[]} turns
 * @param {Float64Array} numbers
 * @returns {Item[]}
 */
export function byHarm(turns, numbers) {
  /** @type {[Item[], Item[], Item[]]} */
  const ranks = [[], [], []];
  for (const [place, turn] of turns.entries()) {
    const ghost = ghostAt(numbers, place);
    ranks[ghost?.cuts ? 0 : turn.truth === "doubtful" ? 1 : 2].push({ place, turn, ghost, silence: silenceOf(turn, ghost) });
  }
  return ranks.flat();
}

/**
 * What is to be labelled by ear: silences in which the agent may have cut the caller off, then those with a label.
 * @param {readonly Turn[]} turns
 * @param {Float64Array} numbers
 * @returns {Item[]}
 */
export function byEar(turns, numbers) {
  /** @type {Item[]} */
  const open = [];
  /** @type {Item[]} */
  const labelled = [];
  for (const [place, turn] of turns.entries()) {
    const decided = ghostAt(numbers, place);
    for (const silence of [...turn.pauses, turn.silence]) {
      const asked = turn.truth === "doubtful" && silence === turn.silence;
      if (!asked && !silence[2]) continue;
      // A decision before it would leave nothing of what is to be heard.
      const ghost = decided && decided.decided >= silence[0] && decided.decided <= silence[1] ? decided : null;
      (asked ? open : labelled).push({ place, turn, ghost, silence, asked: true });
    }
  }
  return [...open, ...labelled];
}

/**
 * The silence that an item is about: the one with the ghost's decision, else the one behind the turn.
 * @param {Turn} turn
 * @param {Ghost | null} ghost
 * @returns {Silence | null}
 */
function silenceOf(turn, ghost) {
  if (!ghost?.cuts) return turn.truth === "over" ? null : turn.silence;
  return turn.pauses.find(([begin]) => Math.abs(begin - ghost.begin) < 1e-3) ?? null;
}

/**
 * From where to where an item is heard: what was said before its silence, and what came behind it.
 * @param {Item} item
 * @returns {[number, number]} seconds of the call
 */
export function heard({ turn, ghost, silence }) {
  const [start, end] = silence ?? [ghost?.start ?? turn.end, ghost?.decided ?? turn.end];
  const sounded = turn.sounded.find((at) => at >= start) ?? end;
  return [Math.max(0, start - 2.5), Math.max(Math.min(end, sounded + 2.5), ghost?.decided ?? start) + 2];
}

/**
 * Where an item's picture begins: its turn if that fits in, else as much of it that its silence is in the middle.
 * @param {Item} item
 * @param {number} span seconds of the picture
 */
export function begins({ turn, ghost, silence }, span) {
  const lead = 0.3;
  const last = Math.max(ghost?.decided ?? 0, ghost?.sound || 0, turn.decided.at(-1) ?? 0, (turn.sounded.at(-1) ?? turn.end) + 1.5);
  const start = turn.start - lead;
  if (last - start <= span) return start;
  const about = (ghost?.cuts ? ghost.start : silence?.[0]) ?? turn.end;
  return Math.max(start, about - span * 0.45);
}

/**
 * What a turn is called.
 * @param {Turn} turn
 * @param {number} calls how many there are
 */
export function nameOf({ call, start }, calls) {
  return `${calls > 1 ? `call ${call + 1} · ` : ""}${clock(start)}`;
}

/**
 * What would become of it, in words.
 * @param {Item} item
 */
export function told({ turn, ghost, silence }) {
  if (silence?.[2]) return `by ear: ${{ mid: "went on", end: "was done", unclear: "can’t tell" }[silence[2]] ?? silence[2]}`;
  if (ghost?.cuts) return ""; // the picture says so
  if (turn.truth === "doubtful") return "the agent may have cut it";
  return ghost || turn.truth === "over" ? "" : "no decision";
}
