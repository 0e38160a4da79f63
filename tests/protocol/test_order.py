import pytest

from voicenb.protocol.order import Order

TOOLS = [{"type": "function", "name": "free_tables"}]
UPDATE = ("out", "session.update", {"session": {"tools": TOOLS}})
READY = ("in", "session.ready", {})
END = ("out", "session.end", {})
ENDED = ("in", "session.ended", {})
CLOSED = ("local", "closed", {"code": 1000})
START = (UPDATE, READY)
GOODBYE = (END, ENDED, CLOSED)


def event(kind, /, **message):
    return "in", kind, message


def started(reply="r"):
    return event("reply.started", reply_id=reply)


def sound(reply="r"):
    return event("reply.audio", reply_id=reply)


def words(reply="r", text="Good evening.", interrupted=False):
    return event("transcript.agent", reply_id=reply, text=text, interrupted=interrupted)


def done(reply="r", status="completed"):
    return event("reply.done", reply_id=reply, status=status)


def call(call_id="c", name="free_tables"):
    return event("tool.call", call_id=call_id, name=name)


def result(call_id="c"):
    return "out", "tool.result", {"call_id": call_id}


SPEAKS, SPOKE = event("input.speech.started"), event("input.speech.stopped")


def partial(item="m"):
    return event("transcript.user.delta", item_id=item)


def final(item="m"):
    return event("transcript.user", item_id=item)


REPLY = (started(), sound(), words(), done())
TURN = (SPEAKS, partial(), SPOKE, final())


def told(*events, end=True):
    order, found = Order(), []
    for happening in events:
        found += order.take(*happening)
    found += order.end() if end else []
    return [what for _, what in found]


def change(**turn_detection):
    return "out", "session.update", {"session": {"input": {"turn_detection": turn_detection}}}


def confirmed(**turn_detection):
    return event("session.updated", config={"input": {"turn_detection": turn_detection}})


@pytest.mark.parametrize(
    "middle",
    [
        (),
        REPLY,
        TURN,
        (
            *REPLY,
            *TURN,
            started("b"),
            call(),
            done("b"),
            result(),
            started("d"),
            sound("d"),
            words("d"),
            done("d"),
        ),
        (*REPLY[:2], words(interrupted=True), done(status="interrupted"), *TURN),
        (*TURN, started("b"), SPEAKS, done("b"), partial(), SPOKE, final()),
        (started(), done()),  # without a sound, and so without words
        (started(), sound()),  # ended by this client while the agent spoke
        (SPEAKS, partial(), ("out", "reply.create", {}), started(), done(), SPOKE, final()),
        (started(), call(), done(), SPEAKS, partial(), result(), started("b"), done("b"), SPOKE, final()),
        (change(min_silence=800), confirmed(min_silence=800, max_silence=3000)),
        (change(min_silence=800), event("session.error")),
        (event("session.error"),),
        (("out", "input.audio", {}),),
        (("local", "state", {}), ("in", "foo.bar", {})),
    ],
)
def test_what_the_contract_describes_is_in_order(middle):
    assert told(*START, *middle, *GOODBYE) == []


@pytest.mark.parametrize("session", [{"greeting": "Good evening."}, {"agent_id": "agent_1"}])
def test_a_greeting_waits_for_nobody(session):
    update = ("out", "session.update", {"session": session})
    assert told(update, READY, SPEAKS, partial(), *REPLY, SPOKE, final(), *GOODBYE) == []


def test_a_refused_login_is_in_order():
    assert told(event("session.error"), ("local", "closed", {"code": 1008})) == []


