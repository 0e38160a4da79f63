"""A call looked over for the signs of what troubles people: only what its recording holds is told."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

from voicenb.doctor import Finding
from voicenb.errors import VoicenbError
from voicenb.protocol.failures import service_error
from voicenb.recording.layout import RATE
from voicenb.recording.recording import Recording

if TYPE_CHECKING:
    from voicenb.analysis.interruption import Interruption

QUIET = -50.0
"""dBFS: a microphone that is never louder than that hears nobody."""

ENOUGH = 3.0
"""Seconds of sound from which its pace can be told."""

PACE = 0.05
"""Share by which the sound may be longer or shorter than the time in which it was sent."""

FLUSH = 0.3
"""Seconds after the service's word within which an interrupted voice should be silent."""


BLOCK = 10 * RATE
"""Samples of which levels are taken at a time."""


class Signs:
    """What one recording shows.

    Each method gives findings: one that is ``broken`` is a sign of the trouble, one with a remedy may be.

    Args:
        recording: of the call.
    """

    def __init__(self, recording: Recording) -> None:
        self.recording = recording

    # --- what there is ---

    @cached_property
    def _events(self) -> Sequence[dict[str, Any]]:
        return self.recording.events

    @cached_property
    def begun(self) -> bool:
        """Whether there was a session: one from elsewhere was held, whatever its recording lacks."""
        return bool(self.recording.absent) or self._count("in", "session.ready") > 0

    @cached_property
    def remedies(self) -> dict[str, str]:
        """By error code in lower case, what to do about it; where the call was told so, in its words."""
        told = {
            str(message.get("code") or "").lower(): str(message.get("remedy") or "")
            for event in self._events
            if event["type"] == "error" and event["dir"] == "local"
            for message in [event.get("msg") or {}]
        }
        return {code: told.get(code) or service_error(code, "").remedy for code in self.codes}

    @cached_property
    def codes(self) -> dict[str, str]:
        """The error codes that came, in lower case, each with its first words."""
        found: dict[str, str] = {}
        for event in self._events:
            if event["type"] in ("session.error", "error"):
                message = event.get("msg") or event
                code = str(message.get("code") or message.get("error_code") or "").lower()
                found.setdefault(code, str(message.get("message") or ""))
        found.pop("", None)
        return found

    @property
    def config(self) -> Mapping[str, Any]:
        """The configuration at the end, as far as the service told of it; else what was asked for."""
        told = [(event.get("msg") or {}).get("config") for event in self._events if event["dir"] == "in"]
        known = [config for config in told if isinstance(config, dict)]
        agent = self.recording.session.get("agent")
        return known[-1] if known else agent if isinstance(agent, dict) else {}

    def _count(self, way: str, kind: str) -> int:
        return sum(event["dir"] == way and event["type"] == kind for event in self._events)

    # --- signs ---

    def error(self, *codes: str) -> Iterator[Finding]:
        """Whether one of these codes came."""
        came = [code for code in codes if code in self.codes]
        for code in came:
            what = f"{code} came: {self.codes[code] or 'without a word'}"
            yield Finding(what, broken=True, remedy=self.remedies[code])
        if not came:
            yield Finding(f"no {' or '.join(codes)} came")

    def own_voice(self) -> Iterator[Finding]:
        """Whether the agent was interrupted by itself."""
        yield from self._interruptions(
            lambda each: each.by_itself,
            "by its own voice",
            "Headphones, or a lower loudspeaker; the panel asks the browser for echo cancellation.",
        )

    def stale(self) -> Iterator[Finding]:
        """Whether an interrupted voice went on."""
        yield from self._interruptions(
            lambda each: each.flush > FLUSH,
            f"heard for more than {FLUSH:g} s after the service told of it",
            "In a client of your own: flush on input.speech.started and on an interrupted reply.done.",
        )

    def _interruptions(self, wrong: Any, what: str, remedy: str) -> Iterator[Finding]:
        if "partials" in self.recording.absent:
            yield Finding("when interruptions were told of was not captured in this recording", seen=False)
            return
        try:
            found = self._measured
        except (VoicenbError, ImportError) as error:
            yield Finding(f"interruptions cannot be measured here: {error}", seen=False)
            return
        bad = sum(map(wrong, found))
        told = f"{_count(len(found), 'interruption')}, {bad or 'none'} of them {what}"
        yield Finding(told if found else "no interruption", broken=bad > 0, remedy=remedy if bad else "")

    @cached_property
    def _measured(self) -> list[Interruption]:
        from voicenb.analysis.measure import Measure

        measure = Measure(self.recording)
        measure.refresh()
        return [one for turn in measure.exchanges.all if (one := measure.interruption(turn)) is not None]

    def pace(self) -> Iterator[Finding]:
        """Whether as much sound was sent as time went by: else it has another rate than it says."""
        if "frames" in self.recording.absent:
            yield Finding("when each piece of sound was sent was not captured in this recording", seen=False)
            return
        if self._count("local", "reconnected"):
            yield Finding("the connection was lost and had back: no pace can be told over that", seen=False)
            return
        sent = [event for event in self._events if event["dir"] == "out" and event["type"] == "input.audio"]
        seconds = sum(int(event.get("samples") or 0) for event in sent[1:]) / RATE
        passed = float(sent[-1]["t"]) - float(sent[0]["t"]) if sent else 0.0
        if passed < ENOUGH:
            yield Finding(f"{_seconds(seconds)} of sound was sent: too little to tell its pace", seen=False)
            return
        off = abs(seconds / passed - 1) > PACE
        yield Finding(
            f"{_seconds(seconds)} of sound was sent within {_seconds(passed)}",
            broken=off,
            remedy="Send 24 kHz PCM16; where it is less than that, frames were lost or none were sent."
            if off
            else "",
        )

    def cut(self) -> Iterator[Finding]:
        """Whether turns went on after they had been taken as ended."""
        items = Counter(
            str((event.get("msg") or {}).get("item_id") or f"without an id, {event.get('n')}")
            for event in self._events
            if event["dir"] == "in" and event["type"] == "transcript.user"
        )
        more = sum(count > 1 for count in items.values())
        turns = (self.config.get("input") or {}).get("turn_detection") or {}
        kept = f"min_silence {turns['min_silence']}" if turns.get("min_silence") else "adaptive silence"
        yield Finding(
            f"{_count(len(items), 'turn')}, {more or 'none'} of them went on after the service had ended it "
            f"({kept})",
            remedy="vn.TurnDetection.recommended() (1400/4000), policy=vn.AfterQuestion(), or "
            'transcription_mode="max_accuracy".'
            if more
            else "",
        )

    def hearing(self) -> Iterator[Finding]:
        """Whether the caller's sound went out, was loud enough, and was noticed."""
        from voicenb.audio.level import levels

        track = self.recording.caller
        if not len(track):
            yield Finding(
                "no sound was sent",
                broken=True,
                remedy="Let the browser use the microphone; the panel says what it is told.",
            )
            return
        blocks = range(0, len(track), BLOCK)  # of an hour at once the levels would take a gigabyte
        loudest = max(float(levels(track[n : n + BLOCK] / 32768, RATE).max(initial=-100.0)) for n in blocks)
        noticed = self._count("in", "input.speech.started")
        what = (
            f"{_seconds(len(track) / RATE)} of sound, at its loudest {loudest:.0f} dBFS; the service told of "
            f"speech {_count(noticed, 'time')}"
        )
        remedy = ""
        if loudest < QUIET:
            remedy = "The microphone is muted, or another one is chosen: look at its level in the system."
        elif not noticed:
            remedy = "Wait for session.ready before sound is sent; check its rate; lower vad_threshold."
        yield Finding(what, broken=bool(remedy), remedy=remedy)

    def ending(self) -> Iterator[Finding]:
        """Whether it was ended with ``session.end`` and that was answered."""
        if self.recording.absent:
            yield Finding("how its client ended it was not captured in this recording", seen=False)
            return
        sent, came = self._count("out", "session.end") > 0, self._count("in", "session.ended") > 0
        begun = self._count("in", "session.ready") > 0
        if not begun or came:
            yield Finding("session.ended came" if came else "the session never began")
            return
        yield Finding(
            "session.end was sent and not answered" if sent else "it was closed without session.end",
            broken=not sent,
            remedy="The service keeps such a session open for 30 s, which is billed: end() it.",
        )

    def results(self) -> Iterator[Finding]:
        """Whether each call of a tool of one's own was answered."""
        calls = [call for call in self.recording.tool_calls if call.known]
        open_ = [call.name for call in calls if call.result is None and not call.lost]
        yield Finding(
            f"{_count(len(calls), 'call')} of tools of its own, {_named(open_)} without a result",
            broken=bool(open_),
            remedy="Send a tool.result for each call, with its call_id and a text." if open_ else "",
        )

    def doubles(self) -> Iterator[Finding]:
        """Whether ``reply.create`` was sent on top of a tool's result."""
        waiting, twice = False, 0
        behind: set[str] = set()  # replies that began behind the result; what announced the call did not
        for event in self._events:
            reply = str((event.get("msg") or {}).get("reply_id") or "")
            match event["dir"], event["type"]:
                case "out", "tool.result":
                    waiting = True
                    behind.clear()
                case "out", "reply.create":
                    twice += waiting
                case "in", "reply.started":
                    behind.add(reply)
                case "in", "reply.done":
                    waiting = waiting and reply not in behind
                case "local", "reconnected" if event["msg"].get("how") == "restarted":
                    waiting = False  # the session that had the result is lost, and another one is asked
                case _:
                    pass
        yield Finding(
            f"reply.create was sent {_count(twice, 'time')} between a tool's result and its answer",
            broken=twice > 0,
            remedy="The result alone is answered: leave talk.reply() out there." if twice else "",
        )

    def uncalled(self) -> Iterator[Finding]:
        """Tools that were never called, and what is wrong with their descriptions."""
        names = [str(tool.get("name")) for tool in self._tools]
        if not names:
            yield Finding("the agent had no tools")
            return
        called = {call.name for call in self.recording.tool_calls}
        idle = [name for name in names if name not in called]
        vague = self._lint([tool for tool in self._tools if tool.get("name") in idle], "T1", "T2")
        yield Finding(
            f"{_count(len(names), 'tool')}, {_named(idle)} of them never called",
            remedy=" ".join(vague),
        )

    def again(self) -> Iterator[Finding]:
        """Whether tools were called again with the same arguments, and patterns that spoken words miss."""
        calls = [(call.name, str(call.arguments)) for call in self.recording.tool_calls]
        same = [
            name for (name, what), before in zip(calls[1:], calls, strict=False) if (name, what) == before
        ]
        failed = [call.name for call in self.recording.tool_calls if call.is_error]
        strict = self._lint(self._tools, "T16")
        yield Finding(
            f"called again with the same arguments: {_named(same)}; with an error: {_named(failed)}; "
            f"{_count(len(strict), 'pattern')} without room for spaces",
            remedy=" ".join(strict) or ("Say in the error what to ask next." if failed else ""),
        )

    def support(self) -> Iterator[Finding]:
        """What a request to the service's support needs."""
        session = self.recording.session
        source = session.get("source") if isinstance(session.get("source"), dict) else {}
        host = (source or {}).get("host")
        if host is None and session.get("service") == "hosted":
            host = "as it was chosen, agents.assemblyai.com where nothing was said"
        closed = [event.get("msg") or {} for event in self._events if event["type"] == "closed"]
        facts = {
            "session": self.recording.conversation.session_id or "none",
            "close code": closed[-1].get("code", "none") if closed else "not captured",
            "began": session.get("started", "not captured"),
            "service": session.get("service", "not captured"),
            "host": host or "this machine's, or one of your own",
        }
        yield Finding("; ".join(f"{name} {value}" for name, value in facts.items()))

    # --- inside ---

    @property
    def _tools(self) -> list[Mapping[str, Any]]:
        tools = self.config.get("tools")
        return [tool for tool in tools if isinstance(tool, dict)] if isinstance(tools, list) else []

    @staticmethod
    def _lint(tools: Sequence[Mapping[str, Any]], *rules: str) -> list[str]:
        """What these rules of the lint find, one tool after the other."""
        from voicenb.lint.examine import examine

        return [
            f"{tool.get('name')}: {one.reason} {one.remedy}".rstrip()
            for tool in tools
            for one in examine({"tools": [tool]})
            if one.rule in rules
        ]


def _named(names: list[str]) -> str:
    return f"{len(names)} ({', '.join(dict.fromkeys(names))})" if names else "none"


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"


def _seconds(seconds: float) -> str:
    return f"{seconds:.1f} s"
