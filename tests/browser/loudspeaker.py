"""A sound server with a loudspeaker and microphones: some browsers do nothing where there is no device."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np

RATE = 48_000

NAMED = "source_properties=device.description"

# The caller speaks into a sink; what it hands on is the microphone. A second one is always silent.
MODULES = [
    "module-null-sink sink_name=speaker rate=48000 channels=1",
    "module-null-sink sink_name=caller rate=48000 channels=1",
    f"module-remap-source source_name=microphone master=caller.monitor {NAMED}=Caller",
    "module-null-sink sink_name=nobody rate=44100 channels=1",
    f"module-remap-source source_name=silent master=nobody.monitor {NAMED}=Silent",
]


class SoundServer:
    """PulseAudio with devices that are none; use it in ``with``."""

    def __init__(self) -> None:
        if not shutil.which("pulseaudio"):
            raise RuntimeError(
                "The tests in Firefox need a sound server: apt-get install firefox-esr pulseaudio"
            )
        # Sockets have short names only, shorter than a test's folder may be.
        self._folder = Path(tempfile.mkdtemp(prefix="sound-"))
        address = self._folder / "socket"
        self.environment = {
            "PULSE_SERVER": f"unix:{address}",
            "PULSE_RUNTIME_PATH": str(self._folder),
            "PULSE_STATE_PATH": str(self._folder),
            "XDG_RUNTIME_DIR": str(self._folder),
        }
        self._log = (self._folder / "log").open("wb")
        loads = [f"module-native-protocol-unix socket={address} auth-anonymous=1", *MODULES]
        options = ["-n", "--daemonize=no", "--exit-idle-time=-1", "--use-pid-file=no"]
        self._process = subprocess.Popen(
            ["pulseaudio", *options, *(f"--load={load}" for load in loads)],
            env={**os.environ, **self.environment},
            stdout=self._log,
            stderr=subprocess.STDOUT,
        )
        try:
            self._await_server()
            self._control("set-default-sink", "speaker")
            self._control("set-default-source", "microphone")
        except BaseException:
            self.close()
            raise

    def _await_server(self) -> None:
        until = time.monotonic() + 20
        while self._process.poll() is None and time.monotonic() < until:
            if (self._folder / "socket").exists():
                return
            time.sleep(0.05)
        raise RuntimeError(f"PulseAudio did not start: {(self._folder / 'log').read_text()[-2000:]}")

    def _control(self, *order: str) -> None:
        subprocess.run(["pactl", *order], env={**os.environ, **self.environment}, check=True, timeout=20)

    def __enter__(self) -> SoundServer:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End it."""
        self._process.terminate()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._log.close()
        shutil.rmtree(self._folder, ignore_errors=True)

    @contextmanager
    def recorded(self, path: Path) -> Iterator[None]:
        """Write what the loudspeaker plays meanwhile; read it with :func:`read_recorded`."""
        options = ["--raw", "--format=s16le", "--channels=1", f"--rate={RATE}", "--latency-msec=20"]
        process = subprocess.Popen(
            ["parec", *options, "--device=speaker.monitor", str(path)],
            env={**os.environ, **self.environment},
        )
        try:
            yield
        finally:
            process.terminate()
            process.wait(10)

    @contextmanager
    def says(self, wav: Path) -> Iterator[None]:
        """The microphone hears a WAV, once."""
        process = subprocess.Popen(
            ["paplay", "--device=caller", str(wav)], env={**os.environ, **self.environment}
        )
        try:
            yield
        finally:
            process.terminate()
            process.wait(10)


def read_recorded(path: Path) -> np.ndarray:
    """What was written by :meth:`SoundServer.recorded`: int16 ``(n,)`` at :data:`RATE`."""
    return np.frombuffer(path.read_bytes()[: path.stat().st_size // 2 * 2], "<i2")


def find_tone(sound: np.ndarray, rate: int) -> tuple[float, float]:
    """The loudest tone in a sound.

    Args:
        sound: ``(n,)``.
        rate: samples per second.

    Returns:
        Its frequency in Hz, and its share (0…1) of the sound's energy.
    """
    spectrum = np.abs(np.fft.rfft(sound * np.blackman(len(sound)))) ** 2
    peak = int(spectrum.argmax())
    return peak * rate / len(sound), float(spectrum[max(0, peak - 3) : peak + 4].sum() / spectrum.sum())
