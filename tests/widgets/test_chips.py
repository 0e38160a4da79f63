"""What an answer cost and what an interruption took, as lines of a call that was held."""

from __future__ import annotations

import asyncio
import re
import threading
from dataclasses import dataclass, replace
from typing import Annotated, Any, cast

import pytest

import voicenb as vn
from voicenb.analysis.answer import Answer
from voicenb.analysis.interruption import Interruption
from voicenb.recording.recording import Recording
from voicenb.session.session import Session
from voicenb.widgets.chips import Chips, cost_line, yield_line

PLAIN = Answer("r1", speech_end=1.0, decided=2.41, audible=2.61, ended_by="min_silence", silence=1.4)


def told(answer: Answer, service: str = "emulator", *, announces: bool = False) -> str:
    text = cost_line(answer, 2.5, service, announces=announces)["text"]
    assert isinstance(text, str)
    return text


def test_an_answer_is_told_in_one_line_with_its_parts() -> None:
    line = cost_line(PLAIN, 2.5, "emulator", announces=False)
    assert line["text"] == "answered in 1.61 s — 1.41 silence (min_silence) · 0.20 reply"
    assert (line["role"], line["at"], line["strong"]) == ("cost", 2.5, "1.61 s")
    assert line["parts"] == [{"kind": "silence", "seconds": 1.41}, {"kind": "reply", "seconds": 0.2}]


def test_tools_are_a_part_of_their_own() -> None:
    assert told(replace(PLAIN, tools=0.05)) == (
        "answered in 1.61 s — 1.41 silence (min_silence) · 0.05 tool round trip · 0.15 reply"
    )


def test_what_was_not_captured_is_not_told_apart() -> None:
    elsewhere = replace(PLAIN, decided=None, ended_by="unknown", silence=None)
    assert told(elsewhere) == "answered in 1.61 s — 1.61 silence and reply (not told apart)"
    assert told(replace(elsewhere, tools=0.2)).endswith(
        "— 0.20 tool round trip · 1.41 silence and reply (not told apart)"
    )


def test_where_either_limit_may_have_ended_it_the_silence_is_what_was_demanded_in_any_case() -> None:
    unknown = replace(PLAIN, ended_by="unknown", silence=0.5)
    assert (
        told(unknown, "hosted") == "answered in 1.61 s — 0.50 silence (min_silence at least) · 1.11 service"
    )


def test_what_was_said_before_a_tool_ran_is_no_part_of_the_reply() -> None:
    answer = replace(PLAIN, audible=4.61, tools=0.3, announcement=1.5)
    line = cost_line(answer, 2.5, "emulator", announces=False)
    assert line["text"] == (
        "answered in 3.61 s — 1.41 silence (min_silence) · 1.50 announcement · 0.30 tool round trip "
        "· 0.40 reply"
    )
    assert [part["kind"] for part in line["parts"]] == ["silence", "announcement", "tool", "reply"]
    assert sum(part["seconds"] for part in line["parts"]) == pytest.approx(3.61)
    hosted = told(replace(answer, ended_by="adaptive", silence=None), "hosted")
    assert hosted.endswith("— 1.50 announcement · 0.30 tool round trip · 1.81 service (adaptive)")


def test_a_tool_that_took_next_to_no_time_is_told_in_milliseconds() -> None:
    assert "· 38 ms tool round trip · 0.16 reply" in told(replace(PLAIN, tools=0.038))
    assert "· 1 ms tool round trip · 0.20 reply" in told(replace(PLAIN, tools=0.0002))


def test_as_they_are_told_the_parts_add_up() -> None:
    for millisecond in range(10):
        answer = replace(PLAIN, decided=2.404 + millisecond / 1000, audible=2.618, tools=0.1046)
        whole, parts = told(answer).split(" — ")
        figures = [float(part.split()[0]) for part in parts.split(" · ")]
        assert sum(figures) == pytest.approx(float(whole.split()[2]))


def test_what_announces_a_tool_is_the_first_sound_and_no_answer() -> None:
    assert told(replace(PLAIN, tools=0.0), announces=True) == "first sound after 1.61 s"


def test_the_emulators_way_without_settings_is_called_a_stand_in() -> None:
    adaptive = replace(PLAIN, ended_by="adaptive", silence=None)
    assert told(adaptive) == "answered in 1.61 s — 1.41 silence (stand-in) · 0.20 reply"


def test_of_the_hosted_service_only_what_can_be_told_apart() -> None:
    assert told(PLAIN, "hosted") == "answered in 1.61 s — 1.40 silence (min_silence) · 0.21 service"
    adaptive = replace(PLAIN, ended_by="adaptive", silence=None)
    assert told(adaptive, "hosted") == "answered in 1.61 s — 1.61 service (adaptive)"


