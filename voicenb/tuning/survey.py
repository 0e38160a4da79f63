"""The survey of many recordings: each is heard and read, and its sound let go again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from voicenb.names import warn
from voicenb.progress import LONG, Progress
from voicenb.recording.layout import FLACS, RATE, SPEECH, TRACKS, is_recording
from voicenb.recording.lock import is_locked
from voicenb.recording.missing import what_is_missing
from voicenb.recording.reading import count_samples
from voicenb.recording.recording import Recording
from voicenb.tuning.by_ear import labels_by_ear
from voicenb.tuning.evidence import Evidence, read
from voicenb.tuning.far import Far
from voicenb.tuning.hearing import SIDE_BY_SIDE
from voicenb.tuning.kept import Place, cached_in, heard
from voicenb.tuning.labels import Label
from voicenb.tuning.spread import NotHere, spread, workers_for

HEARS, READS = 250.0, 680.0
"""Seconds of a call that one core hears, and reads, in a second: to judge whether processes pay."""

MANY = 8
"""Workers that an executor is taken to have that does not say how many."""

Found = Path | Far | Recording
"""Where a recording is: what another process can open, but for the last."""


Work = Callable[[Sequence[Found]], "list[Surveyed]"]


@dataclass(frozen=True, slots=True)
class Surveyed:
    """What what-if needs to know of a call.

    Attributes:
        evidence: what the recording shows.
        by_ear: what somebody heard in single silences.
        missing: what the recording has lost, in a sentence.
        place: where its probabilities were put.
    """

    evidence: Evidence
    by_ear: tuple[Label, ...] = ()
    missing: str = ""
    place: Place = Place.KNOWN


def survey(calls: Sequence[Recording], executor: Executor | None = None) -> list[Surveyed]:
    """Hear and read recordings, spread over processes where there is much to hear.

    A few are open at a time; what stays in memory of each is its evidence. Long calls come first, beside
    others of their length.

    Args:
        calls: the recordings. One that still runs, or a part of a call, is read in place.
        executor: does it; None: processes of our own, where they pay.

    Returns:
        One for each, in their order. Nothing of it depends on who did it.

    Raises:
        RecordingError: one cannot be read.
    """
    where = [_where(each) for each in calls]
    length = [_seconds(each) for each in where]
    unheard = [0.0 if _is_known(each) else seconds for each, seconds in zip(where, length, strict=True)]
    order = sorted(range(len(calls)), key=lambda number: -length[number])
    there = [number for number in order if _can_be_sent(where[number])]
    here = [number for number in order if not _can_be_sent(where[number])]
    cost = sum(length[number] / READS + unheard[number] / HEARS for number in there)
    workers = workers_for(cost, len(there)) if executor is None else _workers_of(executor)
    found: dict[int, Surveyed] = {}
    long = sum(unheard) >= LONG
    alone = executor is None and workers == 1
    bar = Progress("Listening", sum(unheard) / 60, "min") if alone else Progress("Calls", len(calls))
    with bar if long else Progress("", 0) as shown:
        for numbers, by, many in ((there, executor, workers), (here, None, 1)):
            work: Work = partial(look_through, step=shown.step) if alone else look_through
            groups = _groups(numbers, many)
            places = [[where[number] for number in group] for group in groups]
            told = spread(work, places, executor=by, workers=many, what="groups of calls")
            for group, some in zip(groups, told, strict=True):
                found.update(zip(group, some, strict=True))
                shown.step(0 if alone else len(group))
    every = [found[number] for number in range(len(calls))]
    _tell(every)
    return every


def look_through(places: Sequence[Found], *, step: Callable[[float], None] | None = None) -> list[Surveyed]:
    """Hear some recordings side by side, and read them; nothing of them stays open.

    Args:
        places: where they are.
        step: is told how many minutes more have been heard.

    Raises:
        RecordingError: one cannot be read; `NotHere` where there is none.
    """
    recordings = [_opened(each) for each in places]
    try:
        missing = [_missing(each) for each in recordings]
        known = list(heard(recordings, step))
        return [
            Surveyed(read(each, values), tuple(labels_by_ear(each)), lost, place)
            for each, lost, (values, place) in zip(recordings, missing, known, strict=True)
        ]
    finally:
        for each, given in zip(recordings, places, strict=True):
            if isinstance(each, Far) and each is not given:
                each.let_go()


def _where(recording: Recording) -> Found:
    """What its files are read from anew, and not from what somebody holds: that would grow with it."""
    if isinstance(recording, Far):
        return recording.again()
    runs = not recording.finished and is_locked(recording.folder)
    return recording.folder if recording._is_whole and not runs else recording


def _opened(place: Found) -> Recording:
    if isinstance(place, Far):
        return place.again()
    if isinstance(place, Recording):
        return place
    if not is_recording(place):
        raise NotHere(f"There is no recording at {place}.", folder=str(place))
    return Recording(place)


def _missing(recording: Recording) -> str:
    text = what_is_missing(recording)
    return text.replace(str(recording.folder), recording.address) if isinstance(recording, Far) else text


def _can_be_sent(place: Found) -> bool:
    return isinstance(place, Path) or (isinstance(place, Far) and place.everywhere)


def _is_known(place: Found) -> bool:
    """Whether its probabilities seem to be kept; the sound may be another by now, which is seen later."""
    if isinstance(place, Far):
        return SPEECH in place.sizes
    return ((place if isinstance(place, Path) else place.folder) / SPEECH).exists()


def _seconds(place: Found) -> float:
    if isinstance(place, Far):
        sizes = place.sizes
        samples = sizes.get(TRACKS["caller"], 0) / 2 or sizes.get(FLACS["caller"], 0)
    elif isinstance(place, Path):
        samples = count_samples(place, "caller")
    else:
        samples = len(place.caller)
    return samples / RATE


def _workers_of(executor: Executor) -> int:
    many = getattr(executor, "_max_workers", MANY)
    return many if isinstance(many, int) and many > 0 else MANY


def _groups(numbers: Sequence[int], workers: int) -> list[list[int]]:
    """Those that are heard side by side: as many as gain from it, and some for every worker."""
    size = min(SIDE_BY_SIDE, max(1, -(-len(numbers) // workers)))
    return [list(numbers[at : at + size]) for at in range(0, len(numbers), size)]


def _tell(every: Sequence[Surveyed]) -> None:
    for each in every:
        if each.missing:
            warn(each.missing)
    cached = sum(each.place is Place.CACHE for each in every)
    lost = sum(each.place is Place.NOWHERE for each in every)
    if cached:
        warn(
            f"The probabilities of speech of {_calls(cached)} cannot be kept beside the recording: they are "
            f"in {cached_in()} for the next time."
        )
    if lost:
        warn(
            f"The probabilities of speech of {_calls(lost)} cannot be kept, neither beside the recording nor "
            f"in {cached_in()}: they will be heard anew. VOICENB_CACHE names another folder."
        )


def _calls(n: int) -> str:
    return f"{n} {'call' if n == 1 else 'calls'}"
