"""Faults in sessions, as a client without voicenb sees them: at a bare socket, on the virtual clock."""

from __future__ import annotations

import asyncio
import json
from contextlib import suppress

import pytest

from voicenb.emulator.brain import Call, Say
from voicenb.emulator.faults import FRAMES, Fault
from voicenb.session.transport import ConnectionClosed
from voicenb.testing.virtual_clock import run_virtually

GREETING = "Hello there, how are you today?"


class Bare:
    """A socket, and what came over it, with its times; nothing is held against anything."""

    def __init__(self, transport):
        self.transport = transport
        self.frames = []
        self.closed = None
        self.task = asyncio.create_task(self._receive())

    async def _receive(self):
        try:
            while True:
                frame = await self.transport.receive()
                self.frames.append((asyncio.get_running_loop().time(), frame))
        except ConnectionClosed as closed:
            self.closed = closed.code
            self.closed_at = asyncio.get_running_loop().time()

    async def say(self, kind, **fields):
        with suppress(ConnectionClosed):
            await self.transport.send(json.dumps({"type": kind, **fields}))

    async def until_closed(self):
        await asyncio.wait_for(asyncio.shield(self.task), 300)

    async def until(self, kind, number=1):
        """Wait for so many messages of that type; gives the first."""
        async with asyncio.timeout(300):
            while self.kinds.count(kind) < number:
                assert self.closed is None, self.kinds
                await asyncio.sleep(0.01)
        return self.of(kind)

    @property
    def events(self):
        found = []
        for at, frame in self.frames:
            try:
                wire = json.loads(frame)
            except ValueError:
                continue
            if isinstance(wire, dict):
                found.append((at, wire))
        return found

    @property
    def kinds(self):
        return [event.get("type") for _, event in self.events]

    def of(self, kind):
        return next(event for _, event in self.events if event.get("type") == kind)

    def at(self, kind, n=0):
        return [at for at, event in self.events if event.get("type") == kind][n]


@pytest.fixture
def play(stage):
    """Plays a talk on the virtual clock: ``play(talk, faults=[…])``; gives the emulator."""

    def run(talk, **options):
        theater = stage(**options)

        async def main():
            from voicenb.service.address import Address
            from voicenb.session.asgi import AsgiTransport

            sockets = []

            async def connect(greeting=GREETING, resume=None):
                transport = await AsgiTransport(
                    theater.emulator.app, Address("ws://127.0.0.1/v1/ws", key="any")
                ).open()
                sockets.append(Bare(transport))
                if resume is not None:
                    await sockets[-1].say("session.resume", session_id=resume)
                elif greeting is not None:
                    await sockets[-1].say(
                        "session.update", session={"greeting": greeting} if greeting else {}
                    )
                return sockets[-1]

            connect.emulator = theater.emulator
            try:
                await talk(connect)
            finally:
                for socket in sockets:
                    await socket.transport.close()
                    socket.task.cancel()

        run_virtually(main, limit=900)
        return theater.emulator

    return run


# --- drop ---


def test_a_connection_is_dropped_so_many_seconds_after_ready_without_a_close_frame(play):
    async def talk(connect):
        socket = await connect()
        await socket.until_closed()
        assert socket.closed == 1006
        assert socket.closed_at - socket.at("session.ready") == pytest.approx(12, abs=0.01)
        assert "session.ended" not in socket.kinds
        assert "session.error" not in socket.kinds
        again = await connect(resume=socket.of("session.ready")["session_id"])
        ready = await again.until("session.ready")
        assert ready["session_id"] == socket.of("session.ready")["session_id"]
        await asyncio.sleep(60)
        assert again.closed is None, "it happens once"

    emulator = play(talk, faults=[Fault.drop(after=12)])
    assert emulator.faults.happened == [Fault.drop(after=12)]
    assert len(emulator.sessions) == 1


def test_every_connection_of_a_session_when_it_is_to_happen_every_time(play):
    async def talk(connect):
        socket = await connect()
        for _ in range(3):
            await socket.until_closed()
            assert socket.closed_at - socket.at("session.ready") == pytest.approx(5, abs=0.01)
            socket = await connect(resume=connect.emulator.sessions[0].id)
            await socket.until("session.ready")

    assert len(play(talk, faults="drop@5s,times=all").faults.happened) == 3


