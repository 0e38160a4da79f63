// The way of the page's messages past a running cell.

// A host that promises a way and has none is not waited for any longer.
const LIMIT = 2000;

/**
 * JupyterLab has a subshell of the kernel take the messages of widgets, so that they pass while a cell runs. It asks for
 * that subshell when the kernel opens the first widget's comm, and has the answer some 50 ms later. What is sent until
 * then goes to the main shell, and waits there behind every cell in the queue: in Run All, behind all of them. A new
 * widget is made faster than that, so its first words would wait.
 *
 * @param {import("./kernel.js").Model} model
 * @returns {Promise<unknown> | null} done when messages pass; null where there is nothing to wait for
 */
export function passage(model) {
  if (!model.widget_manager?.kernel?.supportsSubshells) return null;
  // anywidget does not show a model's own comm. The layout's was opened just before it, for the same subshell.
  const ready = model.get("layout")?.comm?.jsServicesComm?.subshellStarted;
  if (!ready) return null;
  return Promise.race([ready, new Promise((resolve) => setTimeout(resolve, LIMIT))]).catch(() => {});
}
