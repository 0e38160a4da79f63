// The microphone's side of the audio thread: render quanta in, frames of PCM16 at 24 kHz out.

import { RATE, Resampler } from "./resampler.js";

// Space for the header that the page writes before a frame goes on the wire (see frames.js).
const HEADER = 16;
const QUANTUM = 128;

/**
 * Takes `{ type: "frame", samples }` (their number in a frame from now on), `{ type: "return", buffer }` (a buffer to
 * use again), `{ type: "port", port }` (where frames go from now on; null: to the page) and `{ type: "stop" }`; gives
 * `{ buffer, frame, end, level }`: the samples behind 16 free bytes, the context's frame number of the first sample and
 * behind the last, and the root mean square (0…1). While frames go elsewhere the page has the same without the buffer.
 */
class Capture extends AudioWorkletProcessor {
  /** @param {AudioWorkletNodeOptions} [options] */
  constructor(options) {
    super();
    this.samples = options?.processorOptions?.samples ?? 480;
    this.resampler = new Resampler(sampleRate, RATE, QUANTUM * 8);
    this.block = new Float32Array(Math.ceil((QUANTUM * 8 * RATE) / sampleRate) + 2);
    this.silence = new Float32Array(QUANTUM);
    /** @type {ArrayBuffer[]} */
    this.spare = [];
    this.running = true;
    // The context's frame number of the first sample of all, where the next quantum is, and how many samples came out.
    this.first = -1;
    this.next = -1;
    this.taken = 0;
    this.buffer = new ArrayBuffer(HEADER + 2 * this.samples);
    this.pcm = new Int16Array(this.buffer, HEADER);
    this.filled = 0;
    this.energy = 0;
    /** @type {MessagePort | null} */
    this.carrier = null;
    this.port.onmessage = ({ data }) => this.receive(data);
  }

  /** @param {any} message */
  receive(message) {
    if (message.type === "frame" && message.samples !== this.samples) {
      this.samples = message.samples;
      this.spare.length = 0;
      this.begin();
    } else if (message.type === "return" && message.buffer.byteLength === HEADER + 2 * this.samples) {
      this.spare.push(message.buffer);
    } else if (message.type === "port") {
      this.carrier?.close();
      this.carrier = message.port;
      if (this.carrier) this.carrier.onmessage = ({ data }) => this.receive(data);
    } else if (message.type === "stop") {
      this.running = false;
    }
  }

  /** Begin a frame; what was in an unfinished one is gone, so this changes size only before anything is sent. */
  begin() {
    this.buffer = this.spare.pop() ?? new ArrayBuffer(HEADER + 2 * this.samples);
    this.pcm = new Int16Array(this.buffer, HEADER);
    this.filled = 0;
    this.energy = 0;
  }

  /**
   * @param {Float32Array[][]} inputs
   * @returns {boolean}
   */
  process(inputs) {
    // Nothing connected counts as silence: the track goes on, so that a sample's place stays its time.
    const input = inputs[0]?.[0] ?? this.silence;
    if (this.first < 0) this.first = currentFrame;
    // Browsers leave a few quanta out while a microphone is being connected: what follows has its own time all the same.
    else this.first += currentFrame - this.next;
    this.next = currentFrame + QUANTUM;
    this.resampler.push(input, input.length);
    const count = Math.min(this.resampler.available, this.block.length);
    this.resampler.pull(this.block, 0, count);
    for (let i = 0; i < count; i++) {
      const sample = Math.max(-1, Math.min(1, this.block[i]));
      this.pcm[this.filled] = Math.max(-32768, Math.min(32767, Math.round(sample * 32768)));
      this.energy += sample * sample;
      this.filled += 1;
      this.taken += 1;
      if (this.filled === this.samples) this.post();
    }
    return this.running;
  }

  post() {
    const scale = sampleRate / RATE;
    const end = this.first + this.taken * scale;
    const message = {
      frame: end - this.samples * scale,
      end: currentFrame + QUANTUM,
      level: Math.sqrt(this.energy / this.samples),
    };
    (this.carrier ?? this.port).postMessage({ buffer: this.buffer, ...message }, [this.buffer]);
    if (this.carrier) this.port.postMessage(message);
    this.begin();
  }
}

registerProcessor("voicenb-capture", Capture);
