"""The summary of a page: six figures, and what each rests on."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from voicenb.analysis.figure import Figure
from voicenb.analysis.report import Report
from voicenb.analysis.turns import Turns
from voicenb.service.prices import COST_RATES

NONE = "—"
"""Stands where nothing was measured."""

NOT_CAPTURED = "not captured"


def tiles(report: Report, found: Turns, absent: Collection[str] = ()) -> list[dict[str, Any]]:
    """The tiles.

    Args:
        report: of the one call.
        found: its turns.
        absent: what was not captured (:attr:`voicenb.Recording.absent`).
    """
    kind = found.service.split(" ")[0]
    answered_by = " (emulator)" if kind == "emulator" else ""
    caller, agent = len(report.caller_turns), len(report.agent_turns)
    shown = [_figure(f"response{answered_by}", report.latency, "no plain turn was answered")]
    if report.tool_turns:
        shown.append(_figure("answer, tool turns", report.first_answer, "no tool turn was answered"))
    silent = report.silent_replies
    replies = _count(agent, "reply", "replies") if silent is not None else f"silent {NOT_CAPTURED}"
    shown.append(
        _tile(
            "unanswered · silent",
            f"{report.unanswered} · {NONE if silent is None else silent}",
            f"of {_count(caller, 'turn', 'turns')} · {replies}",
            wrong=report.unanswered + (silent or 0) > 0,
        )
    )
    shown.append(_cut_off(report, found))
    shown.append(_yield(report, captured="partials" not in absent and report.interruptions is not None))
    return [*shown, _cost(report, kind)]


def _figure(name: str, figure: Figure, without: str) -> dict[str, Any]:
    if figure.p50 is None:
        return _tile(name, NONE, without)
    if figure.n == 1:
        return _tile(name, f"{figure.p50:.2f} s", "one turn")
    beside = f"p90 {figure.p90:.2f}" if figure.p90 is not None else f"largest {figure.largest:.2f}"
    return _tile(name, f"{figure.p50:.2f} s", f"median of {figure.n} · {beside}")


def _cut_off(report: Report, found: Turns) -> dict[str, Any]:
    cut = report.false_cutoffs
    if cut is None:
        return _tile("callers cut off", NONE, NOT_CAPTURED)
    pauses = max(cut, pauses_of(found))
    note = f"of {_count(pauses, 'pause', 'pauses')}"
    if report.candidate_cuts:
        note += f" · {report.candidate_cuts} to listen to"
    return _tile("callers cut off", str(cut), note, wrong=cut > 0)


def pauses_of(found: Turns) -> int:
    """Silences of 0.2 to 5 s after which the caller went on: inside turns, and those that were cut in two."""
    return sum(len(turn.pauses) + (turn.ended_by == "resumed") for turn in found.caller)


def _yield(report: Report, *, captured: bool) -> dict[str, Any]:
    figure = report.yield_latency
    name = "yield: service + stop"
    if figure.p50 is None:
        nobody = captured and not report.interruptions
        return _tile(name, NONE, "nobody interrupted" if nobody else NOT_CAPTURED)
    if figure.n > 1:
        return _tile(name, f"{figure.p50:.2f} s", f"median of {figure.n} · largest {figure.largest:.2f}")
    (turn,) = [turn for turn in report.caller_turns if turn.yield_latency is not None]
    return _tile(name, f"{figure.p50:.2f} s", f"{turn.reaction:.2f} + {turn.flush:.2f}")


def _cost(report: Report, kind: str) -> dict[str, Any]:
    rate = COST_RATES.get(kind)
    if rate is None or report.cost is None:
        return _tile("cost", NONE, "the price is not known")
    if not rate:
        return _tile("cost", "$0.00", "the emulator costs nothing")
    return _tile(f"cost at ${rate:.2f}/h", f"${report.cost:.2f}", f"{report.connected:.0f} s connected")


def _tile(name: str, value: str, note: str, *, wrong: bool = False) -> dict[str, Any]:
    return {"name": name, "value": value, "note": note, "wrong": wrong}


def _count(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"
