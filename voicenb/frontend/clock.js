// The audio context's frames against the page's clock, `performance.now()`.

// The quickest message of the last few seconds is the best measure: what is slower waited for the main thread.
const WINDOW = 4000;

/** When a frame of the context was captured, from the moments at which messages of the worklet arrive. */
export class CaptureClock {
  /** @param {number} rate of the context, in Hz */
  constructor(rate) {
    this.rate = rate;
    this.current = Infinity;
    this.previous = Infinity;
    this.since = 0;
  }

  /**
   * Take note of a message that was posted in the quantum ending at `frame` and has arrived now.
   * @param {number} frame
   * @param {number} now in milliseconds
   */
  arrived(frame, now) {
    if (now - this.since > WINDOW) {
      this.previous = this.current;
      this.current = Infinity;
      this.since = now;
    }
    this.current = Math.min(this.current, now - (1000 * frame) / this.rate);
  }

  /** The context's own time has stood still, or does now: what was known of it holds no longer. */
  forget() {
    this.current = this.previous = Infinity;
  }

  /**
   * @param {number} frame
   * @returns {number} `performance.now()` at which it was taken in, in milliseconds
   */
  at(frame) {
    return Math.min(this.current, this.previous) + (1000 * frame) / this.rate;
  }
}

/**
 * When a frame of the context is heard: at the loudspeaker, output latency included.
 * @param {AudioContext} context
 * @param {number} frame
 * @returns {number} `performance.now()`, in milliseconds
 */
export function audibleAt(context, frame) {
  const seconds = frame / context.sampleRate;
  const latency = context.outputLatency || context.baseLatency || 0;
  const plain = performance.now() + 1000 * (seconds - context.currentTime + latency);
  const stamp = context.getOutputTimestamp?.();
  if (!stamp?.performanceTime || !stamp.contextTime) return plain;
  const exact = stamp.performanceTime + 1000 * (seconds - stamp.contextTime);
  // Some browsers give stamps of another clock, or none worth the name while the device starts.
  return Math.abs(exact - plain) < 500 ? exact : plain;
}
