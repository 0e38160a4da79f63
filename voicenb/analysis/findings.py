"""What stands out in a report, in plain words.

A finding says what the data can carry: what happened, how often, and of how many. What another setting would
have done is not its business.
"""

from __future__ import annotations

import statistics
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

from voicenb.analysis.answer import is_separable
from voicenb.analysis.report import gapped
from voicenb.analysis.turn import Turn

if TYPE_CHECKING:
    from voicenb.analysis.report import Report

FEWEST = 3
"""Turns that a finding about the usual wait rests on at least."""

MOST_OF = 0.5
"""Share of a wait that is most of it."""

LONG_PLAYBACK = 0.4
"""Seconds between a sample's arrival and its being heard that are worth a word."""

_ADAPTIVE = {
    True: "the wait for the end of the turn, which the adaptive default decides",
    False: "the wait until the service told of the end of the turn: silence, model and voice, not separable",
}
"""What the wait under the adaptive default was, by whether the service tells of a decision when it falls."""

MUCH_TALK_OVER = 0.05
"""Share of the time in which both talk that is worth a word."""


def findings(report: Report) -> list[str]:
    """The findings, what went wrong first, then where the time went."""
    return [*_wrong(report), *_waits(report), *_path(report)]


def _wrong(report: Report) -> Iterator[str]:
    caller = len(report.caller_turns)
    deciding = len(_turns(report, "false_cutoffs", "user"))  # of the calls that tell of decisions
    if report.unanswered:
        yield (
            f"{_of(report.unanswered, caller, 'turn')} of the caller's got no audible answer before the "
            "caller spoke again, or within 10 s."
        )
    asked = [turn for turn in report.tool_turns if turn.tools]
    if lacking := sum(turn.first_answer is None and turn.unanswered is False for turn in asked):
        yield (
            f"In {_of(lacking, len(asked), 'tool turn')} no answer was heard behind the tool's result: only "
            "what was said before it."
        )
    if report.false_cutoffs:
        turns = sum(bool(turn.false_cutoffs) for turn in report.caller_turns)
        yield (
            f"In {_of(turns, deciding, 'turn')} the service took the caller for done inside a pause: the "
            "caller went on before anyone spoke."
        )
    if report.candidate_cuts:
        yield (
            f"After {_of(report.candidate_cuts, deciding, 'turn')} the caller went on over the first second "
            "of the answer: cut off, or a quick interruption; only listening tells."
        )
    if report.false_interruptions:
        known = sum(turn.false_interruption is not None for turn in report.agent_turns)
        yield (
            f"{_of(report.false_interruptions, known, 'interruption')} stopped the agent for "
            'no words, or for a mere "mm-hm".'
        )
    if echo := len(report.stops.echo):
        yield (
            f"{_of(echo, len(report.stops), 'time')} the agent's voice gave way to itself: the caller's "
            "microphone heard it. Headphones help, or a lower loudspeaker."
        )
    ducks = report.stops.by("duck")
    nobody = sum(stop.outcome == "back" and not stop.echo for stop in ducks)
    if nobody:
        yield (
            f"{_of(nobody, len(ducks), 'time')} the voice was made quieter, the service heard nobody, and it "
            "came back."
        )
    if report.silent_replies:
        replies = len(_turns(report, "silent_replies", "agent"))
        yield f"{_of(report.silent_replies, replies, 'reply', 'replies')} had no audible sound."
    yield from _gaps(report)
    share = report.talk_over_share
    if share is not None and share > MUCH_TALK_OVER:
        yield f"Both talked at once for {share:.0%} of the time."


def _gaps(report: Report) -> Iterator[str]:
    found = report.voice_gaps
    if not found:
        return
    lengths = [gap.length for gap in found]
    longest = f", the longest {max(lengths):.2f} s," if len(found) > 1 else ""
    yield (
        f"In {_of(*gapped(report), 'reply', 'replies')} the agent's voice broke off in the middle and went "
        f"on later: {sum(lengths):.2f} s of silence{longest} that was not in it."
    )


def _turns(report: Report, count: str, role: str) -> list[Turn]:
    """The turns of one side in the calls that a count rests on."""
    return [turn for call in report.telling(count) for turn in call.turns if turn.role == role]


def _waits(report: Report) -> Iterator[str]:
    for name in ("min_silence", "max_silence"):
        yield from _most(
            [turn for turn in report.plain_turns if turn.ended_by == name],
            lambda turn: turn.configured_silence,
            f"the silence that {name} demands",
        )
    for separable, what in _ADAPTIVE.items():
        calls = [call for call in report.calls if is_separable(call.service) is separable]
        turns = [turn for call in calls for turn in call.turns if turn.kind == "plain"]
        yield from _most(
            [turn for turn in turns if turn.ended_by == "adaptive"],
            lambda turn: turn.end_of_turn_delay,
            what,
        )
    yield from _most(
        report.plain_turns, lambda turn: turn.reply_latency, "the wait for the reply's first sound"
    )
    yield from _most(
        report.tool_turns,
        lambda turn: turn.tool_time,
        "the tools' round trip",
        "tool turns",
    )


def _most(
    turns: Sequence[Turn],
    part: Callable[[Turn], float | None],
    what: str,
    kind: str = "turns",
) -> Iterator[str]:
    pairs = [(part(turn), turn.wait) for turn in turns]
    known = [(a, b) for a, b in pairs if a is not None and b is not None and b > 0]
    most = [(a, b) for a, b in known if a > MOST_OF * b]
    if len(known) >= FEWEST and 2 * len(most) > len(known):
        part_median = statistics.median(a for a, _ in most)
        whole_median = statistics.median(b for _, b in most)
        yield (
            f"In {len(most)} of {len(known)} {kind} most of the wait was {what} "
            f"(medians: {part_median:.2f} of {whole_median:.2f} s)."
        )


def _path(report: Report) -> Iterator[str]:
    for delays, kind in ((report.playback_delay, "plain"), (report.tool_playback_delay, "tool")):
        if delays.p50 is not None and delays.p50 > LONG_PLAYBACK:
            yield (
                f"Between the arrival of a reply's sound and its being heard lie {delays.p50:.2f} s "
                f"(median of {delays.n}, {kind} turns)."
            )
    if report.lost_frames:
        yield f"{report.lost_frames} frames of the microphone's were lost on their way."


def _of(count: int, total: int, one: str, many: str = "") -> str:
    return f"{count} of {total} {one if total == 1 else many or one + 's'}"
