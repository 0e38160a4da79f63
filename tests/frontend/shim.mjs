// The audio thread, as far as the worklets use it: one processor at a time, driven a quantum at a time.
import { pathToFileURL } from "node:url";
import path from "node:path";

export const QUANTUM = 128;
const folder = process.env.VOICENB_FRONTEND;
if (!folder) throw new Error("run by tests/frontend/test_frontend.py, which says where the front end is");

/** The address of a front-end file. */
export const file = (name) => pathToFileURL(path.join(folder, name)).href;

let instances = 0;

/**
 * A processor of a worklet file, in a context of some rate.
 * @returns {Promise<{ processor: any, sent: any[], tell: (message: any) => void, run: (input?: Float32Array) => Float32Array, leaveOut: (quanta: number) => void }>}
 */
export async function load(name, rate, processorOptions = {}) {
  const sent = [];
  const port = { onmessage: null, postMessage: (message) => sent.push(structuredClone(message)) };
  let Processor;
  globalThis.AudioWorkletProcessor = class {
    port = port;
  };
  globalThis.registerProcessor = (_name, found) => (Processor = found);
  globalThis.sampleRate = rate;
  globalThis.currentFrame = 0;
  // Another query, another instance of the module: each has the context's rate of its own.
  await import(`${file(name)}?${instances++}`);
  const processor = new Processor({ processorOptions });
  let frame = 0;
  return {
    processor,
    sent,
    tell: (message) => port.onmessage({ data: message }),
    leaveOut: (quanta) => {
      frame += quanta * QUANTUM;
    },
    run: (input) => {
      globalThis.sampleRate = rate;
      globalThis.currentFrame = frame;
      const output = new Float32Array(QUANTUM).fill(NaN);
      processor.process([input ? [input] : []], [[output]]);
      frame += QUANTUM;
      return output;
    },
  };
}

/** A sine as floats. */
export function sine(frequency, rate, count, amplitude = 0.5, from = 0) {
  return Float32Array.from({ length: count }, (_, i) => amplitude * Math.sin((2 * Math.PI * frequency * (i + from)) / rate));
}

/** The same as PCM16. */
export const pcm = (samples) => Int16Array.from(samples, (x) => Math.round(x * 32768));

/** Root mean square. */
export const rms = (samples) => Math.sqrt(samples.reduce((sum, x) => sum + x * x, 0) / samples.length);
