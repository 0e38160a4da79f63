"""What may not go wrong, by the report's own figures."""

import pytest

import voicenb as vn
from tests.analysis.known_call import KnownCall, speech
from tests.testing.expectations.conftest import lacking
from voicenb.testing.expectations.defects import DEFECTS


@pytest.fixture(scope="module")
def cut(tmp_path_factory):
    """A turn that is ended in its pause: the caller goes on 1.5 s later, and is answered then."""
    made = KnownCall(tmp_path_factory.mktemp("cut") / "call", 30.0, {"min_silence": 400, "max_silence": 3000})
    one = made.says(2.0, speech("cards-002.wav"))
    made.turn("i0", "A table for four.", told=2.1, decided=one + 0.45, transcribed=one + 0.5)
    two = made.says(one + 1.5, speech("cards-003.wav"))
    made.turn("i1", "On Friday.", told=one + 1.6, decided=two + 0.45, transcribed=two + 0.5)
    made.reply("r1", "Yes.", speech("cards-002.wav"), began=two + 0.6, received=two + 0.7, heard=two + 0.8)
    return made.build()


@pytest.fixture(scope="module")
def quiet(tmp_path_factory):
    """A reply without a sound."""
    made = KnownCall(tmp_path_factory.mktemp("quiet") / "call", 20.0)
    over = made.says(2.0, speech("cards-002.wav"))
    made.turn("i0", "Words.", told=2.1, decided=over + 0.8, transcribed=over + 0.9)
    made.reply("r0", "Yes.", speech("cards-003.wav") * 0, began=over + 1, received=over + 1, heard=over + 1.1)
    return made.build()


def only(expectation):
    (verdict,) = expectation.verdicts
    return verdict


@pytest.mark.parametrize("name", DEFECTS)
def test_a_call_without_any(prompt, name):
    told = only(getattr(vn.expect(prompt), name)(at_most=0))
    assert (told.outcome, told.n, told.value) == ("passed", 3, 0)
    assert getattr(vn.report(prompt), name) == 0


def test_a_turn_that_was_cut_off(cut):
    told = only(vn.expect(cut).false_cutoffs(at_most=0))
    assert (told.outcome, told.value) == ("failed", vn.report(cut).false_cutoffs)
    assert told.turns[0].turn.text == "A table for four."
    assert only(vn.expect(cut).false_cutoffs(at_most=1)).passed
    assert only(vn.expect(cut).false_cutoffs(share=0.5)).outcome == "inconclusive"
    assert only(vn.expect(cut).false_cutoffs(share=0.5, counted=True)).passed


def test_a_turn_that_was_not_answered(slow):
    told = only(vn.expect(slow).unanswered(at_most=0))
    assert (told.outcome, told.value, told.turns[0].turn.number) == ("failed", 1, 5)


def test_a_reply_without_a_sound(quiet):
    told = only(vn.expect(quiet).silent_replies(at_most=0))
    assert (told.outcome, told.value) == ("failed", vn.report(quiet).silent_replies)
    assert told.turns[0].turn.silent is True


def test_a_reply_that_was_cut_off_for_words(interrupted):
    told = only(vn.expect(interrupted).interruptions(at_most=0))
    assert (told.outcome, told.turns[0].turn.number) == ("failed", 3)
    assert only(vn.expect(interrupted).false_interruptions(at_most=0)).passed


@pytest.mark.parametrize(
    ("name", "absent"),
    [("false_cutoffs", "decisions"), ("interruptions", "interruptions"), ("silent_replies", "replies")],
)
def test_what_was_not_captured_is_inconclusive(prompt, tmp_path, name, absent):
    told = only(getattr(vn.expect(lacking(prompt, tmp_path / "x", absent)), name)(at_most=0))
    assert told.outcome == "inconclusive"
    assert "1 not captured" in told.figure


@pytest.mark.parametrize("name", DEFECTS)
def test_a_limit_has_to_be_given(prompt, name):
    with pytest.raises(vn.InvalidConfiguration, match=name) as caught:
        getattr(vn.expect(prompt), name)()
    assert "at_most=0" in caught.value.remedy
