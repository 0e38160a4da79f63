"""One call on one loop, against a service that follows a script; whole calls are in test_run.py."""

import asyncio
import gc

import pytest
from scripted_service import ScriptedService

from voicenb.errors import RecordingError, ServiceUnreachable, Unauthorized
from voicenb.recording.recording import Recording
from voicenb.session.asgi import connector
from voicenb.session.host import Plan
from voicenb.session.limits import Limits
from voicenb.session.microphones import Silence
from voicenb.session.speakers import Muted
from voicenb.testing.call import Call
from voicenb.testing.elsewhere import AtOnce
from voicenb.testing.virtual_clock import run_virtually
from voicenb.tools import Tool


class Short:
    """A caller who hangs up after so many seconds."""

    label = "short"

    def __init__(self, seconds):
        self.seconds = seconds

    async def frames(self, room):
        for _ in range(round(self.seconds / 0.02)):
            await asyncio.sleep(0.02)
            yield bytes(960)


def hold(script, *functions, microphone=None, folder=None):
    """Hold a call with those tools; returns the service."""
    service = ScriptedService(script)
    tools = {tool.name: tool for tool in map(Tool.of, functions)}
    plan = Plan(
        service.address(),
        {"tools": [tool.to_wire() for tool in tools.values()]},
        folder=folder,
        microphone=microphone or Silence(),
        speaker=Muted(),
        connect=connector(service.app),
        limits=Limits(goodbye=1.0),
    )
    run_virtually(lambda: Call(plan, tools, AtOnce()).run(), limit=120)
    service.closed.result(1)
    return service


def test_functions_of_a_stored_agent_answer_where_the_service_tells_of_its_id_only():
    async def script(peer):
        update = await peer.expect("session.update")
        assert update["session"] == {"agent_id": "agent_1"}
        await peer.say("session.ready", session_id="sess_1")
        await peer.say("tool.call", call_id="c1", name="look", arguments={})
        await peer.say("tool.call", call_id="c2", name="theirs", arguments={})
        assert (await peer.expect("tool.result"))["call_id"] == "c1"
        await peer.goodbye()

    def look() -> str:
        """Look."""
        return "seen"

    service = ScriptedService(script)
    plan = Plan(
        service.address(),
        {"agent_id": "agent_1"},
        microphone=Short(1.0),
        speaker=Muted(),
        connect=connector(service.app),
    )
    run_virtually(lambda: Call(plan, {"look": Tool.of(look)}, AtOnce()).run(), limit=60)
    service.closed.result(1)
    assert results(service) == [("c1", '"seen"')]


class Louder:
    """A policy that wants one change, at once."""

    def decide(self, event):
        return {"volume": 90} if event["type"] == "session.ready" else None


def test_what_a_policy_wants_and_does_not_get_is_told(tmp_path):
    async def refuses(peer):
        await peer.ready()
        await peer.expect("session.update")
        await peer.say("session.error", code="invalid_value", message="Too loud.", param="output.volume")
        await peer.goodbye()

    service = ScriptedService(refuses)
    plan = Plan(
        service.address(),
        {},
        folder=tmp_path / "call",
        microphone=Short(1.0),
        speaker=Muted(),
        connect=connector(service.app),
    )
    run_virtually(lambda: Call(plan, {}, AtOnce(), Louder()).run(), limit=60)
    logs = [e["msg"]["text"] for e in Recording(tmp_path / "call").events if e["type"] == "log"]
    refused = "Louder could not change the settings: Too loud (output.volume)."
    assert any(text.startswith(refused) for text in logs)


def results(service):
    return [
        (message["call_id"], message["result"])
        for message in service.received
        if message["type"] == "tool.result"
    ]


async def ends(peer):
    """The service ends the session."""
    await peer.say("session.ended", session_duration_seconds=1.0)
    await peer.close(1000, "")


def look(day: str) -> str:
    """Look."""
    return f"{day}: full"


# --- endings ------------------------------------------------------------------


def test_it_lasts_until_the_caller_hangs_up():
    async def polite(peer):
        await peer.ready()
        await peer.goodbye()

    service = hold(polite, microphone=Short(0.5))
    assert service.types == ["session.update", "input.audio", "session.end"]
    assert len(service.received) == 25 + 2


