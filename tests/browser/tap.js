// Listens at the page's sound output: whatever reaches an AudioContext's destination is measured every 10 ms or so
// and kept as [epoch ms, rms] in window.__output.
(() => {
  window.__output = [];
  const taps = new WeakMap();
  const connect = AudioNode.prototype.connect;
  AudioNode.prototype.connect = function (target, ...rest) {
    if (target instanceof AudioDestinationNode) {
      const context = target.context;
      let analyser = taps.get(context);
      if (!analyser) {
        analyser = context.createAnalyser();
        analyser.fftSize = 256;
        taps.set(context, analyser);
        const samples = new Float32Array(analyser.fftSize);
        const timer = setInterval(() => {
          if (context.state === "closed") return clearInterval(timer);
          analyser.getFloatTimeDomainData(samples);
          let sum = 0;
          for (const sample of samples) sum += sample * sample;
          window.__output.push([performance.timeOrigin + performance.now(), Math.sqrt(sum / samples.length)]);
        }, 10);
      }
      connect.call(this, analyser);
    }
    return connect.call(this, target, ...rest);
  };
})();
