// Keeps all that the page's contexts play, sample by sample, in their audio thread: window.__played has one
// { rate, blocks: [{ frame, left, right }] } for each context, as PCM16. What is played loads no worklet, so a context
// sleeps until this one's is there.
(() => {
  window.__played = [];
  const ear = () => {
    const BLOCK = 64 * 128;
    class PlayerEar extends AudioWorkletProcessor {
      constructor() {
        super();
        this.sides = [new Int16Array(BLOCK), new Int16Array(BLOCK)];
        this.filled = 0;
      }

      process([sides]) {
        if (!this.filled) this.frame = currentFrame;
        for (const side of [0, 1]) {
          const samples = sides[side] ?? sides[0] ?? [];
          for (let i = 0; i < 128; i++) this.sides[side][this.filled + i] = Math.round((samples[i] ?? 0) * 32768);
        }
        this.filled += 128;
        if (this.filled === BLOCK) {
          this.port.postMessage({ frame: this.frame, left: this.sides[0].slice(), right: this.sides[1].slice() });
          this.filled = 0;
        }
        return true;
      }
    }
    registerProcessor("player-ear", PlayerEar);
  };
  const source = URL.createObjectURL(new Blob([`(${ear})()`], { type: "text/javascript" }));

  const Real = window.AudioContext;
  window.AudioContext = class extends Real {
    constructor(options) {
      super(options);
      const played = { rate: this.sampleRate, blocks: [] };
      window.__played.push(played);
      this.bus = super.createGain();
      this.bus.connect(super.destination);
      void super.suspend();
      this.ready = this.audioWorklet.addModule(source).then(() => {
        const node = new AudioWorkletNode(this, "player-ear", { numberOfOutputs: 0, channelCount: 2, channelCountMode: "explicit" });
        node.port.onmessage = ({ data }) => played.blocks.push(data);
        this.bus.connect(node);
      });
    }

    get destination() {
      return this.bus ?? super.destination;
    }

    async resume() {
      await this.ready;
      return super.resume();
    }
  };

  /** All that a context has played so far, as base64 of PCM16, a side after the other, and the first sample's frame. */
  window.__playedBy = (number) => {
    const { blocks, rate } = window.__played[number];
    const text = (side) => {
      let binary = "";
      for (const block of blocks) {
        const bytes = new Uint8Array(block[side].buffer);
        for (let i = 0; i < bytes.length; i += 8192) binary += String.fromCharCode(...bytes.subarray(i, i + 8192));
      }
      return btoa(binary);
    };
    return { rate, frames: blocks.map(({ frame }) => frame), left: text("left"), right: text("right") };
  };
})();
