"""Labels that say what was: who spoke when (RTTM, Audacity), or of single silences what they were.

An Audacity label track may hold both. A label of a turn is told as ``caller: words`` or ``caller`` (as the
export writes it; those of the agent are not used); a label over a silence says ``went on``, ``was done`` or
``can't tell``. Times are the call's, as in ``vn.turns``.

Many programs label stretches of speech, not turns. So where a turn's label ends but the caller went on before
anyone spoke, that is a pause; only ``was done`` makes it an end.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from os import PathLike
from pathlib import Path

from voicenb.errors import InvalidConfiguration
from voicenb.tuning.evidence import Evidence
from voicenb.tuning.truth import PAUSE, Gap, Truth

CALLER = frozenset({"caller", "user", "customer", "human"})
AGENT = frozenset({"agent", "assistant", "bot", "system"})
VERDICTS = {"went on": Truth.MID, "was done": Truth.END, "can't tell": Truth.UNCLEAR}

NEAR = 0.3
"""Seconds that a label's end may lie before the end of the speech that is in the sound."""

_PAST = 0.5  # seconds that a label may go beyond the call: labels are drawn by hand


@dataclass(frozen=True, slots=True)
class Label:
    """One label.

    Attributes:
        start: seconds of the call.
        end: seconds of the call.
        truth: what a silence was; None for a turn of the caller's.
        drafted: whether that is a turn just as it was recorded: where the service ended it, not the caller.
    """

    start: float
    end: float
    truth: Truth | None = None
    drafted: bool = False


def read_labels(path: str | PathLike[str]) -> list[Label]:
    """Labels of the caller's turns and silences from a file: ``.rttm``, or Audacity's text.

    Args:
        path: of the file.

    Raises:
        InvalidConfiguration: it cannot be read, or says something else than labels.
    """
    file = Path(path)
    try:
        lines = file.read_text("utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidConfiguration(f"{file} cannot be read: {error}.", param="labels") from error
    parse = _rttm if file.suffix.lower() == ".rttm" else _audacity
    found: list[Label] = []
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            label = parse(line)
        except (ValueError, IndexError) as error:
            raise InvalidConfiguration(
                f"{file.name}, line {number}, is no label: {line!r}.",
                remedy="Write start, end and name with tabs between: a name is caller, agent, went on, was "
                "done or can't tell. vn.export writes the service's own turns: a draft to correct.",
                param="labels",
                line=number,
            ) from error
        if label is not None:
            found.append(label)
    return found


def apply(silences: Sequence[Gap], labels: Sequence[Label], evidence: Evidence) -> list[Gap]:
    """The silences with what labels say of them; what they do not speak of stays as it was derived.

    Args:
        silences: of the call, by the rule.
        labels: of the call.
        evidence: of the call.

    Raises:
        InvalidConfiguration: a label that lies past the end of the call.
    """
    placed = _placed(labels, evidence)
    return [_labelled(gap, placed) for gap in silences]


def ends_passed_over(silences: Sequence[Gap], labels: Sequence[Label], evidence: Evidence) -> int:
    """How many pauses a turn's label ends in, and stay pauses: the caller went on before anyone spoke.

    Args:
        silences: of the call, by the rule.
        labels: of the call.
        evidence: of the call.

    Raises:
        InvalidConfiguration: a label that lies past the end of the call.
    """
    placed = _placed(labels, evidence)
    long = [gap for gap in silences if gap.truth is Truth.MID and gap.length >= PAUSE]
    return sum(_labelled(gap, placed) is gap and _ends_in(gap, placed) for gap in long)


def _placed(labels: Sequence[Label], evidence: Evidence) -> list[Label]:
    """In seconds of the track."""
    placed: list[Label] = []
    for each in labels:
        start, end = (
            at if evidence.clock is None else evidence.clock.one(at) for at in (each.start, each.end)
        )
        if end > evidence.duration + _PAST:
            raise InvalidConfiguration(
                f"A label goes to {each.end:.2f} s; {evidence.name} is over at {evidence.duration:.2f} s.",
                remedy="Are these the labels of another call?",
                param="labels",
            )
        placed.append(replace(each, start=start, end=end))
    return placed


def _labelled(gap: Gap, labels: Sequence[Label]) -> Gap:
    if gap.truth is Truth.OVER:
        return gap
    for each in labels:
        if each.truth is not None and each.start < gap.end and each.end > gap.start:
            return replace(gap, truth=each.truth, labelled=True, by_script=False)
    turns = [each for each in labels if each.truth is None]
    if any(each.start < gap.start and gap.end < each.end for each in turns):
        return replace(gap, truth=Truth.MID, labelled=True, by_script=False)
    if gap.truth is Truth.MID:
        return gap
    if gap.truth is Truth.DOUBTFUL:  # which the service may have cut, and a drafted line with it
        turns = [each for each in turns if not each.drafted]
    return replace(gap, truth=Truth.END, labelled=True, by_script=False) if _ends_in(gap, turns) else gap


def _ends_in(gap: Gap, labels: Sequence[Label]) -> bool:
    return any(each.truth is None and gap.start - NEAR <= each.end < gap.end for each in labels)


def _rttm(line: str) -> Label | None:
    fields = line.split()
    if fields[0] != "SPEAKER":
        if fields[0].isupper() or fields[0].startswith(";"):
            return None  # other lines of the format, and comments
        raise ValueError(line)
    start, length = float(fields[3]), float(fields[4])
    return _label(start, start + length, fields[7])


def _audacity(line: str) -> Label | None:
    if line.startswith("\\"):
        return None  # the frequencies of the label before
    fields = line.split("\t")
    return _label(float(fields[0]), float(fields[1]), fields[2])


def _label(start: float, end: float, name: str) -> Label | None:
    if not 0 <= start <= end < float("inf"):
        raise ValueError(f"{start} to {end}")
    told = name.strip().lower().replace("\u2019", "'")
    if told in VERDICTS:
        return Label(start, end, VERDICTS[told])
    speaker = told.partition(":")[0].strip()
    if speaker in CALLER:
        return Label(start, end)
    if speaker in AGENT:
        return None
    raise ValueError(name)
