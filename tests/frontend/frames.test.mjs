import assert from "node:assert/strict";
import test from "node:test";
import { file } from "./shim.mjs";

const { HEADER, readReply, stampCaptured } = await import(file("frames.js"));

test("the header of a captured frame, byte by byte", () => {
  const frame = new ArrayBuffer(HEADER + 4);
  stampCaptured(frame, 258, 1.5);
  assert.equal(Buffer.from(frame).toString("hex"), "01000000" + "02010000" + "000000000000f83f" + "00000000");
});

test("a frame of a reply, byte by byte, also inside a larger buffer", () => {
  const bytes = Buffer.from("02000000" + "07000000" + "e0010000" + "00000000" + "0100ffff", "hex");
  assert.deepEqual(readReply(Uint8Array.from(bytes).buffer), { reply: 7, start: 480, samples: Int16Array.of(1, -1) });
  const within = Uint8Array.from([9, ...bytes, 9]);
  assert.deepEqual(readReply(new DataView(within.buffer, 1, bytes.length))?.samples, Int16Array.of(1, -1));
});

test("what is no frame of a reply is no sound", () => {
  assert.equal(readReply(new ArrayBuffer(3)), null);
  assert.equal(readReply(new ArrayBuffer(20)), null);
});
