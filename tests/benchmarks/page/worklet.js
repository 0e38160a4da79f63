// Runs in the audio thread, ahead of the page's own worklets: notes what the capture worklet takes in and gives out,
// and what reaches the page's output. Its clock is Date.now(): there is no finer one here (1 ms, cut off, not rounded).
{
  const register = globalThis.registerProcessor;

  const joined = (arrays) => {
    const all = new Int16Array(arrays.reduce((sum, array) => sum + array.length, 0));
    let at = 0;
    for (const array of arrays) {
      all.set(array, at);
      at += array.length;
    }
    return all;
  };

  class Log {
    constructor() {
      /** Of each quantum: the context's frame number, and when. */
      this.quanta = [];
      this.heard = [];
      /** Of each message: the number of its samples, when it was posted, and its own word of its first frame. */
      this.posts = [];
      this.pcm = [];
    }

    quantum(input) {
      this.quanta.push(currentFrame, Date.now());
      this.heard.push(Int16Array.from(input ?? new Float32Array(128), (sample) => Math.round(sample * 32768)));
    }

    post(message) {
      const header = message.buffer ? 16 : 0;
      const samples = new Int16Array(message.buffer ?? message, header).slice();
      this.posts.push(samples.length, Date.now(), message.frame ?? NaN);
      this.pcm.push(samples);
    }

    take() {
      const { quanta, posts } = this;
      return {
        quanta: Float64Array.from(quanta),
        heard: joined(this.heard),
        posts: Float64Array.from(posts),
        pcm: joined(this.pcm),
      };
    }
  }

  const watched = (Processor) =>
    class extends Processor {
      constructor(options) {
        super(options);
        const { port } = this;
        const log = (this.__log = new Log());
        const { postMessage: post, onmessage: receive } = port;
        const watch = (out) => {
          const send = out.postMessage;
          out.postMessage = (message, transfer) => {
            // What says only how loud it is, beside sound that goes another way, is no message with samples.
            if (message.buffer || message.byteLength) log.post(message);
            send.call(out, message, transfer);
          };
        };
        watch(port);
        port.onmessage = (event) => {
          if (event.data?.bench) return post.call(port, { bench: log.take() });
          if (event.data?.port) watch(event.data.port);
          receive?.call(port, event);
        };
      }

      process(inputs, outputs, parameters) {
        this.__log.quantum(inputs[0]?.[0]);
        return super.process(inputs, outputs, parameters);
      }
    };

  globalThis.registerProcessor = (name, Processor) =>
    register.call(globalThis, name, name.endsWith("-capture") ? watched(Processor) : Processor);

  class Tap extends AudioWorkletProcessor {
    constructor() {
      super();
      /** Of each quantum: when, and the root mean square. */
      this.heard = [];
      this.port.onmessage = () => this.port.postMessage(Float64Array.from(this.heard));
    }

    process(inputs) {
      let sum = 0;
      const samples = inputs[0][0] ?? [];
      for (const sample of samples) sum += sample * sample;
      this.heard.push(Date.now(), Math.sqrt(sum / 128));
      return true;
    }
  }

  register.call(globalThis, "bench-tap", Tap);
}
