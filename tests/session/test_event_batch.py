from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from voicenb.session.event_batch import EventBatch
from voicenb.session.mirror import Mirror

Event = dict[str, Any]


def numbered(events: list[Event]) -> list[Event]:
    return [{**event, "n": n, "t": n / 100} for n, event in enumerate(events)]


def event(direction: str, kind: str, /, samples: int = 0, **record: Any) -> Event:
    audio = {"samples": samples, "track": "agent", "start": 0} if samples else {}
    return {"dir": direction, "type": kind, "msg": {"type": kind, **record}, **audio}


def said(reply: str, samples: int = 240) -> Event:
    return event("in", "reply.audio", samples, reply_id=reply)


def heard(reply: str, stop: int) -> Event:
    return event("local", "heard", reply_id=reply, **{"from": 0, "to": stop, "t": 0.0})


SPOKEN = event("out", "input.audio", 384)


def batched(events: list[Event], every: int = 10**9) -> list[Event]:
    batch = EventBatch()
    came: list[Event] = []
    for n, each in enumerate(events, 1):
        batch.add(each)
        if n % every == 0:
            came += batch.take()
    return came + batch.take()


def test_sound_between_two_events_is_one_event() -> None:
    events = numbered(
        [said("r1"), SPOKEN, said("r1"), SPOKEN, said("r1"), SPOKEN, heard("r1", 480), said("r1"), said("r1")]
    )
    came = batched(events)
    assert [(each["n"], each["type"], each.get("samples")) for each in came] == [
        (0, "reply.audio", 240),
        (1, "input.audio", 384),
        (4, "reply.audio", 480),
        (5, "input.audio", 768),
        (6, "heard", None),
        (8, "reply.audio", 480),
    ]
    assert events == numbered([{k: v for k, v in each.items() if k not in "nt"} for each in events])


def test_what_was_taken_is_gone_and_what_follows_is_joined_anew() -> None:
    events = numbered([said("r1"), said("r1"), said("r1"), said("r1")])
    batch = EventBatch()
    for each in events[:3]:
        batch.add(each)
    assert [each["samples"] for each in batch.take()] == [240, 480]
    assert batch.take() == []
    batch.add(events[3])
    assert batch.take() == [events[3]]


def test_only_what_somebody_may_wait_for_is_urgent() -> None:
    batch = EventBatch()
    batch.add(numbered([said("r1")])[0])
    assert batch.urgent, "with the first sound the agent begins to speak"
    batch.take()
    for each in numbered([said("r1"), heard("r1", 1), event("in", "transcript.agent.delta", delta="Hi")]):
        batch.add(each)
        assert not batch.urgent
    batch.add(numbered([event("in", "input.speech.started")])[0])
    assert batch.urgent
    batch.take()
    assert not batch.urgent


EVENTS = st.lists(
    st.one_of(
        st.just(SPOKEN),
        st.builds(said, st.sampled_from(["r1", "r2", "r3"]), st.integers(1, 4).map(lambda n: 240 * n)),
        st.builds(heard, st.sampled_from(["r1", "r2"]), st.integers(1, 4000)),
        st.builds(lambda r: event("in", "reply.started", reply_id=r), st.sampled_from(["r1", "r2", "r3"])),
        st.builds(
            lambda r, s: event("in", "reply.done", reply_id=r, status=s),
            st.sampled_from(["r1", "r2"]),
            st.sampled_from(["completed", "interrupted"]),
        ),
        st.just(event("in", "input.speech.started")),
        st.just(event("in", "input.speech.stopped")),
        st.just(event("in", "transcript.agent", reply_id="r1", text="One two three.")),
        st.just(event("in", "transcript.user", item_id="u1", text="Yes.")),
    ),
    max_size=40,
)


@given(EVENTS, st.integers(1, 12))
def test_the_kernel_sees_the_same_session(events: list[Event], every: int) -> None:
    ready = [event("out", "session.update", session={}), event("in", "session.ready", session_id="s")]
    all_of_them = numbered(ready + events)
    one, other = Mirror(lambda call: None), Mirror(lambda call: None)
    for each in all_of_them:
        one.take(each)
    for each in batched(all_of_them, every):
        other.take(each)
    assert other.events == one.events
    assert other.now == one.now
    assert other.state == one.state
    assert other.conversation.lines == one.conversation.lines
    assert other.conversation.answered == one.conversation.answered
    sounds = [{**vars_of(reply), "dropped": 0} for reply in one.conversation.replies.values()]
    assert [{**vars_of(r), "dropped": 0} for r in other.conversation.replies.values()] == sounds


def vars_of(reply: Any) -> dict[str, Any]:
    return {name: getattr(reply, name) for name in reply.__slots__}
