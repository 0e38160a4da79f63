"""Section 16: voices and languages."""

from __future__ import annotations

from rule import INSIDE, REST, rule

from voicenb.voices import CURRENT, JUNE

LANGUAGES = (
    *("en", "es", "de", "fr", "pt", "it", "tr", "nl", "sv"),
    *("no", "da", "fi", "hi", "vi", "ar", "he", "ja", "zh"),
)
VOICES = sorted({*CURRENT, *JUNE})

for part in range(0, len(VOICES), 9):
    names = VOICES[part : part + 9]

    @rule(
        f"16.1 voices: {names[0]} to {names[-1]}",
        "C4: the voices of June and of September are taken.",
        differs="C4",
        alone="to a client one voice is as another",
    )
    async def _(world, names=names):
        for name in names:
            async with world.open() as it:
                ready = await it.start(mute=True, output={"voice": name})
                assert ready["config"]["output"]["voice"] == name


@rule("16.1 voices: unknown, on an agent", "REST lists the voices in its error.", alone=REST)
async def _(world):
    body = {"name": "x", "system_prompt": "x", "voice": {"voice_id": "nobody"}}
    told = (await world.rest("POST", "/v1/agents", body)).json()
    assert (told["code"], told["param"]) == ("validation_error", "voice.voice_id")
    assert "alba" in told["message"]


@rule(
    "16.1 voices: live, ivy",
    "C4: live, ivy is taken on the socket; the list of the REST error lacks it.",
    stage=lambda: {"profile": "live"},
    emulator=INSIDE,
    alone=REST,
)
async def _(world):
    async with world.open() as it:
        assert (await it.start(mute=True, output={"voice": "ivy"}))["config"]["output"]["voice"] == "ivy"
    body = {"name": "x", "system_prompt": "x", "voice": {"voice_id": "nobody"}}
    assert "ivy" not in (await world.rest("POST", "/v1/agents", body)).json()["message"]


@rule("16.2 languages", "The 18 input languages are taken, and any other string.")
async def _(world):
    async with world.open() as it:
        ready = await it.start(mute=True, input={"language_codes": [*LANGUAGES, "xx"]})
        assert ready["config"]["input"]["language_codes"] == [*LANGUAGES, "xx"]
