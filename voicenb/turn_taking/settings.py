"""The settings in force: what the wire's ``turn_detection`` and ``transcription_mode`` come to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from voicenb.errors import InvalidConfiguration

MODES = ("min_latency", "balanced", "max_accuracy")


@dataclass(frozen=True, slots=True)
class Settings:
    """Turn taking as it is in force. Times in milliseconds, as on the wire.

    Attributes:
        vad_threshold: probability from which a frame is speech, 0…1.
        min_silence: silence that ends an utterance which looks complete. With ``adaptive`` the stand-in's
            figure is used.
        max_silence: silence that ends any utterance.
        interrupt_response: whether the caller's speech cuts the agent off.
        interruption_delay: how long speech over the agent must last beyond its second frame.
        adaptive: no ``turn_detection`` was ever sent: the emulator's stand-in sets the silences.
    """

    vad_threshold: float = 0.5
    min_silence: float = 1000
    max_silence: float = 3000
    interrupt_response: bool = True
    interruption_delay: float = 500
    adaptive: bool = False

    def __post_init__(self) -> None:
        _within("vad_threshold", self.vad_threshold, 0, 1)
        _within("min_silence", self.min_silence, 50, 10_000)
        _within("max_silence", self.max_silence, 50, 10_000)
        _within("interruption_delay", self.interruption_delay, 0, 1000)
        if not isinstance(self.interrupt_response, bool):
            raise _wrong("interrupt_response", f"must be true or false; got {self.interrupt_response!r}.")
        if self.min_silence >= self.max_silence:
            raise _wrong(
                "min_silence",
                f"must be less than max_silence; got min_silence {self.min_silence:g}, "
                f"max_silence {self.max_silence:g}.",
            )

    @classmethod
    def from_wire(
        cls,
        turn_detection: Mapping[str, Any] | None = None,
        transcription_mode: str | None = None,
        *,
        adaptive: bool = True,
    ) -> Settings:
        """The settings of a session.

        Args:
            turn_detection: the wire's object, or None when none has been sent. Fields that are missing or
                null take their defaults; keys that mean nothing here (``type``) are left alone.
            transcription_mode: decides ``interruption_delay`` where it is not given: 0 with
                ``min_latency``, else 500.
            adaptive: whether the adaptive default may hold without an object; False once any object was
                sent in this session, which switches it off for good.

        Raises:
            InvalidConfiguration: a value that cannot be; ``facts["param"]`` is its dotted path on the wire.
        """
        mode = transcription_mode or "balanced"
        if mode not in MODES:
            raise InvalidConfiguration(
                f"transcription_mode must be one of {', '.join(MODES)}; got {mode!r}.",
                param="input.transcription_mode",
            )
        known = ("vad_threshold", "min_silence", "max_silence", "interrupt_response", "interruption_delay")
        sent = {
            key: turn_detection[key]
            for key in known
            if turn_detection is not None and turn_detection.get(key) is not None
        }
        sent.setdefault("interruption_delay", 0 if mode == "min_latency" else 500)
        return cls(**sent, adaptive=adaptive and turn_detection is None)


def _wrong(name: str, problem: str) -> InvalidConfiguration:
    return InvalidConfiguration(f"{name} {problem}", param=f"input.turn_detection.{name}")


def _within(name: str, value: object, low: float, high: float) -> None:
    # True is an int for Python, but not for JSON.
    if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
        raise _wrong(name, f"must be a number from {low:g} to {high:g}; got {value!r}.")
