"""The public door to expectations."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from voicenb.errors import InvalidConfiguration
from voicenb.recording.given import Calls, some_calls
from voicenb.testing.expectations.expectation import Expectation
from voicenb.testing.expectations.sample import Sample
from voicenb.testing.expectations.verdict import Verdict


def expect(recordings: Calls, *, cost_rate: float | None = None) -> Expectation:
    """Say what calls have to be like, and see whether they are.

        assert vn.expect(call).answers_within(2.0).calls("free_tables", day="Friday").unanswered(at_most=0)

    Each expectation passed, failed or is inconclusive, with what that rests on: how many turns, the figure,
    its interval, the turns concerned. What was not captured is inconclusive. All figures are those of
    ``vn.report``, ``vn.turns`` and ``vn.stops``.

    Args:
        recordings: of one call or more, or their paths; or what ``vn.run(…, runs=5)`` gives.
        cost_rate: dollars per connected hour, as for ``vn.report``.

    Returns:
        What further expectations are asked of.

    Raises:
        InvalidConfiguration: there is no recording, or something that is none and no path.
        RecordingError: there is no recording at a path.
    """
    errors: Mapping[int, Exception] = getattr(recordings, "errors", None) or {}
    given = some_calls(recordings, "vn.expect")
    if not given:
        raise InvalidConfiguration("vn.expect was given no recording.", remedy="Give it one or more.")
    found = Expectation(Sample.of(given, cost_rate, errors))
    return found._with(_came_to_an_end) if errors else found


def _came_to_an_end(sample: Sample) -> Verdict:
    count = len(sample.calls)
    ended: dict[str, Any] = {"n": count, "value": float(len(sample.errors)), "limit": 0.0}
    concerns = tuple(sample.concern(at, note=str(error)) for at, error in sorted(sample.errors.items()))
    return Verdict(
        "each call comes to its end",
        "failed" if concerns else "passed",
        f"{len(concerns)} of {count} calls ended before their time",
        turns=concerns,
        **ended,
    )
