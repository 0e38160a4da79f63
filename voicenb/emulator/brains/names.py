"""What people are called, in what was said."""

from __future__ import annotations

import re

from voicenb.emulator.brains.bag import bag
from voicenb.emulator.brains.line import words

_WORD = r"[^\W\d_][\w'-]*"
_CAPITAL = r"[A-ZÀ-ÖØ-Þ][\w'-]+"
_PARTICLE = r"(?:van|von|de|der|den|la|le|di|da|del|ter)\b"
_NO_NAME = bag(
    "i a an the and or not no none yes yeah okay ok sure please thanks thank for on at in of to my "
    "your it is that this he she we "
    "you they what when where how why which good evening morning afternoon hello hi hey sorry "
    "well just like want book with "
    "table people booking reservation here there now then today tomorrow calling speaking "
    "looking interested afraid fine happy right correct great perfect exactly whatever nothing "
    "going dinner lunch breakfast time day later earlier actually maybe second first last one "
    "two three four five six seven "
    "eight nine ten half past quarter do does did can could would will everyone everybody us me "
    "them our so but because really obviously "
    "change who whose are was were be been have has had tell say said need all any if wait hold "
    "january february march july september october november december "
    "from moment think mean same wrong incorrect different mistake let lemme hang perhaps probably "
    "possibly sir "
    "madam ma'am miss go"
)
_BREAKING = bag("is was are were has had have be been does did do can could would will")
"""Behind one of these the words before are the subject of a sentence, and no name."""
_OWN = rf"({_WORD}(?: {_PARTICLE}){{0,2}}(?: {_CAPITAL}){{0,2}})"
_STRONG = re.compile(
    r"(?i:\b(?:my (?:full |first |last |sur)?name is|my name's|(?:the )?name'?s|the name is|name is|"
    r"name (?:to|should be|must be|will be)|name of|under the name(?: of)?|under|"
    r"call me|put (?:it|that) (?:under|down (?:for|to|under)|in)|i'm called|it's for|surname is|"
    rf"name) ){_OWN}"
)
_WEAK = re.compile(
    rf"(?i:\b(?:i'm|i am|this is|for|it's|it is|on behalf of|(?<!as )in) )"
    rf"({_CAPITAL}(?: {_CAPITAL}){{0,2}})(?!'s\b)"
)
_TAKEN_BACK = re.compile(
    rf"(?i)\b(?:(?:no|sorry|i mean|i meant|actually|rather|correction)\b|not {_WORD} ,)(?: ,| \.)*"
)
_LEAD = re.compile(
    r"(?i)^(?:(?:oh|well|okay|yes|sure|so|it's|it is|that's|that would be|that'll be|please|put|just|on|"
    r"under|for|the|a|name|of|company|is|no|sorry|i'm|i am|this is|make it|make that|change it|to|actually|"
    r"fine|all right|right) )+"
)
_TAIL = re.compile(r"(?i) (?:please|thanks|thank you|will do|is fine|with (?:an?|one|two|double) \w+)$")
_LAST = re.compile(
    r"(?:(?i:i'm|i am|it's|it is|this is|that's|that is|you're|you are|he's|she's|is|be|for|under|on|and|"
    r"the|my|your|our|her|his|oh|well|so|okay|yes|sure|please|just|name|order|other|i) )+"
    rf"({_CAPITAL}(?: {_CAPITAL})?)"
)
"""Small words that were heard for others, and a name behind them: "I'm your Peter", said as "under Peter"."""
_SHORT = 5
"""Words of such an answer at most."""
_NO_LAST_NAME = bag(
    "welcome customer guest guests caller client friend friends boss waiter restaurant company family "
    "wife husband god lord lady majesty english american british german french spanish italian "
    "european monday "
    "tuesday wednesday thursday friday saturday sunday april may june weekend tv ok id pm am"
)
"""With a capital, but nobody is called so behind such words."""
_QUESTION = re.compile(r"(?i)^(?:is|are|do|does|did|can|could|would|will|may|have|has)\b.*\?")


def introduced(line: str, asked: bool) -> str:
    """The name with which somebody introduces themselves or names the booking; empty if nobody does.

    Of a name that is taken back ("Anna, no, Hannah") the last one counts, of one that is said again in full
    ("Anna. Anna Berger") the longer.

    Args:
        line: what was said.
        asked: whether a name was asked for.
    """
    for found in (*reversed(list(_STRONG.finditer(line))), *reversed(list(_WEAK.finditer(line)))):
        if not asked and re.match(r"(?i:it's|it is|in) ", found[0]) and found.re is _WEAK:
            continue
        name = _name(found[1])
        if name:
            return _in_full(_instead(line[found.end(1) :]) or name, line)
    return ""


def named(line: str) -> str:
    """The name that an answer to "What name?" is; empty when it does not look like one."""
    behind = _instead(line)
    if behind:
        return _in_full(behind, line)
    for sentence in re.split(r" [.?!](?: |$)", line):
        name = _bare(sentence)
        if name and not _QUESTION.match(line):
            return _in_full(name, line)
    return _at_the_end(line)


def _at_the_end(line: str) -> str:
    """The name at the end of a short answer of which the rest makes no sense, and is nothing else either."""
    found = _LAST.fullmatch(_TAIL.sub("", words(line)))
    if found is None or line.rstrip().endswith("?") or len(words(line).split()) > _SHORT:
        return ""
    parts = found[1].split()
    if any(part.lower().partition("'")[0] in _NO_LAST_NAME for part in parts):
        return ""
    return found[1] if _name(found[1]) == found[1] else ""


def _instead(line: str) -> str:
    """The name behind words that take back what was said before."""
    for found in reversed(list(_TAKEN_BACK.finditer(line))):
        rest = line[found.end() :].strip()
        name = introduced(rest, True) or _bare(re.split(r" [.?!](?: |$)", rest)[0])
        if name and (rest[:1].isupper() or found[0].rstrip()[-1] in ".,"):
            return name
    return ""


def _bare(sentence: str) -> str:
    said = _TAIL.sub("", _LEAD.sub("", words(sentence)))
    parts = said.split()
    if len(parts) > 1 and parts[0].lower() == parts[-1].lower():
        parts = parts[:1] if len(parts) == 2 else parts[1:]  # "Anna, A-N-N-A"; "Smith, John Smith"
    if len(parts) > 1 and all(len(part) == 1 for part in parts):
        parts = ["".join(parts).capitalize()]  # "B O"
    if not 1 <= len(parts) <= 4 or not all(re.fullmatch(_WORD, part) for part in parts):
        return ""
    if any(part.lower() in _BREAKING for part in parts[1:]):
        return ""
    return _name(" ".join(parts))


def _name(text: str) -> str:
    parts: list[str] = []
    said = text.split()
    for at, part in enumerate(said):
        is_will = part == "Will" and all(other[0].isupper() for other in said[at:])  # and not the verb
        if (part.lower().partition("'")[0] in _NO_NAME and not is_will) or part.startswith(
            ("#", "%", "@", "&", "^")
        ):
            break
        small = parts and re.fullmatch(_PARTICLE, part)
        parts.append(part if part[0].isupper() or small else part[0].upper() + part[1:])
    return " ".join(parts).removesuffix("'s")


def _in_full(name: str, line: str) -> str:
    """The name with what is added to it when it is said again: "Anna. Anna Berger"."""
    again = re.search(rf"\b{re.escape(name)} ({_CAPITAL}(?: {_CAPITAL})?)", line)
    return f"{name} {again[1]}" if again and _name(again[1]) == again[1] else name
