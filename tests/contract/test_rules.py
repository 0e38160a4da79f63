"""Every rule of the table, each way."""

from __future__ import annotations

import inspect

from rule import CLIENT, Rule, table
from world import Elsewhere, Emulated


def test_rule(rule: Rule, way, request, elsewhere):
    check = rule.by_client if way == CLIENT else rule.socket
    assert check is not None
    if not inspect.iscoroutinefunction(check):
        check(request.getfixturevalue("hosted"))
        return
    if elsewhere is not None:
        world = Elsewhere(way, elsewhere.host, elsewhere.key)
    else:
        world = Emulated(way, rule.stage(), request.getfixturevalue("endpoint"))
    world.run(check)


def test_rules_have_names_of_their_own():
    rules = table()
    ids = [rule.id for rule in rules]
    assert len(ids) == len(set(ids))
    assert all(rule.says.endswith(".") for rule in rules)
    assert all(rule.socket or rule.by_client for rule in rules)
