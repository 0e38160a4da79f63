// The stages of a wait as they are drawn and told: hatched for the end of the turn, filled for what came then.

/** @typedef {import("./view_document.js").Stage} Stage */
/** @typedef {import("./view_document.js").StageKind} StageKind */

/**
 * The stages of a turn in words, each kind once.
 * @param {Stage[]} stages
 * @param {Record<StageKind, string>} names
 * @returns {string} "0.90 s silence that the setting asks for, 0.09 s …"
 */
export function toldStages(stages, names) {
  /** @type {Map<StageKind, number>} */
  const lengths = new Map();
  for (const { kind, length } of stages) lengths.set(kind, (lengths.get(kind) ?? 0) + length);
  return [...lengths].map(([kind, length]) => `${length.toFixed(2)} s ${names[kind]}`).join(", ");
}

/**
 * Draw one: from left to right, from top to bottom.
 * @param {CanvasRenderingContext2D} brush
 * @param {StageKind} kind
 * @param {number} left
 * @param {number} top
 * @param {number} width
 * @param {number} height
 * @param {Record<string, string>} colours
 */
export function drawStage(brush, kind, left, top, width, height, colours) {
  if (width <= 0) return;
  if (kind === "silence" || kind === "service") {
    hatch(brush, left, top, width, height, colours.wait, kind === "service");
    return;
  }
  brush.fillStyle = kind === "tool" ? colours.tool : kind === "announcement" ? colours.agentWash : kind === "playback" ? colours.agentSoft : colours.agent;
  brush.fillRect(left, top, width, height);
  if (kind === "announcement" && width > 2) {
    brush.strokeStyle = colours.agent;
    brush.lineWidth = 1;
    brush.strokeRect(left + 0.5, top + 0.5, width - 1, height - 1);
  }
}

/**
 * @param {CanvasRenderingContext2D} brush
 * @param {number} left
 * @param {number} top
 * @param {number} width
 * @param {number} height
 * @param {string} colour
 * @param {boolean} dotted what cannot be told apart
 */
function hatch(brush, left, top, width, height, colour, dotted) {
  brush.save();
  brush.beginPath();
  brush.rect(left, top, width, height);
  brush.clip();
  brush.strokeStyle = brush.fillStyle = colour;
  brush.beginPath();
  if (dotted) {
    for (let x = left + 2; x < left + width; x += 4) {
      for (let y = top + 2; y < top + height; y += 4) brush.fillRect(x - 0.75, y - 0.75, 1.5, 1.5);
    }
  } else {
    brush.lineWidth = 2;
    for (let x = left - height; x < left + width; x += 6) {
      brush.moveTo(x, top + height);
      brush.lineTo(x + height, top);
    }
    brush.stroke();
  }
  brush.restore();
}
