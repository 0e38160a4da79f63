"""Moonshine's encoder and decoder on onnxruntime: sound to states, states to words, scores of other words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from voicenb.emulator.ears.vocabulary import BEGIN, END

Floats = npt.NDArray[np.float32]

_HEADS, _WIDTH = 8, 36
"""The decoder's attention heads and the width of each."""


@dataclass(frozen=True, slots=True)
class States:
    """What the encoder made of some sound: ``hidden`` of shape (1, frames, 288), ``mask`` of (1, samples)."""

    hidden: Floats
    mask: npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Hypothesis:
    """Words that the decoder chose.

    Attributes:
        tokens: their token numbers, without begin and end.
        scores: each token's log probability, the end's last where it was reached.
        ended: whether the decoder came to an end by itself.
        past: the decoder's keys and values, for :meth:`Network.gain`.
    """

    tokens: tuple[int, ...]
    scores: tuple[float, ...]
    ended: bool
    past: dict[str, Any] = field(repr=False, compare=False)

    @property
    def confidence(self) -> float:
        """Mean log probability of the tokens, 0 at best."""
        return sum(self.scores) / len(self.scores) if self.scores else 0.0


class Network:
    """The two halves of the model. One thread of work per call; any number of threads may call at once.

    Args:
        folder: where ``encoder_model.ort`` and ``decoder_model_merged.ort`` lie.
    """

    def __init__(self, folder: Path) -> None:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        # One thread per call: conversations run beside each other, and the sums come out the same every time.
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        options.log_severity_level = 4

        def load(name: str) -> Any:
            return onnxruntime.InferenceSession(
                str(folder / name), options, providers=["CPUExecutionProvider"]
            )

        self._encoder = load("encoder_model.ort")
        self._decoder = load("decoder_model_merged.ort")
        self._past = [put.name for put in self._decoder.get_inputs() if put.name.startswith("past")]

    def encode(self, samples: Floats) -> States:
        """The states of ``samples``, mono at 16 kHz; at least 0.1 s of them."""
        mask = np.ones((1, len(samples)), np.int64)
        (hidden,) = self._encoder.run(None, {"input_values": samples[None], "attention_mask": mask})
        return States(hidden, mask)

    def decode(self, states: States, longest: int) -> Hypothesis:
        """The likeliest words, chosen token by token, at most ``longest`` tokens."""
        past: dict[str, Any] = {}
        tokens: list[int] = []
        scores: list[float] = []
        token = BEGIN
        while len(tokens) < longest:
            logits, past = self._step(states, [token], past)
            token = int(logits[-1].argmax())
            scores.append(float(_log_softmax(logits[-1:])[0, token]))
            if token == END:
                return Hypothesis(tuple(tokens), tuple(scores), ended=True, past=past)
            tokens.append(token)
        return Hypothesis(tuple(tokens), tuple(scores), ended=False, past=past)

    def gain(self, states: States, heard: Hypothesis, tokens: Sequence[int]) -> float:
        """How much likelier these tokens are than those that were heard: a difference of log probabilities.

        One pass over what follows the tokens that both have in common.
        """
        common = 0
        while common < min(len(tokens), len(heard.tokens)) and tokens[common] == heard.tokens[common]:
            common += 1
        past = {
            name: value[:, :, :common] if ".decoder." in name else value for name, value in heard.past.items()
        }
        logits, _ = self._step(states, [BEGIN, *tokens][common:], past)
        wanted = [*tokens[common:], END]
        scores = _log_softmax(logits)[np.arange(len(wanted)), wanted]
        return float(scores.sum()) - sum(heard.scores[common:])

    def _step(self, states: States, tokens: list[int], past: dict[str, Any]) -> tuple[Floats, dict[str, Any]]:
        first = not past
        feed = {
            "encoder_hidden_states": states.hidden,
            "encoder_attention_mask": states.mask,
            "input_ids": np.array([tokens], np.int64),
            "use_cache_branch": np.array([not first]),
            **(past or {name: np.zeros((1, _HEADS, 0, _WIDTH), np.float32) for name in self._past}),
        }
        logits, *present = self._decoder.run(None, feed)
        kept = {
            # The encoder's keys and values are made once, in the first step.
            name: value if first or ".decoder." in name else past[name]
            for name, value in zip(self._past, present, strict=True)
        }
        return logits[0], kept


def _log_softmax(logits: Floats) -> Floats:
    shifted = logits - logits.max(axis=-1, keepdims=True)
    return np.asarray(shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True)), np.float32)