def test_right_behind_ready_the_client_has_been_told(play):
    async def talk(connect):
        socket = await connect()
        await socket.until_closed()
        assert socket.kinds == ["session.ready"]

    play(talk, faults="drop")


def test_behind_a_message_that_arrives_and_nothing_after_it(play):
    async def talk(connect):
        socket = await connect()
        await socket.until_closed()
        assert socket.closed == 1006
        assert socket.kinds[-1] == "transcript.agent"
        assert "reply.done" not in socket.kinds

    play(talk, faults="drop@transcript.agent")


def test_so_long_behind_a_message(play):
    async def talk(connect):
        socket = await connect()
        await socket.until_closed()
        assert socket.closed_at - socket.at("reply.started") == pytest.approx(0.5, abs=0.01)

    play(talk, faults="drop@reply.started+0.5s")


def test_those_that_pass_are_counted_over_all_sessions(play):
    async def talk(connect):
        first, second = await connect(greeting=""), await connect(greeting="")
        await first.until("session.ready")
        await second.until_closed()
        assert first.closed is None
        assert second.kinds == ["session.ready"]

    play(talk, faults="drop@session.ready,skip=1")


def test_now_while_it_runs(play):
    async def talk(connect):
        socket = await connect()
        await socket.until("reply.audio")
        before = asyncio.get_running_loop().time()
        connect.emulator.faults.add(Fault.drop())
        await socket.until_closed()
        assert socket.closed_at == pytest.approx(before, abs=0.01)

    play(talk)


def test_from_now_on_its_seconds_run_when_it_is_added_while_a_session_runs(play):
    async def talk(connect):
        socket = await connect()
        await socket.until("session.ready")
        await asyncio.sleep(20)
        connect.emulator.faults.add("drop@3s")
        await socket.until_closed()
        assert socket.closed_at - socket.at("session.ready") == pytest.approx(23, abs=0.02)

    play(talk)


def test_one_that_was_taken_back_in_time_does_not_happen(play):
    async def talk(connect):
        socket = await connect()
        await socket.until("session.ready")
        connect.emulator.faults.clear()
        await asyncio.sleep(30)
        assert socket.closed is None

    assert play(talk, faults="drop@5s").faults.happened == []


def test_after_a_drop_the_live_profile_does_not_resume(play):
    async def talk(connect):
        socket = await connect(greeting="")
        await socket.until_closed()
        again = await connect(resume=socket.of("session.ready")["session_id"])
        await again.until_closed()
        assert (again.of("session.error")["code"], again.closed) == ("session_not_found", 1008)

    play(talk, faults="drop@1s", profile="live")


def test_a_session_that_was_ended_is_not_dropped(play):
    async def talk(connect):
        socket = await connect(greeting="")
        await socket.until("session.ready")
        await socket.say("session.end")
        await socket.until_closed()
        assert (socket.kinds[-1], socket.closed) == ("session.ended", 1000)
        await asyncio.sleep(10)

    assert play(talk, faults="drop@2s").faults.happened == []


def test_what_is_said_while_nobody_is_there_is_no_occasion(play):
    async def talk(connect):
        socket = await connect()
        await socket.until("reply.audio")
        await socket.transport.close()  # its reply is done with nobody there
        await asyncio.sleep(5)
        assert connect.emulator.faults.happened == []
        again = await connect(resume=socket.of("session.ready")["session_id"])
        await again.until("session.ready")
        await again.say("reply.create")
        await again.until_closed()
        assert (again.kinds[-1], again.closed) == ("reply.done", 1006)

    assert play(talk, faults="drop@reply.done").faults.happened == [Fault.drop(on="reply.done")]


