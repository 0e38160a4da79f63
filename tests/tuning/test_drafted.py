"""Labels as vn.export writes them are the service's own turns: nobody has corrected them."""

import warnings

import pytest

import voicenb as vn
from voicenb.tuning.drafted import labels_of
from voicenb.tuning.labels import apply, read_labels
from voicenb.tuning.truth import Truth, gaps
from voicenb.tuning.whatif import whatif

SETTINGS = {"min_silence": [500, 900, 1200, 2200]}


@pytest.fixture(params=["call.rttm", "call.txt"])
def exported(known, tmp_path, request):
    file = tmp_path / request.param
    vn.export(known[0], file)
    return file


def test_what_was_exported_and_not_corrected_says_nothing(known, exported):
    plain = whatif(known[0], **SETTINGS)
    with pytest.warns(UserWarning, match=r"the turns as the service made them, cut where it cut") as caught:
        sweep = whatif(known[0], labels=exported, **SETTINGS)
    assert len(caught) == 1
    assert caught[0].filename == __file__
    assert list(sweep) == list(plain)
    assert [each.false_cutoffs.n for each in sweep] == [2] * 4
    assert [each.doubtful.n for each in sweep] == [1] * 4
    assert [each.beyond for each in sweep] == [each.beyond for each in plain] != [0] * 4


def test_what_was_corrected_counts_and_nobody_is_warned(known, exported):
    first = known[1]["pauses"][1]
    lines = exported.read_text("utf-8").splitlines()
    labels = [each for each in read_labels(exported) if each.truth is None]
    cut = next(each for each in labels if abs(each.end - first) < 0.2)
    behind = next(each for each in labels if each.start > first)
    lines = [line for line in lines if not any(line.find(f"{each.start:.3f}") >= 0 for each in (cut, behind))]
    length = behind.end - cut.start
    whole = (
        f"SPEAKER call 1 {cut.start:.3f} {length:.3f} <NA> <NA> caller <NA> <NA>"
        if exported.suffix == ".rttm"
        else f"{cut.start:.6f}\t{behind.end:.6f}\tcaller: Two."
    )
    exported.write_text("\n".join([*lines, whole]), "utf-8")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        sweep = whatif(known[0], labels=exported, **SETTINGS)
    assert [each.false_cutoffs.n for each in sweep] == [2] * 4
    assert [each.beyond for each in sweep] == [0] * 4


def test_a_turn_that_was_left_as_recorded_is_no_end_where_the_caller_went_on(known, exported):
    """One turn was corrected; the one that the service cut was overlooked."""
    call, truth = known
    labels = labels_of(_with(exported, truth["ends"][0] + 2.0), call)
    assert {each.drafted for each in labels if each.truth is None} == {True, False}
    evidence = whatif(call, **SETTINGS).ground.calls[0].evidence
    cut = truth["pauses"][1]
    (found,) = (gap for gap in apply(gaps(evidence), labels, evidence) if abs(gap.start - cut) < 0.2)
    assert (found.truth, found.labelled) == (Truth.MID, False)


def test_stretches_of_speech_are_no_turns(known, exported):
    """As a diariser writes them: it knows of no turns, and its times are not those of the export."""
    call, _ = known
    labels = [each for each in read_labels(exported) if each.truth is None]
    file = exported.with_suffix(".rttm")
    file.write_text(
        "".join(
            f"SPEAKER call 1 {each.start + 0.05:.3f} {each.end - each.start:.3f} <NA> <NA> caller <NA> <NA>\n"
            for each in labels
        )
    )
    with pytest.warns(UserWarning, match="end a turn in a pause after which the caller went on") as caught:
        sweep = whatif(call, labels=file, **SETTINGS)
    assert len(caught) == 1
    assert caught[0].filename == __file__
    assert [each.false_cutoffs.n for each in sweep] == [2] * 4
    assert [each.false_cutoffs.k for each in sweep] == [
        each.false_cutoffs.k for each in whatif(call, **SETTINGS)
    ]


def test_what_is_said_of_silences_counts_though_the_turns_do_not(known, tmp_path):
    file = tmp_path / "call.txt"
    vn.export(known[0], file)
    doubtful = known[1]["doubtful"]
    with file.open("a", encoding="utf-8") as more:
        more.write(f"{doubtful + 0.1:.3f}\t{doubtful + 0.4:.3f}\twent on\n")
    with pytest.warns(UserWarning, match="turns as the service made them"):
        sweep = whatif(known[0], labels=file, **SETTINGS)
    assert [(each.false_cutoffs.n, each.doubtful.n) for each in sweep] == [(3, 0)] * 4


def _with(file, end):
    """A turn more, of which the recording knows nothing."""
    line = (
        f"SPEAKER call 1 {end - 0.5:.3f} 0.500 <NA> <NA> caller <NA> <NA>\n"
        if file.suffix == ".rttm"
        else f"{end - 0.5:.6f}\t{end:.6f}\tcaller: Yes.\n"
    )
    with file.open("a", encoding="utf-8") as more:
        more.write(line)
    return file
