"""What all sessions share: loaded once, and only when somebody needs it."""

from __future__ import annotations

import asyncio
import threading

import pytest

from voicenb.audio.processor import InPlaceProcessor, ThreadProcessor
from voicenb.emulator.emulator import Emulator
from voicenb.emulator.profiles import LeadingSilence
from voicenb.emulator.resources import Deaf
from voicenb.errors import MissingExtra


class Warm:
    """Counts how often it is warmed."""

    def __init__(self):
        self.warmed = 0

    def warm(self):
        self.warmed += 1


@pytest.fixture
def resources(plain_emulator):
    return lambda **options: plain_emulator(**options).resources


def test_nothing_is_loaded_before_it_is_needed(resources, tone_mouth):
    shared = resources(mouth=tone_mouth())
    made = []
    shared.make_mouth = lambda: made.append("mouth") or tone_mouth()
    with pytest.raises(RuntimeError, match="warm"):
        _ = shared.mouth
    assert shared.ears is None
    assert made == []
    asyncio.run(shared.warm())
    asyncio.run(shared.warm())
    assert made == ["mouth"]
    assert shared.mouth.name == "tones"
    assert shared.ears.name == "fixed"


def test_many_sessions_at_once_load_once(tone_mouth, ears, script):
    begun, go_on, made = threading.Event(), threading.Event(), []

    class Slow(tone_mouth):
        def __init__(self):
            super().__init__()
            made.append(self)
            begun.set()
            assert go_on.wait(5)

    processor = ThreadProcessor(4)
    shared = Emulator(brain=script(), recognizer=ears(), mouth=tone_mouth(), processor=processor).resources
    shared.make_mouth = Slow

    async def sessions():
        waiting = [asyncio.create_task(shared.warm()) for _ in range(3)]
        await asyncio.to_thread(begun.wait, 5)
        assert not shared.warmed
        go_on.set()
        await asyncio.gather(*waiting)

    try:
        asyncio.run(sessions())
    finally:
        go_on.set()
        processor.close()
    assert len(made) == 1
    assert shared.mouth is made[0]


@pytest.mark.parametrize(("preload", "times"), [(True, 1), (False, 0)])
def test_models_are_loaded_at_once_where_that_is_wanted(resources, tone_mouth, ears, preload, times):
    class Mouth(Warm, tone_mouth):
        pass

    class Hearing(Warm, ears):
        text, heard = "", ()

    shared = resources()
    mouth, hearing = Mouth(), Hearing()
    shared.make_mouth, shared.make_ears, shared.preload = lambda: mouth, lambda: hearing, preload
    asyncio.run(shared.warm())
    assert (mouth.warmed, hearing.warmed) == (times, times)


def test_a_machine_without_ears_is_told_of(resources, caplog):
    shared = resources()
    assert shared.notice == ""
    shared.make_ears = lambda: None
    asyncio.run(shared.warm())
    assert shared.ears is None
    assert "talk.message" in shared.notice
    assert [record.getMessage() for record in caplog.records] == [shared.notice]


def test_what_else_is_amiss_is_told_too(resources):
    shared = resources()
    shared.notice = "No language model."
    shared.make_ears = lambda: None
    for _ in range(2):
        shared.find_ears()
    assert shared.notice.startswith("No language model. No ears")
    assert shared.notice.count("No ears") == 1


def test_without_a_mouth_it_is_not_warm_and_is_asked_again(resources, tone_mouth):
    shared = resources()

    def missing():
        raise MissingExtra("No mouth.")

    shared.make_mouth = missing
    with pytest.raises(MissingExtra):
        asyncio.run(shared.warm())
    assert not shared.warmed
    shared.make_mouth = tone_mouth
    asyncio.run(shared.warm())
    assert shared.warmed


def test_the_silence_in_force_is_the_profile_s_unless_it_is_set(resources):
    assert resources().silence is resources().profile.leading_silence
    assert resources(leading_silence=0.5).silence == LeadingSilence.uniform(0.5)
    assert resources(leading_silence=0).silence == LeadingSilence.uniform(0)


def test_every_session_has_a_brain_of_its_own():
    shared = Emulator(brain="rules", processor=InPlaceProcessor()).resources
    assert shared.make_brain() is not shared.make_brain()


def test_deaf_ears_understand_nothing():
    assert Deaf().transcribe([0.5] * 16_000, ["Lido"]) == ""
    assert (Deaf().name, Deaf().cost) == ("none", 0.0)
