// The last seconds of both voices as levels in steps of time. No page and no clock in here: moments are given.

/** Milliseconds that one level stands for. */
export const STEP = 60;
/** Milliseconds that are kept. */
export const SPAN = 10_000;
// Root mean square from which somebody speaks, as far as a picture goes: -46 dB.
const LOUD = 0.005;
// Steps of silence inside somebody's speech that do not part it in two.
const JOIN = 5;

const SIZE = Math.ceil(SPAN / STEP) + 2;

/** One voice. */
class Voice {
  constructor() {
    this.levels = new Float32Array(SIZE);
    this.steps = new Float64Array(SIZE).fill(-1);
  }

  /**
   * @param {number} step
   * @param {number} level
   */
  add(step, level) {
    const at = step % SIZE;
    this.levels[at] = this.steps[at] === step ? Math.max(this.levels[at], level) : level;
    this.steps[at] = step;
  }

  /** @param {number} step */
  at(step) {
    const at = step % SIZE;
    return step >= 0 && this.steps[at] === step ? this.levels[at] : 0;
  }
}

/** What both sides sounded like lately, and where the agent was interrupted. */
export class Trace {
  constructor() {
    this.user = new Voice();
    this.agent = new Voice();
    /** @type {number[]} moments */
    this.cuts = [];
  }

  /**
   * @param {"user" | "agent"} side
   * @param {number} level root mean square, 0…1
   * @param {number} now in milliseconds
   */
  add(side, level, now) {
    this[side].add(Math.floor(now / STEP), level);
  }

  /**
   * The agent was interrupted.
   * @param {number} now
   */
  cut(now) {
    this.cuts = [...this.cuts.filter((at) => at > now - SPAN), now];
  }

  /**
   * Stretches in which one side spoke, oldest first.
   * @param {"user" | "agent"} side
   * @param {number} now
   * @returns {{ from: number, to: number }[]} steps; `to` is the one after the last
   */
  spoken(side, now) {
    const last = Math.floor(now / STEP);
    /** @type {{ from: number, to: number }[]} */
    const found = [];
    for (let step = last - SIZE + 1; step <= last; step += 1) {
      if (this[side].at(step) < LOUD) continue;
      const open = found.at(-1);
      if (open && step - open.to <= JOIN) open.to = step + 1;
      else found.push({ from: step, to: step + 1 });
    }
    return found;
  }

  /**
   * Where the caller waited: from the end of what they said to the agent's next sound, or until now.
   * @param {number} now
   * @returns {{ from: number, to: number }[]} steps
   */
  waits(now) {
    const last = Math.floor(now / STEP);
    const users = this.spoken("user", now);
    const agents = this.spoken("agent", now);
    return users.flatMap(({ to: from }, i) => {
      const next = users[i + 1]?.from ?? Infinity;
      if (agents.some((agent) => agent.from < from && agent.to > from)) return []; // the agent speaks on
      const to = Math.min(agents.find((agent) => agent.from >= from)?.from ?? last, last);
      return to < next && to > from ? [{ from, to }] : [];
    });
  }
}
