// A room around the page: what it plays comes back into its microphone, later and fainter. The numbers in window.__room
// ({ delay, gain }) are set before the page's sound begins.
(() => {
  const { connect } = AudioNode.prototype;
  const rooms = new WeakMap();

  const roomOf = (context) => {
    if (!rooms.has(context)) {
      const air = new DelayNode(context, { delayTime: window.__room.delay });
      const wall = new GainNode(context, { gain: window.__room.gain });
      connect.call(air, wall);
      rooms.set(context, { air, wall });
    }
    return rooms.get(context);
  };

  AudioNode.prototype.connect = function (target, ...rest) {
    if (target instanceof AudioDestinationNode) connect.call(this, roomOf(target.context).air);
    if (this instanceof MediaStreamAudioSourceNode) connect.call(roomOf(target.context).wall, target);
    window.__latency = () => target.context.outputLatency;
    return connect.call(this, target, ...rest);
  };
})();
