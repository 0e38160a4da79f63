"""What was heard in a silence is kept beside the recording, and goes before the rule."""

import shutil

import pytest

import voicenb as vn
from voicenb.errors import InvalidConfiguration, RecordingError
from voicenb.tuning.by_ear import labels_by_ear, set_by_ear
from voicenb.tuning.labels import Label
from voicenb.tuning.truth import Truth
from voicenb.tuning.whatif import whatif


@pytest.fixture
def call(known, tmp_path):
    """The known call, in a folder that may be changed."""
    return vn.load(shutil.copytree(known[0].folder, tmp_path / "call"))


def test_whatif_takes_it_up_without_being_told(call, known):
    doubtful = known[1]["doubtful"]
    before = whatif(call, min_silence=[1000])
    assert before.ground.doubtful.sum() == 1
    set_by_ear(call, doubtful + 0.1, doubtful + 1.0, Truth.MID)
    after = whatif(vn.load(call.folder), min_silence=[1000])
    assert after.ground.doubtful.sum() == 0
    assert len(after.ground.pause_call) == len(before.ground.pause_call) + 1


def test_it_goes_before_a_file_of_labels(call, known, tmp_path):
    doubtful = known[1]["doubtful"]
    file = tmp_path / "others.txt"
    file.write_text(f"{doubtful + 0.1:.3f}\t{doubtful + 0.4:.3f}\twas done\n")
    set_by_ear(call, doubtful, doubtful + 1.0, Truth.MID)
    sweep = whatif(call, labels=file, min_silence=1000)
    assert len(sweep.ground.end_turn) == 3  # and not four


def test_the_file_is_audacity_text_and_the_last_word_on_a_silence_counts(call):
    set_by_ear(call, 5.0, 6.0, Truth.MID)
    set_by_ear(call, 1.0, 1.5, Truth.UNCLEAR)
    set_by_ear(call, 5.1, 5.9, Truth.END)
    text = (call.folder / "labels.txt").read_text("utf-8")
    assert text == "1.000000\t1.500000\tcan't tell\n5.100000\t5.900000\twas done\n"
    assert labels_by_ear(call) == [Label(1.0, 1.5, Truth.UNCLEAR), Label(5.1, 5.9, Truth.END)]
    set_by_ear(call, 1.0, 1.5, None)
    set_by_ear(call, 5.1, 5.9, None)
    assert labels_by_ear(call) == []
    assert not (call.folder / "labels.txt").exists()


def test_of_a_part_of_a_call_it_is_kept_with_the_call(call):
    part = call[4.0:12.0]
    set_by_ear(part, 1.0, 2.0, Truth.MID)
    set_by_ear(call, 14.0, 15.0, Truth.END)
    assert labels_by_ear(call) == [Label(5.0, 6.0, Truth.MID), Label(14.0, 15.0, Truth.END)]
    assert labels_by_ear(part) == [Label(1.0, 2.0, Truth.MID)]
    assert labels_by_ear(call[5.5:12.0]) == [Label(0.0, 0.5, Truth.MID)]


def test_a_saved_copy_has_it_and_is_not_overwritten_by_one_that_has_not(call, tmp_path):
    other = vn.load(shutil.copytree(call.folder, tmp_path / "other"))
    set_by_ear(call, 5.0, 6.0, Truth.MID)
    copy = call.save(tmp_path / "copy")
    assert labels_by_ear(copy) == labels_by_ear(call)
    with pytest.raises(RecordingError, match=r"labels\.txt"):
        other.save(tmp_path / "copy", overwrite=True)
    call.save(tmp_path / "copy", overwrite=True)


@pytest.mark.parametrize(("start", "end"), [(2.0, 1.0), (-1.0, 1.0), (1.0, float("inf")), (1.0, 1.0)])
def test_no_silence(call, start, end):
    with pytest.raises(InvalidConfiguration, match="no silence"):
        set_by_ear(call, start, end, Truth.MID)


def test_a_file_that_says_something_else_is_told_and_stays(call):
    (call.folder / "labels.txt").write_text("1.0\t2.0\tmaybe\n")
    with pytest.raises(InvalidConfiguration, match=r"labels.txt, line 1, is no label"):
        set_by_ear(call, 5.0, 6.0, Truth.MID)
    assert (call.folder / "labels.txt").read_text() == "1.0\t2.0\tmaybe\n"


def test_where_it_cannot_be_written_that_is_told(call):
    (call.folder / "labels.txt.part").mkdir()
    with pytest.raises(RecordingError, match="cannot be kept"):
        set_by_ear(call, 5.0, 6.0, Truth.MID)
