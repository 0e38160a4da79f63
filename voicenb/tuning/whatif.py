"""What-if: how calls would have gone under other settings of when a turn ends."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import Executor
from os import PathLike
from typing import Any

from voicenb.errors import InvalidConfiguration
from voicenb.names import warn
from voicenb.recording.given import Calls, told
from voicenb.recording.recording import Recording
from voicenb.tuning.drafted import labels_of
from voicenb.tuning.grid import grid as grid_of
from voicenb.tuning.labels import apply, ends_passed_over
from voicenb.tuning.listener import listener
from voicenb.tuning.scores import Ground, Heard
from voicenb.tuning.source import recordings_of
from voicenb.tuning.spread import check_executor
from voicenb.tuning.survey import survey
from voicenb.tuning.sweep import Sweep
from voicenb.tuning.truth import gaps, turns
from voicenb.turn_taking.completeness import CompletenessLike, judge_of

Labels = str | PathLike[str] | Mapping[str, str | PathLike[str]]
"""A file of labels for one call; for several, files by the recordings' names."""


def whatif(
    recordings: Calls,
    *,
    labels: Labels | None = None,
    completeness: CompletenessLike | None = None,
    executor: Executor | None = None,
    **settings: Any,
) -> Sweep:
    """Decide recorded calls anew under other settings, and score each of them.

    The caller's sound is heard once (and kept beside the recording); every combination of the settings is
    then decided by the code that decides in the emulator, and judged against what the caller really did: by
    labels (those that were set by ear in the panel are beside the recording, and are taken up by themselves);
    where there are none by the script of a `voicenb.Caller`, which is kept with the call; and else by the
    rule of :mod:`voicenb.tuning.truth`.

    Args:
        recordings: one call or more; a path of one, of a folder with several, or a pattern (``"calls/*"``);
            an address of fsspec's for the same (``"s3://bucket/calls"``: extra ``remote``). They are looked
            through one by one, and their sound is let go again.
        labels: who spoke when, from RTTM or Audacity's labels; for several calls a dict of files by name.
            ``vn.export`` writes the turns as the service made them, a draft to correct: a file that nobody
            has corrected is told by a warning, and its turns are left out. Where a turn's label ends but the
            caller went on before anyone spoke, it stays a pause, with a warning: some programs label speech,
            not turns. A label ``was done`` over the silence makes it an end.
        completeness: says whether what was said looks complete, as ``vn.Emulator(completeness=…)`` takes it;
            ``vn.SmartTurn()`` hears each silence once, and what it says is kept beside the recording. None:
            from the words, the emulator's default.
        executor: any of `concurrent.futures`, or Dask's ``client.get_executor()``, hears and reads the
            recordings. None: processes of its own, one for each core, where there is so much to hear that
            they pay; they do not run your script or notebook again. The results are the same.
        **settings: ``vad_threshold`` (0 to 1), ``min_silence`` and ``max_silence`` (milliseconds), a value or
            several of each; what is not given is the service's default.

    Returns:
        The scores of every combination, with what was really decided beside them.

    Raises:
        InvalidConfiguration: no recording, settings that cannot work, labels that do not fit, or a judge that
            is none.
        RecordingError: there is no recording at a path or an address.
        MissingExtra: an address, and fsspec is not installed.

    Example:
        >>> sweep = whatif("calls/lido", min_silence=range(200, 2001, 100))  # doctest: +SKIP
        >>> sweep.best(false_cutoff_rate=0.05)  # doctest: +SKIP
    """
    grid = grid_of(settings)
    check_executor(executor)
    calls = recordings_of(recordings, "vn.whatif")
    if not calls:
        raise InvalidConfiguration("vn.whatif has no recording to decide anew.", param="recordings")
    judge = judge_of(completeness)
    files = files_of(labels, calls)
    heard: list[Heard] = []
    for call, found in zip(calls, survey(calls, executor), strict=True):
        silences = gaps(found.evidence)
        given = labels_of(files[call.name], call) if call.name in files else []
        labelled = [*found.by_ear, *given]
        _tell(ends_passed_over(silences, labelled, found.evidence), call)
        silences = apply(silences, labelled, found.evidence)
        of_call = turns(found.evidence, silences)
        heard.append(Heard(found.evidence, of_call, listener(call, found.evidence, judge)))
    return Sweep(grid, Ground(heard, judge), judge, calls)


def files_of(labels: Labels | None, calls: Sequence[Recording]) -> dict[str, str | PathLike[str]]:
    """The file of labels of each call that has one, by the recordings' names.

    Args:
        labels: as they are given to :func:`whatif`.
        calls: the recordings.

    Raises:
        InvalidConfiguration: no files, files for none of the calls, or for calls that cannot be told apart.
    """
    if labels is None:
        return {}
    names = [call.name for call in calls]
    files = list(labels.values()) if isinstance(labels, Mapping) else [labels]
    for each in files:
        if not isinstance(each, str | PathLike):
            raise InvalidConfiguration(
                f"labels takes a file of labels, or a dict of files by the calls' names, not {told(each)}.",
                remedy='labels="call.rttm", or labels={call.name: "call.txt"}.',
                param="labels",
            )
    if not isinstance(labels, Mapping):
        if len(calls) > 1:
            raise InvalidConfiguration(
                f"One file of labels for {len(calls)} calls.",
                remedy="Say which is whose: labels={call.name: file, ...}.",
                param="labels",
            )
        return {names[0]: labels}
    unknown = [name for name in labels if name not in names]
    if unknown:
        raise InvalidConfiguration(
            f"There are labels for {unknown[0]!r}, which is none of the calls.",
            remedy=f"The calls are {', '.join(names[:5])}.",
            param="labels",
        )
    if len(set(names)) < len(names):
        raise InvalidConfiguration(
            "Two calls have the same name: labels cannot be told apart.",
            remedy="Save them under different names.",
            param="labels",
        )
    return dict(labels)


def _tell(passed_over: int, call: Recording) -> None:
    if passed_over:
        where = "a pause" if passed_over == 1 else f"{passed_over} pauses"
        warn(
            f"The labels of {call.name} end a turn in {where} after which the caller went on before anyone "
            "spoke: speech may have been labelled, not turns, so what the recording shows counts. Where the "
            "caller was done, put a label over the silence: was done.",
            UserWarning,
        )
