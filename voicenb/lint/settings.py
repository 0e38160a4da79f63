"""S1 to S4: settings that the service refuses, ignores or does not know."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from voicenb.lint.finding import Finding, found
from voicenb.lint.subject import Subject
from voicenb.names import did_you_mean
from voicenb.protocol.fields import ELSEWHERE, INPUT, ITS_OWN, LANGUAGES, OUTPUT, STORED
from voicenb.protocol.settings import KEYS, at_path, problems
from voicenb.voices import VOICES

_TURNS = (
    *("vad_threshold", "min_silence", "max_silence", "interrupt_response", "interruption_delay"),
    *("type", "uninterruptible_turns"),
)
_OTHERS = ("input.turn_detection", "input.keyterms", "tools")
"""Settings with rules of their own."""


def check(subject: Subject) -> Iterator[Finding]:
    """Everything about an agent's settings but its turn detection, keyterms and tools."""
    if subject.is_update and not isinstance(subject.whole["session"], Mapping):
        yield found("S1", "session", "It is no object with settings.", "Put the agent's settings there.")
    wire = subject.wire
    yield from _values(wire)
    if not subject.is_stored and "greeting" in wire and wire["greeting"] is None:
        yield found(
            "S1", "greeting", "A session's greeting cannot be null.", "Leave it out: the agent then waits."
        )
    yield from _names(subject)
    if "agent_id" in wire and len(wire) > 1:
        yield found(
            "S3",
            "agent_id",
            "agent_id goes alone into the first session.update.",
            "Bind the stored agent first, then update what should differ.",
        )
    yield from _voices(wire)
    languages = at_path(wire, "input.language_codes")
    for place, code in enumerate(languages if isinstance(languages, list | tuple) else ()):
        if isinstance(code, str) and code not in LANGUAGES:
            yield found(
                "S4",
                f"input.language_codes[{place}]",
                "The service is not known to understand this language, and says nothing about it.",
                f"Known are {', '.join(LANGUAGES)}.",
                text=code,
            )


def _values(wire: Mapping[str, Any]) -> Iterator[Finding]:
    # Each value alone: one that has the wrong shape would keep the others from being looked at.
    for key, value in wire.items():
        parts: Sequence[tuple[str, Mapping[str, Any]]] = [(str(key), {key: value})]
        if key in ("input", "output") and isinstance(value, Mapping):
            parts = [(f"{key}.{name}", {key: {name: part}}) for name, part in value.items()]
        for path, alone in parts:
            if path not in _OTHERS:
                for problem, place in problems(alone):
                    yield found("S1", place, problem, "Write a value that the service takes.")


def _names(subject: Subject) -> Iterator[Finding]:
    wire = subject.wire
    known = sorted(KEYS)
    if subject.is_stored:
        known = [*STORED, *ELSEWHERE, *ITS_OWN]
    for key in wire:
        if key not in known and key in ELSEWHERE:
            yield found("S2", str(key), "No session takes it.", "It belongs to a stored agent.")
        elif key not in known:
            remedy = (did_you_mean(str(key), known) or f"Known are {', '.join(known)}.").strip()
            if subject.is_stored:  # the service may have learnt something new, and tells of it itself
                reason = "voicenb knows of no such setting of a stored agent."
                yield found("S2", str(key), reason, remedy, severity="warn")
            else:
                yield found("S2", str(key), "A session has no such setting, and is refused for it.", remedy)
    ignored: list[tuple[str, Any, Sequence[str]]] = [
        ("input.", wire.get("input"), INPUT),
        ("output.", wire.get("output"), OUTPUT),
        ("input.turn_detection.", at_path(wire, "input.turn_detection"), _TURNS),
    ]
    if subject.is_update:
        ignored.append(("", subject.whole, ("type", "session")))
    for prefix, part, names in ignored:
        for key in part if isinstance(part, Mapping) else ():
            if key not in names:
                remedy = did_you_mean(str(key), names) or f"Known are {', '.join(names)}."
                yield found(
                    "S2", f"{prefix}{key}", "The service ignores it.", remedy.strip(), severity="warn"
                )


def _voices(wire: Mapping[str, Any]) -> Iterator[Finding]:
    voice = wire.get("voice")
    named = {"voice": voice}
    if isinstance(voice, Mapping):
        named = {"voice.voice_id": voice.get("voice_id")}
    named["output.voice"] = at_path(wire, "output.voice")
    for place, name in named.items():
        if name is None and (place != "voice.voice_id"):
            continue
        if not isinstance(name, str):
            yield found(
                "S1", place, "A voice is told by its name.", 'Write {"voice_id": "ivy"}, for instance.'
            )
        elif name not in VOICES:
            remedy = did_you_mean(name, VOICES) or "vn.VOICES lists those of the service."
            yield found("S4", place, "voicenb knows of no such voice.", remedy.strip(), text=name)
