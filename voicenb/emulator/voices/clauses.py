"""A reply in clauses: the first one short, so that speech begins soon; then sentences."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

FIRST = 6
"""The most words of a reply's first clause."""

LONGEST = 22
"""The most words of a later clause."""

_SENTENCE = re.compile(r"[.!?…。！？]+[\"'”’)\]*]*$")  # noqa: RUF001 (full-width marks are meant)
_PAUSE = re.compile(r"[,;:，；：、–—][\"'”’)\]*]*$")  # noqa: RUF001
_TITLES = frozenset(
    [
        "mr.",
        "mrs.",
        "ms.",
        "dr.",
        "prof.",
        "st.",
        "sr.",
        "jr.",
        "vs.",
        "no.",
        "e.g.",
        "i.e.",
        "approx.",
        "fig.",
    ]
)
"""Words whose full stop never ends a sentence."""

_SHORTENED = frozenset(["a.m.", "p.m.", "etc.", "inc.", "ltd.", "co.", "u.s.", "u.k."])
"""Words whose full stop ends one when the next word begins large."""


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_LINKS = _set(
    "and or but so because that which who when while if though although than then for from with without at "
    "in on into to of by about after before between until as is are was were will would can could"
)
"""Words in front of which a sentence can be taken apart without being torn."""

_LEANING = _set(
    "a an the my your our their his her its this these those of to in on at for from with by and or but i "
    "you we they he she it is are very not no every each some any all half past"
)
"""Words that lean on the next one."""


@dataclass(frozen=True, slots=True)
class _Word:
    start: int
    stop: int
    text: str
    breaks: bool
    """Whether a new line or paragraph begins behind it."""


class ClauseStream:
    """Cuts a streamed reply into clauses.

    The words of the clauses, one after the other, are the words that were pushed; where the cuts are does not
    depend on how the text was parted when it came in.
    """

    def __init__(self) -> None:
        self._text = ""
        self._first = True

    def push(self, text: str) -> list[str]:
        """Take the next piece of the reply and return the clauses that are now complete."""
        self._text += text
        return list(self._take(final=False))

    def finish(self) -> list[str]:
        """The clauses that are left, now that the reply is over."""
        return list(self._take(final=True))

    def _take(self, *, final: bool) -> Iterator[str]:
        while True:
            words = _words(self._text, final=final)
            count = _cut(words, first=self._first, final=final)
            if not count:
                return
            last = words[count - 1]
            yield self._text[words[0].start : last.stop]
            self._text = self._text[last.stop :]
            self._first = False


def clauses(text: str) -> list[str]:
    """The clauses of a whole reply; see :class:`ClauseStream`."""
    stream = ClauseStream()
    return [*stream.push(text), *stream.finish()]


def _words(text: str, *, final: bool) -> list[_Word]:
    """The first words known to be whole, because something follows or nothing will; enough for a clause."""
    found: list[_Word] = []
    for match in re.finditer(r"(\S+)(\s*)", text):
        word, blank = match.groups()
        if not (blank or final) or len(found) > LONGEST:
            break
        found.append(_Word(match.start(), match.start() + len(word), word, "\n" in blank))
    return found


def _cut(words: list[_Word], *, first: bool, final: bool) -> int:
    """How many words the next clause has; 0 when that is not known yet."""
    most = FIRST if first else LONGEST
    for count, word in enumerate(words[:most], start=1):
        following = words[count].text if count < len(words) else None
        if word.breaks:
            return count
        ends = _ends_sentence(word.text, following, final=final)
        if ends is None:
            return 0
        if ends or (first and count > 1 and _PAUSE.search(word.text)):
            return count
    if len(words) > most:
        return _apart(words[: most + 1], least=3 if first else LONGEST // 2)
    return len(words) if final else 0


def _ends_sentence(word: str, following: str | None, *, final: bool) -> bool | None:
    """Whether a sentence ends with ``word``; None when the next word must be seen first."""
    if not _SENTENCE.search(word):
        return False
    bare = word.lower().lstrip("\"'“‘([*")  # noqa: RUF001
    if bare in _TITLES or re.fullmatch(r"[a-z]\.", bare):
        return False
    if bare in _SHORTENED:
        if following is None:
            return True if final else None
        return following[:1].isupper()
    # "1." begins an item of a list.
    return not re.fullmatch(r"\d+\.", bare)


def _apart(words: list[_Word], *, least: int) -> int:
    """Where a sentence that is too long is best taken apart; the last of ``words`` begins the rest."""
    most = len(words) - 1
    places = range(most, least - 1, -1)
    for count in places:
        if _PAUSE.search(words[count - 1].text):
            return count
    for count in places:
        if words[count].text.lower() in _LINKS and words[count - 1].text.lower() not in _LEANING:
            return count
    for count in places:
        if words[count - 1].text.lower() not in _LEANING:
            return count
    return most
