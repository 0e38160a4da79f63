"""Moonshine: a small neural recogniser for English, run on our own segments.

The package ``moonshine-voice`` brings the model (tiny-en, MIT licence). Its own library decides itself
where speech is and gives neither scores nor alternatives; so the model's files are run here with
onnxruntime: faster on short segments, safe to call from several threads, and with scores to weigh
keyterms by.
"""

from __future__ import annotations

import importlib.util
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from voicenb.emulator.ears.spelling import modern
from voicenb.errors import MissingExtra, how_to_install

if TYPE_CHECKING:
    from voicenb.emulator.ears.network import Hypothesis, Network, States
    from voicenb.emulator.ears.vocabulary import Vocabulary
    from voicenb.emulator.recognizer import Samples

RATE = 16_000

_LEVEL = 0.05
"""Root mean square that every segment is brought to: what is heard does not depend on how loud it was."""

_SILENT = 1e-4
"""Root mean square of sound that holds nothing (-80 dBFS)."""

_SHORTEST = RATE // 10
"""Sound shorter than this holds no word."""

_VOICED, _VOICED_FRAMES = 0.5, 3
"""So many frames of 32 ms with so much probability of speech make a voice; without one there is no word.

The model itself says "You" of noise, and is sure of it.
"""

_TAIL = int(0.3 * RATE)
"""Silence put behind a segment: with it the model ends its sentences instead of waiting for more words."""

_LONGEST, _EARLIEST = 20 * RATE, 10 * RATE
"""Segments beyond the first are cut, at the quietest place behind the second."""

_TOKENS_PER_SECOND, _TOKENS_AT_LEAST = 6.5, 8
"""How fast anybody speaks; more tokens than that are a loop."""

_DOUBT = -1.1
"""Mean log probability below which the words are a guess about noise."""

_PHANTOMS = frozenset({"you", "thank you", "thank you for watching", "thanks for watching"})
"""What the model says of sound that is hardly speech …"""

_PHANTOM_DOUBT = -0.25
"""… and how sure it must be of it to be believed."""


def model_folder() -> Path | None:
    """Where the model lies, or None when no package with it is installed."""
    # Looked for, not imported: the package's own import takes 0.2 s and an HTTP client along.
    spec = importlib.util.find_spec("moonshine_voice")
    for place in (spec.submodule_search_locations or ()) if spec else ():
        folder = Path(place) / "assets" / "tiny-en"
        if (folder / "tokenizer.bin").is_file():
            return folder
    return None


class Moonshine:
    """The recogniser. Loads its model at first use or at :meth:`warm`; several threads may call it at once.

    The same samples and keyterms give the same words every time.

    Args:
        folder: the model's folder; the installed package's when None.

    Raises:
        MissingExtra: no model is installed.
    """

    name = "moonshine-tiny"
    cost = 0.05

    def __init__(self, folder: Path | None = None) -> None:
        found = folder or model_folder()
        if found is None:
            raise MissingExtra(
                "Moonshine's model is not installed.",
                remedy=f"{how_to_install('emulator')} brings it.",
                package="moonshine-voice",
            )
        self._folder = found
        self._lock = threading.Lock()
        self._loaded: tuple[Network, Vocabulary] | None = None

    def warm(self) -> None:
        """Load the model (0.2 s) and run it once."""
        sound = np.zeros(RATE // 2, np.float32)
        _has_voice(sound)
        network, _ = self._model()
        network.decode(network.encode(sound), longest=1)

    def transcribe(self, samples: Samples, keyterms: Sequence[str] = (), expected: Sequence[str] = ()) -> str:
        """The words of ``samples``; see :class:`voicenb.emulator.recognizer.Recognizer`."""
        texts = (self._segment(segment, keyterms, expected) for segment in _segments(samples))
        return modern(" ".join(text for text in texts if text))

    def _model(self) -> tuple[Network, Vocabulary]:
        with self._lock:
            if self._loaded is None:
                from voicenb.emulator.ears.network import Network
                from voicenb.emulator.ears.vocabulary import Vocabulary

                self._loaded = Network(self._folder), Vocabulary.read(self._folder / "tokenizer.bin")
            return self._loaded

    def _segment(self, samples: Samples, keyterms: Sequence[str], expected: Sequence[str]) -> str:
        if len(samples) < _SHORTEST:
            return ""
        loudness = float(np.sqrt(np.mean(np.square(samples, dtype=np.float64))))
        if not loudness > _SILENT:
            return ""
        levelled = samples * np.float32(_LEVEL / loudness)
        if not _has_voice(levelled):
            return ""
        network, vocabulary = self._model()
        levelled = np.pad(levelled, (0, _TAIL))
        states = network.encode(levelled)
        longest = _TOKENS_AT_LEAST + int(_TOKENS_PER_SECOND * len(samples) / RATE)
        heard = network.decode(states, longest)
        text = vocabulary.decode(heard.tokens)
        if _is_phantom(text, heard):
            return ""
        if not keyterms and not expected:
            return text
        from voicenb.emulator.ears.keyterms import corrected

        return corrected(text, keyterms, _Judge(network, vocabulary, states, heard), expected)


@dataclass(frozen=True, slots=True)
class _Judge:
    """What the model makes of other texts for the sound that it has heard."""

    network: Network
    vocabulary: Vocabulary
    states: States
    heard: Hypothesis

    def gain(self, text: str) -> float:
        return self.network.gain(self.states, self.heard, self.vocabulary.encode(text))

    def pieces(self, text: str) -> int:
        return len(self.vocabulary.encode(text))


def _has_voice(samples: Samples) -> bool:
    from voicenb.audio.vad import FRAME, Silero

    hear = Silero()
    voiced = 0
    # The last frame is filled up with silence: a word of two frames and a half counts as three.
    frames = np.pad(samples, (0, -len(samples) % FRAME)).reshape(-1, FRAME)
    for frame in frames:
        voiced += hear(frame) >= _VOICED
        if voiced == _VOICED_FRAMES:
            return True
    return False


def _is_phantom(text: str, heard: Hypothesis) -> bool:
    """Whether the model made these words up from noise."""
    words = text.lower().strip(" .,!?")
    if not any(character.isalnum() for character in words):
        return True
    if heard.confidence < _DOUBT:
        return True
    if words in _PHANTOMS and heard.confidence < _PHANTOM_DOUBT:
        return True
    # A loop that never came to an end: the same few words again and again.
    return not heard.ended and len(set(heard.tokens)) <= len(heard.tokens) // 3


def _segments(samples: Samples) -> Iterator[Samples]:
    """Stretches short enough for the model, cut where it is quietest."""
    start = 0
    while len(samples) - start > _LONGEST:
        frame = RATE // 50
        window = samples[start + _EARLIEST : start + _LONGEST]
        energy = np.square(window[: len(window) // frame * frame].reshape(-1, frame)).sum(axis=1)
        # The middle of the quietest 200 ms; the last of equals, for fewer cuts.
        smooth = np.convolve(energy, np.ones(10, np.float32), mode="valid")
        quietest = len(smooth) - 1 - int(np.argmin(smooth[::-1]))
        stop = start + _EARLIEST + (quietest + 5) * frame
        yield samples[start:stop]
        start = stop
    yield samples[start:]