@pytest.mark.parametrize(
    ("events", "what"),
    [
        ((UPDATE, event("session.updated"), READY, *GOODBYE), "session.updated came before session.ready"),
        ((UPDATE, SPEAKS, READY, SPOKE, *GOODBYE), "input.speech.started came before session.ready"),
        ((*START, READY, *GOODBYE), "session.ready came twice"),
        ((*START, event("session.updated"), *GOODBYE), "session.updated came without a session.update"),
        (
            (*START, change(min_silence=800), confirmed(min_silence=1000), *GOODBYE),
            "session.updated: min_silence is 1000 in the configuration, not what was sent",
        ),
        (
            (*START, change(min_silence=800), *GOODBYE),
            "session.update was answered by neither session.updated nor session.error",
        ),
        (
            (*START, change(min_silence=800)),
            "session.update was answered by neither session.updated nor session.error",
        ),
        (
            (UPDATE, ("out", "input.audio", {}), READY, *GOODBYE),
            "this client sent input.audio before session.ready",
        ),
        (
            (*START, result("x"), *GOODBYE),
            "this client sent a tool.result for a call that was never made",
        ),
        ((*START, END), "session.end was not answered by session.ended"),
        (
            (*START, END, ENDED, ("local", "closed", {"code": 1011})),
            "the socket was closed with 1011 after session.ended, not with 1000",
        ),
        ((*START, END, ENDED, SPEAKS), "input.speech.started came after session.ended"),
        ((*START, *REPLY[:3]), "a reply was never finished by reply.done"),
        (
            (*START, started(), started("b"), done(), done("b"), *GOODBYE),
            "reply.started came while another reply was not done",
        ),
        (
            (*START, sound(), words(), done(), *GOODBYE),
            "reply.audio came before the reply.started of its reply",
        ),
        ((*START, *REPLY, sound(), *GOODBYE), "reply.audio came after the reply.done of its reply"),
        (
            (*START, *REPLY[:3], sound(), done(), *GOODBYE),
            "reply.audio came after the transcript.agent of its reply",
        ),
        (
            (*START, started(), sound(), done(), *GOODBYE),
            "reply.done (completed) came without a transcript.agent before it",
        ),
        ((*START, started(), words(), done(), *GOODBYE), "transcript.agent has words of which no sound came"),
        (
            (*START, started(), sound(), words(interrupted=True), done(), *GOODBYE),
            "reply.done says completed, and transcript.agent that interrupted is true",
        ),
        (
            (*START, started(), sound(), words(), done(status="interrupted"), *GOODBYE),
            "reply.done says interrupted, and transcript.agent that interrupted is false",
        ),
        ((*START, call(), result(), *GOODBYE), "tool.call came outside of a reply"),
        (
            (*START, started(), call(), call(), result(), done(), *GOODBYE),
            "tool.call repeats the call_id of an earlier one",
        ),
        (
            (*START, started(), call(name="pay"), done(), *GOODBYE),
            "tool.call for a tool that was not offered: pay",
        ),
        (
            (*START, SPEAKS, SPEAKS, *GOODBYE),
            "input.speech.started came twice, without input.speech.stopped between",
        ),
        ((*START, SPOKE, *GOODBYE), "input.speech.stopped came without input.speech.started"),
        (
            (*START, SPEAKS, partial(), final(), SPOKE, *GOODBYE),
            "transcript.user came before input.speech.stopped",
        ),
        (
            (*START, SPEAKS, partial(), SPOKE, final("n"), *GOODBYE),
            "transcript.user has another item_id than the deltas before it",
        ),
        (
            (*START, *TURN, partial(), *GOODBYE),
            "transcript.user.delta came after the transcript.user of its item",
        ),
        (
            (*START, SPEAKS, partial(), started(), done(), SPOKE, SPEAKS, SPOKE, *GOODBYE),
            "reply.started came before input.speech.stopped",
        ),
        (
            (*START, SPEAKS, partial(), SPOKE, started(), final(), done(), *GOODBYE),
            "transcript.user came after the reply.started that answers it",
        ),
    ],
)
def test_what_is_out_of_order_is_told(events, what):
    assert told(*events) == [what]


def test_the_tools_of_a_stored_agent_are_not_known_here():
    bind = ("out", "session.update", {"session": {"agent_id": "agent_1"}})
    assert told(bind, READY, started(), call(name="pay"), result(), done(), *GOODBYE) == []
