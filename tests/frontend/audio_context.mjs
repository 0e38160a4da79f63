// An audio context whose clock is the test's: what is started on it is rendered, sample by sample.

export class FakeContext {
  constructor(rate) {
    this.rate = rate;
    this.currentTime = 0.5;
    this.outputLatency = 0;
    this.state = "running";
    this.destination = {};
    /** Everything that was ever started. */
    this.pieces = [];
    this.allowed = true;
  }

  createGain() {
    const gain = {
      setValueAtTime() {},
      linearRampToValueAtTime() {},
    };
    return { gain, connect() {} };
  }

  createBuffer(channels, length, rate) {
    const data = Array.from({ length: channels }, () => new Float32Array(length));
    return { length, rate, getChannelData: (channel) => data[channel] };
  }

  createBufferSource() {
    const piece = {
      connect() {},
      start: (at) => {
        piece.at = at;
        this.pieces.push(piece);
      },
      stop: (at) => {
        piece.until = at;
      },
    };
    return piece;
  }

  async resume() {
    if (this.allowed) this.state = "running";
  }

  async suspend() {
    this.state = "suspended";
  }

  async close() {
    this.state = "closed";
  }

  /**
   * Let time pass; what has been played by then ends.
   * @param {number} seconds
   */
  pass(seconds) {
    this.currentTime += seconds;
    for (const piece of [...this.pieces]) {
      const end = Math.min(piece.until ?? Infinity, piece.at + piece.buffer.length / this.rate);
      if (!piece.over && end <= this.currentTime) {
        piece.over = true;
        piece.onended?.();
      }
    }
  }

  /**
   * What comes out between two moments, in samples of the context's clock, of one side; where two pieces sound at once
   * they are added up, as a browser does it.
   */
  heard(from, to, channel = 0) {
    const out = new Float32Array(to - from);
    for (const { at, until = Infinity, buffer } of this.pieces) {
      const data = buffer.getChannelData(channel);
      const begin = Math.round(at * this.rate);
      const end = Math.min(begin + data.length, Math.round(until * this.rate));
      for (let i = Math.max(begin, from); i < Math.min(end, to); i++) out[i - from] += data[i - begin];
    }
    return out;
  }

  /** When the first piece that has not been stopped begins, in samples. */
  get begin() {
    return Math.round(Math.min(...this.pieces.filter(({ until }) => until === undefined).map(({ at }) => at)) * this.rate);
  }
}
