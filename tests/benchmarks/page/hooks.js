// Runs in the page before anything else: puts worklet.js in front of every worklet, notes when the capture worklet's
// messages reach the page, and taps the page's output. window.__bench gives it all out at the end.
(() => {
  const epoch = () => performance.timeOrigin + performance.now();
  const source = URL.createObjectURL(new Blob([__WORKLET__], { type: "text/javascript" }));
  const bench = (window.__bench = { arrived: [], capture: null, tap: null, context: null });

  const add = AudioWorklet.prototype.addModule;
  const loaded = new WeakMap();
  AudioWorklet.prototype.addModule = async function (...parts) {
    if (!loaded.has(this)) loaded.set(this, add.call(this, source));
    await loaded.get(this);
    return add.apply(this, parts);
  };

  const Node = window.AudioWorkletNode;
  window.AudioWorkletNode = class AudioWorkletNode extends Node {
    constructor(context, name, options) {
      super(context, name, options);
      if (!name.endsWith("-capture")) return;
      bench.capture = this;
      bench.context = context;
      this.port.addEventListener("message", (event) => {
        if (event.data.bench) {
          event.stopImmediatePropagation();
          bench.taken(event.data.bench);
        } else {
          bench.arrived.push(epoch());
        }
      });
    }
  };

  const connect = AudioNode.prototype.connect;
  const taps = new WeakMap();
  AudioNode.prototype.connect = function (target, ...rest) {
    if (target instanceof AudioDestinationNode) {
      let tap = taps.get(target.context);
      if (!tap) {
        tap = new Node(target.context, "bench-tap", { numberOfOutputs: 0 });
        taps.set(target.context, tap);
        bench.tap = tap;
      }
      connect.call(this, tap);
    }
    return connect.call(this, target, ...rest);
  };

  const base64 = (array) => {
    const bytes = new Uint8Array(array.buffer);
    let text = "";
    for (let i = 0; i < bytes.length; i += 32768) text += String.fromCharCode(...bytes.subarray(i, i + 32768));
    return btoa(text);
  };

  bench.output = () =>
    new Promise((resolve) => {
      bench.tap.port.onmessage = ({ data }) => resolve(base64(data));
      bench.tap.port.postMessage("take");
    });

  bench.input = async () => {
    const taken = new Promise((resolve) => (bench.taken = resolve));
    const arrived = Float64Array.from(bench.arrived);
    bench.capture.port.postMessage({ bench: true });
    const arrays = Object.entries({ ...(await taken), arrived });
    return Object.fromEntries(arrays.map(([name, array]) => [name, base64(array)]));
  };

  bench.latency = () => ({ base: bench.context.baseLatency, output: bench.context.outputLatency, rate: bench.context.sampleRate });

  // How far the page's clocks are from the service's: the quickest of fifty round trips.
  bench.clock = (url) =>
    new Promise((resolve) => {
      const socket = new WebSocket(url);
      let best = { trip: Infinity };
      let count = 0;
      let sent = 0;
      const ask = () => {
        sent = epoch();
        socket.send("");
      };
      socket.onopen = ask;
      socket.onmessage = ({ data }) => {
        const now = epoch();
        const trip = now - sent;
        if (trip < best.trip) best = { trip, page: (sent + now) / 2 - Number(data), date: Date.now() - now };
        if (++count < 50) return ask();
        socket.close();
        resolve(best);
      };
    });
})();
