"""Lines of a transcript: who said what, and how much of it was heard."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from voicenb.protocol.replies import RATE, Reply, Word

_TOKEN = re.compile(r"\S+")
_GLUED = re.compile(r"[\s.,;:!?%)\]…\u2019']")


@dataclass(slots=True)
class Line:
    """One line of the transcript.

    Attributes:
        id: unique in its conversation and stable.
        role: who speaks.
        text: the words; partial until ``final``.
        started: when the service said that the speech began (of the agent: the reply), in the driver's
            seconds. Of speech over the agent it says so when that interrupts: ``interruption_delay`` or more
            behind its first sound.
        ended: when its text was final.
        final: whether the text will not change.
        item_id: the service's history item, where known.
        reply_id: the agent's reply; empty on the caller's lines.
        interrupted: whether the caller cut the agent off.
        heard: of the agent's words, those that were heard so far; on the caller's lines all of ``text``.
        unheard: those that were not and never will be. Which words these are is known to about one word.
        revision: the conversation's revision when the line last changed.
    """

    id: str
    role: Literal["user", "agent"]
    text: str
    started: float
    ended: float | None = None
    final: bool = False
    item_id: str | None = None
    reply_id: str = ""
    interrupted: bool = False
    heard: str = ""
    unheard: str = ""
    revision: int = 0

    def __str__(self) -> str:
        said = self.heard if self.unheard else self.text
        unheard = f" [not heard: {self.unheard}]" if self.unheard else ""
        return f"{self.started:6.2f}  {self.role:5}  {said}{unheard}"


def interruptions(lines: Iterable[Line]) -> int:
    """How often the agent was interrupted: its lines that are marked so, wherever that is told.

    Not those of which nothing was heard: they were taken back before anyone could interrupt.
    """
    return sum(line.interrupted for line in lines if line.role == "agent" and line.heard)


def join(words: Sequence[Word]) -> str:
    """Words as one text; the service sends some with a trailing space and some without."""
    text = ""
    for word in words:
        if text and word.text and not text[-1].isspace() and not _GLUED.match(word.text):
            text += " "
        text += word.text
    return text.strip()


def spoken_text(reply: Reply) -> str:
    """All words of a reply: its transcript, or its deltas where the transcript was cut or has not come."""
    deltas = join(reply.words)
    if reply.text is None:
        return deltas
    if reply.interrupted and len(deltas) > len(reply.text):
        return deltas
    return reply.text.strip()


def split(text: str, reply: Reply) -> tuple[str, str]:
    """Cut ``text`` into what was heard of it and the rest, between two words.

    By the words' times against the samples heard; where the words have no times, by the share of samples
    heard. A transcript that the service cut to what was heard, of which it told no further words, was heard.
    """
    if reply.heard and text and _is_cut(text, reply):
        return text, ""
    tokens = list(_TOKEN.finditer(text))
    count = round(_share(reply) * len(tokens))
    if count <= 0:
        return "", text
    if count >= len(tokens):
        return text, ""
    cut = tokens[count].start()
    return text[:cut].rstrip(), text[cut:]


def _is_cut(text: str, reply: Reply) -> bool:
    """Whether ``text`` is what the service left of the transcript, and more than its deltas told."""
    cut = reply.status == "interrupted" or reply.stopped_by == "interrupted"
    return (
        cut and reply.text is not None and text == reply.text.strip() and len(join(reply.words)) < len(text)
    )


def _share(reply: Reply) -> float:
    """Share of the words heard, 0…1."""
    if reply.samples == 0 or reply.heard == 0:
        return 0.0
    whole = reply.heard >= reply.samples and reply.finished and not reply.interrupted
    timed = [word for word in reply.words if word.start_ms is not None]
    if len(timed) < len(reply.words) or not timed:
        return 1.0 if whole else reply.heard / reply.samples
    # Words that begin behind the last sample were announced but never spoken. The service's times run short
    # of the sound, never long, so a word that begins inside the sound was played when all
    # of it was.
    heard_ms = 1000 * reply.heard / RATE
    total = sum(_weight(word) for word in timed)
    heard = sum(_weight(word) for word in timed if _place(word, whole=whole) < heard_ms)
    return heard / total if total else 1.0


def _place(word: Word, *, whole: bool) -> float:
    start = word.start_ms or 0.0
    return start if whole or word.end_ms is None else (start + word.end_ms) / 2


def _weight(word: Word) -> int:
    return len(_TOKEN.findall(word.text))