def test_what_follows_the_message_behind_which_it_drops_is_no_occasion(play, script):
    async def talk(connect):
        socket = await connect()
        for number in (1, 2, 3):  # the first sound of a reply goes out in many messages at once
            await socket.until_closed()
            assert (socket.kinds[-1], socket.kinds.count("reply.audio")) == ("reply.audio", 1)
            assert len(connect.emulator.faults.happened) == number
            socket = await connect(resume=connect.emulator.sessions[0].id)
            await socket.until("session.ready")
            await socket.say("reply.create")

    answer = [Say("One two three four five six seven eight nine ten.")]
    play(talk, faults="drop@reply.audio,times=all", brain=script(answer, answer, answer))


# --- delay ---


def told(socket):
    return [{key: value for key, value in event.items() if key != "timestamp"} for _, event in socket.events]


def test_messages_come_late_in_their_order_and_at_their_distances(play):
    sockets = []

    async def talk(connect):
        socket = await connect()
        await socket.until("reply.done")
        await socket.say("session.end")
        await socket.until_closed()
        assert socket.closed == 1000
        sockets.append(socket)

    play(talk)
    play(talk, faults=Fault.delay(0.75))
    prompt, late = sockets
    assert told(late)[:-1] == told(prompt)[:-1]  # session.ended tells of a longer session
    assert late.kinds[-1] == "session.ended"
    lateness = [b - a for (a, _), (b, _) in zip(prompt.events, late.events[:-1], strict=False)]
    assert lateness == pytest.approx([0.75] * len(lateness), abs=1e-3)
    assert late.closed_at - late.at("session.ended") == pytest.approx(0, abs=1e-6)


def test_a_stamp_is_of_the_moment_at_which_a_message_was_said(play):
    async def talk(connect):
        socket = await connect(greeting="")
        await socket.until("session.ready")
        stamp = socket.of("session.ready")["timestamp"] - 1_790_000_000
        assert socket.at("session.ready") - stamp == pytest.approx(3, abs=1e-3)

    play(talk, faults="delay=3s")


def test_two_delays_add_up(play):
    async def talk(connect):
        socket = await connect(greeting="")
        await socket.until("session.ready")
        assert socket.at("session.ready") == pytest.approx(1.5, abs=1e-3)

    emulator = play(talk, faults=["delay=1s", "delay=0.5s"])
    assert emulator.faults.happened == [Fault.delay(1), Fault.delay(0.5)]
    assert len(emulator.faults) == 2, "they go on"


def test_a_delay_that_is_over_lets_nothing_overtake(play):
    async def talk(connect):
        socket = await connect()
        await socket.until("reply.done")
        done = socket.events[-1][0]
        held = [at for at, event in socket.events if event["type"] == "reply.audio"]
        assert held == sorted(held)
        # The reply sounds 0.2 s after ready for some 1.5 s; its first half second is held for a second.
        assert held[0] - socket.at("session.ready") == pytest.approx(0.2 + 1, abs=0.01)
        assert done - socket.at("session.ready") < 0.2 + 1 + 1.5

    play(talk, faults="delay=1s@session.ready,for=0.5s")


def test_a_delay_from_a_message_on_begins_behind_it(play):
    async def talk(connect):
        socket = await connect()
        await socket.until("reply.done")
        assert socket.at("session.ready") == pytest.approx(0, abs=1e-3)
        assert socket.at("reply.started") == pytest.approx(0.2, abs=1e-3)
        assert socket.at("reply.audio") - socket.at("reply.started") == pytest.approx(2, abs=1e-3)

    play(talk, faults="delay=2s@reply.started")


def test_a_delay_so_long_after_ready(play):
    async def talk(connect):
        socket = await connect()
        await socket.until("reply.done")
        stamps = [event["timestamp"] - 1_790_000_000 for _, event in socket.events]
        late = [at - stamp for (at, _), stamp in zip(socket.events, stamps, strict=True)]
        assert max(lateness for lateness, stamp in zip(late, stamps, strict=True) if stamp < 0.49) < 0.01
        assert min(lateness for lateness, stamp in zip(late, stamps, strict=True) if stamp > 0.51) > 1.9

    play(talk, faults="delay=2s@0.5s")


