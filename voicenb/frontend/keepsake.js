// Puts the transcript of an ended call into the open notebook, where the kernel no longer can: JupyterLab drops what a
// kernel changes in the outputs of cells that ran before the page was loaded.

/**
 * @param {any} manager the widget manager; JupyterLab's knows its notebook, in other hosts there is nothing to do
 * @param {string} mark the class of the transcript's output
 * @param {Record<string, string>} bundle what the output is to hold, by MIME type
 */
export function keep(manager, mark, bundle) {
  for (const cell of manager?.context?.model?.cells ?? []) {
    const { outputs } = cell;
    for (let place = 0; place < (outputs?.length ?? 0); place++) {
      const { output_type: type, data, metadata } = outputs.get(place).toJSON();
      const html = [data?.["text/html"] ?? ""].flat().join("");
      if (html.includes(`class="${mark}"`) && html !== bundle["text/html"]) {
        outputs.set(place, { output_type: type, metadata, data: { ...data, ...bundle } });
      }
    }
  }
}
