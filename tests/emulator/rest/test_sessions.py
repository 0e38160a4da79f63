"""Session history over REST."""

from __future__ import annotations

import asyncio
import io

import pytest
import soundfile

from voicenb.emulator import history_opus
from voicenb.emulator.history_links import LIFE
from voicenb.testing.virtual_clock import run_virtually

LIDO = {"name": "Lido", "system_prompt": "You take bookings.", "voice": {"voice_id": "ivy"}}


@pytest.fixture
def play(stage, rest):
    """Plays a scene on the virtual clock: ``scene(ask, client)``, both of one emulator."""

    def run(scene, limit=600, **options):
        theater = stage(**options)

        async def ask(method, path, body=None, **more):
            return await rest(theater.emulator.app, method, path, body, **more)

        async def main():
            async with theater.client() as client:
                await scene(ask, client)

        run_virtually(main, limit=limit)
        return theater

    return run


async def held(client, **session):
    """A session from its beginning to its end; gives its id."""
    ready = await client.start(mute=True, **session)
    await asyncio.sleep(1)
    await client.send("session.end")
    await client.until_closed()
    return ready["session_id"]


def test_a_session_that_runs_and_is_over(play, valid):
    async def scene(ask, client):
        session_id = (await client.start(mute=True, greeting="Hello."))["session_id"]
        path = f"/v1/sessions/{session_id}"
        running = valid("SessionRecord", (await ask("GET", path)).json())
        assert (running["status"], running["artifacts"], running["duration_seconds"]) == ("created", [], None)
        await client.until("reply.done")
        await client.send("session.end")
        await client.until_closed()
        over = valid("SessionRecord", (await ask("GET", path)).json())
        assert (over["status"], over["public_close_reason"]) == ("completed", "client_end")
        assert over["config"]["greeting"] == "Hello."
        assert [artifact["type"] for artifact in over["artifacts"]] == ["audio", "timeline", "metadata"]
        listed = valid("SessionList", (await ask("GET", "/v1/sessions")).json())
        assert listed["sessions"] == [{key: over[key] for key in over if key not in ("config", "artifacts")}]
        assert (listed["has_more"], listed["response_metadata"]) == (False, {"next_cursor": ""})

    play(scene)


def test_artifacts_need_no_key(play, valid):
    async def scene(ask, client):
        ready = await client.start(mute=True, greeting="Hello there.")
        await client.until("reply.done")
        await client.send("session.end")
        await client.until_closed()
        record = (await ask("GET", f"/v1/sessions/{ready['session_id']}")).json()
        got = {}
        for artifact in record["artifacts"]:
            assert artifact["url"].startswith("http://127.0.0.1/v1/artifacts/")
            answer = got[artifact["type"]] = await ask("GET", artifact["url"], key="")
            assert (answer.status_code, answer.headers["content-type"]) == (200, artifact["content_type"])
        timeline = valid("Timeline", got["timeline"].json())
        assert timeline["session_id"] == record["id"]
        assert timeline["turns"][0]["agent_text"] == "Hello there."
        metadata = got["metadata"].json()
        assert set(metadata) == {
            *("session_id", "started_at", "ended_at", "format", "channels", "channel_layout"),
            *("sample_rate", "file", "uploaded_chunks", "dropped_chunks"),
        }
        sound = next(entry["url"] for entry in record["artifacts"] if entry["type"] == "audio")
        part = await ask("GET", sound, key="", headers={"Range": "bytes=4-9"})
        assert (part.status_code, part.content) == (206, got["audio"].content[4:10])
        info = soundfile.info(io.BytesIO(got["audio"].content))
        assert (info.samplerate, info.channels, info.subtype) == (24_000, 2, "OPUS")
        assert info.duration == pytest.approx(record["duration_seconds"], abs=0.25)

    play(scene)


def test_a_link_is_good_for_an_hour_and_for_nothing_else(play, valid):
    async def scene(ask, client):
        session_id = await held(client)
        (url, *_) = (
            entry["url"] for entry in (await ask("GET", f"/v1/sessions/{session_id}")).json()["artifacts"]
        )
        head, _, rest = url.partition(url.split("/")[5])
        for wrong in (
            head + "0" * 64 + rest,
            url.replace("/timeline", "/metadata"),
            url.replace("/sess_", "/s_"),
        ):
            answer = await ask("GET", wrong, key="")
            assert (answer.status_code, valid("RestError", answer.json())["code"]) == (404, "not_found"), (
                wrong
            )
        await asyncio.sleep(LIFE - 5)
        assert (await ask("GET", url, key="")).status_code == 200
        await asyncio.sleep(10)
        expired = await ask("GET", url, key="")
        assert (expired.status_code, valid("RestError", expired.json())["code"]) == (403, "link_expired")

    play(scene, limit=2 * LIFE)


