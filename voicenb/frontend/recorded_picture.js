// The picture of one turn: both voices, the probability of speech, the silence that was waited for, the decision that
// another setting would have made, and what was decided.

/** @typedef {import("./recorded_items.js").Item} Item */

/**
 * @typedef {object} Frame
 * @property {number} from its first second
 * @property {number} pixels of a second
 * @property {number} width
 * @property {Record<string, string>} colours
 * @property {string} font its family
 * @property {number} threshold the vad_threshold
 */

const BAR = 3; // pixels from one bar of a voice to the next
const SMALL = 11;
const NAME = 11; // where the ghost's name stands
const TOP = 15;
const HALF = 13;
/** @type {Record<"caller" | "agent", number>} */
const MIDDLE = { caller: 29, agent: 45 };
const LIKELY = { top: 61, bottom: 73 };
const RULER = { top: 76, height: 5 };
const WORDS = 93;
/** How high the picture is. */
export const HEIGHT = 98;

// Pixels below which nobody speaks.
const QUIET = 2.6;

// How much of what would never have taken place is left.
const FADED = 0.28;

/**
 * @param {CanvasRenderingContext2D} brush
 * @param {Item} item
 * @param {import("./recorded_calls.js").Voices | undefined} voices
 * @param {Frame} frame
 */
export function drawItem(brush, item, voices, frame) {
  const { from, pixels, width, colours, font } = frame;
  const { ghost, turn } = item;
  const x = (/** @type {number} */ at) => (at - from) * pixels;
  // Behind a decision that cuts the caller off nothing would have taken place as it did.
  const over = ghost?.cuts && !item.asked ? x(ghost.decided) : Infinity;
  brush.clearRect(0, 0, width, HEIGHT);
  if (item.asked && item.silence) {
    brush.fillStyle = colours.callerWash;
    brush.fillRect(x(item.silence[0]), TOP, x(item.silence[1]) - x(item.silence[0]), LIKELY.bottom - TOP);
  }
  brush.textBaseline = "alphabetic";
  brush.fillStyle = colours.edge;
  brush.fillRect(0, MIDDLE.caller, width, 1);
  brush.fillRect(0, MIDDLE.agent, width, 1);
  if (voices) {
    drawVoice(brush, voices.caller, MIDDLE.caller, colours.caller, frame, over);
    drawVoice(brush, voices.agent, MIDDLE.agent, colours.agent, frame, over);
    drawLikely(brush, voices, frame, over);
  }
  brush.font = `${SMALL}px ${font}`;
  const told = drawRecorded(brush, turn, x, frame, over);
  if (ghost) drawGhost(brush, ghost, x, frame, told);
}

/**
 * @param {CanvasRenderingContext2D} brush
 * @param {import("./view_outline.js").Outline} outline
 * @param {number} middle
 * @param {string} colour
 * @param {Frame} frame
 * @param {number} over from which pixel on it is faded
 */
function drawVoice(brush, outline, middle, colour, { from, pixels, width }, over) {
  brush.fillStyle = colour;
  for (let left = 0; left < width; left += BAR) {
    const begin = from + left / pixels;
    const tall = outline.loudest(begin, begin + BAR / pixels) * 2 * HALF;
    if (tall < QUIET) continue;
    brush.globalAlpha = left < over ? 1 : FADED;
    brush.fillRect(left, middle - tall / 2, BAR - 1, tall);
  }
  brush.globalAlpha = 1;
}

/**
 * @param {CanvasRenderingContext2D} brush
 * @param {import("./recorded_calls.js").Voices} voices
 * @param {Frame} frame
 * @param {number} over
 */
function drawLikely(brush, { likely, frame: step }, { from, pixels, width, colours, threshold }, over) {
  const tall = LIKELY.bottom - LIKELY.top;
  const first = Math.max(0, Math.floor(from / step));
  const last = Math.min(likely.length, Math.ceil((from + width / pixels) / step));
  brush.fillStyle = colours.wait;
  for (let n = first; n < last; n++) {
    const left = (n * step - from) * pixels;
    brush.globalAlpha = left < over ? 0.45 : 0.45 * FADED;
    const high = (tall * likely[n]) / 255;
    brush.fillRect(left, LIKELY.bottom - high, Math.max(1, step * pixels), high);
  }
  brush.globalAlpha = 1;
  brush.fillStyle = colours.faint;
  const y = Math.round(LIKELY.bottom - tall * threshold) - 0.5;
  for (let left = 0; left < width; left += 6) brush.fillRect(left, y, 3, 1);
}

