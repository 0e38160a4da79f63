"""The ledger of stops: calls of which everything is known, and calls with the emulator."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import voicenb as vn
from voicenb.analysis.echo import ITSELF, longest
from voicenb.analysis.measure import Measure
from voicenb.analysis.stop import Stop
from voicenb.analysis.stops import Stops
from voicenb.audio.processor import InPlaceProcessor
from voicenb.session.pace import Pace
from voicenb.session.speakers import Captured

from .known_call import RATE, KnownCall, Sound, speech, uncertainty

CLIPS = Path(__file__).parents[1] / "data" / "audio"
NEAR = 0.02
"""Seconds that a figure may be off the truth, beside what the label itself may be."""

WORDS = "one two three four five six seven eight nine ten"


def silence(seconds: float) -> Sound:
    return np.zeros(round(seconds * RATE), np.float32)


def voice() -> Sound:
    """Some ten seconds of the agent's."""
    clips = ("austen-0880.wav", "austen-0890.wav", "austen-0920.wav")
    return np.concatenate([part for name in clips for part in (speech(name), silence(0.3))])


def note(first: int, stop: int) -> dict[str, Any]:
    """Word of a stretch of the reply that is heard from 1 s on."""
    at = round(1.0 + first / RATE, 6)
    return {"reply_id": "r", "from": first, "to": stop, "t": at, "uncertainty": 0.001}