def test_a_delay_that_is_taken_back_keeps_what_it_holds_until_then(play):
    async def talk(connect):
        socket = await connect(greeting="")
        await asyncio.sleep(0.5)
        connect.emulator.faults.clear()
        await socket.until("session.ready")
        assert socket.at("session.ready") == pytest.approx(5, abs=1e-3)
        await socket.say("session.update", session={"system_prompt": "Be brief."})
        await socket.until("session.updated")
        assert socket.at("session.updated") == pytest.approx(5, abs=0.02)

    play(talk, faults="delay=5s")


def test_what_is_held_when_the_connection_goes_is_lost(play):
    async def talk(connect):
        socket = await connect()
        await socket.until_closed()
        assert socket.kinds[-1] != "reply.done"
        # Ready on the service's side at 0, and on the client's at 1.
        assert socket.closed_at == pytest.approx(2.5, abs=0.02)

    play(talk, faults=["delay=1s", "drop@2.5s"])


# --- malformed ---


@pytest.mark.off_the_contract
@pytest.mark.parametrize("name", FRAMES)
def test_one_frame_more_and_the_session_goes_on(play, name):
    async def talk(connect):
        socket = await connect()
        await socket.until("reply.done")
        assert [frame for _, frame in socket.frames].count(FRAMES[name]) == 1
        await socket.say("session.end")
        await socket.until_closed()
        assert socket.closed == 1000

    play(talk, faults=f"malformed={name}@reply.started")


@pytest.mark.off_the_contract
def test_its_place_is_behind_the_message_or_at_its_time(play):
    async def talk(connect):
        socket = await connect()
        await socket.until("reply.done")
        frames = [frame for _, frame in socket.frames]
        assert json.loads(frames[frames.index("x") - 1])["type"] == "reply.started"
        times = {frame: at for at, frame in socket.frames}
        assert times["y"] - socket.at("session.ready") == pytest.approx(1, abs=0.01)
        assert frames.count("x") == frames.count("y") == 1

    play(talk, faults=[Fault.malformed("x", on="reply.started"), Fault.malformed("y", after=1)])


# --- slow reply ---


def test_a_reply_is_slow_and_the_greeting_and_the_next_are_not(play, script):
    async def talk(connect):
        socket = await connect()
        await socket.until("reply.done")
        for number in (2, 3):
            asked = asyncio.get_running_loop().time()
            await socket.say("reply.create")
            await socket.until("reply.done", number)
            waits.append(socket.at("reply.started", -1) - asked)
            first = next(at for at, event in socket.events if event["type"] == "reply.audio" and at >= asked)
            assert first == pytest.approx(socket.at("reply.started", -1), abs=1e-3)
        assert socket.at("reply.started") - socket.at("session.ready") == pytest.approx(0.2, abs=0.01)

    waits = []
    emulator = play(talk, faults="slow-reply=4s", brain=script([Say("Yes, it is.")], [Say("No, it is not.")]))
    assert waits[0] == pytest.approx(4, abs=0.05)
    assert waits[1] < 0.5
    assert emulator.faults.happened == [Fault.slow_reply(4)]


def test_a_slow_reply_does_not_hold_up_the_tool_call_in_it(play, script):
    async def talk(connect):
        socket = await connect(greeting="")
        await socket.until("session.ready")
        tool = {"type": "function", "name": "look"}
        await socket.say("session.update", session={"tools": [tool]})
        await socket.say("reply.create")
        call = await socket.until("tool.call")
        assert asyncio.get_running_loop().time() < 1
        await socket.say("tool.result", call_id=call["call_id"], result="1")
        await socket.until("reply.audio")
        assert socket.at("reply.audio") > 3

    play(talk, faults="slow-reply=3s,skip=1", brain=script([Call("look", {})], [Say("One.")]))


# --- capacity, expired token, never ready ---


@pytest.mark.parametrize("code", ["at_capacity", "concurrency_exceeded", "server_error"])
def test_no_room_is_said_to_the_first_update_and_to_no_earlier_message(play, code):
    async def talk(connect):
        socket = await connect(greeting=None)
        await asyncio.sleep(1)
        assert socket.frames == [], "the server is silent until the client's first message"
        await socket.say("session.update", session={"greeting": None})
        await socket.until("session.error")
        assert socket.of("session.error")["code"] == "invalid_format", "one that is in order is an occasion"
        await socket.say("session.update", session={})
        await socket.until_closed()
        error = socket.events[-1][1]
        assert (error["type"], error["code"], error["param"]) == ("session.error", code, None)
        assert socket.closed == 1008
        again = await connect(greeting="")
        await again.until("session.ready")

    play(talk, faults=f"capacity={code}")


