"""P15: a greeting that is an order instead of the words to say."""

from __future__ import annotations

import re
from collections.abc import Iterator

from voicenb.lint.finding import Finding, found
from voicenb.lint.prose import Prose
from voicenb.lint.subject import Subject

_PERSON = (
    r"(?:user|caller|customer|client|guest|visitor|patient|person|people|callers|users|customers|guests)"
)
_ORDER = re.compile(
    rf"""(?:please\s+|then\s+|always\s+|first,?\s+)*(?:
    greet\b
    | (?:welcome|thank|ask|tell|inform|invite|address|wish|offer|let|give|help|assist|remind)\s+
      (?:(?:the|your|our|each|every|a|an|any)\s+(?:\w+\s+)?{_PERSON}\b|them\b)
    | say\s+(?:["']|(?:hello|hi|hey|good\s+\w+)\s+to\s+(?:the\s+{_PERSON}|them)\b)
    | introduce\s+yourself\b
    | ask\s+(?:how\s+you\s+can|what\s+(?:they|the\s+{_PERSON})|for\s+(?:their|the\s+{_PERSON}))
    | (?:start|begin|open)\s+
      (?:by\s+\w+ing\b|with\s+(?:a|an|your|the)\s+(?:\w+\s+){{0,3}}(?:greeting|introduction|welcome)\b)
    | (?:give|use|offer|deliver)\s+(?:a|an)\s+(?:\w+\s+){{0,3}}(?:greeting|welcome|introduction)\b
    )""",
    re.IGNORECASE | re.VERBOSE,
)


def check(subject: Subject) -> Iterator[Finding]:
    """The greeting, which the service speaks word for word."""
    for sentence in Prose(subject.greeting).sentences:
        if _ORDER.match(sentence.text):
            yield found(
                "P15",
                "greeting",
                "It is spoken word for word: callers hear this order.",
                'Write the words to say: "Lido, good evening."',
                text=sentence.text,
            )
            return
