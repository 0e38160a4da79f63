import pytest

from voicenb.turn_taking.backchannel import is_backchannel


@pytest.mark.parametrize(
    "text",
    [
        "mm-hm",
        "Mm-hmm.",
        "Mhm",
        "mm",
        "Hmm.",
        "Uh-huh.",
        "uh huh",
        "Yeah.",
        "Okay",
        "OK, yeah.",
        "I see.",
        "Right, right.",
        "Got it, okay",
        "yes yes yes",
        "Ah, all right.",
    ],
)
def test_go_on(text: str) -> None:
    assert is_backchannel(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "...",
        "no",
        "stop",
        "Okay, stop.",
        "Yeah but",
        "I",
        "I see you",
        "uh",
        "um",
        "go",
        "wait",
        "Right now please",
        "yeah " * 6,
        "Five.",
    ],
)
def test_wants_the_floor_or_says_nothing(text: str) -> None:
    assert not is_backchannel(text)