def test_a_session_that_resumes_has_its_room(play):
    async def talk(connect):
        socket = await connect(greeting="")
        await socket.until_closed()
        again = await connect(resume=socket.of("session.ready")["session_id"])
        await again.until("session.ready")
        third = await connect(greeting="")
        await third.until_closed()
        assert third.of("session.error")["code"] == "at_capacity"

    play(talk, faults=["drop@1s", "capacity,skip=1"])


@pytest.mark.parametrize(("profile", "code"), [("contract", "UNAUTHORIZED"), ("live", "unauthorized")])
def test_an_expired_token_is_refused_as_any_bad_one_is(play, profile, code):
    async def talk(connect):
        socket = await connect(greeting=None)
        await socket.until_closed()
        (error,) = [event for _, event in socket.events]
        assert (error["code"], error["message"]) == (code, "Authentication failed")
        assert (error["session_id"], error["param"]) == (None, None)
        assert socket.closed == 1008
        again = await connect(greeting="")
        await again.until("session.ready")

    play(talk, faults="expired-token", profile=profile)


def test_a_token_that_expires_before_somebody_comes_back(play):
    async def talk(connect):
        socket = await connect(greeting="")
        await socket.until_closed()
        again = await connect(resume=socket.of("session.ready")["session_id"])
        await again.until_closed()
        assert again.of("session.error")["code"] == "UNAUTHORIZED"
        third = await connect(resume=socket.of("session.ready")["session_id"])
        await third.until("session.ready")

    play(talk, faults=["drop@1s", "expired-token,skip=1"])


def test_a_bad_key_is_no_occasion(play):
    async def talk(connect):
        from voicenb.service.address import Address
        from voicenb.session.asgi import AsgiTransport

        address = Address("ws://127.0.0.1/v1/ws", key="wrong")
        socket = Bare(await AsgiTransport(connect.emulator.app, address).open())
        await socket.until_closed()
        assert len(connect.emulator.faults) == 1

    play(talk, faults="expired-token", key="sesame")


def test_a_session_never_becomes_ready_and_the_next_one_does(play):
    async def talk(connect):
        socket, other = await connect(), await connect()
        await other.until("session.ready")
        await socket.say("input.audio", audio="AAAA")
        await asyncio.sleep(300)
        assert (socket.frames, socket.closed) == ([], None)

    emulator = play(talk, faults="never-ready")
    assert [session.ended_by for session in emulator.sessions] == ["close", ""], "the other may come back"


def test_a_session_is_given_up_that_does_not_become_ready(play):
    async def talk(connect):
        socket = await connect()
        await socket.until_closed()
        (error,) = [event for _, event in socket.events]
        assert (error["type"], error["code"], socket.closed) == ("session.error", "agent_timeout", 1011)
        assert socket.closed_at == pytest.approx(10, abs=0.01)

    play(talk, faults="never-ready=10s")


# --- errors ---


@pytest.mark.parametrize(("profile", "code"), [("contract", "FORBIDDEN"), ("live", "forbidden")])
def test_a_key_that_lacks_access_is_refused_at_the_door(play, profile, code):
    async def talk(connect):
        socket = await connect(greeting=None)
        await socket.until_closed()
        (error,) = [event for _, event in socket.events]
        assert (error["type"], error["code"], error["session_id"]) == ("session.error", code, None)
        assert socket.closed == 1008
        again = await connect(greeting="")
        await again.until("session.ready")

    play(talk, faults="error=FORBIDDEN", profile=profile)


