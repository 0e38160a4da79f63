"""An expectation of calls: what they have to be like, asked one after the other."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, Unpack

from voicenb.errors import InvalidConfiguration
from voicenb.recording.given import told
from voicenb.testing.expectations import defects, judge, latency, speech, tools, totals
from voicenb.testing.expectations.limit import Limit, amount, fraction
from voicenb.testing.expectations.moments import Called, Moment, Side, moment, side
from voicenb.testing.expectations.repeats import Repeats
from voicenb.testing.expectations.sample import Sample
from voicenb.testing.expectations.verdict import Concern, Outcome, Verdict, worst
from voicenb.testing.expectations.wording import Wording

if TYPE_CHECKING:
    import re

Check = Callable[[Sample], Verdict]


class Expectation:
    """What is expected of some calls, and what came of it; made by ``vn.expect``.

    Each method expects one thing more, and gives a new object with the verdicts so far. In a truth test, as
    in ``assert``, it is true where all of them passed; where not, it also shows itself: in a notebook with
    the picture and the sound of the turn concerned, elsewhere as text on stderr, for Python says nothing of
    what was asserted. ``passed`` asks without that.

    A limit is a count (``at_most=``), or a share (``share=``, ``percentile=``) that is to hold for calls like
    these: then all of its 95 % interval has to keep to it, and where that spans the limit the verdict is
    inconclusive. ``counted=True`` takes the share of these very calls as it is.

    Args:
        sample: the calls, measured.
        checks: what was expected so far.
        verdicts: what came of it.

    Attributes:
        sample: the calls, measured.
        verdicts: one for each expectation, in order.
    """

    def __init__(
        self, sample: Sample, checks: Sequence[Check] = (), verdicts: Sequence[Verdict] = ()
    ) -> None:
        self.sample = sample
        self._checks = tuple(checks)
        self.verdicts = tuple(verdicts)

    # --- what came of it ---

    @property
    def outcome(self) -> Outcome:
        """``"failed"`` where one did, else ``"inconclusive"`` where one is, or none was expected."""
        return worst(verdict.outcome for verdict in self.verdicts)

    @property
    def passed(self) -> bool:
        """Whether all passed. Asks without showing anything."""
        return self.outcome == "passed"

    @property
    def failed(self) -> tuple[Verdict, ...]:
        """The verdicts that did."""
        return tuple(verdict for verdict in self.verdicts if verdict.outcome == "failed")

    @property
    def inconclusive(self) -> tuple[Verdict, ...]:
        """The verdicts that are."""
        return tuple(verdict for verdict in self.verdicts if verdict.outcome == "inconclusive")

    @cached_property
    def repeats(self) -> Repeats:
        """Each call by itself: how many pass everything, pass^k, and how far the figures lie apart."""
        runs = []
        for at in range(len(self.sample.calls)):
            alone = self.sample.alone(at)
            runs.append([_settled(alone, check(alone)) for check in self._checks])
        return Repeats.of(runs, len(self.sample.distinct))

    def __bool__(self) -> bool:
        if not self.passed:
            _show(self)
        return self.passed

    # --- how long things took ---

    def answers_within(
        self,
        seconds: float,
        *,
        percentile: float | None = None,
        at_most: int | None = None,
        counted: bool = False,
        of: latency.Answering = "latency",
    ) -> Expectation:
        """The caller's turns are answered in time. An unanswered turn was not.

        Args:
            seconds: from the caller's acoustic speech end to the first audible sample heard.
            percentile: the share of turns, in percent, that has to be in time; None for each turn.
            at_most: how many turns may be later; none by default.
            counted: whether the percentile of these very turns is meant.
            of: ``"latency"``, of turns without tools; of those with tools ``"first_sound"``, or
                ``"first_answer"``, the reply that uses the result. They are never pooled.

        Raises:
            InvalidConfiguration: no number of seconds, no percentile, no such figure.
        """
        time, figure = latency.seconds_of(seconds), latency.figure_named(of)
        limit = latency.limit_of(percentile, at_most, counted, "answers_within")
        return self._with(lambda sample: latency.answers_within(sample, time, limit, percentile, figure))

    def yields_within(
        self,
        seconds: float,
        *,
        percentile: float | None = None,
        at_most: int | None = None,
        counted: bool = False,
    ) -> Expectation:
        """The agent falls silent in time when it is interrupted.

        Args:
            seconds: yield latency: from the caller's acoustic onset over the agent to silence (heard).
            percentile: the share of interruptions, in percent; None for each.
            at_most: how many may take longer; none by default.
            counted: whether the percentile of these very interruptions is meant.

        Raises:
            InvalidConfiguration: no number of seconds, no percentile.
        """
        time = latency.seconds_of(seconds)
        limit = latency.limit_of(percentile, at_most, counted, "yields_within")
        return self._with(lambda sample: latency.yields_within(sample, time, limit, percentile))

    # --- what may not go wrong ---

    def false_cutoffs(
        self, *, at_most: int | None = None, share: float | None = None, counted: bool = False
    ) -> Expectation:
        """The caller is not cut off: no turn is ended in a pause after which he goes on.

        Args:
            at_most: decisions in such a pause, e.g. 0.
            share: of the caller's turns.
            counted: whether the share of these very turns is meant.

        Raises:
            InvalidConfiguration: no limit, two, or one that is none.
        """
        return self._few("false_cutoffs", at_most, share, counted)

    def false_interruptions(
        self, *, at_most: int | None = None, share: float | None = None, counted: bool = False
    ) -> Expectation:
        """The agent is not cut off for no words, or for back-channels only.

        Args:
            at_most: replies, e.g. 0.
            share: of the agent's replies that were heard.
            counted: whether the share of these very replies is meant.

        Raises:
            InvalidConfiguration: no limit, two, or one that is none.
        """
        return self._few("false_interruptions", at_most, share, counted)

    def interruptions(
        self, *, at_most: int | None = None, share: float | None = None, counted: bool = False
    ) -> Expectation:
        """The agent is not cut off, for whatever reason.

        Args:
            at_most: replies, e.g. 0.
            share: of the agent's replies that were heard.
            counted: whether the share of these very replies is meant.

        Raises:
            InvalidConfiguration: no limit, two, or one that is none.
        """
        return self._few("interruptions", at_most, share, counted)

    def unanswered(
        self, *, at_most: int | None = None, share: float | None = None, counted: bool = False
    ) -> Expectation:
        """The caller's turns are answered, before he speaks again and within 10 s.

        A turn behind which the call ended before that is no part of it.

        Args:
            at_most: turns, e.g. 0.
            share: of the caller's turns.
            counted: whether the share of these very turns is meant.

        Raises:
            InvalidConfiguration: no limit, two, or one that is none.
        """
        return self._few("unanswered", at_most, share, counted)

    def silent_replies(
        self, *, at_most: int | None = None, share: float | None = None, counted: bool = False
    ) -> Expectation:
        """No reply is without an audible sample.

        Args:
            at_most: replies, e.g. 0.
            share: of the agent's replies.
            counted: whether the share of these very replies is meant.

        Raises:
            InvalidConfiguration: no limit, two, or one that is none.
        """
        return self._few("silent_replies", at_most, share, counted)

    def talk_over(
        self, *, at_most: float | None = None, share: float | None = None, counted: bool = False
    ) -> Expectation:
        """Both sides are not heard at once for long.

        Args:
            at_most: seconds in each call.
            share: of the connected time of all calls; its interval needs ten calls.
            counted: whether the share of these very calls is meant.

        Raises:
            InvalidConfiguration: no limit, two, or one that is none.
        """
        if (at_most is None) == (share is None):
            raise InvalidConfiguration(
                "talk_over() takes one limit: at_most= or share=.",
                remedy="Write talk_over(at_most=1.5) for seconds in each call, or talk_over(share=0.05).",
                param="at_most",
            )
        if share is not None:
            part = fraction(share, "share")
            return self._with(lambda sample: totals.talk_over_share(sample, part, counted))
        seconds = amount(at_most, "at_most", "number of seconds")
        return self._with(lambda sample: totals.talk_over(sample, seconds))

    def cost(self, *, at_most: float) -> Expectation:
        """Each call costs no more, by connected time.

        Args:
            at_most: dollars.

        Raises:
            InvalidConfiguration: that is no number of dollars.
        """
        dollars = amount(at_most, "at_most", "number of dollars")
        return self._with(lambda sample: totals.cost(sample, dollars))

    def duration(self, *, at_most: float) -> Expectation:
        """Each call is connected no longer.

        Args:
            at_most: seconds.

        Raises:
            InvalidConfiguration: that is no number of seconds.
        """
        seconds = amount(at_most, "at_most", "number of seconds")
        return self._with(lambda sample: totals.duration(sample, seconds))

    # --- what was said and done ---

    def says(
        self,
        what: str | re.Pattern[str],
        *,
        by: Side = "agent",
        near: float | None = None,
        before: Moment | str | None = None,
        after: Moment | str | None = None,
        share: float | None = None,
        counted: bool = False,
    ) -> Expectation:
        """Something is said in each call, and heard.

        Args:
            what: words, in order, whatever their case and the marks between them; or a compiled pattern.
            by: ``"agent"``, of whose words those count that were heard, or ``"caller"``, as the service
                understood.
            near: how like the words have to be, 0 to 1, where a recogniser may have misheard: 0.8.
            before: a tool's name, ``Said(…)`` or ``Called(…)``: the turn ends before that begins.
            after: the same: the turn begins when that is over.
            share: of the calls in which it is to be said; each of them where it is not given.
            counted: whether the share of these very calls is meant.

        Raises:
            InvalidConfiguration: nothing that can be said, or another argument that cannot be.
        """
        wording, who = Wording.given(what, near), side(by)
        limit, first, last = _missing(share, counted), moment(before, "before"), moment(after, "after")
        return self._with(lambda sample: speech.says(sample, wording, who, limit, first, last))

    def never_says(
        self, what: str | re.Pattern[str], *, by: Side = "agent", near: float | None = None
    ) -> Expectation:
        """Something is said in no call; of the agent's words those count that were heard.

        Args:
            what: words or a compiled pattern, as for :meth:`says`.
            by: ``"agent"`` or ``"caller"``.
            near: how like words have to be to count.

        Raises:
            InvalidConfiguration: nothing that can be said, or another argument that cannot be.
        """
        wording, who = Wording.given(what, near), side(by)
        return self._with(lambda sample: speech.never_says(sample, wording, who))

    def heard_in_full(
        self, what: str | re.Pattern[str] | None = None, *, near: float | None = None
    ) -> Expectation:
        """The agent's replies are heard to their ends.

        Args:
            what: words of the replies that are meant, or a compiled pattern; None for all replies.
            near: how like words have to be.

        Raises:
            InvalidConfiguration: nothing that can be said.
        """
        wording = None if what is None else Wording.given(what, near)
        return self._with(lambda sample: speech.heard_in_full(sample, wording))

    def calls(
        self,
        tool: str,
        /,
        *,
        times: int | None = None,
        before: Moment | str | None = None,
        after: Moment | str | None = None,
        share: float | None = None,
        counted: bool = False,
        arguments: Mapping[str, Any] | None = None,
        **more: Any,
    ) -> Expectation:
        """The agent calls a tool in each call.

        Args:
            tool: its name.
            times: how often; None for once or more.
            before: another tool's name, ``Said(…)`` or ``Called(…)``: the result is there before that begins.
            after: the same: it is called when that is over.
            share: of the calls in which it is to be called; each of them where it is not given.
            counted: whether the share of these very calls is meant.
            arguments: the tool's arguments that are called as one of these here.
            **more: its arguments: values; compiled patterns that match a string; or functions that are true
                of the value. Those that are not named may be anything.

        Raises:
            InvalidConfiguration: no name of a tool, or another argument that cannot be.
        """
        wanted = Called(tool, **{**(arguments or {}), **more})
        if times is not None and (isinstance(times, bool) or not isinstance(times, int) or times < 1):
            raise InvalidConfiguration(
                f"times={told(times)} is no count.",
                remedy=f"Not at all is never_calls({tool!r}).",
                param="times",
            )
        limit, first, last = _missing(share, counted), moment(before, "before"), moment(after, "after")
        return self._with(lambda sample: tools.calls(sample, wanted, times, limit, first, last))

    def never_calls(self, tool: str, /, **arguments: Any) -> Expectation:
        """The agent calls a tool in no call.

        Args:
            tool: its name.
            **arguments: as for :meth:`calls`; a call with others is none of these.

        Raises:
            InvalidConfiguration: no name of a tool.
        """
        wanted = Called(tool, **arguments)
        return self._with(lambda sample: tools.never_calls(sample, wanted))

    def judged(
        self, claim: str, *, share: float | None = None, counted: bool = False, **how: Unpack[judge.How]
    ) -> Expectation:
        """A language model takes something for true of each call, and says why.

        It sees what was heard and which tools were called, and may abstain; then the verdict is inconclusive.
        What it said of the same lines before is taken from the cache. Which model is asked is told as for
        ``vn.extract``; where none is configured the verdict is inconclusive.

        Args:
            claim: in words, e.g. ``"the table is confirmed for Friday"``.
            share: of the calls of which it has to be true; each of them where it is not given.
            counted: whether the share of these very calls is meant.
            **how: ``model``, ``service``, ``base_url``, ``key``, ``region`` and ``timeout`` as for
                ``vn.extract``; ``cached=False`` asks anew.

        Raises:
            InvalidConfiguration: no words, or a model is named that cannot be.
        """
        if not isinstance(claim, str) or not claim.strip():
            raise InvalidConfiguration(
                f"{told(claim)} is nothing to judge.", remedy="Say it in words.", param="claim"
            )
        unknown = sorted(set(how) - judge.How.__annotations__.keys())
        if unknown:
            raise InvalidConfiguration(
                f"judged() has no {', '.join(unknown)}.",
                remedy=f"It has share, counted, {', '.join(judge.How.__annotations__)}.",
                param=unknown[0],
            )
        limit, bench = _missing(share, counted), judge.Bench(how)
        return self._with(lambda sample: judge.judged(sample, claim.strip(), limit, bench))

    # --- told ---

    @property
    def concerns(self) -> tuple[Concern, ...]:
        """The turns concerned of all verdicts that did not pass."""
        return tuple(turn for verdict in self.verdicts if not verdict.passed for turn in verdict.turns)

    def to_dict(self) -> dict[str, Any]:
        """All of it, as JSON has it."""
        several = len(self.sample.calls) > 1 and bool(self._checks)
        return {
            "outcome": self.outcome,
            "calls": [call.name for call in self.sample.calls],
            "services": self.sample.report.services,
            "verdicts": [verdict.to_dict() for verdict in self.verdicts],
            "repeats": self.repeats.to_dict() if several else None,
        }

    def __repr__(self) -> str:
        from voicenb.testing.expectations.expectation_text import text

        return text(self)

    def _repr_html_(self) -> str:
        from voicenb.testing.expectations.expectation_html import html

        return html(self)

    def _ipython_display_(self) -> None:
        from voicenb.testing.expectations.showing import show

        show(self)

    # --- one more ---

    def _few(self, name: str, at_most: int | None, share: float | None, counted: bool) -> Expectation:
        limit = Limit.given(name, at_most, share, counted)
        return self._with(lambda sample: defects.few(sample, name, limit))

    def _with(self, check: Check) -> Expectation:
        verdict = _settled(self.sample, check(self.sample))
        return Expectation(self.sample, (*self._checks, check), (*self.verdicts, verdict))


def _missing(share: float | None, counted: bool) -> Limit:
    """In how many calls something that has to be there may be missing."""
    return Limit(at_most=0) if share is None else Limit(share=1 - fraction(share, "share"), counted=counted)


def _settled(sample: Sample, verdict: Verdict) -> Verdict:
    """A verdict of calls of which one goes on has not passed yet."""
    if not verdict.passed or not sample.unfinished:
        return verdict
    at = sample.unfinished[0]
    return replace(
        verdict,
        outcome="inconclusive",
        why=f"Call {at + 1} has not ended: it still runs, or was cut off by a crash.",
        remedy="Ask again when it has ended.",
        turns=(*verdict.turns, sample.concern(at, note="not ended")),
    )


def _show(expectation: Expectation) -> None:
    from voicenb.testing.expectations.showing import in_notebook, show

    if in_notebook():
        show(expectation)
    else:
        sys.stderr.write(f"{expectation!r}\n")
