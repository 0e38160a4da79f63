// The names of marks along a line: behind each, else before it, else together with the next one's.

const GAP = 9; // pixels between a name and what stands beside it, the mark's own distance with it

/**
 * @param {{ x: number, text: string }[]} marks by place; pixels
 * @param {(text: string) => number} wide how many pixels a text takes
 * @param {number} end of the line
 * @returns {{ x: number, text: string, before: boolean }[]} where each is written; one that has no room at all is not
 */
export function beside(marks, wide, end) {
  /** @type {{ x: number, text: string, before: boolean }[]} */
  const written = [];
  let taken = 0; // up to where something is written
  let waiting = ""; // what had no room
  for (const [n, { x, text }] of marks.entries()) {
    const behind = (marks[n + 1]?.x ?? Math.max(end, x + GAP + wide(text))) - x - GAP;
    const ahead = x - taken - GAP;
    const texts = waiting ? [`${waiting}, ${text}`, text] : [text];
    const found = texts.find((each) => wide(each) <= Math.max(behind, ahead));
    if (found === undefined) {
      waiting = texts[0];
      taken = Math.max(taken, x);
      continue;
    }
    const before = wide(found) > behind;
    written.push({ x, text: found, before });
    taken = before ? x : x + GAP + wide(found);
    waiting = "";
  }
  return written;
}
