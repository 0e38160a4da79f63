from __future__ import annotations

import re

from voicenb.emulator.ids import Identifiers


def every(ids):
    makers = (
        *(ids.session, ids.agent, ids.item, ids.reply, ids.call, ids.request, ids.token),
        *(ids.subscription, ids.delivery, ids.event, ids.secret),
    )
    return [make() for make in makers]


def test_shapes():
    session, agent, item, reply, call, _, token, subscription, delivery, event, secret = every(Identifiers())
    assert re.fullmatch("sess_[0-9a-f]{32}", session)
    assert re.fullmatch("agent_[0-9a-f]{32}", agent)
    assert item.startswith("msg_")
    assert reply.startswith("resp_")
    assert call.startswith("call_")
    assert len(token) == 2400
    assert [text.partition("_")[0] for text in (subscription, delivery, event)] == ["whsub", "whdel", "evt"]
    assert re.fullmatch("[0-9a-f]{64}", secret)


def test_a_seed_repeats_and_chance_does_not():
    assert every(Identifiers(3)) == every(Identifiers(3))
    assert every(Identifiers(3)) != every(Identifiers(4))
    assert every(Identifiers()) != every(Identifiers())
    ids = Identifiers(3)
    assert len({ids.item() for _ in range(1000)}) == 1000
