// The picture of a call: two lanes, what was said where it was said, what went wrong between the two, and the waits.

import { clock } from "./view_clock.js";
import { notAnswered } from "./view_document.js";
import { beside } from "./view_names.js";
import { Outline } from "./view_outline.js";
import { drawStage } from "./view_stages.js";

/** @typedef {import("./view_document.js").CallDocument} CallDocument */
/** @typedef {import("./view_document.js").Line} Line */
/** @typedef {import("./view_document.js").Side} Side */

/**
 * A part of a call, and how it is drawn.
 * @typedef {object} Frame
 * @property {number} from its first second
 * @property {number} pixels of a second
 * @property {number} width
 * @property {number} ruler seconds between two numbers
 * @property {Record<string, string>} colours
 * @property {string} font its family
 */

// Where things lie, in pixels from the top.
const RULER = 22;
const NAMES = { top: 24, height: 16 };
const LANE = 70;
const VOICE = 50;
/** @type {Record<Side, number>} */
export const TOPS = { caller: 42, agent: 132 };
const TOOLS = { top: 118, height: 7 };
export const WAITS = { label: 208, top: 224, height: 10 };
/** How high the picture is. */
export const HEIGHT = 242;

const BAR = 3; // pixels from one bar of a voice to the next
const SMALL = 11;
// Pixels that the words of a short turn may reach beyond it.
const REACH = 30;
// Pixels behind a mark in which its name may be seen still.
const REACH_OF_NAMES = 400;

/** Draws a call, or a part of it. */
export class Picture {
  /** @param {CallDocument} call */
  constructor(call) {
    this.call = call;
    const { step, caller, agent } = call.lanes;
    /** @type {Record<Side, Outline>} */
    this.outlines = { caller: new Outline(caller, step), agent: new Outline(agent, step) };
    const said = call.lines.filter((line) => line.end > line.at);
    /** @type {Record<Side, Line[]>} */
    this.lines = { caller: said.filter((line) => line.by === "caller"), agent: said.filter((line) => line.by === "agent") };
  }

  /**
   * @param {CanvasRenderingContext2D} brush
   * @param {Frame} frame
   */
  draw(brush, frame) {
    const { width, colours } = frame;
    brush.clearRect(0, 0, width, HEIGHT);
    brush.textBaseline = "alphabetic";
    this.#grid(brush, frame);
    for (const side of /** @type {Side[]} */ (["caller", "agent"])) this.#washes(brush, frame, side);
    this.#overlaps(brush, frame);
    for (const side of /** @type {Side[]} */ (["caller", "agent"])) {
      this.#voice(brush, frame, side);
      this.#words(brush, frame, side);
    }
    this.#tools(brush, frame);
    this.#waits(brush, frame);
    this.#marks(brush, frame);
    brush.fillStyle = colours.edge;
    brush.fillRect(0, RULER - 1, width, 1);
  }

