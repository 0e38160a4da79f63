"""The real ears in a session: what a client sends as frames comes back as the right words."""

import pytest

from voicenb.audio.noise import with_noise
from voicenb.audio.pcm import to_float, to_pcm

CARDS = ["ace", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"]
CARDS += ["jack", "queen", "king", "clubs", "diamonds", "hearts", "spades"]


@pytest.fixture
def heard(stage, moonshine, say):
    """What a session hears of a clip, all turns together."""

    def hear(name, keyterms=(), snr=None):
        pcm = say(name)
        if snr is not None:
            pcm = to_pcm(with_noise(to_float(pcm), snr, seed=1))

        async def talk(client):
            await client.start(input={"keyterms": list(keyterms)})
            client.play(bytes(48_000) + pcm)
            await client.played()
            await client.until("transcript.user")
            client.play(bytes(2 * 48_000))
            await client.played()

        done = stage(recognizer=moonshine, brain=lambda text: None).run(talk)
        return " ".join({event["item_id"]: event["text"] for event in done.of("transcript.user")}.values())

    return hear


def wrong(clips, heard, group, **condition):
    names = [name for name in clips.said if name.startswith(group)]
    return sum(clips.errors(clips.said[name], heard(name, **condition)) for name in names)


def test_austen_has_at_most_one_word_wrong_of_seventy(clips, heard):
    assert wrong(clips, heard, "austen") <= 1


@pytest.mark.campaign
def test_in_pink_noise_at_20_db_austen_has_at_most_four_wrong(clips, heard):
    assert wrong(clips, heard, "austen", snr=20.0) <= 4


def test_with_ranks_and_suits_as_keyterms_cards_have_at_most_one_wrong(clips, heard):
    assert wrong(clips, heard, "cards", keyterms=CARDS) <= 1


def test_the_whole_of_a_short_clip_is_heard(clips, heard):
    assert wrong(clips, heard, "go-forward") == 0
