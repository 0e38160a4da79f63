import assert from "node:assert/strict";
import test from "node:test";
import { file } from "./shim.mjs";

const { audibleAt, CaptureClock } = await import(file("clock.js"));

test("the capture clock believes the quickest message", () => {
  const clock = new CaptureClock(24000);
  for (let i = 1; i <= 50; i++) clock.arrived(480 * i, 1000 + 20 * i + (i === 7 ? 0 : 5 + (i % 3)));
  assert.equal(clock.at(480 * 50), 2000);
  assert.equal(clock.at(0), 1000);
});

test("and follows a clock that drifts", () => {
  const clock = new CaptureClock(24000);
  // 200 ppm: after a minute the sound card is 12 ms behind.
  for (let i = 1; i <= 3000; i++) clock.arrived(480 * i, 20 * i * 1.0002);
  assert.ok(Math.abs(clock.at(480 * 3000) - 60012) < 2);
});

test("audible: by the output's own stamp, or by the latency where there is none worth the name", () => {
  const context = { sampleRate: 24000, currentTime: 2, outputLatency: 0.03, baseLatency: 0.01 };
  const near = (a, b) => assert.ok(Math.abs(a - b) < 5, `${a} ${b}`);
  near(audibleAt(context, 48000), performance.now() + 30);
  const stamped = (performanceTime) => ({ ...context, getOutputTimestamp: () => ({ contextTime: 1.95, performanceTime }) });
  near(audibleAt(stamped(performance.now() - 10), 48000), performance.now() + 40);
  near(audibleAt(stamped(performance.now() - 9000), 48000), performance.now() + 30);
});

test("when the context's own time has stood still, what was known of it is forgotten", () => {
  const clock = new CaptureClock(24_000);
  clock.arrived(24_000, 1000);
  clock.forget();
  clock.arrived(48_000, 60_000);
  assert.equal(clock.at(48_000), 60_000);
});
