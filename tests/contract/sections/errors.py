"""Section 13: errors and close codes."""

from __future__ import annotations

import pytest
from rule import INSIDE, RAW, rule
from theater import ToneMouth

import voicenb as vn

ORDERED = "the fault is ordered"

for name, frame, message in (
    ("no JSON", "nonsense", "Invalid JSON format."),
    ("empty", "", "Invalid JSON format."),
    ("a list", "[1, 2]", "Invalid JSON format."),
    ("a number", "3", "Invalid JSON format."),
    ("too deep", '{"type": ' * 2000 + "1" + "}" * 2000, "Invalid JSON format."),
    ("no type", '{"role": "user"}', None),
    ("type a number", '{"type": 3}', None),
    ("unknown type", '{"type": "session.restart"}', "Unknown message type: session.restart"),
    (
        "a server's type",
        '{"type": "session.ready", "session_id": "x"}',
        "Unknown message type: session.ready",
    ),
):
    for when in ("before", "after"):

        @rule(
            f"13.2 invalid_format: {name}, {when} ready",
            "It is reported with the words that were seen; the session goes on.",
            alone=RAW,
        )
        async def _(world, frame=frame, message=message, when=when):
            async with world.open() as it:
                if when == "after":
                    await it.start(mute=True)
                await it.raw(frame)
                error = await it.error("invalid_format")
                assert message is None or error["message"] == message
                if when == "before":
                    await it.start(mute=True)
                await it.alive()


class Broken(ToneMouth):
    """A mouth that fails."""

    def say(self, text, voice):
        raise RuntimeError("no breath")


fault = rule(
    "13.1 internal error",
    "A fault of the server ends the session with INTERNAL_ERROR and close 1011.",
    stage=lambda: {"mouth": Broken()},
    emulator=INSIDE,
)


@fault
async def _(world):
    async with world.open() as it:
        await it.start(mute=True, greeting="Good day.")
        await it.error("INTERNAL_ERROR")
        assert (await it.until_closed())[0] == 1011


@fault.client
async def _(world):
    async with world.open() as it:
        await it.start(greeting="Good day.")
        await it.until_closed()
        assert it.error_that_ended.code == "internal_error"


for code in ("at_capacity", "concurrency_exceeded", "server_error"):
    full = rule(
        f"13.1 {code}",
        "A service that has no room says so, and closes with 1008.",
        stage=lambda code=code: {"faults": [vn.Fault.capacity(code, times=None)]},
        emulator=ORDERED,
    )

    async def bare(world, code=code):
        async with world.open() as it:
            await it.send("session.update", session={})
            await it.error(code)
            assert (await it.until_closed())[0] == 1008

    async def by_client(world, code=code):
        async with world.open() as it:
            await it.begin({})
            await it.until_closed(within=100)
            assert it.error_that_ended.code == code

    full(bare).client(by_client)


for code in ("at_capacity", "concurrency_exceeded"):
    for_now = rule(
        f"13.3 again after {code}",
        "A session that found no room may be asked for again: the client does so, with back-off.",
        stage=lambda code=code: {"faults": [vn.Fault.capacity(code, times=2)]},
        emulator=ORDERED,
    )

    async def asked_again(world, code=code):
        for _ in range(2):
            async with world.open() as it:
                await it.send("session.update", session={})
                await it.error(code)
        async with world.open() as it:
            await it.start()

    async def client_asks_again(world, code=code):
        async with world.open() as it:
            await it.start()
            assert [event["code"] for event in it.events if event["type"] == "session.error"] == [code] * 2

    for_now(asked_again).client(client_asks_again)


barred = rule(
    "13.1 FORBIDDEN",
    "A key that lacks access is told so, and the connection is closed with 1008.",
    stage=lambda: {"faults": [vn.Fault.error("FORBIDDEN", times=None)]},
    emulator=ORDERED,
)


@barred
async def _(world):
    async with world.open() as it:
        await it.error("FORBIDDEN")
        assert (await it.until_closed())[0] == 1008


@barred.client
async def _(world):
    async with world.open() as it:
        await it.begin({})
        await it.until_closed()
        assert isinstance(it.error_that_ended, vn.ServiceError)
        assert it.error_that_ended.code == "forbidden"


for code, close in (("session_expired", 1008), ("INTERNAL_ERROR", 1011)):
    ended = rule(
        f"13.1 {code} in mid-call",
        "A session may end in an error without a warning; it is not had back.",
        stage=lambda code=code: {"faults": [vn.Fault.error(code, after=1.0)]},
        emulator=ORDERED,
    )

    async def ends(world, code=code, close=close):
        async with world.open() as it:
            await it.start(mute=True)
            await it.error(code)
            assert (await it.until_closed())[0] == close

    async def client_ends(world, code=code):
        async with world.open() as it:
            await it.start(mute=True)
            await it.until_closed(within=60)
            assert isinstance(it.error_that_ended, vn.VoicenbError)
            assert code.lower() in [
                event["code"].lower() for event in it.events if event["type"] == "session.error"
            ]

    ended(ends).client(client_ends)


for code in ("invalid_config", "invalid_webhook"):

    @rule(
        f"13.2 {code}",
        "An update that cannot be used as a whole is refused, and the session goes on.",
        stage=lambda code=code: {"faults": [vn.Fault.error(code, skip=1)]},
        emulator=ORDERED,
    )
    async def _(world, code=code):
        async with world.open() as it:
            await it.start(mute=True)
            await it.refused("session.update", code, session={"system_prompt": "You are gone."})


@rule("13.1 bad voice", "must be one of …, param output.voice, and 1008.", alone=RAW)
async def _(world):
    async with world.open() as it:
        await it.send("session.update", session={"output": {"voice": "nobody"}})
        assert "must be one of" in (await it.error("invalid_value", "output.voice"))["message"]
        assert (await it.until_closed())[0] == 1008


codes = rule(
    "13 codes: the client's errors", "Codes end as errors that say code, param and remedy.", alone=RAW
)


@codes.client
async def _(world):
    async with world.open() as it:
        await it.begin({"agent_id": "agent_unknown"})
        await it.until_closed()
        error = it.error_that_ended
        assert isinstance(error, vn.ServiceError)
        assert (error.code, error.param) == ("agent_not_found", "agent_id")
        assert error.remedy


live = rule("13 codes: not found over REST", "404 carries its code; the client raises it.", alone=RAW)


@live.client
def _(hosted):
    with pytest.raises(vn.ServiceError) as refused:
        hosted.get("agent_unknown")
    assert (refused.value.code, refused.value.status) == ("agent_not_found", 404)
