"""The eleven recorded clips: their sound, what is said in them, and how many words somebody got wrong."""

from __future__ import annotations

import csv
import re
from pathlib import Path

from voicenb.audio.pcm import Samples
from voicenb.audio.resample import resample
from voicenb.audio.wav import read_wav

AUDIO = Path(__file__).parents[1] / "data" / "audio"

_SMALL = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
    "seventeen eighteen nineteen"
)
_TENS = "_ _ twenty thirty forty fifty sixty seventy eighty ninety"
_SAME = {"mr": "mister", "mrs": "missus", "metres": "meters", "metre": "meter"}


def said() -> dict[str, str]:
    """What is said in each clip, from the table beside them, by the file's name without ``.wav``."""
    table = (AUDIO / "README.md").read_text("utf-8")
    return dict(re.findall(r"^\| (\S+)\.wav \| [\d.]+ \| ([^|]+) \|", table, re.M))


def sound(name: str, rate: int) -> Samples:
    """A clip's samples at ``rate``."""
    samples, own = read_wav(AUDIO / f"{name}.wav")
    return resample(samples, own, rate)


def until_the_last_word(name: str, rate: int) -> Samples:
    """The same, up to where the speech ends: what is sent last is what was spoken last."""
    with (AUDIO / "labels.csv").open(encoding="utf-8") as labels:
        ends = {row["file"]: float(row["offset"]) for row in csv.DictReader(labels)}
    return sound(name, rate)[: round(ends[f"{name}.wav"] * rate)]


def words(text: str) -> list[str]:
    """The words of a text as they are compared.

    Case, punctuation and hyphens do not count; whole numbers below a hundred are written out ("10", "ten");
    "Mr." is "mister", and spellings that sound the same are one.
    """
    found = []
    for word in re.findall(r"[a-z]+(?:'[a-z]+)?|\d+", text.lower().replace("\u2019", "'")):
        if word.isdigit() and int(word) < 100:
            found += _number(int(word))
        else:
            found.append(_SAME.get(word, word))
    return found


def _number(value: int) -> list[str]:
    small, (tens, ones) = _SMALL.split(), divmod(value, 10)
    if tens < 2:
        return [small[value]]
    return [_TENS.split()[tens], *([small[ones]] if ones else [])]


def word_errors(said: str, heard: str) -> int:
    """The fewest words to replace, put in or leave out that make one text of the other."""
    left, right = words(said), words(heard)
    costs = list(range(len(right) + 1))
    for row, word in enumerate(left, start=1):
        before, costs = costs, [row]
        for column, other in enumerate(right, start=1):
            costs.append(min(before[column] + 1, costs[-1] + 1, before[column - 1] + (word != other)))
    return costs[-1]
