"""The emulator as a server: real sockets, real time."""

from __future__ import annotations

import asyncio
import json
import socket
import subprocess
import sys
import threading

import httpx
import pytest
import websockets

from voicenb.emulator.brain import Line, Moment, Say
from voicenb.emulator.emulator import Emulator
from voicenb.errors import AudioError, InvalidConfiguration, ServiceUnreachable
from voicenb.service.identify import notice_of
from voicenb.session.transport import ConnectionClosed
from voicenb.testing.virtual_clock import run_virtually


class Socket:
    """The transport that the tests' client talks over, on a real socket."""

    def __init__(self, connection):
        self.connection = connection

    async def send(self, frame):
        try:
            await self.connection.send(frame)
        except websockets.ConnectionClosed as closed:
            raise ConnectionClosed(closed.rcvd.code if closed.rcvd else 1006) from None

    async def receive(self):
        try:
            return await self.connection.recv()
        except websockets.ConnectionClosed as closed:
            code, reason = (closed.rcvd.code, closed.rcvd.reason) if closed.rcvd else (1006, "")
            raise ConnectionClosed(code, reason) from None

    async def close(self):
        await self.connection.close()


@pytest.fixture
def emulator(ears, tone_mouth, script):
    with Emulator(
        brain=script([Say("Going forward.")]), recognizer=ears("Go forward ten meters."), mouth=tone_mouth()
    ) as running:
        yield running


def talk(emulator, client, conversation, path="/v1/ws", headers=None, **options):
    async def main():
        address = emulator.address()
        url = address.url.replace("/v1/ws", path)
        given = address.headers if headers is None else headers
        async with websockets.connect(url, additional_headers=given, **options) as connection:
            talker = client(Socket(connection))
            try:
                await conversation(talker)
            finally:
                await talker.end()
            return talker

    return asyncio.run(main())


def test_a_client_that_does_not_read_is_cut_off(emulator, client, monkeypatch, caplog):
    monkeypatch.setattr("voicenb.emulator.wire.LONGEST_QUEUE", 20)

    async def conversation(talker):
        await talker.start(mute=True, system_prompt="x" * 500_000)
        reader = talker._tasks.pop(0)
        reader.cancel()
        await asyncio.wait({reader})
        connection = talker.transport.connection

        async def flood():
            while True:  # each is answered with half a megabyte, until no buffer on the way has room
                await connection.send('{"type": "session.update", "session": {}}')

        with pytest.raises(websockets.ConnectionClosedError) as closed:
            await flood()
        assert closed.value.rcvd is None

    talk(emulator, client, conversation, max_queue=1)
    (session,) = emulator.sessions
    assert (session.state, session.ended_by) == ("over", "close")
    (line,) = [record.getMessage() for record in caplog.records if "does not read" in record.getMessage()]
    assert session.id in line


def test_a_conversation(emulator, client, say):
    async def conversation(talker):
        settings = {"turn_detection": {"min_silence": 400, "max_silence": 1000}}
        await talker.start(greeting="Hello.", input=settings)
        await talker.until("reply.done")
        talker.play(say("go-forward"))
        await talker.until("reply.done")
        await talker.send("session.end")
        await talker.until("session.ended")
        await talker.until_closed()

    talker = talk(emulator, client, conversation)
    assert talker.closed == (1000, "")
    assert [event["text"] for event in talker.of("transcript.agent")] == ["Hello.", "Going forward."]
    assert talker.of("transcript.user")[0]["text"] == "Go forward ten meters."
    session = emulator.sessions[-1]
    assert session.ended_by == "session.end"
    assert session.timeline[-1].wait > 0


@pytest.mark.parametrize("path", ["/v1/ws", "/v1/ws?token=whatever", "/v1/realtime?token=whatever"])
def test_paths_and_logins(emulator, client, path):
    async def conversation(talker):
        await talker.start(mute=True)

    talk(emulator, client, conversation, path, headers={} if "token" in path else None)


