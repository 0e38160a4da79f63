"""When the contract has sound and speech events come, and what came at another time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from voicenb.protocol.settings import at_path
from voicenb.protocol.shapes import Told

RATE = 24_000

LATE, AHEAD = 0.3, 2.0
"""Seconds that a reply's sound may be behind the pace of speech, and before it."""

LEAST_LEAD, LONGEST_LEAD = 0.15, 2.05
"""Seconds of silence that a reply may begin with: 0.2 to 2, and what measuring adds."""

EARLY_WORD = 0.15
"""Seconds that a reply's first word may be told before its place in the sound."""

NOTICED = 0.4
"""Seconds that the detection of speech may take, the network's way there and back with it."""

UNSURE = 0.3
"""Seconds more over the agent's voice, where words are waited for."""

DELAYS = {"min_latency": 0.0}
"""The ``interruption_delay`` of a transcription mode, in seconds (section 10); of others it is 0.5."""


@dataclass(frozen=True, slots=True)
class Spoken:
    """Something that the caller really said, in seconds of the engine's clock.

    Attributes:
        start: the first sound.
        stop: the last.
    """

    start: float
    stop: float


@dataclass(slots=True)
class _Sound:
    begin: float
    seconds: float = 0.0
    late: float = 0.0
    ahead: float = 0.0
    word: float | None = None  # where the first word is said to be, in seconds


def pace_of(
    events: Iterable[Mapping[str, Any]], spoken: Sequence[Spoken], leads: Mapping[str, float]
) -> Iterator[Told]:
    """What came at another time than the contract says.

    Args:
        events: those of a whole session, oldest first.
        spoken: what the caller said; empty where that is not known.
        leads: seconds of silence at the beginning of replies, by their id; where that is known.
    """
    events = list(events)
    sounds = _sounds(events)
    late = max((sound.late for sound in sounds.values()), default=0.0)
    ahead = max((sound.ahead for sound in sounds.values()), default=0.0)
    if late > LATE:
        yield "5", f"the sound of a reply came here up to {late:.1f} s later than it plays"
    if ahead > AHEAD:
        yield "5", f"the sound of a reply came up to {ahead:.1f} s before it plays, faster than real time"
    known = [(lead, sounds[reply].word) for reply, lead in leads.items() if reply in sounds]
    odd = [lead for lead, _ in known if not LEAST_LEAD <= lead <= LONGEST_LEAD]
    if odd:
        told = ", ".join(f"{lead:.2f}" for lead in odd)
        yield "5", f"replies begin with {told} s of silence; 0.2 to 2 s were seen everywhere"
    early = [lead - word for lead, word in known if word is not None and lead - word > EARLY_WORD]
    if early:
        yield (
            "7",
            f"transcript.agent.delta: start_ms is up to {1000 * max(early):.0f} ms before the word's place "
            "in the reply's sound",
        )
    yield from _starts(events, spoken, sounds)


def _sounds(events: Sequence[Mapping[str, Any]]) -> dict[str, _Sound]:
    sounds: dict[str, _Sound] = {}
    for event in events:
        message = event.get("msg") or {}
        reply = str(message.get("reply_id") or "")
        match event["dir"], event["type"]:
            case "in", "reply.audio":
                at = float(event["t"])
                sound = sounds.setdefault(reply, _Sound(at))
                sound.late = max(sound.late, at - sound.begin - sound.seconds)
                sound.seconds += int(event.get("samples") or 0) / RATE
                sound.ahead = max(sound.ahead, sound.seconds - (at - sound.begin))
            case "in", "transcript.agent.delta" if reply in sounds and sounds[reply].word is None:
                start = message.get("start_ms")
                sounds[reply].word = start / 1000 if isinstance(start, int | float) else None
            case _:
                pass
    return sounds


def _starts(
    events: Sequence[Mapping[str, Any]], spoken: Sequence[Spoken], sounds: Mapping[str, _Sound]
) -> Iterator[Told]:
    """When the service said that the caller speaks, beside when the caller began."""
    started = [float(e["t"]) for e in events if (e["dir"], e["type"]) == ("in", "input.speech.started")]
    delay = _delay(events)
    quiet: list[float] = []
    over: list[float] = []
    for speech in spoken:
        told = next((at for at in started if at >= speech.start - 0.1), None)
        if told is None or told > speech.stop + LONGEST_LEAD:
            yield "7", "input.speech.started did not come for something that the caller said"
            continue
        playing = any(s.begin <= speech.start < s.begin + s.seconds for s in sounds.values())
        (over if playing else quiet).append(told - speech.start)
    if any(seconds > NOTICED for seconds in quiet):
        yield (
            "26",
            f"input.speech.started came {max(quiet):.1f} s after the caller had begun, with the agent silent",
        )
    if any(seconds > NOTICED + UNSURE + delay for seconds in over):
        yield (
            "26",
            f"input.speech.started came {max(over):.1f} s after the caller had begun to speak over the agent "
            f"(interruption_delay: {1000 * delay:.0f} ms)",
        )


def _delay(events: Sequence[Mapping[str, Any]]) -> float:
    """The ``interruption_delay`` in force when the session began, in seconds."""
    config = next(
        ((e.get("msg") or {}).get("config") or {} for e in events if e["type"] == "session.ready"), {}
    )
    delay = at_path(config, "input.turn_detection.interruption_delay")
    if isinstance(delay, int | float):
        return delay / 1000
    return DELAYS.get(str(at_path(config, "input.transcription_mode")), 0.5)
