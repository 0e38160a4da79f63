"""D1 to D3: turn detection."""

from __future__ import annotations

from collections.abc import Iterator

from voicenb.lint.finding import Finding, found
from voicenb.lint.subject import Subject
from voicenb.protocol.settings import DEFAULT_SILENCES, at_path, problems, turn_detection_problems
from voicenb.turn_detection import PREFIX, TurnDetection

_PLACE = PREFIX.rstrip(".")


def check(subject: Subject) -> Iterator[Finding]:
    """An agent's turn detection; to have none is the service's own, adaptive way."""
    settings = subject.turn_detection
    if settings is None:
        value = at_path(subject.wire, _PLACE)
        if value is not None:
            for problem, place in problems({"input": {"turn_detection": value}}):
                yield found("D1", place, problem, "Write a value that the service takes.")
        return
    for problem, name in turn_detection_problems(settings):
        remedy = "vn.TurnDetection.recommended() is a good start."
        yield found("D1", f"{PREFIX}{name}", problem, remedy, text=str(settings.get(name, "")))
    shortest = settings.get("min_silence")
    if isinstance(shortest, int) and not isinstance(shortest, bool) and 0 <= shortest < DEFAULT_SILENCES[0]:
        yield found(
            "D2",
            f"{PREFIX}min_silence",
            f"A pause of less than {DEFAULT_SILENCES[0]} ms cuts off people who think while they talk.",
            "Take 1200 to 1400, and more after questions.",
            text=str(shortest),
        )
    four = TurnDetection.recommended().to_wire()
    left_out = [name for name in four if name not in settings]
    if left_out:
        yield found(
            "D3",
            _PLACE,
            f"It leaves out {', '.join(left_out)}. voicenb sends the service's defaults in their place; what "
            "counts where another client sends none is not documented.",
            f"Send all four: {', '.join(four)}.",
        )
