"""P13."""

from __future__ import annotations

WITHOUT = "You are the host of Lido."


def test_both_statements_are_missed(of_agent):
    assert [f.severity for f in of_agent("P13", {"system_prompt": WITHOUT})] == ["info", "info"]


def test_each_is_seen(of_agent, prompt):
    (invention,) = of_agent("P13", {"system_prompt": f"{WITHOUT} You can book tables."})
    assert "inventing" in invention.reason
    (scope,) = of_agent("P13", {"system_prompt": f"{WITHOUT} Do not make things up."})
    assert "cannot" in scope.reason
    assert not of_agent("P13", {"system_prompt": prompt})


def test_another_language_is_not_judged(of_agent):
    assert not of_agent("P13", {"system_prompt": "Du bist der Gastgeber im Lido. Erfinde nichts."})
