// What listens in the audio thread, for the scripts beside this one: each is put behind it.

/**
 * Have a processor in each context that loads a worklet at all: it is loaded before the first of the page's own.
 * @param {() => void} registers - registers it; runs in the audio thread, and sees nothing from outside.
 */
function inAudioThread(registers) {
  const source = URL.createObjectURL(new Blob([`(${registers})()`], { type: "text/javascript" }));
  const { addModule } = AudioWorklet.prototype;
  const loaded = new WeakMap();
  AudioWorklet.prototype.addModule = async function (...module) {
    if (!loaded.has(this)) loaded.set(this, addModule.call(this, source));
    await loaded.get(this);
    return addModule.apply(this, module);
  };
}
