"""TurnDetection: when a turn ends and what interrupts, in the service's names and milliseconds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from dataclasses import replace as _replace
from typing import Any

from voicenb.errors import InvalidConfiguration
from voicenb.names import strict
from voicenb.protocol.settings import turn_detection_problems
from voicenb.protocol.turn_defaults import whole
from voicenb.unchecked import unchecked

PREFIX = "input.turn_detection."


@strict(
    "TurnDetection",
    told="It has min_silence, max_silence and interruption_delay (whole milliseconds), vad_threshold "
    "(0 to 1) and interrupt_response (True or False).",
    prefix=PREFIX,
)
@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class TurnDetection:
    """Settings of the service's ``turn_detection``; a field left out is the service's documented default.

    Any such object, an empty one too, switches off the service's adaptive default for the rest of the
    session. It always goes out whole: what a service does with fields that a later object leaves out is not
    documented. So it means the same at the start of a session and in it, whatever was in force before.

    Args:
        vad_threshold: speech probability from which a sound is speech, 0 to 1; lower is more sensitive.
            None: 0.5.
        min_silence: pause in ms that ends a turn which looks complete, 50 to 10000, less than
            ``max_silence``. None: 1000.
        max_silence: pause in ms that ends any turn, 50 to 10000. None: 3000.
        interrupt_response: whether the caller's speech cuts the agent off. None: True.
        interruption_delay: ms that speech over the agent must last before it interrupts, 0 to 1000. None: as
            the transcription mode has it, 0 with ``"min_latency"``, 500 with the others.

    Raises:
        InvalidConfiguration: a setting that does not exist, a value out of range, or ``min_silence`` not less
            than ``max_silence``.

    Example:
        >>> TurnDetection.recommended().replace(min_silence=1200)
        TurnDetection(vad_threshold=0.5, min_silence=1200, max_silence=4000, interrupt_response=True)
    """

    vad_threshold: float | None = None
    min_silence: int | None = None
    max_silence: int | None = None
    interrupt_response: bool | None = None
    interruption_delay: int | None = None

    def __post_init__(self) -> None:
        for problem, name in turn_detection_problems(self.to_wire()):
            raise InvalidConfiguration(problem, param=f"{PREFIX}{name}")

    @classmethod
    def recommended(cls) -> TurnDetection:
        """The service's own recommendation to begin with: patient with people who think while they talk."""
        return cls(vad_threshold=0.5, min_silence=1400, max_silence=4000, interrupt_response=True)

    @classmethod
    def dictation(cls) -> TurnDetection:
        """For callers who dictate or read out lists, with long pauses between the items."""
        return cls(vad_threshold=0.5, min_silence=2000, max_silence=6000, interrupt_response=True)

    @classmethod
    def patient(cls) -> TurnDetection:
        """For the time after a question of the agent's, when the caller has to think."""
        return cls(vad_threshold=0.5, min_silence=2200, max_silence=6000, interrupt_response=True)

    @classmethod
    def no_interruption(cls) -> TurnDetection:
        """For monologues: the recommendation, but nothing cuts the agent off."""
        return cls(vad_threshold=0.5, min_silence=1400, max_silence=4000, interrupt_response=False)

    def replace(self, **changes: Any) -> TurnDetection:
        """The same settings with some of them changed.

        Raises:
            InvalidConfiguration: a setting that does not exist, or a value that cannot work.
        """
        return _replace(self, **changes)

    def whole(self, transcription_mode: str | None = None) -> TurnDetection:
        """The same with the service's defaults in what is left out, as it is sent.

        Args:
            transcription_mode: that it goes with; None is the service's default, ``"balanced"``.
        """
        return unchecked(TurnDetection, **whole(self.to_wire(), transcription_mode))

    def to_wire(self) -> dict[str, Any]:
        """The service's object, with the fields that are set."""
        values = {field.name: getattr(self, field.name) for field in fields(self)}
        return {name: value for name, value in values.items() if value is not None}

    @classmethod
    def from_wire(cls, settings: Mapping[str, Any], *, known: bool = True) -> TurnDetection:
        """Read the service's object; keys that voicenb does not know are left out.

        Args:
            settings: the object.
            known: False takes values as they are told, also those that voicenb would refuse.

        Raises:
            InvalidConfiguration: a value that cannot work.
        """
        names = {field.name for field in fields(cls)}
        told = {name: _whole(name, value) for name, value in settings.items() if name in names}
        return cls(**told) if known else unchecked(cls, **told)

    @classmethod
    def of(cls, value: TurnDetection | Mapping[str, Any]) -> TurnDetection:
        """``value`` as settings; a mapping is read strictly, so that a misspelt name does not pass unseen."""
        if isinstance(value, TurnDetection):
            return value
        if not isinstance(value, Mapping):
            raise InvalidConfiguration(
                f"turn_detection must be a TurnDetection or a dict, not {type(value).__name__}.",
                remedy="Try TurnDetection.recommended().",
                param="input.turn_detection",
            )
        return cls(**{str(name): setting for name, setting in value.items()})

    def __repr__(self) -> str:
        return f"TurnDetection({', '.join(f'{name}={value!r}' for name, value in self.to_wire().items())})"


def _whole(name: str, value: Any) -> Any:
    """A time that somebody wrote as 1400.0, which JSON does not tell from 1400."""
    if name != "vad_threshold" and isinstance(value, float) and value.is_integer():
        return int(value)
    return value


BELONGS_HERE = {
    field.name: f"It belongs to the turn detection: turn_detection=vn.TurnDetection({field.name}=…)."
    for field in fields(TurnDetection)
}
"""What is said where one of these settings stands beside ``turn_detection`` instead of in it."""
