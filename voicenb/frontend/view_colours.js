// The colours of a picture are those of the page around it, in its theme.

const NAMES = {
  caller: "--caller",
  callerWash: "--caller-wash",
  agent: "--agent",
  agentWash: "--agent-wash",
  agentSoft: "--agent-soft",
  tool: "--tool",
  wrong: "--wrong",
  wait: "--wait",
  ink: "--ink",
  faint: "--faint",
  edge: "--edge",
};

/**
 * @param {Element} element in the view
 * @returns {{ colours: Record<string, string>, font: string }}
 */
export function coloursOf(element) {
  const style = getComputedStyle(element);
  /** @type {Record<string, string>} */
  const colours = {};
  for (const [name, property] of Object.entries(NAMES)) colours[name] = style.getPropertyValue(property).trim();
  return { colours, font: style.fontFamily };
}

/**
 * Call back when the theme has changed: the system's, or JupyterLab's.
 * @param {() => void} changed
 * @param {AbortSignal} signal ends it
 */
export function onTheme(changed, signal) {
  window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", changed, { signal });
  const watch = new MutationObserver(changed);
  watch.observe(document.body, { attributes: true, attributeFilter: ["data-jp-theme-light", "class"] });
  signal.addEventListener("abort", () => watch.disconnect());
}