@pytest.mark.parametrize(
    ("profile", "code", "said", "close"),
    [
        ("contract", "session_expired", "session_expired", 1008),
        ("contract", "INTERNAL_ERROR", "INTERNAL_ERROR", 1011),
        ("live", "INTERNAL_ERROR", "internal_error", 1011),
    ],
)
def test_a_session_that_ends_in_an_error_is_over(play, profile, code, said, close):
    async def talk(connect):
        socket = await connect(greeting="")
        await socket.until_closed()
        assert socket.closed_at == pytest.approx(socket.at("session.ready") + 5, abs=0.01)
        assert socket.of("session.error")["code"] == said
        assert socket.closed == close
        again = await connect(resume=socket.of("session.ready")["session_id"])
        await again.until_closed()
        assert again.of("session.error")["code"] == "session_not_found"

    emulator = play(talk, faults=f"error={code}@5s", profile=profile)
    assert emulator.sessions[0].ended_by == "refused"


@pytest.mark.parametrize("when", ["session.ready", "session.error"])
def test_an_error_behind_a_message_comes_once_and_behind_it(play, when):
    async def talk(connect):
        socket = await connect(greeting="")
        await socket.until("session.ready")
        await socket.say("session.update", session={"nonsense": 1})
        await socket.until_closed()
        kinds = [
            event["type"] for _, event in socket.events if event["type"] in ("session.ready", "session.error")
        ]
        assert kinds == ["session.ready", *["session.error"] * (1 if when == "session.ready" else 2)]

    play(talk, faults=f"error=session_expired@{when},times=all")


@pytest.mark.parametrize("code", ["invalid_config", "invalid_webhook"])
def test_an_update_that_cannot_be_used_changes_nothing_and_the_session_goes_on(play, code):
    async def talk(connect):
        socket = await connect(greeting=None)
        await socket.say("session.update", session={"greeting": ""})
        await socket.until("session.error")
        assert socket.of("session.error")["code"] == code
        await socket.say("session.update", session={"system_prompt": "First."})
        await socket.until("session.ready")
        await socket.say("session.update", session={"system_prompt": "Second."})
        await asyncio.sleep(1)
        assert socket.closed is None
        assert [event["type"] for _, event in socket.events].count("session.error") == 2
        await socket.say("session.update", session={"input": {"keyterms": ["Lido"]}})
        await socket.until("session.updated")
        assert socket.of("session.updated")["config"]["system_prompt"] == "First."

    play(talk, faults=[f"error={code}", f"error={code},skip=1"])


def test_what_is_planned_is_told_by_the_page_about_the_emulator(stage):
    import httpx

    emulator = stage(faults=["drop@12s", "capacity"]).emulator

    async def ask():
        transport = httpx.ASGITransport(emulator.app)
        async with httpx.AsyncClient(
            transport=transport, base_url="http://127.0.0.1", verify=False
        ) as client:
            return (await client.get("/")).json()

    assert asyncio.run(ask())["faults"] == ["drop@12s", "capacity=at_capacity"]


def test_no_watcher_is_left_of_sessions_that_are_over(play):
    async def talk(connect):
        socket = await connect(greeting="")
        await socket.until_closed()
        again = await connect(resume=socket.of("session.ready")["session_id"])
        await again.until("session.ready")
        await again.say("session.end")
        await again.until_closed()

    emulator = play(talk, faults=["drop@1s"])
    assert not emulator.faults._watchers


def test_over_a_real_socket_a_drop_leaves_no_close_frame_and_can_be_come_back_from(ears, tone_mouth):
    from websockets.exceptions import ConnectionClosedError
    from websockets.sync.client import connect

    from voicenb.emulator.emulator import Emulator

    def receive(socket):
        return json.loads(socket.recv(timeout=10))

    with Emulator(
        brain="rules", recognizer=ears(), mouth=tone_mouth(), faults="drop@session.updated"
    ) as emulator:
        url = emulator.address().url + "?token=any"
        with connect(url) as socket:
            socket.send('{"type":"session.update","session":{}}')
            session_id = receive(socket)["session_id"]
            socket.send('{"type":"session.update","session":{"system_prompt":"Be brief."}}')
            assert receive(socket)["type"] == "session.updated"
            with pytest.raises(ConnectionClosedError) as caught:
                receive(socket)
            assert caught.value.rcvd is None
        with connect(url) as socket:
            socket.send(json.dumps({"type": "session.resume", "session_id": session_id}))
            assert receive(socket)["session_id"] == session_id
