"""P1, P2, P3, P11: how a prompt is written, since what is written so may be read aloud."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from voicenb.lint.finding import Finding, found
from voicenb.lint.mentions import tools_named
from voicenb.lint.prose import Prose
from voicenb.lint.schema import vocabulary
from voicenb.lint.subject import Subject

_MARKDOWN: dict[str, tuple[re.Pattern[str], int]] = {
    # What it is, what it looks like, and how many of it make one.
    "A heading": (re.compile(r"^ {0,3}#{1,6}[ \t]+\S.*", re.MULTILINE), 1),
    "A list": (re.compile(r"^[ \t]*[*+•-][ \t]+\S.*", re.MULTILINE), 2),
    "A numbered list": (re.compile(r"^[ \t]*\d{1,3}[.)][ \t]+\S.*", re.MULTILINE), 2),
    "Bold type": (re.compile(r"\*\*(?=\S)[^*\n]+\*\*|(?<!\w)__(?=\S)[^_\n]+__(?!\w)"), 1),
    "Emphasis": (re.compile(r"(?<![\w*])\*(?=[^\s*])[^*\n]*[^\s*]\*(?![\w*])"), 1),
    "A table": (re.compile(r"^[ \t]*\|?[ \t]*:?-{3,}:?[ \t]*\|[ \t:|-]*$", re.MULTILINE), 1),
    "A code fence": (re.compile(r"^[ \t]*(?:```|~~~).*", re.MULTILINE), 1),
    "A link": (re.compile(r"\[[^\]\n]{1,200}\]\([^)\s]{1,500}\)"), 1),
}
_EMOJI = re.compile(
    "[\U0001f1e6-\U0001f1ff\U0001f300-\U0001f64f\U0001f680-\U0001f6ff\U0001f900-\U0001faff"
    "\u2600-\u26ff\u2702-\u2712\u2714-\u2716\u271d-\u2767\u2b50\u2b55]"
)
_EXCLAMATION = re.compile(r"(?<=[^\s\"'(])!(?!=)")
_ADDRESS = re.compile(
    r"https?://[^\s\"'<>)]+|\bwww\.[\w-]+\.\w+[^\s\"'<>)]*|\b[\w.+-]{1,64}@[\w-]{1,64}\.[\w.-]*\w"
    r"|(?<![\w@.])(?:[\w-]{1,64}\.){1,4}(?:com|org|net|io|dev|app|de|fr|it|es|uk|eu|"
    r"co)\b(?:/[^\s\"'<>)]*)?",
    re.IGNORECASE,
)
_CODE = re.compile(r"`[^`\n]{1,100}`|\b[a-z][a-z0-9]*(?:_[a-z0-9]+)+\b|\b[a-z]{2,}[A-Z][a-z]+\w*\b")


def check(subject: Subject) -> Iterator[Finding]:
    """Markdown, emoji, exclamation marks, addresses and code."""
    greeting = Prose(subject.greeting)
    yield from _markdown(greeting, "greeting")
    yield from _emoji(greeting, "greeting")
    prompt = subject.prompt
    if prompt is None:
        return
    yield from _markdown(prompt, "system_prompt")
    yield from _emoji(prompt, "system_prompt")
    shouts = prompt.wanted(_EXCLAMATION)
    if shouts:
        yield found(
            "P3",
            "system_prompt",
            f"{_many(shouts, 'exclamation mark')}; the agent then talks as if it wrote them.",
            "End the sentence with a full stop.",
            text=_around(prompt.text, shouts[0]),
        )
    yield from _unspoken(subject, prompt)


def _markdown(prose: Prose, place: str) -> Iterator[Finding]:
    for what, (pattern, least) in _MARKDOWN.items():
        matches = list(pattern.finditer(prose.text))
        if len(matches) >= least:
            yield found(
                "P1",
                place,
                f"{what}: markdown is read aloud as it stands, or teaches the agent to speak it.",
                "Write plain sentences.",
                text=matches[0][0],
            )


def _emoji(prose: Prose, place: str) -> Iterator[Finding]:
    emoji = prose.wanted(_EMOJI)
    if emoji:
        reason = f"{_many(emoji, 'emoji')}; no voice can say one."
        yield found("P2", place, reason, "Leave them out.", text=_around(prose.text, emoji[0]))


def _unspoken(subject: Subject, prompt: Prose) -> Iterator[Finding]:
    for match in _ADDRESS.finditer(prompt.text):
        yield found(
            "P11",
            "system_prompt",
            "An address that is written, not spoken.",
            'Write it as it is said: "lido dot example dot com".',
            text=match[0].rstrip(".,;:"),
        )
    known = vocabulary(subject) | set(tools_named(prompt))
    code = [match[0] for match in _CODE.finditer(_ADDRESS.sub(" ", prompt.text))]
    for name in dict.fromkeys(name for name in code if name.strip("`() ") not in known):
        yield found(
            "P11",
            "system_prompt",
            "A name from a program, not a word.",
            "Write what people call it.",
            text=name,
        )


def _many(matches: Sequence[object], name: str) -> str:
    return f"One {name}" if len(matches) == 1 else f"{len(matches)} {name}{'' if name == 'emoji' else 's'}"


def _around(text: str, match: re.Match[str]) -> str:
    start = max(match.start() - 30, 0)
    # From the beginning of a word.
    return text[start : match.end() + 12].partition(" ")[2] if start else text[: match.end() + 12]
