"""What went wrong at a turn, in the words of the pictures."""

from __future__ import annotations

from voicenb.analysis.turn import Turn


def trouble(turn: Turn) -> list[str]:
    """What went wrong between the two sides at this turn; empty where nothing did."""
    if turn.role == "agent":
        if turn.silent:
            return ["no audible sound"]
        if turn.interrupted:
            return ["stopped for no words" if turn.false_interruption else "interrupted"]
        return []
    found = []
    if turn.false_cutoffs:
        found.append("cut off" if turn.false_cutoffs == 1 else f"cut off {turn.false_cutoffs} times")
    elif turn.candidate_cut:
        found.append("cut off?")
    if turn.unanswered:
        found.append("unanswered")
    return found
