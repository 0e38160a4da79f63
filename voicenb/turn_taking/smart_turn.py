"""Smart Turn: a small neural network that hears in the caller's voice whether a turn is over.

The model is Pipecat's, v3.2 (BSD-2-Clause), an ONNX file of 8.7 MB in the package ``pipecat-ai``. That is not
imported: nothing of it is needed but the file.
"""

from __future__ import annotations

import math
import os
import threading
import zlib
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np

from voicenb.audio.log_mel import BANDS, RATE, STEP, log_mel
from voicenb.audio.pcm import Samples
from voicenb.errors import InvalidConfiguration, MissingExtra, how_to_install
from voicenb.turn_taking.completeness import Utterance

SECONDS = 8
"""Of sound that the model hears: the last ones."""

_FOLDER = Path("audio", "turn", "smart_turn", "data")
_loading = threading.Lock()


def model_path() -> Path:
    """Where the model file of the installed package lies; the package itself is not imported.

    Raises:
        MissingExtra: the package or its model is not there.
    """
    spec = find_spec("pipecat")
    for folder in (spec.submodule_search_locations or []) if spec else []:
        for path in sorted((Path(folder) / _FOLDER).glob("smart-turn-v3*cpu.onnx"), reverse=True):
            return path
    raise MissingExtra(
        "Smart Turn's model was not found.",
        remedy=f"{how_to_install('smart-turn')} brings it, with 260 MB of which it needs 9; "
        "pip install --no-deps pipecat-ai brings little else; vn.SmartTurn(model=PATH) takes your file.",
        package="pipecat-ai",
    )


class SmartTurn:
    """Says from the sound whether a turn is over. Several sessions and threads may share one.

        vn.Emulator(completeness=vn.SmartTurn())
        vn.whatif(calls, completeness=vn.SmartTurn())

    Asked once in each silence, 0.224 s into it; so no turn ends sooner than 0.29 s after its last sound.

    Args:
        threshold: a turn is over where the model's probability is above it.
        model: path of the ONNX file; None takes the one in the package ``pipecat-ai`` (extra ``smart-turn``).

    Attributes:
        cost: stated seconds of an answer, used on the virtual clock.

    Raises:
        MissingExtra: the model is not installed.
        InvalidConfiguration: a threshold that is none, or no file at ``model``.
    """

    cost = 0.05

    def __init__(self, threshold: float = 0.5, *, model: str | os.PathLike[str] | None = None) -> None:
        number = isinstance(threshold, int | float) and not isinstance(threshold, bool)
        if not number or not math.isfinite(threshold) or not 0 <= threshold <= 1:
            raise InvalidConfiguration(
                f"threshold={threshold!r} is no probability.", remedy="Give 0 to 1.", param="threshold"
            )
        self.threshold = threshold
        self._model = model_path() if model is None else Path(model)
        if not self._model.is_file():
            raise InvalidConfiguration(
                f"There is no model at {self._model}.", remedy="Give the path of an ONNX file.", param="model"
            )

    @property
    def name(self) -> str:
        """What the model is called: its file's name."""
        return self._model.stem

    @property
    def fingerprint(self) -> str:
        """What tells this model's probabilities from another one's."""
        return f"{self.name}-{_checksum(self._model):08x}"

    def probability(self, sound: Samples) -> float:
        """The probability that a turn is over behind this sound, 0…1.

        Args:
            sound: mono, 16 kHz, -1…1, shape ``(n,)``; the last 8 s are heard.

        Raises:
            InvalidConfiguration: the file is no such model.
        """
        heard = np.zeros(SECONDS * RATE, np.float32)
        last = sound[-len(heard) :]
        heard[len(heard) - len(last) :] = last
        (answer,) = _loaded(self._model).run(None, {"input_features": log_mel(heard)[None]})
        return float(answer[0, 0])

    def looks_complete(self, utterance: Utterance) -> bool:
        """Whether the turn sounds over."""
        return self.probability(utterance.sound()) > self.threshold

    def warm(self) -> None:
        """Load the model, so that the first answer comes as soon as the others."""
        self.probability(np.zeros(0, np.float32))

    def __repr__(self) -> str:
        return f"<SmartTurn {self.name}, threshold {self.threshold:g}>"


@lru_cache(maxsize=2)
def _checksum(path: Path) -> int:
    return zlib.crc32(path.read_bytes())


def _loaded(path: Path) -> Any:
    with _loading:
        return _load(path)


@lru_cache(maxsize=2)
def _load(path: Path) -> Any:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    # One thread and no spinning: the same figures every time, and a server has many callers.
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.add_session_config_entry("session.inter_op.allow_spinning", "0")
    try:
        model = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
        shapes = [(each.name, list(each.shape[1:])) for each in model.get_inputs()]
    except Exception as error:  # of many kinds, and they share no base but this
        raise _no_model(path) from error
    if shapes != [("input_features", [BANDS, SECONDS * RATE // STEP])]:
        raise _no_model(path)
    return model


def _no_model(path: Path) -> InvalidConfiguration:
    return InvalidConfiguration(
        f"{path} is no Smart Turn model.",
        remedy="It is an ONNX file of version 3; the package pipecat-ai has one.",
        param="model",
    )