  /**
   * @param {CanvasRenderingContext2D} brush
   * @param {Frame} frame
   */
  #grid(brush, { from, pixels, width, ruler, colours, font }) {
    brush.font = `${SMALL}px ${font}`;
    const until = Math.min(this.call.duration, from + width / pixels);
    for (let n = Math.ceil(from / ruler - 1e-6); n * ruler <= until; n++) {
      const x = Math.round((n * ruler - from) * pixels);
      brush.fillStyle = colours.edge;
      brush.fillRect(x, 0, 1, HEIGHT);
      brush.fillStyle = colours.faint;
      brush.fillText(clock(n * ruler, ruler < 1), x + 4, 14);
    }
  }

  /**
   * @param {CanvasRenderingContext2D} brush
   * @param {Frame} frame
   * @param {Side} side
   */
  #washes(brush, { from, pixels, width, colours }, side) {
    brush.fillStyle = side === "caller" ? colours.callerWash : colours.agentWash;
    for (const { at, end } of this.lines[side]) {
      const left = (at - from) * pixels;
      const wide = (end - at) * pixels;
      if (left > width || left + wide < 0) continue;
      brush.beginPath();
      brush.roundRect(left, TOPS[side], Math.max(1, wide), LANE, Math.min(4, wide / 2));
      brush.fill();
    }
  }

  /**
   * @param {CanvasRenderingContext2D} brush
   * @param {Frame} frame
   */
  #overlaps(brush, { from, pixels, width, colours }) {
    brush.fillStyle = colours.wrong;
    brush.globalAlpha = 0.16;
    for (const [begin, end] of this.call.overlaps) {
      const left = (begin - from) * pixels;
      const wide = Math.max(1, (end - begin) * pixels);
      if (left < width && left + wide > 0) brush.fillRect(left, TOPS.caller, wide, TOPS.agent + LANE - TOPS.caller);
    }
    brush.globalAlpha = 1;
  }

  /**
   * @param {CanvasRenderingContext2D} brush
   * @param {Frame} frame
   * @param {Side} side
   */
  #voice(brush, { from, pixels, width, colours }, side) {
    brush.fillStyle = side === "caller" ? colours.caller : colours.agent;
    const middle = TOPS[side] + VOICE / 2 + 2;
    const outline = this.outlines[side];
    // From a fixed moment on, so that the bars move with the sound that they stand for.
    for (let n = Math.floor((from * pixels) / BAR); n * BAR < from * pixels + width; n++) {
      const begin = (n * BAR) / pixels;
      const tall = outline.loudest(begin, begin + BAR / pixels) * (VOICE - 4);
      if (tall > 1) brush.fillRect(n * BAR - from * pixels, middle - tall / 2, BAR - 1, tall);
    }
  }

  /**
   * Words where they were spoken, where there is room for that; else as many as there is room for.
   * @param {CanvasRenderingContext2D} brush
   * @param {Frame} frame
   * @param {Side} side
   */
  #words(brush, { from, pixels, width, colours, font }, side) {
    brush.fillStyle = side === "caller" ? colours.caller : colours.agent;
    brush.font = `${SMALL}px ${font}`;
    const y = TOPS[side] + LANE - 5;
    const space = brush.measureText(" ").width;
    const lines = this.lines[side];
    for (const [n, { at, end, words }] of lines.entries()) {
      const left = (at - from) * pixels;
      const next = lines[n + 1]?.at ?? this.call.duration;
      const own = (end - at) * pixels - 6;
      // What is short may reach beyond its turn, into what is silent.
      const room = Math.max(own, (next - at) * pixels - 6);
      if (left > width || left + room < 0 || room < 14) continue;
      const wide = words.map(([text]) => brush.measureText(text).width);
      const fits = words.every(([, begin], i) => begin !== null && wide[i] + space <= ((words[i + 1]?.[1] ?? next) - begin) * pixels);
      if (fits && words.length) {
        for (const [text, begin] of words) brush.fillText(text, ((begin ?? at) - from) * pixels + 2, y);
      } else {
        const text = words.map(([word]) => word).join(" ");
        brush.fillText(fitting(brush, text, Math.min(room, own + REACH)), left + 4, y);
      }
    }
  }

  /**
   * @param {CanvasRenderingContext2D} brush
   * @param {Frame} frame
   */
  #tools(brush, { from, pixels, width, colours, font }) {
    brush.font = `${SMALL}px ${font}`;
    const { tools } = this.call;
    for (const [n, { name, at, end, error, row, rows, named }] of tools.entries()) {
      const left = (at - from) * pixels;
      const wide = Math.max(4, (end - at) * pixels);
      if (left > width || left + wide + REACH_OF_NAMES < 0) continue;
      brush.fillStyle = colours.tool;
      brush.beginPath();
      const step = (TOOLS.height + 1) / rows;
      brush.roundRect(left, TOOLS.top + row * step, wide, step - 1, rows > 1 ? 1 : 2);
      brush.fill();
      if (!named) continue;
      const text = error ? `${name} failed` : name;
      const begin = left + wide + 4;
      // Where calls are close to each other there is no room for names.
      const next = tools.slice(n + 1).find((tool) => tool.at >= end);
      const room = ((next?.at ?? Infinity) - from) * pixels - begin - 4;
      if (error) brush.fillStyle = colours.wrong;
      if (brush.measureText(text).width <= room) brush.fillText(text, begin, TOOLS.top + TOOLS.height + 1);
    }
  }

  /**
   * @param {CanvasRenderingContext2D} brush
   * @param {Frame} frame
   */
  #waits(brush, { from, pixels, width, colours, font }) {
    brush.font = `${SMALL}px ${font}`;
    const { rows } = this.call;
    for (const [n, row] of rows.entries()) {
      if (row.end === null) continue;
      const left = (row.end - from) * pixels;
      const next = rows.slice(n + 1).find(({ end }) => end !== null)?.end ?? this.call.duration;
      const room = (next - row.end) * pixels - 6;
      if (left > width || left + Math.max(room, (row.wait ?? 0) * pixels) < 0) continue;
      for (const { kind, start, length } of row.stages) drawStage(brush, kind, left + start * pixels, WAITS.top, length * pixels, WAITS.height, colours);
      const unanswered = notAnswered(row);
      if (!row.stages.length && !unanswered) continue;
      brush.fillStyle = unanswered ? colours.wrong : colours.faint;
      const long = row.limit && !unanswered ? `${row.told} · ${row.limit}` : row.told;
      const text = [long, row.told, row.told.replace(/,.*| s$/, "")].find((each) => brush.measureText(each).width <= room);
      if (text) brush.fillText(text, left, WAITS.label + 10);
    }
  }

  /**
   * @param {CanvasRenderingContext2D} brush
   * @param {Frame} frame
   */
  #marks(brush, { from, pixels, width, colours, font }) {
    brush.font = `600 ${SMALL}px ${font}`;
    brush.fillStyle = brush.strokeStyle = colours.wrong;
    const { marks } = this.call;
    for (const { kind, at, sure } of marks) {
      const x = Math.round((at - from) * pixels);
      if (x > width + 2 || x < -2) continue;
      const bottom = (kind === "cut" ? TOPS.caller : TOPS.agent) + LANE;
      if (sure) brush.fillRect(x, NAMES.top + 2, 1.5, bottom - NAMES.top - 2);
      else for (let y = NAMES.top + 2; y < bottom; y += 4) brush.fillRect(x, y, 1.5, 2);
    }
    // All of them, so that a name stays where it is while the picture moves.
    const names = marks.map(({ kind, at, text }) => ({ x: Math.round(at * pixels), text: kind === "cut" ? `✂ ${text}` : text }));
    for (const { x, text, before } of beside(names, (text) => brush.measureText(text).width, this.call.duration * pixels)) {
      const begin = x - from * pixels;
      if (begin > width + REACH_OF_NAMES || begin + REACH_OF_NAMES < 0) continue;
      brush.textAlign = before ? "right" : "left";
      brush.fillText(text, begin + (before ? -4 : 5), NAMES.top + NAMES.height - 4);
    }
    brush.textAlign = "left";
  }
}

/**
 * As much of a text as has room, with an ellipsis where something is left out.
 * @param {CanvasRenderingContext2D} brush
 * @param {string} text
 * @param {number} room pixels
 */
function fitting(brush, text, room) {
  if (brush.measureText(text).width <= room) return text;
  let [low, high] = [0, text.length];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (brush.measureText(`${text.slice(0, middle).trimEnd()}…`).width <= room) low = middle;
    else high = middle - 1;
  }
  return low >= 3 ? `${text.slice(0, low).trimEnd()}…` : "";
}
