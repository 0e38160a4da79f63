// A queue of samples that knows which reply each of them belongs to.

/**
 * A ring of PCM16 with labelled stretches. `write` may allocate (it doubles a ring that is full); `take` never does.
 */
export class Ring {
  /** @param {number} capacity in samples */
  constructor(capacity) {
    this.samples = new Int16Array(capacity);
    // Counted from the beginning, so that differences are lengths; the place in the ring is the remainder.
    this.read = 0;
    this.written = 0;
    // Stretches, oldest first: their reply, what to add to a count above to get the place in the reply, their end.
    this.replies = new Uint32Array(64);
    this.shifts = new Float64Array(64);
    this.stops = new Float64Array(64);
    this.head = 0;
    this.tail = 0;
    /** What `take` gave last: the reply, and from which of its samples. */
    this.reply = -1;
    this.from = 0;
  }

  /** Samples that wait. */
  get length() {
    return this.written - this.read;
  }

  /** The reply whose turn it is, or -1. */
  get next() {
    return this.head === this.tail ? -1 : this.replies[this.head];
  }

  /** The sample that waits for longest; 0 where none does. */
  get front() {
    return this.length === 0 ? 0 : this.samples[this.read % this.samples.length];
  }

  /**
   * Whether samples of a reply wait.
   * @param {number} reply
   */
  holds(reply) {
    for (let i = this.head; i !== this.tail; i = (i + 1) % this.stops.length) if (this.replies[i] === reply) return true;
    return false;
  }

  /**
   * @param {number} reply
   * @param {number} start place of the first sample in its reply
   * @param {Int16Array} samples
   */
  write(reply, start, samples) {
    if (samples.length === 0) return;
    while (this.length + samples.length > this.samples.length) this.widen();
    const size = this.samples.length;
    const place = this.written % size;
    const first = Math.min(samples.length, size - place);
    this.samples.set(samples.subarray(0, first), place);
    this.samples.set(samples.subarray(first), 0);
    this.label(reply, start - this.written, this.written + samples.length);
    this.written += samples.length;
  }

  /**
   * Read the next samples, of one reply and in one piece.
   * @param {Float32Array} block
   * @param {number} offset where in it
   * @param {number} most
   * @returns {number} how many; `reply` and `from` say which
   */
  take(block, offset, most) {
    if (this.head === this.tail) return 0;
    const count = Math.min(most, this.stops[this.head] - this.read);
    const size = this.samples.length;
    for (let i = 0; i < count; i++) block[offset + i] = this.samples[(this.read + i) % size] / 32768;
    this.reply = this.replies[this.head];
    this.from = this.read + this.shifts[this.head];
    this.read += count;
    if (this.read === this.stops[this.head]) this.head = (this.head + 1) % this.stops.length;
    return count;
  }

  /** Forget what waits. */
  clear() {
    this.read = this.written;
    this.head = this.tail;
  }

  /**
   * @param {number} reply
   * @param {number} shift
   * @param {number} stop
   */
  label(reply, shift, stop) {
    const slots = this.stops.length;
    const last = (this.tail + slots - 1) % slots;
    if (this.head !== this.tail && this.replies[last] === reply && this.shifts[last] === shift) {
      this.stops[last] = stop;
      return;
    }
    this.replies[this.tail] = reply;
    this.shifts[this.tail] = shift;
    this.stops[this.tail] = stop;
    this.tail = (this.tail + 1) % slots;
    if (this.tail === this.head) this.relabel();
  }

  /** Twice the room for samples. */
  widen() {
    const old = this.samples;
    this.samples = new Int16Array(2 * old.length);
    for (let i = this.read; i < this.written; i++) this.samples[i % this.samples.length] = old[i % old.length];
  }

  /** Twice the room for stretches; called when the slots have just become full. */
  relabel() {
    const slots = this.stops.length;
    const { replies, shifts, stops, head } = this;
    this.replies = new Uint32Array(2 * slots);
    this.shifts = new Float64Array(2 * slots);
    this.stops = new Float64Array(2 * slots);
    for (let i = 0; i < slots; i++) {
      this.replies[i] = replies[(head + i) % slots];
      this.shifts[i] = shifts[(head + i) % slots];
      this.stops[i] = stops[(head + i) % slots];
    }
    this.head = 0;
    this.tail = slots;
  }
}
