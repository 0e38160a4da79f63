"""A bad line: what a caller says in, frame by frame; what arrives out."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from voicenb.audio.babble import babble
from voicenb.audio.level import AUDIBLE, levels
from voicenb.audio.noise import pink
from voicenb.audio.packet_loss import PacketLoss
from voicenb.audio.pcm import Samples, to_float, to_pcm
from voicenb.audio.telephone import Telephone
from voicenb.errors import AudioError
from voicenb.session.microphone import FRAME, RATE
from voicenb.session.microphones import WavFile
from voicenb.testing.caller_ear import CallerEar
from voicenb.testing.clips import Clip
from voicenb.testing.conditions import PACKET, Conditions

NOMINAL = -26.0
"""dBFS of the voice of somebody who says nothing: what telephony calls its usual level."""

ROUND = 10.0
"""Seconds of made noise, which then comes again; its end fits its begin."""

SLIP = 0.5
"""Seconds by which the microphone may be late before the echo follows the clock again."""


class BadLine:
    """One call's line.

    Args:
        conditions: what is bad about it.
        sounds: what the caller is going to say, for the noise to be in proportion.
        ear: hears the agent.

    Attributes:
        delay: samples by which what arrives is late.

    Raises:
        AudioError: a file with the noise that cannot be read, or without a sound.
    """

    def __init__(self, conditions: Conditions, sounds: Sequence[Sequence[Clip]], ear: CallerEar) -> None:
        self._conditions = conditions
        self._ear = ear
        self._telephone = Telephone() if conditions.telephone else None
        self._loss = PacketLoss(conditions.loss, conditions.burst / PACKET, conditions.seed)
        self._noise = np.zeros(0, np.float32)
        if conditions.snr is not None:
            wanted = loudness(sounds) - conditions.snr
            self._noise = _noise(conditions) * np.float32(10 ** (wanted / 20))
        self._place = 0
        self._now: float | None = None
        self.delay = 0 if self._telephone is None else self._telephone.delay

    def through(self, frame: bytes, at: float) -> bytes:
        """A frame of 20 ms as it arrives.

        Args:
            frame: PCM16 mono at 24 kHz.
            at: when its last sample was said, in seconds of the loop.
        """
        sound = to_float(frame)
        if self._conditions.echo is not None:
            sound = sound + self._echo(at, len(sound))
        if len(self._noise):
            places = (self._place + np.arange(len(sound))) % len(self._noise)
            sound = sound + self._noise[places]
        self._place += len(sound)
        if self._telephone is not None:
            sound = self._telephone.push(np.clip(sound, -1, 1))
        return bytes(len(frame)) if self._loss.next() else to_pcm(sound)

    def _echo(self, at: float, samples: int) -> Samples:
        # Frames may come late one by one; the echo of a voice without a hole has none.
        due = at if self._now is None else self._now + samples / RATE
        self._now = at if abs(at - due) > SLIP else due
        assert self._conditions.echo is not None
        stop = self._now - self._conditions.echo_delay
        heard = self._ear.between(stop - samples / RATE, stop)
        return heard * np.float32(10 ** (self._conditions.echo / 20))


def loudness(sounds: Sequence[Sequence[Clip]]) -> float:
    """How loud a caller speaks, in dBFS: the mean power of the audible windows of 10 ms."""
    each = [levels(to_float(clip.pcm), RATE) for clips in sounds for clip in clips if clip.voiced]
    told = np.concatenate(each) if each else np.zeros(0)
    loud = told[told >= AUDIBLE]
    return float(10 * np.log10(np.mean(10 ** (loud / 10)))) if len(loud) else NOMINAL


def _noise(conditions: Conditions) -> Samples:
    """Noise of mean power 1, to be played round and round."""
    if not isinstance(conditions.noise, Path):
        make = babble if conditions.noise == "babble" else pink
        return make(round(ROUND * RATE), conditions.seed)
    sound = to_float(WavFile(conditions.noise).pcm)
    power = float(np.mean(sound.astype(np.float64) ** 2)) if len(sound) >= FRAME else 0.0
    if not power:
        raise AudioError(f"{conditions.noise} has no sound that could be noise.", path=str(conditions.noise))
    start = np.random.default_rng(conditions.seed).integers(len(sound))
    rolled: Samples = np.roll(sound, -int(start)) / np.float32(np.sqrt(power))
    return rolled
