"""A script says what its caller did, where the sound leaves it open."""

import shutil
from types import SimpleNamespace

import pytest

import voicenb as vn
from voicenb.tuning.scripted import Scripted, scripted
from voicenb.tuning.truth import Truth, by_script
from voicenb.tuning.whatif import whatif

AGENT = vn.Agent(
    name="Lido",
    system_prompt="You take bookings.",
    turn_detection=vn.TurnDetection(min_silence=300, max_silence=600),
)


@pytest.fixture(scope="module")
def call(tmp_path_factory):
    """The agent answers in a pause of the caller's, who goes on when it has long been done."""
    script = [vn.Say("I would like", vn.Pause(2.0), "a table for four."), vn.Answer(), vn.Pause(2)]
    folder = tmp_path_factory.mktemp("scripted") / "call"
    return vn.run(AGENT, vn.Caller(script), brain=["Certainly.", "Thank you."], recording=folder)


def truths(recording):
    (found,) = whatif(recording, min_silence=500).ground.calls
    return [gap.truth for turn in found.turns for gap in (*turn.pauses, turn.last) if gap.length > 0.5]


def test_the_script_is_read_from_the_recording(call):
    first, pause, last = scripted(call)
    assert [each.what for each in (first, pause, last)] == ["words", "pause", "last words"]
    assert (pause.start, pause.end) == (first.end, last.start)
    assert 2.0 < pause.end - pause.start < 2.6
    said = call.session["truth"]
    pieces = call.said_pieces()
    assert first.start == pytest.approx((said[0]["start"] - pieces[0][0] + pieces[0][2]) / 24_000, abs=1e-6)


def test_what_if_goes_by_it(call, tmp_path):
    assert truths(call) == [Truth.MID, Truth.END]
    (known,) = vn.whatif(call, min_silence=900).ground.calls
    assert all(turn.last.by_script for turn in known.turns)
    blind = tmp_path / "blind"
    shutil.copytree(call.folder, blind)
    session = blind / "session.json"
    session.write_text(session.read_text().replace('"truth"', '"was"'))
    assert truths(vn.load(blind)) == [Truth.END, Truth.END]  # by the rule: the agent spoke, and for long


def test_of_a_part_what_lies_in_it(call):
    pause = scripted(call)[1]
    part = call[pause.start - 0.2 : call.duration]
    words, same, last = scripted(part)
    assert words.end == pytest.approx(0.2, abs=1e-5)
    assert same.start == pytest.approx(0.2, abs=1e-5)
    assert last.what == "last words"


@pytest.mark.parametrize("told", [None, 3, ["a"], [{"start": 1, "stop": 2}], [{"kind": "words", "then": ""}]])
def test_what_others_have_written_there_says_nothing(told):
    assert scripted(SimpleNamespace(session={"truth": told})) == ()


def test_a_caller_who_hangs_up_leaves_it_open():
    recording = vn.run(AGENT, vn.Caller(["A table.", vn.HangUp()]))
    assert [each.what for each in scripted(recording)] == ["words"]


SCRIPT = [Scripted(1.0, 2.0, "words"), Scripted(2.0, 3.0, "pause"), Scripted(3.0, 4.0, "last words")]


@pytest.mark.parametrize(
    ("start", "end", "truth"),
    [
        (2.05, 2.95, Truth.MID),
        (1.4, 1.6, Truth.MID),  # a packet that was lost among the words
        (3.4, 3.6, Truth.MID),
        (3.9, 6.0, Truth.END),
        (4.2, float("inf"), Truth.END),
        (4.5, 6.0, None),
        (0.2, 0.9, None),
    ],
)
def test_a_silence_by_the_script(start, end, truth):
    assert by_script(start, end, SCRIPT) is truth
