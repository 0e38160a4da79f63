"""Section 5: audio."""

from __future__ import annotations

import asyncio
import base64

from rule import INSIDE, RAW, rule

from voicenb.audio import g711
from voicenb.audio.pcm import to_float
from voicenb.audio.resample import resample

PCM = {"encoding": "audio/pcm", "sample_rate": 24_000}
ULAW = {"encoding": "audio/pcmu", "sample_rate": 8000}
ALAW = {"encoding": "audio/pcma", "sample_rate": 8000}
HEARD = "the client decodes it, and keeps the sound elsewhere"
SECOND = base64.b64encode(bytes(48_000)).decode()


@rule("5 default", "Without a format audio is PCM at 24 kHz, both ways.")
async def _(world):
    async with world.open() as it:
        config = (await it.start(mute=True))["config"]
        assert config["input"]["format"] == config["output"]["format"] == PCM


for name, given, echoed in (
    ("audio/pcm", {"encoding": "audio/pcm"}, PCM),
    ("audio/pcm 24000", PCM, PCM),
    ("audio/pcmu", {"encoding": "audio/pcmu"}, ULAW),
    ("audio/pcma", {"encoding": "audio/pcma"}, ALAW),
):

    @rule(f"5 format: {name}", "sample_rate is optional and implied; G.711 is echoed as 8000.")
    async def _(world, given=given, echoed=echoed):
        async with world.open() as it:
            ready = await it.start(mute=True, input={"format": given}, output={"format": given})
            assert ready["config"]["input"]["format"] == echoed
            assert ready["config"]["output"]["format"] == echoed


@rule("5 format: independent", "Input and output formats are independent.")
async def _(world):
    async with world.open() as it:
        config = (await it.start(mute=True, input={"format": {"encoding": "audio/pcma"}}))["config"]
        assert (config["input"]["format"], config["output"]["format"]) == (ALAW, PCM)


for name, field, given, param in (
    ("16000 Hz in", "input", {"encoding": "audio/pcm", "sample_rate": 16_000}, "input.format.sample_rate"),
    ("8000 Hz out", "output", {"encoding": "audio/pcm", "sample_rate": 8000}, "output.format.sample_rate"),
    ("unknown encoding", "input", {"encoding": "audio/mp3"}, "input.format.encoding"),
    ("text", "input", "audio/pcm", None),
):

    @rule(f"5 format: {name}", "A format that there is not is refused, and closes on the first update.")
    async def _(world, field=field, given=given, param=param):
        async with world.open() as it:
            await it.start_refused({field: {"format": given}}, "invalid_value", param)


@rule(
    "5 format: text, the words",
    "A format as a text: Audio format must be a JSON object, param format.",
    alone=RAW,
)
async def _(world):
    async with world.open() as it:
        await it.send("session.update", session={"input": {"format": "audio/pcm"}})
        error = await it.error("invalid_value", "format")
        assert error["message"] == "Audio format must be a JSON object"


@rule(
    "5 format: live, 16000 Hz",
    "Live, declaring 16000 Hz means no ready, internal_error and close 1011.",
    stage=lambda: {"profile": "live"},
    emulator=INSIDE,
)
async def _(world):
    async with world.bare() as it:
        given = {"encoding": "audio/pcm", "sample_rate": 16_000}
        await it.send("session.update", session={"input": {"format": given}})
        await it.error("internal_error")
        assert (await it.until_closed())[0] == 1011


for name, audio in (
    ("not base64", "not base64!"),
    ("half a sample", base64.b64encode(b"123").decode()),
    ("padding missing", "AAAAA"),
):

    @rule(
        f"5 audio: {name}",
        "Base64 or PCM that cannot be decoded is invalid_audio; the session goes on.",
        alone=RAW,
    )
    async def _(world, audio=audio):
        async with world.open() as it:
            await it.start(mute=True)
            await it.send("input.audio", audio=audio)
            assert (await it.error("invalid_audio"))["message"] == "Invalid audio data"
            await it.alive()


@rule(
    "5 audio: any chunk size",
    "Chunks of any size are taken, an empty one too.",
    alone="voicenb has its own size",
)
async def _(world):
    async with world.open() as it:
        await it.start(mute=True)
        for size in (0, 2, 256, 430, 478, 480, 960, 2400, 3200, 4458, 4800, 9600):
            await it.send("input.audio", audio=base64.b64encode(bytes(size)).decode())
        await it.alive()
        assert "session.error" not in it.kinds


@rule(
    "5 audio: odd G.711", "A G.711 chunk may have an odd number of bytes.", alone="voicenb has its own size"
)
async def _(world):
    async with world.open() as it:
        await it.start(mute=True, input={"format": {"encoding": "audio/pcmu"}})
        await it.send("input.audio", audio=base64.b64encode(b"\xff" * 161).decode())
        await it.alive()
        assert "session.error" not in it.kinds


