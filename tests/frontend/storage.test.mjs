import assert from "node:assert/strict";
import test from "node:test";
import { file } from "./shim.mjs";

const { storage } = await import(file("storage.js"));

test("each kind is the browser's own", () => {
  globalThis.window = { localStorage: { of: "the site" }, sessionStorage: { of: "the tab" } };
  assert.equal(storage("localStorage"), window.localStorage);
  assert.equal(storage("sessionStorage"), window.sessionStorage);
});

test("where the browser forbids it there is none, and nothing fails", () => {
  globalThis.window = {
    get localStorage() {
      throw new DOMException("The operation is insecure.", "SecurityError");
    },
  };
  assert.equal(storage("localStorage"), null);
});