@pytest.mark.parametrize("path", ["/v1/voice"])
def test_historic_paths_are_refused_as_the_service_refuses_them(emulator, client, path):
    async def conversation(talker):
        raise AssertionError("a stale address must not work here and fail on the service")

    with pytest.raises(websockets.InvalidStatus):
        talk(emulator, client, conversation, path)


def test_the_raw_key_as_a_header(client, plain_emulator):
    with plain_emulator(key="sesame") as emulator:

        async def conversation(talker):
            await talker.start(mute=True)

        talk(emulator, client, conversation, headers={"Authorization": "sesame"})


def test_a_refusal_in_many_letters_reaches_the_client(emulator, client):
    async def conversation(talker):
        await talker.send("session.update", session={"ключ" * 60: 1})
        assert (await talker.until("session.error"))["code"] == "invalid_value"
        code, reason = await talker.until_closed()
        assert code == 1008
        assert reason.startswith("'ключ")

    talk(emulator, client, conversation)


def test_an_agent_with_half_a_character_holds_a_session(emulator, client):
    body = (
        '{"name": "a", "system_prompt": "half: \\ud83d", "greeting": "Hello.", "voice": {"voice_id": "ivy"}}'
    )
    kept = httpx.post(f"{emulator.url}/v1/agents", content=body, headers={"Authorization": "any"}).json()

    async def conversation(talker):
        ready = await talker.start(mute=True, agent_id=kept["id"])
        assert ready["config"]["system_prompt"] == kept["system_prompt"]
        await talker.until("reply.done")

    talk(emulator, client, conversation)


def test_a_wrong_key_is_told_on_the_socket_and_closed_with_1008(client, plain_emulator):
    with plain_emulator(key="sesame") as emulator:

        async def conversation(talker):
            await talker.until("session.error", code="UNAUTHORIZED")
            assert (await talker.until_closed())[0] == 1008

        talk(emulator, client, conversation, headers={"Authorization": "Bearer other"})


def test_json_in_a_binary_frame(emulator, client):
    async def conversation(talker):
        await talker.transport.send(json.dumps({"type": "session.update", "session": {}}).encode())
        await talker.until("session.ready")

    talk(emulator, client, conversation)


def test_pages_from_elsewhere_are_kept_out(emulator, client):
    async def conversation(talker):
        raise AssertionError("came in")

    with pytest.raises(websockets.InvalidStatus, match="403"):
        talk(emulator, client, conversation, origin="https://example.org")
    answer = httpx.get(f"{emulator.url}/", headers={"Host": "rebound.example.org"})
    assert answer.status_code == 403


def test_pages_of_this_machine_come_in(emulator, client):
    async def conversation(talker):
        await talker.start(mute=True)

    talk(emulator, client, conversation, origin="http://localhost:8888")
    answer = httpx.options(
        f"{emulator.url}/v1/agents",
        headers={
            "Origin": "http://localhost:3000",
            "Access-Control-Request-Method": "POST",
            "Access-Control-Request-Headers": "authorization",
        },
    )
    assert answer.headers["access-control-allow-origin"] == "http://localhost:3000"


def test_it_says_what_it_is(emulator):
    about = httpx.get(f"{emulator.url}/").json()
    assert about["service"] == "voicenb emulator"
    assert (about["profile"], about["brain"], about["warm"]) == ("contract", "script", False)


def test_sockets_send_at_once(emulator, client):
    """The server's own side of a connection has Nagle's algorithm off."""

    async def conversation(talker):
        await talker.start(mute=True)

        def options():
            return [
                protocol.transport.get_extra_info("socket").getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
                for protocol in emulator._server._server.server_state.connections
            ]

        assert await asyncio.to_thread(options) == [1]

    talk(emulator, client, conversation)


def test_warming_up(ears, tone_mouth):
    warmed = threading.Event()

    class Slow(tone_mouth):
        def warm(self):
            warmed.set()

    with Emulator(brain="rules", recognizer=ears(), mouth=Slow()) as emulator:
        emulator.warm_up()
        assert warmed.wait(5)


