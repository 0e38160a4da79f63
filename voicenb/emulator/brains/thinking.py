"""Thinking aloud: what a caller says to win time, and which means nothing."""

from __future__ import annotations

import re

_STOPS = ",.;:!?…\u2013\u2014"
_UNIT = r"(?:a|one|half a) (?:quick |little )?(?:moment|second|sec|minute|momento)"
_LET = r"(?:let me|let's|let us|lemme)"
_NOTES = r"(?:in |at |on )?(?:my|the) (?:calendar|diary|phone|schedule|notes|agenda|watch)"
_WHAT = "(?:the|my|your|our|what|which|when|who|how|if|whether|all|some|any|a|an|for|it|them|in|at|on|about)"
_MUSING = (
    rf"{_LET} think(?: (?:again|about (?:it|that|this)))?(?: for)?(?: {_UNIT})?(?! (?:about|over)\b)|"
    rf"{_LET} (?:just )?(?:ask|check with) [^{_STOPS}]+|"
    rf"{_LET} (?:just )?(?:see|look|check|count|remember)(?: {_NOTES})?(?! {_WHAT}\b)|"
    rf"how (?:do|shall|should|can|would) (?:i|you|we) (?:say|put)(?: (?:it|that|this))?(?! {_WHAT}\b)"
)
"""Means nothing wherever it stands, with or without a pause around it."""
_PAUSE = rf"(?:hold on|hang on)(?: {_UNIT})?(?! to\b)|bear with me|(?:wait|just|give me) {_UNIT}"
_ALONE = (
    rf"wait|{_UNIT}|what(?:'s| is| was) it(?: called)?(?: again)?|what(?:'s| is) the word|"
    r"(?:i )?(?:have to|need to|must) think|(?:i'm )?(?:just |still )?thinking|(?:that's a |a )?good question"
)
"""Means nothing where it stands between pauses."""
_GAP = rf"[\s{_STOPS}]*"
_FREELY = re.compile(rf"(?i)(?<![\w'])(?:{_MUSING})(?![\w'])")
_PAUSING = re.compile(
    rf"(?i)(?<![\w'])(?:{_PAUSE})(?![\w'])|"
    rf"(?:^|(?<=[{_STOPS}\0])){_GAP}(?:{_ALONE})(?: please)?(?=\s*(?:$|[{_STOPS}\0]))"
)
_HOLES = re.compile(rf"({_GAP})\0(?:{_GAP}\0)*({_GAP})")
_DANGLING = re.compile(
    r"(?i)(?:\b(?:is|are|am|be|was|for|on|at|under|in|of|to|the|a|an|about|around|like|need|want|name|maybe|"
    r"perhaps|say|it|me|my|with)|'(?:s|m|re))$"
)
_BEGUN = re.compile(
    r"(?:(?:oh|ah|well|so|and|but|okay|ok|yes|yeah|right|all right|sorry|please) ?)*"
    r"(?:(?:my|the)(?: \w+){0,2}(?: is| would be|(?<=name)'s)|it's|it is|it was|that's|that is|that would be|"
    r"this is|i'm|i am|i'm called|we're|we are|we'll be|we will be|there are|there'll be|there will be|maybe|"
    r"perhaps|i think|i guess|say|make it|let's say|(?:i|we)(?:'d| would) like|(?:i|we) (?:need|want)|"
    r"put it|call me|by|for|on|at|under|in|to|the|a|with)?"
    r"(?: ?(?:maybe|for|on|at|the|a|about|around|in|under|of|to|name))*"
)
_BROKEN_OFF = re.compile(r"(?i)\b(name(?: is|'s))\s*[,.…]+\s+(?=[A-Z])")


def without(text: str) -> tuple[str, bool, bool]:
    """``text`` without what is thought aloud in it.

    "Wait" and the like between two values stay: they take the first one back.

    Args:
        text: what the recogniser heard.

    Returns:
        The rest, empty when nothing else was said; whether anything was thought aloud; and whether it was
        so at the end, behind everything else.
    """
    text = _BROKEN_OFF.sub(r"\1 ", text)
    text = text.replace("\u2019", "'")
    marked = _FREELY.sub("\0", text)
    before = ""
    while marked != before:  # one pause stripped may be what another stands beside
        before, marked = marked, _pauses(marked)
    if "\0" not in marked:
        return text, False, False
    rest = _HOLES.sub(lambda found: _mend(found, marked), marked).strip()
    last = marked.rstrip(f" {_STOPS}").endswith("\0")
    plain = " ".join(re.findall(r"[\w']+", rest.lower()))
    return ("" if last and _BEGUN.fullmatch(plain) else rest), True, last


def out_of(text: str) -> str:
    """``text`` in the caller's own words without any thinking aloud, "wait" between two words included."""
    marked = _PAUSING.sub("\0", _FREELY.sub("\0", text))
    return _HOLES.sub(lambda found: _mend(found, marked), marked).strip() if "\0" in marked else text


def _pauses(text: str) -> str:
    return _PAUSING.sub(lambda found: _mark(found, text), text)


def _mark(found: re.Match[str], text: str) -> str:
    before, after = text[: found.start()].rstrip(f" {_STOPS}"), text[found.end() :].strip(f" {_STOPS}\0")
    first = not before or before.endswith("\0") or _BEGUN.fullmatch(before.lower())
    return "\0" if first or not after or _DANGLING.search(before) else found[0]


def _mend(found: re.Match[str], text: str) -> str:
    """What stands where something was thought aloud: nothing, or the pause that there was."""
    before, after = text[: found.start()], text[found.end() :]
    if not before:
        return ""
    if not after:
        return "".join(re.findall(r"[.?!]", found[2] or found[1])[:1])
    if _DANGLING.search(before):
        return " "
    pause = re.search(rf"[{_STOPS}]", found[1])
    return f"{pause[0]} " if pause else " " if not found[2].strip() else f"{found[2].strip()[0]} "