def test_an_end_in_good_order_raises_nothing():
    async def script(peer):
        await peer.ready()
        await ends(peer)

    hold(script)


@pytest.mark.parametrize(
    ("ending", "error"),
    [
        (lambda peer: peer.say("session.error", code="UNAUTHORIZED", message="No."), Unauthorized),
        (lambda peer: peer.close(1011, ""), ServiceUnreachable),
    ],
)
def test_what_ended_it_is_raised(ending, error):
    async def script(peer):
        await peer.ready()
        await ending(peer)
        await peer.close(1008, "")

    with pytest.raises(error):
        hold(script)


def test_a_recording_that_cannot_begin_is_raised(tmp_path):
    (tmp_path / "mine").write_text("")

    async def script(peer):
        raise AssertionError("nobody calls")

    with pytest.raises(RecordingError, match="not empty"):
        hold(script, folder=tmp_path)


# --- tools --------------------------------------------------------------------


def test_calls_are_answered():
    async def script(peer):
        await peer.ready()
        await peer.say("tool.call", call_id="c1", name="look", arguments={"day": "Friday"})
        await peer.expect("tool.result")
        await peer.say("tool.call", call_id="c2", name="look", arguments={"day": "Monday"})
        await peer.expect("tool.result")
        await ends(peer)

    assert results(hold(script, look)) == [("c1", '"Friday: full"'), ("c2", '"Monday: full"')]


def test_a_call_that_is_told_twice_is_run_once():
    days = []

    def note(day: str) -> None:
        """Note."""
        days.append(day)

    async def script(peer):
        await peer.ready()
        for day in ("Friday", "Friday", "Monday"):
            await peer.say("tool.call", call_id="c1", name="note", arguments={"day": day})
        await peer.expect("tool.result")
        await peer.say("tool.call", call_id="c1", name="note", arguments={"day": "Monday"})
        await asyncio.sleep(1)
        await ends(peer)

    assert len(results(hold(script, note))) == 1
    assert days == ["Friday"]


def test_a_tool_that_nobody_offered_is_the_service_s_own():
    async def script(peer):
        await peer.ready()
        await peer.say("tool.call", call_id="c1", name="theirs", arguments={})
        await asyncio.sleep(1)
        await ends(peer)

    assert results(hold(script, look)) == []


def test_tools_run_side_by_side_and_each_is_answered_when_it_is_done():
    async def wait(seconds: float) -> float:
        """Wait."""
        await asyncio.sleep(seconds)
        return asyncio.get_running_loop().time()

    async def script(peer):
        await peer.ready()
        begin = asyncio.get_running_loop().time()
        for n, seconds in enumerate((3, 1, 2)):
            await peer.say("tool.call", call_id=f"c{n}", name="wait", arguments={"seconds": seconds})
        for _ in range(3):
            await peer.expect("tool.result")
        assert asyncio.get_running_loop().time() - begin == pytest.approx(3, abs=0.05)
        await ends(peer)

    assert [call_id for call_id, _ in results(hold(script, wait))] == ["c1", "c2", "c0"]


def test_a_tool_that_runs_when_the_call_ends_is_stopped_and_may_tidy_up():
    tidied = []

    async def wait() -> None:
        """Wait."""
        try:
            await asyncio.sleep(100)
        finally:
            await asyncio.sleep(0.5)
            tidied.append(asyncio.get_running_loop().time())

    async def script(peer):
        await peer.ready()
        await peer.say("tool.call", call_id="c1", name="wait", arguments={})
        await asyncio.sleep(2)
        await ends(peer)

    assert results(hold(script, wait)) == []
    assert tidied == [pytest.approx(2.5, abs=0.1)]


def test_a_result_that_comes_while_the_call_ends_is_no_news(caplog):
    """The caller has hung up, the service takes its time, and the tool is done in between."""

    async def wait() -> str:
        """Wait."""
        await asyncio.sleep(0.7)
        return "late"

    async def script(peer):
        await peer.ready()
        await peer.say("tool.call", call_id="c1", name="wait", arguments={})
        await peer.expect("session.end")
        await asyncio.sleep(0.5)
        await ends(peer)

    assert results(hold(script, wait, microphone=Short(0.5))) == []
    gc.collect()
    assert caplog.text == ""