def test_stopping_ends_the_sessions(emulator, client):
    async def conversation(talker):
        await talker.start(mute=True)
        await asyncio.to_thread(emulator.stop)
        await talker.until("session.ended")
        assert await talker.until_closed() == (1000, "")

    talk(emulator, client, conversation)
    assert emulator.sessions[-1].ended_by == "stop"
    emulator.stop()
    with pytest.raises(InvalidConfiguration, match="stopped"):
        emulator.start()


def test_without_ears_it_speaks_and_says_that_it_hears_nothing(stage, say, script, monkeypatch):
    monkeypatch.setattr("voicenb.emulator.parts.ears", lambda **_: None)
    theater = stage(brain=script([Say("Never.")]), recognizer=None)

    async def conversation(talker):
        await talker.start(greeting="Hello.", input={"turn_detection": {"max_silence": 1500}})
        await talker.until("reply.done")
        talker.play(say("go-forward"))
        await talker.until("input.speech.stopped")
        await talker.send("reply.create")
        await talker.until("reply.done")

    theater.run(conversation)
    assert "talk.message" in theater.emulator.resources.notice


def test_without_ears_it_says_so_before_anything_is_loaded(tone_mouth, monkeypatch):
    monkeypatch.setattr("voicenb.emulator.parts.ears", lambda **_: None)
    with Emulator(brain="rules", mouth=tone_mouth()) as emulator:
        about = httpx.get(f"{emulator.url}/").json()
        assert (about["warm"], about["ears"]) == (False, "none")
        assert "talk.message" in about["notice"]
        assert notice_of(emulator.address()) == about["notice"]


def test_a_taken_port_is_said(emulator, plain_emulator):
    with pytest.raises(ServiceUnreachable, match=str(emulator.port)):
        plain_emulator(port=emulator.port).start()


def test_what_cannot_be():
    with pytest.raises(InvalidConfiguration, match="contract"):
        Emulator(profile="dream")
    with pytest.raises(InvalidConfiguration, match="key"):
        Emulator(host="0.0.0.0")
    with pytest.raises(InvalidConfiguration):
        Emulator(brain="no such brain")
    for port in (-1, 65_536):
        with pytest.raises(InvalidConfiguration, match=str(port)):
            Emulator(port=port)


def test_a_voice_that_is_not_there_is_told_before_anybody_calls(tmp_path):
    with pytest.raises(AudioError, match=r"voice\.onnx is not there"):
        Emulator(brain="rules", voice=tmp_path / "voice.onnx")
    with pytest.raises(InvalidConfiguration, match="takes no voice file"):
        Emulator(brain="rules", mouth="espeak", voice=tmp_path / "voice.onnx")


def test_a_voice_that_cannot_be_read_is_logged_and_told_to_every_session(tmp_path, client, caplog):
    voice = tmp_path / "voice.onnx"
    voice.write_bytes(b"no model")
    (tmp_path / "voice.onnx.json").write_text("{}")

    async def conversation(talker):
        await talker.send("session.update", session={})
        error = await talker.until("session.error")
        assert error["code"] == "agent_init_failed"
        assert "not a voice that Piper can read" in error["message"]
        assert (await talker.until_closed())[0] == 1011

    with Emulator(brain="rules", voice=voice) as emulator:
        emulator.warm_up()
        for _ in range(2):
            talk(emulator, client, conversation)
    # The sessions waited for the warming to end, or failed as it did: by now it has said so.
    told = [record.getMessage() for record in caplog.records if record.name == "voicenb.emulator.server"]
    assert any("not a voice that Piper can read" in line for line in told)


def test_the_address_has_a_key_that_is_not_shown(plain_emulator):
    emulator = plain_emulator()
    assert emulator.address().key
    assert emulator.address().key not in repr(emulator.address()) + repr(emulator)
    assert emulator.address().label == "emulator · contract · script"