class Interrupted:
    """A call whose agent speaks from 1 s on, and over whom the caller says something at 4 s.

    Args:
        folder: of the recording.
        told: when the service says that the caller speaks; None where it does not.
        ended: when the service ends the reply.
        silent: when the last of it is heard.
        words: whether the service tells the reply's words.
    """

    BEGIN = 4.0

    def __init__(
        self,
        folder: Path,
        *,
        told: float | None,
        ended: float | None = None,
        silent: float | None = None,
        words: bool = True,
        said: Sound | None = None,
        text: str | None = "Ten of clubs.",
        before: Callable[[KnownCall], object] = lambda call: None,
    ) -> None:
        self.call = call = KnownCall(folder, 16.0, {"min_silence": 800, "max_silence": 3000})
        before(call)
        self.voice = sound = voice()
        call.put(0.5, "in", "reply.started", reply_id="r", item_id="i")
        call.agent.append(sound)
        for at in range(0, len(sound), RATE // 5):
            place = {"track": "agent", "start": at, "samples": min(RATE // 5, len(sound) - at)}
            call.put(0.9, "in", "reply.audio", reply_id="r", **place)
        step = 1000 * len(sound) / RATE / 10
        for number, word in enumerate(WORDS.split() if words else []):
            place_ms = {"start_ms": number * step, "end_ms": (number + 1) * step}
            call.put(0.95, "in", "transcript.agent.delta", reply_id="r", delta=f"{word} ", **place_ms)
        over = 1.0 + len(sound) / RATE if silent is None else silent
        self.silent = over
        played = round((over - 1.0) * RATE)
        for at in range(0, played, 4800):
            stop = min(played, at + 4800)
            call.put(1.0 + stop / RATE + 0.01, "local", "heard", **note(at, stop))
        self.end = call.says(self.BEGIN, speech("cards-001.wav") if said is None else said)
        if told is not None:
            call.put(told, "in", "input.speech.started")
        if ended is not None:
            cut = {"reply_id": "r", "text": "one two", "interrupted": True}
            call.put(ended, "in", "transcript.agent", **cut)
            call.put(ended, "in", "reply.done", reply_id="r", status="interrupted")
        else:
            call.put(over, "in", "transcript.agent", reply_id="r", text=WORDS, interrupted=False)
            call.put(over, "in", "reply.done", reply_id="r", status="completed")
        if text is not None:
            call.put(self.end + 0.9, "in", "input.speech.stopped")
            call.put(self.end + 1.0, "in", "transcript.user", item_id="u", text=text)

    def stops(self) -> Stops:
        return vn.stops(self.call.build())

    def only(self) -> Stop:
        (stop,) = self.stops()
        return stop


def mode(name: str) -> Callable[[KnownCall], object]:
    return lambda call: call.put(0.0, "local", "barge_in", mode=name)


ABOUT = NEAR + uncertainty("cards-001.wav")[0]


def test_the_client_flushed_at_the_service_s_word(tmp_path: Path) -> None:
    stop = Interrupted(tmp_path / "c", told=5.5, ended=5.52, silent=5.56).only()
    assert (stop.by, stop.outcome, stop.barge_in, stop.reply_id) == ("client", "silent", "flush", "r")
    assert stop.at == pytest.approx(5.56, abs=1e-3)
    assert stop.told == 5.5
    assert stop.onset == pytest.approx(4.0, abs=ABOUT)
    assert stop.reaction == pytest.approx(1.5, abs=ABOUT)
    assert stop.flush == pytest.approx(0.06, abs=1e-3)
    assert stop.yield_latency == pytest.approx(1.56, abs=ABOUT)
    assert (stop.quieter, stop.quiet) == (None, None)
    # Ten words in some ten seconds, four and a half of which were heard.
    heard = round(10 * 4.56 / (len(voice()) / RATE))
    assert stop.lost == pytest.approx(10 - heard, abs=1)
    assert stop.unheard == " ".join(WORDS.split()[-(stop.lost or 0) :])
    assert (stop.turn, stop.false, stop.echo) == (2, False, False)


@pytest.mark.parametrize("told", [None, 5.6])
def test_the_service_was_first(tmp_path: Path, told: float | None) -> None:
    stop = Interrupted(tmp_path / "c", told=told, ended=5.5, silent=5.56).only()
    assert (stop.by, stop.told) == ("service", 5.5)


def test_who_waits_leaves_it_to_the_service(tmp_path: Path) -> None:
    stop = Interrupted(tmp_path / "c", told=5.5, ended=6.0, silent=6.05, before=mode("wait")).only()
    assert (stop.by, stop.barge_in, stop.told) == ("service", "wait", 6.0)
    assert stop.yield_latency == pytest.approx(2.05, abs=ABOUT)


def ducked(back: float, why: str, heard: float = 4.2) -> Callable[[KnownCall], object]:
    """The own ear hears the caller at 4.15 s; the page plays quieter from ``heard`` on."""

    def tell(call: KnownCall) -> None:
        mode("duck")(call)
        call.put(4.15, "local", "duck", gain=0.2, onset=4.03)
        call.put(heard + 0.05, "local", "ducked", gain=0.2, t=heard, uncertainty=0.002)
        call.put(back, "local", "duck", gain=1.0, why=why)
        call.put(back + 0.06, "local", "ducked", gain=1.0, t=back + 0.03, uncertainty=0.002)

    return tell


def test_the_own_ear_was_first_and_the_service_confirmed(tmp_path: Path) -> None:
    stop = Interrupted(
        tmp_path / "c", told=5.5, ended=5.5, silent=5.55, before=ducked(5.5, "confirmed")
    ).only()
    assert (stop.by, stop.outcome, stop.barge_in) == ("duck", "silent", "duck")
    assert stop.quieter == pytest.approx(0.2, abs=ABOUT)
    assert stop.quiet == pytest.approx(5.55 - 4.2, abs=1e-3)
    assert stop.reaction == pytest.approx(1.5, abs=ABOUT)
    assert stop.yield_latency == pytest.approx(1.55, abs=ABOUT)


def test_a_voice_that_nobody_stopped_came_back(tmp_path: Path) -> None:
    call = Interrupted(tmp_path / "c", told=None, before=ducked(7.2, "unconfirmed"), text=None)
    stop = call.only()
    assert (stop.by, stop.outcome, stop.reply_id) == ("duck", "back", "r")
    assert stop.at == 4.2
    assert stop.quieter == pytest.approx(0.2, abs=ABOUT)
    assert stop.quiet == pytest.approx(7.23 - 4.2)
    assert (stop.told, stop.reaction, stop.flush, stop.yield_latency) == (None, None, None, None)
    assert (stop.lost, stop.unheard, stop.turn, stop.false, stop.echo) == (0, "", None, None, False)


def test_a_voice_that_was_done_before_anybody_confirmed(tmp_path: Path) -> None:
    call = Interrupted(tmp_path / "c", told=None, before=ducked(6.0, "over"))
    assert [(stop.by, stop.outcome) for stop in call.stops()] == [("duck", "over")]


def test_where_no_word_came_of_what_was_heard_nothing_is_guessed(tmp_path: Path) -> None:
    def tell(call: KnownCall) -> None:
        mode("duck")(call)
        call.put(4.15, "local", "duck", gain=0.2, onset=4.03)

    stop = Interrupted(tmp_path / "c", told=None, before=tell, text=None).only()
    assert (stop.at, stop.quieter, stop.quiet) == (4.15, None, None)


def test_a_mere_back_channel_and_nothing_at_all(tmp_path: Path) -> None:
    passed = Interrupted(tmp_path / "a", told=5.5, ended=5.5, silent=5.55, text="Mm-hm.").only()
    assert (passed.false, passed.turn) == (True, 2)
    nothing = Interrupted(tmp_path / "b", told=5.5, ended=5.5, silent=5.55, text=None).only()
    assert (nothing.false, nothing.turn) == (True, None)


def test_the_clock_for_no_turn_followed_runs_in_silence_only(tmp_path: Path) -> None:
    """A caller who speaks for long is not followed by a turn for as long; it followed all the same."""
    long = np.concatenate([speech("austen-0870.wav"), silence(0.2), speech("austen-0930.wav")])
    call = Interrupted(tmp_path / "c", told=5.0, ended=5.0, silent=5.05, said=long)
    assert call.end > 5.05 + 3.0
    stop = call.only()
    assert (stop.turn, stop.false) == (2, False)


def test_words_that_nobody_told_are_not_known_to_be_lost(tmp_path: Path) -> None:
    stop = Interrupted(tmp_path / "c", told=5.5, ended=5.5, silent=5.55, words=False).only()
    assert (stop.lost, stop.unheard) == (None, "")
    assert Stops([stop]).lost is None
    assert Stops([stop, replace(stop, lost=3)]).lost == 3
    assert Stops().lost == 0


@pytest.mark.parametrize("level", [-6.0, -20.0])
@pytest.mark.parametrize("confirmed", [True, False])
def test_a_voice_that_stopped_for_itself_is_called_so(tmp_path: Path, level: float, confirmed: bool) -> None:
    """The microphone hears, 80 ms late, what the loudspeaker plays."""
    begin = round((Interrupted.BEGIN - 1.0 - 0.08) * RATE)
    returned = voice()[begin : begin + 2 * RATE] * np.float32(10 ** (level / 20))
    how: dict[str, Any] = (
        {"told": 5.5, "ended": 5.5, "silent": 5.55, "text": "and so on"}
        if confirmed
        else {"told": None, "before": ducked(7.2, "unconfirmed"), "text": None}
    )
    stop = Interrupted(tmp_path / "c", said=returned, **how).only()
    assert stop.likeness is not None
    assert stop.likeness >= ITSELF
    assert stop.echo is True
    assert "echo" in repr(Stops([stop]))


def test_a_reply_of_which_nothing_was_heard_is_no_stop(tmp_path: Path) -> None:
    def greets(call: KnownCall) -> None:
        call.reply("g", "Hello.", speech("cards-002.wav")[: RATE // 4], began=0.1, received=0.1, heard=0.15)

    call = Interrupted(tmp_path / "c", told=0.97, ended=0.97, silent=1.0, before=greets)
    assert list(call.stops()) == []


def test_nor_is_one_that_was_heard_out(tmp_path: Path) -> None:
    assert list(Interrupted(tmp_path / "c", told=None).stops()) == []


def test_nor_one_that_the_end_of_the_call_cut_short(tmp_path: Path) -> None:
    call = KnownCall(tmp_path / "c", 6.0)
    call.put(0.5, "in", "reply.started", reply_id="r")
    call.agent.append(voice())
    call.put(0.9, "in", "reply.audio", reply_id="r", track="agent", start=0, samples=len(voice()))
    call.put(4.0, "local", "heard", **note(0, 3 * RATE))
    call.put(5.0, "in", "session.ended")
    assert list(vn.stops(call.build())) == []


def test_before_the_agent_was_audible_there_was_nothing_to_yield(tmp_path: Path) -> None:
    call = KnownCall(tmp_path / "c", 14.0)
    begun = 2.0
    end = call.says(begun, speech("cards-002.wav"))
    heard = begun + 0.5
    call.put(heard + 0.7, "in", "input.speech.started")
    call.reply("r", "So.", voice(), began=1.0, received=1.2, heard=heard, cut=heard + 0.8)
    call.put(end + 0.9, "in", "input.speech.stopped")
    call.put(end + 1.0, "in", "transcript.user", item_id="u", text="Ten of clubs.")
    recording = call.build()
    (stop,) = vn.stops(recording)
    audible = vn.turns(recording).agent[0].start
    assert audible is not None
    assert audible >= heard
    assert stop.onset == pytest.approx(audible, abs=1e-5)


def test_an_onset_that_the_own_ear_heard_sooner(tmp_path: Path) -> None:
    def tell(call: KnownCall) -> None:
        mode("duck")(call)
        call.put(3.9, "local", "duck", gain=0.2, onset=3.8)
        call.put(3.95, "local", "ducked", gain=0.2, t=3.9, uncertainty=0.002)
        call.put(5.5, "local", "duck", gain=1.0, why="confirmed")

    stop = Interrupted(tmp_path / "c", told=5.5, ended=5.5, silent=5.55, before=tell).only()
    assert (stop.onset, stop.quieter) == (3.8, pytest.approx(0.1))


def test_a_recording_that_ends_meanwhile(tmp_path: Path) -> None:
    def tell(call: KnownCall) -> None:
        mode("duck")(call)
        call.put(4.15, "local", "duck", gain=0.2, onset=4.03)
        call.put(4.2, "local", "ducked", gain=0.2, t=4.2, uncertainty=0.002)

    stop = Interrupted(tmp_path / "c", told=None, before=tell, text=None).only()
    assert (stop.outcome, stop.quiet) == ("over", pytest.approx(16.0 - 4.2, abs=0.1))


# --- several of them ---------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def ledgers(tmp_path_factory: pytest.TempPathFactory) -> tuple[Stops, Stops]:
    folder = tmp_path_factory.mktemp("ledgers")
    late = Interrupted(folder / "late", told=5.5, ended=5.5, silent=5.55)
    quick = Interrupted(folder / "q", told=5.5, ended=5.5, silent=5.55, before=ducked(5.5, "confirmed"))
    nobody = Interrupted(folder / "n", told=None, before=ducked(7.2, "unconfirmed"), text=None)
    calm = Interrupted(folder / "calm", told=None, text=None)
    return vn.stops(late.call.build()), vn.stops([quick.call.build(), nobody.call.build(), calm.call.build()])


def test_calls_together(ledgers: tuple[Stops, Stops]) -> None:
    _, ducks = ledgers
    assert ducks.calls == ["q", "n", "calm"]
    assert [(stop.number, stop.call, stop.outcome) for stop in ducks] == [(1, 1, "silent"), (2, 2, "back")]
    assert len(ducks.silent) == 1
    assert [len(ducks.by(who)) for who in ("client", "service", "duck")] == [0, 0, 2]
    assert ducks.modes == ["duck"]
    assert isinstance(ducks[:1], Stops)
    assert ducks[0].call == 1


def test_the_table_as_text(ledgers: tuple[Stops, Stops]) -> None:
    told = repr(ledgers[1]).splitlines()
    assert told[0].startswith("1 stop · 1 time only quieter · 3 calls · barge_in duck · ")
    assert " ".join(told[1].split()) == "# call at by for quieter reaction flush yield words lost"
    assert "turn 2" in told[2]
    assert "[not heard: " in told[2]
    assert told[3].endswith("back after 3.0 s")
    assert told[4] == "duck: the client's own ear, before either"
    assert [line.split(":")[0] for line in told[4:]] == ["duck", "words lost", "echo"]


def test_nothing_is_told_in_a_line() -> None:
    assert repr(Stops([], ["call"], ["emulator"], 12.0)) == "0 stops · 12 s of the agent's voice · emulator"
    assert "<table>" not in Stops()._repr_html_()


def test_the_table_as_html(ledgers: tuple[Stops, Stops]) -> None:
    html = ledgers[1]._repr_html_()
    assert html.count("<tr>") == 3
    assert "words lost" in html
    odd = Stops([Stop(1, 1, "r", "flush", "client", "silent", 1.0, lost=1, unheard="<b>")])
    assert "&lt;b&gt;" in odd._repr_html_()


def test_as_rows(ledgers: tuple[Stops, Stops]) -> None:
    rows = ledgers[1].to_dicts()
    assert rows[0]["yield_latency"] == pytest.approx(1.55, abs=ABOUT)
    assert rows[0]["echo"] is False
    table = ledgers[1].to_dataframe()
    assert list(table["by"]) == ["duck", "duck"]
    assert list(table["outcome"]) == ["silent", "back"]
    empty = Stops().to_dataframe()
    assert list(empty.columns) == list(rows[0])
    assert list(empty.dtypes) == list(table.dtypes)


def test_what_is_no_recording() -> None:
    with pytest.raises(vn.InvalidConfiguration, match=r"vn\.stops takes recordings or their paths"):
        vn.stops([3])  # type: ignore[list-item]


# --- with the emulator -------------------------------------------------------------------------------------

LIDO = vn.Agent(
    name="Lido",
    greeting="Good evening, this is Lido, and thank you very much for calling. We are open every day from "
    "noon until late in the evening, and we keep a table by the window for everybody who asks in time.",
)


def talk(profile: Any, barge_in: Any, clip: str = "cards-001.wav") -> vn.Recording:
    emulator = vn.Emulator(profile=profile, brain=["I see."], processor=InPlaceProcessor(), seed=0)
    caller = vn.Caller([vn.BargeIn(vn.WavFile(CLIPS / clip), after=1.5), vn.Answer()])
    return vn.run(LIDO, caller, emulator, barge_in=barge_in)


@pytest.mark.parametrize("profile", ["contract", "live"])
def test_an_own_ear_is_quicker_than_the_service(profile: str) -> None:
    found = {barge_in: vn.stops(talk(profile, barge_in)) for barge_in in ("flush", "duck", "wait")}
    for barge_in, stops in found.items():
        (stop,) = stops
        assert (stop.barge_in, stop.outcome, stop.turn, stop.echo) == (barge_in, "silent", 2, False)
        assert stop.by == "duck" if barge_in == "duck" else stop.by in ("client", "service")
        assert stop.reaction is not None
        assert (stop.reaction > 1.1) == (profile == "live")
    quieter = found["duck"][0].quieter
    assert quieter is not None
    assert 0 < quieter < 0.35  # this clip begins softly


def test_the_yield_figures_of_a_turn_are_the_same_in_each_mode() -> None:
    def of(barge_in: str) -> list[tuple[float | None, float | None, bool | None]]:
        turns = vn.turns(talk("live", barge_in))
        return [(turn.reaction, turn.flush, turn.yielded) for turn in turns.caller]

    figures = {barge_in: of(barge_in) for barge_in in ("flush", "duck", "wait")}
    assert figures["flush"] == figures["duck"] == figures["wait"]
    assert figures["flush"][0][0] is not None


class Loudspeaker(Captured):
    """One that a microphone can hear."""

    def sound(self, begin: float, end: float) -> Sound:
        """What is played between two moments of the loop."""
        out = np.zeros(round((end - begin) * RATE), np.float32)
        for each in [*self.stretches, *self._queue]:
            first, samples = round((begin - each.at) * RATE), np.frombuffer(bytes(each.pcm), "<i2")
            low, high = max(0, first), min(len(samples), first + len(out))
            if low < high:
                out[low - first : high - first] += samples[low:high]
        return out


class Echo:
    """A microphone that hears the loudspeaker, 50 ms later and 20 dB below, and nobody else."""

    label = "echo"

    def __init__(self, speaker: Loudspeaker, seconds: float) -> None:
        self.speaker, self.seconds = speaker, seconds

    async def frames(self, room: Any) -> AsyncIterator[bytes]:
        del room
        pace, loop = Pace(), asyncio.get_running_loop()
        until = loop.time() + self.seconds
        while loop.time() < until:
            await pace.next()
            heard = loop.time() - 0.05
            yield (0.1 * self.speaker.sound(heard - 0.02, heard)).astype("<i2").tobytes()


@pytest.mark.parametrize("barge_in", ["flush", "duck"])
@pytest.mark.parametrize("profile", ["contract", "live"])
def test_a_call_whose_microphone_hears_the_agent(profile: Any, barge_in: Any) -> None:
    speaker = Loudspeaker()
    emulator = vn.Emulator(profile=profile, brain=["I see."], processor=InPlaceProcessor(), seed=0)
    call = vn.run(LIDO, Echo(speaker, 8.0), emulator, speaker=speaker, barge_in=barge_in)
    stops = vn.stops(call)
    assert len(stops.silent) >= 1
    assert all(stop.echo for stop in stops.silent)
    assert len(stops.echo) == len(stops)


def test_a_late_echo_is_known_by_what_the_sound_check_measured(tmp_path: Path) -> None:
    known = KnownCall(tmp_path / "call", 8.0)
    voice = np.concatenate([speech("austen-0930.wav"), speech("cards-002.wav"), speech("austen-0930.wav")])
    times = {"began": 0.2, "received": 0.3, "heard": 0.5, "cut": 3.0}
    known.reply("g", "A long greeting.", voice, **times)
    known.says(0.5 + 0.45, 0.3 * voice[: round(2.5 * RATE)])  # by Bluetooth
    known.turn("one", "A long greeting.", told=2.95, decided=3.9, transcribed=4.0)
    call = known.build()
    (stop,) = vn.stops(call)
    assert (stop.echo, stop.searched) == (False, 0.3)
    assert "echo: looked for up to 0.30 s behind the agent's voice" in repr(vn.stops(call))
    told = json.loads((call.folder / "session.json").read_text("utf-8"))
    told["calibration"] = {"round_trip": 0.44, "round_trip_uncertainty": 0.01}
    (call.folder / "session.json").write_text(json.dumps(told), "utf-8")
    checked = vn.load(call.folder)
    (stop,) = vn.stops(checked)
    assert (stop.echo, stop.searched) == (True, pytest.approx(0.5))
    assert "echo" in repr(vn.stops(checked)).splitlines()[2]
    measure = Measure(checked)
    measure.refresh()
    assert [one.by_itself for one in measure.self_interruptions()] == [True]


@pytest.mark.parametrize(
    ("told", "searched"),
    [
        (None, 0.3),
        ({}, 0.3),
        ({"round_trip": None}, 0.3),
        ({"round_trip": 0.1}, 0.3),
        ({"round_trip": 0.4}, 0.45),
        ({"round_trip": 0.4, "round_trip_uncertainty": 0.02}, 0.47),
        ({"round_trip": 90.0}, 1.0),
        ({"round_trip": "x"}, 0.3),
    ],
)
def test_how_late_an_echo_is_looked_for(told: object, searched: float) -> None:
    assert longest({"calibration": told}) == pytest.approx(searched)
