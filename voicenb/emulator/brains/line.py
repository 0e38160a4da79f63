"""What was heard, as one line of words, punctuation and typed tokens that patterns can be held against.

``"A table for four on Friday at half past eight, please."`` is
``A table for #4 on %Friday at @08:30~ , please .``
"""

from __future__ import annotations

import re

from voicenb.emulator.brains import clock, days, numbers

_TOKEN = re.compile(
    r"[\w.+-]+@[\w-]+\.[\w.]+"  # an address
    r"|\d{4}-\d\d-\d\d|\d{1,2}:\d\d"
    r"|\d+(?:st|nd|rd|th)\b|\d[\d,]*\d(?:\.\d+)?|\d+(?:\.\d+)?"
    r"|[^\W\d_]+(?:'[^\W\d_]+)?|[,.?!;:+]"
)
_RARE = ("aid", "ade")
"""For a number of people only where nothing follows that they might go with: "first aid", "aid workers"."""
_PEOPLE = r"(?:people|persons?|guests?|adults|of us)"


def plain(text: str) -> str:
    """``text`` in lower case without punctuation, for acts and intents."""
    return " ".join(re.findall(r"[^\W_]+(?:'[^\W_]+)?", _straight(text).lower()))


def line_of(text: str, *, times: bool = True) -> str:
    """The line of ``text``.

    Args:
        text: what the recogniser heard.
        times: whether times of day are wanted; without, ``at 21`` stays a number.
    """
    text = _straight(text)
    text = re.sub(r"(?i)\b([ap])\. ?m\b\.?", r"\1m", text)
    text = re.sub(r"(?i)(\d)\s?([ap]m)\b", r"\1 \2", text)
    text = re.sub(r"\b(Dr|Mr|Mrs|Ms|Prof|St)\.(?= )", r"\1", text)
    text = re.sub(r"\b([A-Z]),? as in [A-Za-z]+", r"\1", text)
    text = re.sub(r"(?<![\w'])([A-Za-z](?:(?:[-. ]|, )[A-Za-z]){2,})\b\.?", _spelled, text)
    text = re.sub(r"(?<=[A-Za-z])-(?=[A-Za-z])", " ", text)
    text = re.sub(r"(?<!\w)-(?=\d)", "minus ", text)
    line = " ".join(_TOKEN.findall(text))
    line = _unmisheard(line)
    line = " ".join(numbers.fold(line.split()))
    line = days.fold(line)
    if times:
        line = clock.fold(line)
    return line.replace("!", ".").replace(";", ",")


def words(line: str) -> str:
    """A line without its punctuation."""
    return re.sub(r" +", " ", re.sub(r"(?<!\S)[,.?!;:](?!\S)", " ", line)).strip()


def _straight(text: str) -> str:
    return text.replace("\u2019", "'").replace("\u2018", "'").replace("\u2013", "-").replace("\u2014", " , ")


def _spelled(found: re.Match[str]) -> str:
    letters = re.findall(r"[A-Za-z]", found[1])
    return "".join(letters).capitalize() if len(letters) >= 3 else found[0]


def _unmisheard(line: str) -> str:
    """Numbers that a recogniser wrote as small words, where nothing else can be meant."""
    homophone = "|".join(word for word in numbers.HOMOPHONES if word not in _RARE)
    hour = rf"(?:\d|(?:{'|'.join([*numbers.UNITS, *numbers.HOMOPHONES])})\b)"
    line = re.sub(rf"(?i)\b(?:have|halve|off) (?=(?:past|passed) {hour})", "half ", line)

    def number(found: re.Match[str]) -> str:
        return f"{found[1]}{numbers.HOMOPHONES[found[2].lower()]}"

    line = re.sub(
        rf"\b((?i:(?:table|party|group|dinner|lunch) (?:for|of)) )((?i:{homophone}))\b(?! [A-Z])(?! "
        rf"(?:the|my|a)\b)",
        number,
        line,
    )
    line = re.sub(
        r"(?i)\b((?:(?:table|party|group|dinner|lunch) (?:for|of)|we are|we're|we'll be|we will be|"
        rf"there are|there'll be|there will be) )({'|'.join(_RARE)})"
        r"(?= ?[.,?]| ?$| (?:on|at|in|of us|this|next|tomorrow|tonight|today|please|people|if|and)\b)",
        number,
        line,
    )
    line = re.sub(
        rf"(?i)\b((?:we are|we're|we'll be|we will be|there are|there'll be|there will be) )({homophone})"
        rf"(?= of us\b| {_PEOPLE}| ?[.,]| ?$)",
        number,
        line,
    )
    line = re.sub(r"(?i)(^|\b(?:for|of) )(for|fore)(?= (?:at|people|persons|on)\b)", number, line)
    line = re.sub(
        r"(?i)\b((?:table|party|group) )(for|to) (?=on\b|at\b|please\b|\.|,)", lambda m: f"{number(m)} ", line
    )
    line = re.sub(
        rf"(?i)\b((?:past|to|at) )(ate|for|to|too|tree|won|tin)(?= |$)(?! (?:the|my|a)\b)(?! {_PEOPLE})",
        number,
        line,
    )
    line = re.sub(rf"(?i)()\b(tree|ate|sex|won|to|too|fore|fife)(?= {_PEOPLE})", number, line)
    return re.sub(r"(?i)()\b(for|fore)(?= of us\b)", number, line)
