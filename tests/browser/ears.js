// Keeps what the page's microphone hears and what the page's output plays, sample by sample, on the one clock of their
// audio context: in window.__ears, as { side, frame, samples } with side "caller" or "agent", and its clock in window.__clock.
(() => {
  window.__ears = [];
  if (!window.AudioWorklet) return;

  inAudioThread(() => {
    class Ear extends AudioWorkletProcessor {
      constructor() {
        super();
        this.block = new Float32Array(4096);
        this.filled = 0;
      }

      process([[samples]]) {
        if (this.filled === 0) this.frame = currentFrame;
        this.block.set(samples ?? new Float32Array(128), this.filled);
        this.filled += 128;
        if (this.filled === this.block.length) {
          this.port.postMessage({ frame: this.frame, samples: this.block.slice(), end: currentFrame + 128, at: Date.now() });
          this.filled = 0;
        }
        return true;
      }
    }
    registerProcessor("ear", Ear);
  });

  const { connect } = AudioNode.prototype;
  AudioNode.prototype.connect = function (target, ...rest) {
    const side = target instanceof AudioDestinationNode ? "agent" : this instanceof MediaStreamAudioSourceNode ? "caller" : "";
    if (side) {
      const { context } = target;
      const node = new AudioWorkletNode(context, "ear", { numberOfOutputs: 0 });
      node.port.onmessage = ({ data }) => {
        window.__ears.push({ side, ...data, latency: context.outputLatency, rate: context.sampleRate });
      };
      connect.call(this, node);
    }
    return connect.call(this, target, ...rest);
  };

  window.__heard = (side) => {
    const blocks = window.__ears.filter((each) => each.side === side);
    const pcm = blocks.map(({ samples }) => Array.from(samples, (sample) => Math.round(sample * 32767)));
    return { blocks: blocks.map(({ frame, end, at, latency, rate }) => ({ frame, end, at, latency, rate })), pcm };
  };
})();
