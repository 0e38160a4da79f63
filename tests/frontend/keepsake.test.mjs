import assert from "node:assert/strict";
import test from "node:test";
import { file } from "./shim.mjs";

const { keep } = await import(file("keepsake.js"));

const MARK = "voicenb-static-1";
const BUNDLE = { "text/html": `<div class="${MARK}">said</div>`, "text/plain": "said" };

/** Outputs as JupyterLab's model has them. */
function cell(...outputs) {
  const models = outputs.map((output) => ({ toJSON: () => output }));
  const changed = [];
  const set = (place, output) => changed.push([place, output]);
  return { changed, outputs: { length: models.length, get: (place) => models[place], set } };
}

const html = (text) => ({ output_type: "display_data", metadata: {}, data: { "text/html": text } });

test("the output with the mark is filled, and no other", () => {
  const own = cell(html("<p>"), { output_type: "stream", text: MARK }, html([`<div class="${MARK}">`, "</div>"]));
  const other = cell(html('<div class="voicenb-static-2"></div>'));
  keep({ context: { model: { cells: [{}, own, other] } } }, MARK, BUNDLE);
  assert.deepEqual(own.changed, [[2, { output_type: "display_data", metadata: {}, data: BUNDLE }]]);
  assert.deepEqual(other.changed, []);
});

test("an output that is filled stays untouched, so that the notebook has no unsaved changes", () => {
  const own = cell(html(BUNDLE["text/html"]));
  keep({ context: { model: { cells: [own] } } }, MARK, BUNDLE);
  assert.deepEqual(own.changed, []);
});

test("other hosts have no such notebook", () => {
  for (const manager of [undefined, {}, { context: {} }]) keep(manager, MARK, BUNDLE);
});