def test_an_interruption_is_told_in_one_line() -> None:
    line = yield_line(Interruption("r1", onset=1.0, told=1.56, silent=1.61, unheard=9), 1.56)
    assert line["text"] == (
        "you interrupted · silent 0.61 s after you began (0.56 until the service said so, 0.05 to stop) "
        "· about 9 words not heard"
    )
    quieter = yield_line(Interruption("r1", 1.0, 1.5, 1.5, 1, 0.0, 0.2), 1.5)["text"]
    assert "after you began (quieter after 0.20, 0.50 until the service said so, 0.00 to stop)" in quieter
    assert yield_line(Interruption("r1", 1.0, 1.5, 1.5, 1), 1.5)["text"].endswith("about 1 word not heard")
    assert "not heard" not in yield_line(Interruption("r1", 1.0, 1.5, 1.5, 0), 1.5)["text"]


@dataclass
class Held:
    """A session whose recording is there."""

    recording: Recording | None
    address: Any = None


@pytest.fixture(scope="module")
def call() -> Recording:
    agent = vn.Agent(
        name="Lido",
        system_prompt="Short.",
        greeting="Good evening.",
        turn_detection=vn.TurnDetection(min_silence=800, max_silence=3000),
    )
    caller = vn.Caller(
        [vn.Answer(), "What can you do?", vn.BargeIn("No, tell me the time.", after=1.5), vn.Answer()]
    )
    return vn.run(agent, caller)


def lines_of(chips: Chips, events: list[dict[str, Any]]) -> None:
    """Let the chips see a call, and wait until they have thought about it."""
    for event in events:
        chips.take(event)
    done = threading.Event()
    chips._errands.ask(done.set)
    assert done.wait(60)


def test_of_a_call_each_answer_and_each_interruption_is_told_once(call: Recording) -> None:
    lines: list[dict[str, Any]] = []
    chips = Chips(cast(Session, Held(call, vn.Address("ws://x", kind="emulator"))), lines.append)
    lines_of(chips, call.events)
    lines_of(chips, call.events)
    assert [line["role"] for line in sorted(lines, key=lambda line: float(line["at"]))] == [
        "cost",
        "yield",
        "cost",
    ]
    for line in lines:
        assert line["strong"] in line["text"]
        if line["role"] == "cost":
            shape = r"answered in \d\.\d\d s — 0\.[89]\d silence \(min_silence\) · 0\.\d\d reply"
            assert re.fullmatch(shape, line["text"])


def test_where_the_voice_passes_through_this_process_it_waits_for_silence(call: Recording) -> None:
    lines: list[dict[str, Any]] = []
    chips = Chips(cast(Session, Held(call)), lines.append, patient=lambda: True)
    first = next(n for n, event in enumerate(call.events) if event["type"] == "transcript.user")
    silent = next(
        n
        for n, event in enumerate(call.events)
        if n > first and event["type"] == "state" and event["msg"]["state"] == "listening"
    )
    lines_of(chips, [event for event in call.events[:silent] if event["type"] != "transcript.user"])
    assert lines == []
    lines_of(chips, call.events[silent:])
    assert {line["role"] for line in lines} == {"cost", "yield"}
    assert chips.finish(10).startswith("2 turns · answered in")


def test_a_call_that_is_not_recorded_has_none(call: Recording) -> None:
    lines: list[dict[str, Any]] = []
    lines_of(Chips(cast(Session, Held(None)), lines.append), call.events)
    assert lines == []


def test_an_interruption_that_cannot_be_measured_counts_as_it_is_marked(call: Recording) -> None:
    lines: list[dict[str, Any]] = []
    chips = Chips(cast(Session, Held(call)), lines.append)
    # Its words never come, so there is no turn for it: as where a turn goes on over a reply.
    lines_of(chips, [event for event in call.events if event["type"] != "transcript.user"])
    assert not [line for line in lines if line["role"] == "yield"]
    assert [line.interrupted for line in call.transcript].count(True) == 1
    assert chips.finish(10).endswith("· 1 interruption")


async def hours(day: Annotated[str, "A weekday."]) -> str:
    """Opening hours of a day."""
    await asyncio.sleep(30)
    return f"Nine to five on {day}."


def test_a_call_that_ends_at_the_announcement_of_a_tool_was_not_answered() -> None:
    agent = vn.Agent(name="Lido", system_prompt="Short.", greeting="Hello.", tools=[cast(Any, hours)])
    brain = [{"say": "Let me look.", "call": "hours", "arguments": {"day": "Friday"}}]
    call = vn.run(agent, vn.Caller([vn.Answer(), "When are you open on Friday?", vn.Pause(4.0)]), brain=brain)
    lines: list[dict[str, Any]] = []
    chips = Chips(cast(Session, Held(call)), lines.append)
    lines_of(chips, call.events)
    assert [line["text"][:18] for line in lines] == ["first sound after "]
    assert re.fullmatch(
        r"1 turn · 1 not answered, first sound after 1\.\d s · no interruption", chips.finish(10)
    )
