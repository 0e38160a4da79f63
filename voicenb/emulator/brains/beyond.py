"""Questions that the tools have no answer to, though there may be a day or a number in them."""

from __future__ import annotations

import re

from voicenb.emulator.brains.bag import bag
from voicenb.emulator.brains.intent import Toolbox, stems
from voicenb.emulator.brains.line import line_of
from voicenb.emulator.brains.utterance import Utterance

VALUES = bag("day date time number")
"""The kinds of slots whose values stand in any question: one about the weather has a day, too."""
_ASKS = re.compile(
    r"(?:(?:and|so|oh|well|hey|hi|hello|sorry|by the way|wait|but|please|actually|quick question) )*"
    r"(?:(?:what|which|how|who|where|why)(?! (?:about|if|not|many of us)\b)|what's|who's|where's|how's|"
    r"(?:is|was|will|does|did|has|isn't|won't) (?:it|he|she|there|the|this|that)|(?:are|were|do|will|have) "
    r"(?:they|the|there|people)|(?:can|could|would|do) you (?:please )?(?:know|tell)|do you think|tell me|"
    r"have you heard)\b"
)
_CLOCK = re.compile(
    r"(?:(?:and|so|sorry|hi|hello) )*(?:(?:can|could) you tell me |do you know )?"
    r"(?:what (?:time|day|date) (?:is it|it is|is today|do we have)|what(?:'s| is) the (?:time|day|date)|"
    r"what(?:'s| is) today(?:'s date)?)(?: (?:now|today|right now|please))*"
)
_OF_NO_ACCOUNT = bag(
    "possible okay fine good better best still also too instead else come coming change move make switch "
    "work works place spot seat seats room space party group available availability earliest latest early "
    "late earlier later next soon around between think thinking suit suits about maybe both either many "
    "tonight weekend week noon midnight morning lunch dinner half past quarter happen have having do doing"
)
_KNOWN = stems(" ".join(_OF_NO_ACCOUNT))
_ANYWHERE = stems("day date time")
"""In every other tool's description, and no sign of it unless it is named after one of them."""


def is_beyond(said: Utterance, box: Toolbox) -> bool:
    """Whether the caller asks something that no tool knows a word of but days, times and numbers."""
    named = {word for errand in box.errands.values() for word in stems(" ".join(errand.words))}
    scant = _ANYWHERE - named
    if _CLOCK.fullmatch(said.plain):
        return not named & _ANYWHERE
    if not _ASKS.match(said.plain):
        return False
    words = " ".join(token for token in line_of(said.text).split() if token[0] not in "#%@&^")
    strange = stems(words) - _KNOWN - scant
    known = {word for errand in box.errands.values() for word in errand.weights}
    return bool(strange) and not strange & known
