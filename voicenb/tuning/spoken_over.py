"""What callers say while the agent is heard, and which of it an emulator would stop the agent for.

The verdict is the live one (`voicenb.turn_taking.floor`), frame by frame over the recorded probabilities. Of
the words a recording has less than the emulator had: those that it stopped for come with the stop, and those
that it let pass do not come at all. So words are taken to be known when the recorded stop came, at the
latest; and what it let pass, though it lasted long enough, to have been a back-channel. Where a setting is
less patient than the recorded one, what it does may rest on words that came sooner, or that nobody asked for:
then it is not known.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace

from voicenb.analysis.boundaries import Speech
from voicenb.tuning.evidence import Evidence, Reply
from voicenb.turn_taking.backchannel import is_backchannel
from voicenb.turn_taking.barge_in import WORDS_APART
from voicenb.turn_taking.decisions import Interrupt
from voicenb.turn_taking.floor import TurnTaker
from voicenb.turn_taking.segmenter import FRAME_SECONDS
from voicenb.turn_taking.settings import Settings

BEFORE = 0.5
"""Seconds in front of an utterance from which on its frames are heard."""

BEHIND = 1.0
"""Seconds behind an utterance within which an emulator may still stop for it."""

LATE = 2.0
"""Seconds behind an utterance within which its words come."""

_HUM, _MEANT = "mm-hm", "wait"
_HAIR = 1e-6


@dataclass(frozen=True, slots=True, eq=False)
class SpokenOver:
    """One utterance of the caller's over one reply. Seconds of the caller's track.

    Attributes:
        evidence: of the call.
        reply: that it was said over.
        onset: the caller's acoustic onset over the reply: where that was first heard, if he had begun before.
        start: where the utterance began.
        end: where it ended.
        text: its words, as far as the recording tells.
        known_at: when they were known, at the latest.
        stopped: whether the reply was cut off for it.
    """

    evidence: Evidence
    reply: Reply
    onset: float
    start: float
    end: float
    text: str = ""
    known_at: float = -math.inf
    stopped: bool = False

    @property
    def meant(self) -> bool:
        """Whether it held words that are no back-channel."""
        return bool(self.text.strip()) and not is_backchannel(self.text)

    def stop(self, settings: Settings) -> float:
        """When an emulator would stop the agent for it; ``inf`` where it would not.

        Args:
            settings: in force.
        """
        taker = TurnTaker(settings)
        values = self.evidence.values
        first = max(0, math.floor((self.start - BEFORE) / FRAME_SECONDS))
        last = min(len(values), math.ceil((self.end + BEHIND) / FRAME_SECONDS))
        over = math.inf if self.stopped else self.reply.end  # cut off, it would have gone on
        for number in range(first, last):
            now = (number + 1) * FRAME_SECONDS
            taker.agent_audible(self.reply.start <= now + _HAIR and now <= over + _HAIR)
            if self.text and now >= self.known_at - _HAIR:
                taker.partial(self.text, now)
            told = taker.frame(float(values[number]), now)
            if any(isinstance(each, Interrupt) for each in told):
                return now
        return math.inf

    def is_known(self, settings: Settings) -> bool:
        """Whether the recording tells what an emulator would do, as far as words matter.

        It does not where settings are less patient than those that were in force, and what they do depends
        on when the words were known, or on whether there were any.

        Args:
            settings: in force.
        """
        held = _in_force(self.evidence, self.start)
        sooner = settings.interruption_delay < held.interruption_delay
        lower = settings.vad_threshold < held.vad_threshold
        if held.interrupt_response and not sooner and not lower:
            return True
        if not self.text and self.stopped:
            return True  # by the stop no words had come, so there were none before
        at_once = replace(self, text=self.text or _MEANT, known_at=-math.inf)
        return at_once.stop(settings) == self.stop(settings)


def spoken_over(evidence: Evidence) -> list[SpokenOver]:
    """The caller's utterances over the agent, by time; the greeting's are among them.

    Args:
        evidence: of the call.
    """
    found: list[SpokenOver] = []
    for start, end in _utterances(evidence.speech):
        for reply in evidence.replies:
            until = reply.end if reply.told is None else max(reply.end, reply.told)
            if start < until and end > reply.start:
                found.append(_of(evidence, reply, start, end))
    return found


def _of(evidence: Evidence, reply: Reply, start: float, end: float) -> SpokenOver:
    following = min((each.start for each in evidence.replies if each.start > reply.start), default=math.inf)
    until = min(end + LATE, max(following, end))
    words = [each for each in evidence.words if start < each.at <= until + _HAIR]
    stopped = reply.told is not None and start < reply.told <= end + BEHIND
    text, known_at = (words[-1].text, words[0].at) if words else ("", -math.inf)
    if stopped and reply.told is not None:
        fell = math.floor(reply.told / FRAME_SECONDS + _HAIR) * FRAME_SECONDS  # the frame of the decision
        known_at = min(fell, known_at) if words else fell
    one = SpokenOver(evidence, reply, max(start, reply.start), start, end, text, known_at, stopped)
    if not words and not stopped and math.isfinite(one.stop(_in_force(evidence, start))):
        return replace(one, text=_HUM)  # long enough, and let pass: that is what a back-channel is
    return one


def _in_force(evidence: Evidence, at: float) -> Settings:
    held = [made.turn_detection for made in evidence.decisions if made.at <= at]
    later = [made.turn_detection for made in evidence.decisions if made.at > at]
    told = held[-1] if held else later[0] if later else None
    return Settings.from_wire(told)


def _utterances(speech: tuple[Speech, ...]) -> Iterator[tuple[float, float]]:
    """Stretches of speech that no silence of `WORDS_APART` parts."""
    begin = end = None
    for each in speech:
        if begin is None or end is None:
            begin, end = each.start, each.end
        elif each.start - end < WORDS_APART:
            end = each.end
        else:
            yield begin, end
            begin, end = each.start, each.end
    if begin is not None and end is not None:
        yield begin, end
