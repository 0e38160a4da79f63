// Listens at the page's sound output, in the audio thread: of each render quantum, when it was made (epoch ms) and how
// loud it is (root mean square), as [at, rms] in window.__output. A page that is busy hears of it later, and of all of it.
(() => {
  window.__output = [];
  if (!window.AudioWorklet) return; // such a page cannot talk either

  inAudioThread(() => {
    class Tap extends AudioWorkletProcessor {
      constructor() {
        super();
        this.heard = [];
      }

      process([[samples = []]]) {
        let sum = 0;
        for (const sample of samples) sum += sample * sample;
        this.heard.push([Date.now(), Math.sqrt(sum / Math.max(1, samples.length))]);
        if (this.heard.length === 4) {
          this.port.postMessage(this.heard);
          this.heard = [];
        }
        return true;
      }
    }
    registerProcessor("tap", Tap);
  });

  const { connect } = AudioNode.prototype;
  const taps = new WeakMap();
  AudioNode.prototype.connect = function (target, ...rest) {
    if (target instanceof AudioDestinationNode) {
      if (!taps.has(target)) {
        const node = new AudioWorkletNode(target.context, "tap", { numberOfOutputs: 0 });
        node.port.onmessage = ({ data }) => window.__output.push(...data);
        taps.set(target, node);
      }
      connect.call(this, taps.get(target));
    }
    return connect.call(this, target, ...rest);
  };
})();
