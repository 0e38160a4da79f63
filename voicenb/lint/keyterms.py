"""K1 to K3: keyterms."""

from __future__ import annotations

import re
from collections.abc import Iterator

from voicenb.lint.finding import Finding, found
from voicenb.lint.subject import Subject
from voicenb.protocol.settings import at_path, problems

_PLACE = "input.keyterms"
_LONGEST = 50
_ADDRESS = re.compile(r"https?://|^www\.|^[\w.+-]+@[\w-]+\.\w+$|^[\w-]+(?:\.[\w-]+)*\.\w{2,}/", re.IGNORECASE)
# Titles of books and songs are long, but write their words with capitals.
_SAYING = re.compile(
    r"\b(?:I|you|we|he|she|they|is|are|was|were|do|does|did|can|could|would|will|should|have|has|"
    r"want|please|my|"
    r"your)\b"
)


def check(subject: Subject) -> Iterator[Finding]:
    """The keyterms: how many, how long, and whether they are names rather than sentences."""
    keyterms = at_path(subject.wire, _PLACE)
    if keyterms is None:
        return
    for problem, place in problems({"input": {"keyterms": keyterms}}):
        yield found("K1", place, problem, "Keep the names that callers say and the recogniser gets wrong.")
    for number, term in enumerate(keyterms if isinstance(keyterms, list | tuple) else ()):
        here = f"{_PLACE}[{number}]"
        if not isinstance(term, str) or not term:
            yield found("K1", here, "A keyterm is a text that is not empty.", text=str(term))
        elif _ADDRESS.search(term):
            yield found("K3", here, "An address is nothing that people say.", "Write the name.", text=term)
        elif len(term.split()) >= 4 and _SAYING.search(term):
            yield found("K3", here, "It reads as a sentence.", "Keyterms are names and jargon.", text=term)
        elif len(term) > _LONGEST:
            reason = (
                f"It has {len(term)} characters; beyond {_LONGEST} the service ignores it without a word."
            )
            yield found("K2", here, reason, "Shorten it.", text=term)
