// The keys of a call's view.

const STEP = 2; // seconds

/**
 * What a key asks for.
 * @typedef {{ to: "play" } | { to: "move", seconds: number } | { to: "begin" } | { to: "end" } | { to: "line", way: -1 | 1 } | { to: "zoom", steps: -1 | 1 }} Wish
 */

/**
 * @param {{ key: string, ctrlKey: boolean, metaKey: boolean, altKey: boolean }} event
 * @param {{ pressed: boolean, chosen: boolean, moved: boolean }} where what has the keyboard: something that is pressed
 *   (space and Enter are its own), something that is chosen in (so are all keys), the position itself
 * @returns {Wish | null}
 */
export function wishOf({ key, ctrlKey, metaKey, altKey }, { pressed, chosen, moved }) {
  if (ctrlKey || metaKey || altKey || chosen) return null;
  switch (key) {
    case " ":
      return pressed ? null : { to: "play" };
    case "k":
      return { to: "play" };
    case "ArrowLeft":
      return { to: "move", seconds: -STEP };
    case "ArrowRight":
      return { to: "move", seconds: STEP };
    case "ArrowDown":
      return moved ? { to: "move", seconds: -STEP } : null;
    case "ArrowUp":
      return moved ? { to: "move", seconds: STEP } : null;
    case "PageUp":
      return moved ? { to: "line", way: -1 } : null;
    case "PageDown":
      return moved ? { to: "line", way: 1 } : null;
    case "[":
      return { to: "line", way: -1 };
    case "]":
      return { to: "line", way: 1 };
    case "Home":
      return { to: "begin" };
    case "End":
      return { to: "end" };
    case "+":
    case "=":
      return { to: "zoom", steps: 1 };
    case "-":
    case "_":
      return { to: "zoom", steps: -1 };
    default:
      return null;
  }
}
