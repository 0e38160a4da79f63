"""T8 to T10: tools for what the client can do better by itself."""

from __future__ import annotations

import re
from collections.abc import Iterator

from voicenb.lint.finding import Finding, found
from voicenb.lint.prose import bag
from voicenb.lint.subject import Subject

_OF_THE_CALL = bag(
    "conversation conversations interaction interactions transcript transcripts turn turns "
    "utterance utterances "
    "dialog dialogue"
)
_LOG = bag("log record track emit")
_LOGGED = _OF_THE_CALL | bag("event events metric metrics analytics telemetry sentiment")
_LOGGING = re.compile(
    r"\W*(?:log|record|track|save|store|write down)s? (?:(?:the|this|every|each|all|a|an|what) ){0,2}"
    r"(?:(?:full|whole|user|caller|customer|agent|analytics) )?"
    r"(?:conversations?|interactions?|transcripts?|turns?|utterances?|analytics|metrics|telemetry|"
    r"(?:user|caller|customer) (?:says|said|messages?))\b",
    re.IGNORECASE,
)
_READ = bag(
    "extract summarize summarise classify categorize categorise detect analyze analyse identify infer"
)
_SPOKEN = _OF_THE_CALL | bag("call intent intents sentiment emotion mood entities entity speech topic")
_EXTRACTED = bag("order details detail info information data fields slots name email address number keywords")
_READING = re.compile(
    r"\W*(?:extract|summari[sz]e|classif(?:y|ies)|categori[sz]e|analy[sz]e|detect|identif(?:y|"
    r"ies)|infer)e?s?\b"
    r"[^.]{0,80}\b(?:conversation|transcript|dialogue|utterance|was said|"
    r"(?:user|caller|customer)(?:'s)? (?:said|says|intent|sentiment|mood|emotion|speech|words|"
    r"message))\b",
    re.IGNORECASE,
)
_SET = bag("change set switch update toggle adjust")
_OWN = bag("persona personality tone voice style mood mode state phase stage prompt")
_ITS = bag("agent assistant bot conversation dialog dialogue speaking current system the to your")


def check(subject: Subject) -> Iterator[Finding]:
    """Tools for logging, for reading what was said, and for the agent's own state."""
    for definition in subject.tools:
        first, *rest = _parts(definition.name) or [""]
        others, text = set(rest), definition.description
        if (
            (first in _LOG and others & _LOGGED)
            or others & {"analytics", "telemetry"}
            or _LOGGING.match(text)
        ):
            yield found(
                "T8",
                definition.place,
                "A tool for logging costs a round trip, and every word comes to the client anyway.",
                "Log transcript.user and transcript.agent instead.",
                text=definition.name,
            )
        elif (
            (first in _READ and others & _SPOKEN)
            or (first == "extract" and others & _EXTRACTED)
            or _READING.match(text)
        ):
            yield found(
                "T9",
                definition.place,
                "A tool that reads what was said keeps the conversation waiting.",
                "Read it out of the transcript, during the call or after it, with a model of its own.",
                text=definition.name,
            )
        elif first in _SET and others & _OWN and others <= _OWN | _ITS:
            yield found(
                "T10",
                definition.place,
                "The agent has to remember to call it; the client could decide.",
                "Send a session.update when a word, a button or a result asks for it.",
                text=definition.name,
            )


def _parts(name: str) -> list[str]:
    """The words of a name, in snake_case or camelCase."""
    return [part.lower() for part in re.findall(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+", name)]