/**
 * What was decided, and when the agent was heard.
 * @param {CanvasRenderingContext2D} brush
 * @param {import("./recorded_items.js").Turn} turn
 * @param {(at: number) => number} x
 * @param {Frame} frame
 * @param {number} over
 * @returns {[number, number] | null} where it is told
 */
function drawRecorded(brush, turn, x, { width, colours }, over) {
  brush.fillStyle = colours.ink;
  for (const at of turn.decided) {
    brush.globalAlpha = x(at) < over ? 0.75 : FADED;
    brush.fillRect(Math.round(x(at)) - 1, TOP, 1.5, LIKELY.bottom - TOP);
  }
  /** @type {[number, number] | null} */
  let told = null;
  for (const at of turn.sounded) {
    const middle = x(at);
    if (middle < -5 || middle > width + 5) continue;
    brush.globalAlpha = middle < over ? 0.75 : FADED;
    triangle(brush, middle, RULER.top - 1, 7);
    brush.globalAlpha = middle < over ? 1 : 0.6;
    brush.fillStyle = colours.faint;
    const wide = brush.measureText("as it was").width;
    const left = Math.max(0, Math.min(width - wide, middle - wide / 2));
    if (!told || left > told[1] + 6) {
      brush.fillText("as it was", left, WORDS);
      told = [left, left + wide];
    }
    brush.fillStyle = colours.ink;
  }
  brush.globalAlpha = 1;
  return told;
}

/**
 * The decision that would have been made. It is neutral: sooner is not right by itself; red where it cuts.
 * @param {CanvasRenderingContext2D} brush
 * @param {import("./recorded_items.js").Ghost} ghost
 * @param {(at: number) => number} x
 * @param {Frame} frame
 * @param {[number, number] | null} taken where something is told below already
 */
function drawGhost(brush, ghost, x, { width, colours, font }, taken) {
  const at = Math.round(x(ghost.decided));
  const start = x(ghost.start);
  // The silence that was waited for.
  brush.fillStyle = colours.ruler;
  brush.fillRect(start, RULER.top, at - start, RULER.height);
  brush.fillStyle = colours.faint;
  const waited = `${Math.round(1000 * (ghost.decided - ghost.start))} ms`;
  const wide = brush.measureText(waited).width;
  // Beside what is told there already, if need be.
  const free = (/** @type {number} */ left) => !taken || left + wide + 5 < taken[0] || left > taken[1] + 5;
  const left = [start, at - wide, (taken?.[0] ?? 0) - wide - 6].find((each) => each >= 0 && free(each));
  if (left !== undefined) brush.fillText(waited, left, WORDS);

  const colour = ghost.cuts ? colours.wrong : colours.ink;
  brush.fillStyle = colour;
  for (let y = TOP; y < RULER.top + RULER.height; y += 6) brush.fillRect(at - 1, y, 2, 4);
  const text = ghost.cuts ? "✂ cut off" : ghost.doubtful ? "would end, perhaps too soon" : "would end";
  brush.font = `600 ${SMALL}px ${font}`;
  const long = brush.measureText(text).width;
  const sound = x(ghost.sound);
  const tip = Number.isFinite(sound) && sound > at + 2 ? Math.max(sound, at + 9) : null;
  brush.fillText(text, nameAt(at, long, width, tip), NAME);
  if (tip !== null) triangle(brush, tip, NAME, -7);
}

/**
 * Where the name of a decision begins: before the decision, or where there is no room behind the mark of the first sound.
 * @param {number} at the decision
 * @param {number} long the name
 * @param {number} width of the picture
 * @param {number | null} tip where the first sound is marked, if it is
 */
export function nameAt(at, long, width, tip) {
  const before = at - long + 2;
  if (before >= 0 || tip === null) return Math.max(0, Math.min(width - long, before));
  const free = 9; // a triangle is ten wide
  if (long <= tip - free) return 0;
  return Math.min(width - long, tip + free);
}

/**
 * @param {CanvasRenderingContext2D} brush
 * @param {number} middle
 * @param {number} base where it is broad
 * @param {number} tall upwards; below 0 its tip is down
 */
function triangle(brush, middle, base, tall) {
  const [broad, tip] = tall > 0 ? [base + tall, base] : [base + tall, base];
  brush.beginPath();
  brush.moveTo(middle, tip);
  brush.lineTo(middle - 5, broad);
  brush.lineTo(middle + 5, broad);
  brush.fill();
}
