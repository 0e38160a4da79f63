"""A judge of the sound is asked once about each silence of a recorded call, and its answers are kept."""

import zlib
from dataclasses import replace

import fsspec
import numpy as np
import pytest

import voicenb as vn
from tests.analysis.known_call import KnownCall, speech
from voicenb.recording.layout import TURN_ENDS
from voicenb.tuning.evidence import Words as Said
from voicenb.tuning.evidence import read
from voicenb.tuning.far import find
from voicenb.tuning.kept import probabilities
from voicenb.tuning.listener import Asked, Listener, listener
from voicenb.tuning.whatif import whatif
from voicenb.turn_taking.completeness import Words
from voicenb.turn_taking.detector import SpeechDetector
from voicenb.turn_taking.smart_turn import SmartTurn

KNOWN = (pytest.approx(0.288), np.inf)
ASKED = [Asked(1.0, 1.024, 2.016, 2.4), Asked(1.0, 1.024, 2.56, 9.0)]


@pytest.fixture(autouse=True)
def cache(tmp_path, monkeypatch):
    monkeypatch.setenv("VOICENB_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


@pytest.fixture
def call(tmp_path):
    built = KnownCall(tmp_path / "call", 6.0)
    built.says(1.013, speech("cards-002.wav"))
    return built.build()


@pytest.fixture
def model(tmp_path):
    """A model's file: what is in it is not run here."""
    file = tmp_path / "model.onnx"
    file.write_bytes(b"first")
    return file


class Counting(SmartTurn):
    """Says 0.7 of the first that it hears, 0.3 of all others."""

    def __init__(self, *args, **named):
        super().__init__(*args, **named)
        self.heard = []

    def probability(self, sound):
        self.heard.append(sound)
        return 0.7 if len(self.heard) == 1 else 0.3


class Own:
    """A judge of somebody's own: words that end in a full stop, behind any sound."""

    cost = 0.05

    def __init__(self):
        self.asked = []

    def looks_complete(self, utterance):
        self.asked.append(utterance)
        return bool(utterance.sound().any()) and utterance.text.endswith(".")


def evidence_of(call):
    (values,) = probabilities([call])
    return read(call, values)


def test_the_turn_looks_complete_from_the_answer_on(call, model):
    judge = Counting(model=model)
    assert Listener(call, evidence_of(call), judge).spans(ASKED) == [(KNOWN,), ()]
    assert len(judge.heard) == 2


def test_it_hears_what_the_emulator_would(call, model):
    judge = Counting(model=model)
    Listener(call, evidence_of(call), judge).spans(ASKED)
    frames = SpeechDetector().push(call.caller.tobytes())
    known = np.concatenate([frame.samples for frame in frames])
    for each, sound in zip(ASKED, judge.heard, strict=True):
        first, last = round((each.onset - 0.5) * 16_000), round((each.start + 0.224) * 16_000)
        np.testing.assert_array_equal(sound, known[first:last])


def test_a_silence_is_asked_about_once_and_the_answer_is_kept(call, model):
    evidence, first = evidence_of(call), Counting(model=model)
    one = Listener(call, evidence, first)
    assert one.spans(ASKED) == one.spans(ASKED)
    assert len(first.heard) == 2
    again = Counting(model=model)
    later = Listener(vn.load(call.folder), evidence, again)
    assert later.spans(ASKED) == [(KNOWN,), ()]
    assert again.heard == []
    later.spans([*ASKED, Asked(1.0, 1.024, 2.592, 9.0)])
    assert len(again.heard) == 1


def test_another_threshold_asks_nothing_anew(call, model):
    evidence = evidence_of(call)
    Listener(call, evidence, Counting(model=model)).spans(ASKED)
    for threshold, expected in ((0.2, [(KNOWN,), (KNOWN,)]), (0.8, [(), ()])):
        judge = Counting(threshold, model=model)
        assert Listener(call, evidence, judge).spans(ASKED) == expected
        assert judge.heard == []


def test_another_model_another_sound_or_a_damaged_file_is_asked_anew(call, model, tmp_path):
    evidence = evidence_of(call)
    Listener(call, evidence, Counting(model=model)).spans(ASKED)
    newer = tmp_path / "newer" / "model.onnx"
    newer.parent.mkdir()
    newer.write_bytes(b"second")
    file = call.folder / TURN_ENDS

    def asked(judge, told=evidence):
        Listener(call, told, judge).spans(ASKED)
        return len(judge.heard)

    assert asked(Counting(model=newer)) == 2
    assert asked(Counting(model=newer)) == 0
    other = np.copy(evidence.values)
    other[3] += 0.001
    assert asked(Counting(model=newer), replace(evidence, values=other)) == 2
    file.write_bytes(file.read_bytes()[:100])
    assert asked(Counting(model=newer)) == 2


def test_of_a_recording_at_an_address_the_answers_are_kept_here(call, model, cache):
    files = fsspec.filesystem("memory")
    try:
        files.put(str(call.folder), "/listened/call", recursive=True)
        (far,) = find("memory://listened")
        evidence, judge, again = evidence_of(call), Counting(model=model), Counting(model=model)
        assert Listener(far, evidence, judge).spans(ASKED) == [(KNOWN,), ()]
        assert "folder" not in vars(far)  # nothing of it stays here
        assert Listener(far.again(), evidence, again).spans(ASKED) == [(KNOWN,), ()]
        assert (len(judge.heard), len(again.heard)) == (2, 0)
        assert not files.exists(f"/listened/call/{TURN_ENDS}")
    finally:
        files.rm("/listened", recursive=True)


def test_a_silence_that_ends_before_it_would_be_asked_has_no_answer(call, model):
    judge = Counting(model=model)
    assert Listener(call, evidence_of(call), judge).spans([Asked(1.0, 1.024, 2.016, 2.2)]) == [()]
    assert judge.heard == []


def test_a_judge_of_ones_own_gets_sound_and_words_and_is_not_kept(call):
    said = (Said(0.8, "Before."), Said(2.0, "Four"), Said(2.7, "Four queens."), Said(3.0, "Four queens of"))
    evidence, judge = replace(evidence_of(call), words=said), Own()
    one = Listener(call, evidence, judge)
    assert one.spans(ASKED) == one.spans(ASKED) == [(), (KNOWN,)]
    assert [each.text for each in judge.asked] == ["Four", "Four queens."]
    assert judge.asked[1].said == ((pytest.approx(-0.56), "Four"), (pytest.approx(0.14), "Four queens."))
    assert not (call.folder / TURN_ENDS).exists()


def test_a_judge_of_the_words_needs_none(call):
    assert listener(call, evidence_of(call), Words()) is None


def test_what_if_asks_it(tmp_path):
    class Parity:
        cost = 0.05

        def looks_complete(self, utterance):
            answers.append(zlib.crc32(utterance.sound().tobytes()) % 2 == 1)
            return answers[-1]

    built = KnownCall(tmp_path / "call", 8.0)
    end = built.says(1.013, speech("cards-002.wav"))
    built.turn("item-1", "Four queens.", told=1.1, decided=end + 1.0, transcribed=end + 1.0)
    answer = {"began": end + 1.0, "received": end + 1.1, "heard": end + 1.2}
    built.reply("reply-1", "Yes.", speech("cards-004.wav"), **answer)
    call, answers = built.build(), []
    sweep = whatif(call, completeness=Parity(), min_silence=[300, 600], max_silence=2000)
    rows, _, _ = sweep.ground.silences(0.5)
    asked = [each for each in rows if each.length >= 0.224]
    assert len(asked) >= 1
    assert [bool(each.spans) for each in asked] == answers
    assert all(each.spans in ((), (KNOWN,)) for each in rows)


def test_what_judges_nothing_is_refused(call):
    with pytest.raises(vn.InvalidConfiguration, match="judges nothing"):
        whatif(call, completeness="smart")