def test_a_brain_that_waits_does_not_hold_up_ears_and_mouth():
    waiting = threading.Semaphore(0)
    go_on = threading.Event()

    def slow(text: str) -> str:
        waiting.release()
        go_on.wait(30)
        return text

    async def main():
        emulator = Emulator(brain=slow)
        moment = Moment("user_speech", (Line("user", "Hello."),), "", ())
        brain = emulator.resources.make_brain()
        answers = [asyncio.create_task(anext(aiter(brain.answer(moment)))) for _ in range(8)]
        for _ in answers:
            await asyncio.to_thread(waiting.acquire)
        assert await emulator.resources.budget.run(lambda: "heard", 0.1, 0.0) == "heard"
        go_on.set()
        assert [answer.text for answer in await asyncio.gather(*answers)] == ["Hello."] * 8

    asyncio.run(main())


SPEAKS = """
import voicenb as vn
greeting = " ".join(f"This is sentence {number} of many." for number in range(40))
emulator = vn.Emulator(brain=str).start()
agent = vn.Agent(name="Lido", greeting=greeting)
session = vn.Session(agent, emulator, microphone=vn.Silence(), recording=False).start()
session.wait_for("reply.started", timeout=10)
"""


def test_a_script_that_ends_while_it_speaks_ends_without_a_word():
    script = subprocess.run([sys.executable, "-c", SPEAKS], capture_output=True, text=True, timeout=60)
    assert (script.returncode, script.stderr) == (0, "")


AGENT = {
    "name": "Lido",
    "system_prompt": "You take bookings.",
    "voice": {"voice_id": "ivy"},
    "tools": [{"name": "book", "http": {"url": "https://api.example.com/", "headers": {"Key": "secret"}}}],
}


def test_a_store_keeps_the_agents_with_their_secrets(tmp_path):
    file = tmp_path / "emulator.sqlite"

    async def write():
        agents = emulator.resources.agents
        ids = [agents.create({**AGENT, "name": name})["id"] for name in ("a", "b", "c")]
        agents.update(ids[0], {"greeting": "Hello."})
        agents.delete(ids[1])
        agents.delete(ids[2])
        return ids[0]

    async def read():
        agents = emulator.resources.agents
        stored = agents.get(agent_id)
        assert stored["greeting"] == "Hello."
        assert stored["tools"][0]["http"]["headers"]["values"]["Key"]["value"] == "secret"
        created = agents.create(AGENT)
        page, cursor = agents.page(50, "")
        assert ([entry["id"] for entry in page], cursor) == ([created["id"], agent_id], "")
        assert agents.page(50, "4") == (page[1:], "")  # its place is the one behind those that were deleted

    with Emulator(brain="rules", store=file) as emulator:
        agent_id = asyncio.run(write())
    emulator = Emulator(brain="rules", store=file)
    asyncio.run(read())
    emulator.stop()


def test_an_emulator_that_repeats_itself_gives_no_name_twice_where_names_are_kept(tmp_path, stage):
    agent = {"name": "a", "system_prompt": "b", "voice": {"voice_id": "ivy"}}
    ids = []
    for _ in range(2):
        theater = stage(store=tmp_path / "emulator.sqlite")

        async def play(theater=theater):
            ids.append(theater.emulator.resources.agents.create(agent)["id"])
            async with theater.client() as client:
                ids.append((await client.start(mute=True))["session_id"])
                await client.send("session.end")
                await client.until("session.ended")

        run_virtually(play, limit=60)
        theater.emulator.stop()
    assert len(set(ids)) == 4


def test_a_store_has_one_emulator_at_a_time(tmp_path):
    first = Emulator(brain="rules", store=tmp_path / "emulator.sqlite")
    with pytest.raises(InvalidConfiguration, match="in use"):
        Emulator(brain="rules", store=tmp_path / "emulator.sqlite")
    first.stop()
    second = Emulator(brain="rules", store=tmp_path / "emulator.sqlite")
    second.stop()
    with pytest.raises(InvalidConfiguration, match="stopped"):
        second.start()