def test_pages_by_status_and_by_agent(stage, rest, valid):
    theater = stage()

    async def main():
        async def ask(path, **params):
            answer = await rest(theater.emulator.app, "GET", path, params=params)
            return valid("SessionList", answer.json())

        agent = theater.emulator.resources.agents.create(LIDO)["id"]
        ids = []
        for n in range(4):
            async with theater.client() as client:
                session = {"agent_id": agent} if n % 2 else {}
                ids.append(await held(client, **session))
        async with theater.client() as client:
            open_one = (await client.start(mute=True))["session_id"]

            def named(page):
                return [entry["id"] for entry in page["sessions"]]

            assert named(await ask("/v1/sessions")) == [open_one, *reversed(ids)]
            assert named(await ask("/v1/sessions", status="created")) == [open_one]
            assert named(await ask("/v1/sessions", status="completed", agent_id=agent)) == [ids[3], ids[1]]
            first = await ask("/v1/sessions", limit=3)
            assert (named(first), first["has_more"]) == ([open_one, ids[3], ids[2]], True)
            second = await ask("/v1/sessions", limit=3, cursor=first["response_metadata"]["next_cursor"])
            assert (named(second), second["has_more"]) == ([ids[1], ids[0]], False)

    run_virtually(main, limit=600)


@pytest.mark.parametrize(
    ("query", "param"), [("limit=0", "limit"), ("limit=x", "limit"), ("cursor=x", "cursor")]
)
def test_what_a_list_may_not_be_asked(call, valid, query, param):
    answer = call()("GET", f"/v1/sessions?{query}")
    body = valid("RestError", answer.json())
    assert (answer.status_code, body["code"], body["param"]) == (422, "validation_error", param)


@pytest.mark.parametrize("method", ["GET", "DELETE"])
def test_a_session_that_there_is_not(call, valid, method):
    answer = call()(method, "/v1/sessions/sess_1")
    assert (answer.status_code, valid("RestError", answer.json())["code"]) == (404, "session_not_found")


def test_right_after_its_end_a_session_may_be_deleted(play):
    async def scene(ask, client):
        session_id = await held(client, greeting="Hello.")
        path = f"/v1/sessions/{session_id}"
        urls = [artifact["url"] for artifact in (await ask("GET", path)).json()["artifacts"]]
        deleted = await ask("DELETE", path)
        assert (deleted.status_code, deleted.content) == (204, b"")
        assert (await ask("GET", path)).status_code == (await ask("DELETE", path)).status_code == 404
        assert (await ask("GET", "/v1/sessions")).json()["sessions"] == []
        for url in urls:
            assert (await ask("GET", url, key="")).status_code == 404

    theater = play(scene)
    assert not theater.emulator.resources.audio.there(theater.session.id)


def test_a_session_that_is_deleted_while_it_runs_goes_on(play):
    async def scene(ask, client):
        session_id = (await client.start(mute=True, greeting="Hello."))["session_id"]
        assert (await ask("DELETE", f"/v1/sessions/{session_id}")).status_code == 204
        await client.until("reply.done")
        await client.send("session.end")
        assert (await client.until_closed())[0] == 1000
        assert (await ask("GET", f"/v1/sessions/{session_id}")).status_code == 404

    theater = play(scene)
    assert not theater.emulator.resources.audio.there(theater.session.id)


def test_in_the_live_profile_artifacts_come_some_seconds_later(play):
    async def scene(ask, client):
        path = f"/v1/sessions/{await held(client)}"
        await asyncio.sleep(5.5)
        record = (await ask("GET", path)).json()
        assert (record["status"], record["artifacts"]) == ("completed", [])
        await asyncio.sleep(1)
        assert len((await ask("GET", path)).json()["artifacts"]) >= 2

    play(scene, profile="live")


def test_without_the_library_there_is_no_sound(play, monkeypatch):
    monkeypatch.setattr(history_opus, "available", lambda: False)

    async def scene(ask, client):
        record = (await ask("GET", f"/v1/sessions/{await held(client, greeting='Hello.')}")).json()
        assert [artifact["type"] for artifact in record["artifacts"]] == ["timeline", "metadata"]

    play(scene)


@pytest.mark.parametrize("below", ["timeline", "audio", "metadata", "artifacts", "audio/ogg"])
def test_who_looks_below_a_session_is_told_where_its_artifacts_are(call, valid, below):
    answer = call()("GET", f"/v1/sessions/sess_1/{below}")
    assert answer.status_code == 404
    message = valid("RestError", answer.json())["message"]
    assert message == (
        f"There is no /v1/sessions/sess_1/{below} here; "
        "timeline, metadata and audio are links, see artifacts in GET /v1/sessions/sess_1"
    )
