import assert from "node:assert/strict";
import { test } from "node:test";
import { file } from "./shim.mjs";

const { packMirror } = await import(file("mirror.js"));

test("entries stand behind each other, each with its header", () => {
  const payload = Uint8Array.of(1, 2, 3, 4);
  const entry = { kind: 2, line: 3, payload, at: 12.5, captured: -3.25, held: true };
  const frame = Buffer.from(packMirror([entry, { kind: 1, line: 3, payload, at: 13, reply: 7, start: 960 }], 5));
  assert.deepEqual([frame[0], frame.readUInt16LE(2), frame.readUInt32LE(4), frame.length], [3, 0, 5, 16 + 2 * 36]);
  assert.deepEqual([frame[16], frame[17], frame.readUInt16LE(18), frame.readUInt32LE(20)], [2, 1, 3, 4]);
  assert.deepEqual([frame.readDoubleLE(32), frame.readDoubleLE(40)], [12.5, -3.25]);
  assert.deepEqual([...frame.subarray(48, 52)], [1, 2, 3, 4]);
  assert.deepEqual([frame[52], frame[53], frame.readUInt32LE(60), frame.readUInt32LE(64)], [1, 0, 7, 960]);
});