@rule(
    "5 audio: a burst",
    "Frames held before ready and sent at once, up to ten seconds, are forgiven.",
    alone=RAW,
)
async def _(world):
    async with world.open() as it:
        await it.start(mute=True)
        for _ in range(10):
            await it.send("input.audio", audio=SECOND)
        await it.alive()
        assert "session.error" not in it.kinds


@rule(
    "5 audio: too fast",
    "Beyond that, audio faster than real time is dropped and reported.",
    differs="C10",
    alone=RAW,
)
async def _(world):
    async with world.open() as it:
        await it.start(mute=True)
        for _ in range(13):
            await it.send("input.audio", audio=SECOND)
        await it.error("audio_rate_violation")
        await it.alive()


@rule(
    "5 audio: live, too fast",
    "C10: live, a burst was neither dropped nor reported; the limit can be switched off.",
    stage=lambda: {"profile": "live"},
    emulator=INSIDE,
    alone=RAW,
)
async def _(world):
    async with world.open() as it:
        await it.start(mute=True)
        for _ in range(14):
            await it.send("input.audio", audio=SECOND)
        await it.alive()
        assert "session.error" not in it.kinds
        assert world.session.received_audio == 14


@rule(
    "5 audio: before ready",
    "Microphone audio before session.ready is discarded without a word; the client does not send any.",
    differs="C25",
)
async def early(world):
    async with world.open() as it:
        for _ in range(3):
            await it.send("input.audio", audio="AAAA")
        await it.start(mute=True)
        await it.alive()
        assert it.kinds == ["session.ready", "session.updated"]


@early.client
async def _(world):
    async with world.open() as it:
        await it.start()
        await asyncio.sleep(0.5)
        out = [event["type"] for event in it.log if event["dir"] == "out"]
        ready = next(event["n"] for event in it.log if event["type"] == "session.ready")
        assert "input.audio" in out
        assert all(event["n"] > ready for event in it.log if event["type"] == "input.audio")


@rule(
    "5 reply: chunks",
    "reply.audio comes in field data, in chunks of 10 ms or more, of whole samples.",
    alone=HEARD,
)
async def _(world):
    async with world.open() as it:
        await it.start(mute=True, greeting="Good day to you.")
        reply = (await it.until("reply.done"))["reply_id"]
        sizes = [len(base64.b64decode(event["data"])) for event in it.of("reply.audio")]
        assert all(size >= 480 and size % 2 == 0 for size in sizes[:-1])
        assert sum(sizes) == len(it.sound(reply))


@rule("5 reply: pace", "A reply's sound comes at about the pace at which it is heard.", alone=HEARD)
async def _(world):
    async with world.open() as it:
        await it.start(mute=True, greeting="Good day to you, and to all the others who are with you.")
        reply = (await it.until("reply.done"))["reply_id"]
        seconds = len(it.sound(reply)) / 48_000
        assert 0.5 * seconds <= it.at("reply.audio", -1) - it.at("reply.audio") <= 1.2 * seconds


@rule("5 reply: leading silence", "Every reply begins with silent samples.", alone=HEARD)
async def _(world):
    async with world.open() as it:
        await it.start(mute=True, greeting="Good day.")
        reply = (await it.until("reply.done"))["reply_id"]
        assert it.sound(reply)[:9600] == bytes(9600)


@rule("5 reply: mu-law silence", "Silence in mu-law is byte 0xFF.", alone=HEARD)
async def _(world):
    async with world.open() as it:
        await it.start(mute=True, greeting="Good day.", output={"format": {"encoding": "audio/pcmu"}})
        reply = (await it.until("reply.done"))["reply_id"]
        assert set(it.sound(reply)[:1600]) == {0xFF}


for law in ("ulaw", "alaw"):
    heard = rule(f"5 heard in {law}", "Speech in G.711 is understood, and answered in it.")

    async def bare(world, law=law):
        narrow = resample(to_float(world.words() + bytes(96_000)), 24_000, 8_000)
        coded = getattr(g711, f"encode_{law}")(narrow)
        given = {"encoding": "audio/pcmu" if law == "ulaw" else "audio/pcma"}
        async with world.open() as it:
            await it.start(mute=True, input={"format": given}, output={"format": given})
            for at in range(0, len(coded), 160):
                await it.send("input.audio", audio=base64.b64encode(coded[at : at + 160]).decode())
                await asyncio.sleep(0.02)
            await it.until("transcript.user")
            assert it.sound((await it.until("reply.done"))["reply_id"])

    async def by_client(world, law=law):
        given = {"encoding": "audio/pcmu" if law == "ulaw" else "audio/pcma"}
        async with world.open() as it:
            await it.start(input={"format": given}, output={"format": given})
            it.play(world.words())
            await it.until("transcript.user")
            await it.until("reply.done")

    heard(bare).client(by_client)
