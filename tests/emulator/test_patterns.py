"""All ways through an expression at once."""

from __future__ import annotations

import random
import re
import time

import pytest

from voicenb.emulator.patterns import Unanswered, matches

PIECES = ("a", "b", ".", r"\d", "[ab]", "[^a]", r"\s", "1", " ", r"\b", "^", "$", r"\Z", "é")
TIMES = ("*", "+", "?", "{2}", "{1,3}", "{0,2}", "{2,}", "*?", "+?", "??")


@pytest.mark.parametrize(
    ("pattern", "fits", "does_not"),
    [
        (r"[0-9 ]{3,}", "555 01 00", "555x"),
        (r"(\d{3}[ -]?){2}\d{4}", "555-010 0123", "555-0100"),
        (r"[A-Z]{2}\d{6}", "AB123456", "ab123456"),
        (r"(?i)[a-z]+É", "caFé", "cafe"),
        (r"Friday|Saturday", "Saturday", "Sunday"),
        (r"^\+?\d( ?\d)*$", "+49 30 1", "+49  30"),
        (r"(?=.*\d)(?!.*x).{3,8}", "abc1d", "abx1d"),
        (r"\w+(?<!ing)", "looks", "looking"),
        (r"", "", "a"),
    ],
)
def test_what_fits_and_what_does_not(pattern, fits, does_not):
    assert matches(pattern, fits)
    assert not matches(pattern, does_not)


def expression(chance, depth):
    """An expression by chance."""
    if depth == 0 or chance.random() < 0.3:
        return chance.choice(PIECES)
    inner = [expression(chance, depth - 1) for _ in range(2)]
    return chance.choice(
        [
            "".join(inner),
            f"(?:{inner[0]}|{inner[1]})",
            f"({inner[0]})",
            f"(?:{inner[0]}){chance.choice(TIMES)}",
            f"(?{chance.choice('=!')}{inner[0]})",
            f"(?<{chance.choice('=!')}{chance.choice(['a', 'b1', '.'])})",
            f"(?i:{inner[0]})",
        ]
    )


@pytest.mark.filterwarnings("ignore::FutureWarning")
@pytest.mark.parametrize("seed", range(4))
def test_they_are_the_answers_of_python(seed):
    chance, found = random.Random(seed), {True: 0, False: 0}
    for _ in range(500):
        pattern = expression(chance, 4)
        try:
            compiled = re.compile(pattern)
        except re.error:
            continue  # nothing to repeat, say
        for _ in range(8):
            text = "".join(chance.choice("abAÉ1 \n") for _ in range(chance.randrange(7)))
            expected = compiled.fullmatch(text) is not None
            assert matches(pattern, text) is expected, (pattern, text)
            found[expected] += 1
    assert min(found.values()) > 100


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        (r"(\d+\s?)+", "1" * 499 + "x"),
        (r"((a*)*)*b", "a" * 500),
        (r"(a|aa|aaa|b*)*c", "a" * 500),
        (r"\d*\s*\d*\s*\d*\s*x", "1" * 500),
        (r"(a{0,500}){0,500}b", "a" * 500),
    ],
)
def test_those_that_take_python_for_ever_are_answered(pattern, text):
    began = time.process_time()
    assert not matches(pattern, text)
    assert time.process_time() - began < 2


NOTHING = f"{'(?:' * 18}%s{'){1,3}' * 18}"
"""Many ways through it, on none of which a letter is looked at."""


@pytest.mark.parametrize(
    "pattern",
    [
        r"(a?){500}a{500}",
        "(a?){4000000000}b",
        r"(?:(?=.*\d)(?=.*a)\w)+",
        NOTHING % "(?=)",
        NOTHING % "(?:|)",
    ],
)
def test_what_takes_too_many_steps_is_given_up(pattern):
    began = time.process_time()
    with pytest.raises(Unanswered):
        matches(pattern, "a" * 499 + "1")
    assert time.process_time() - began < 2


@pytest.mark.parametrize("pattern", [r"(a)\1", r"(a)?(?(1)b|c)", r"(?>a+)b", "a++b"])
def test_what_is_not_followed_is_not_guessed(pattern):
    with pytest.raises(Unanswered):
        matches(pattern, "ab")


@pytest.mark.parametrize("pattern", ["(", "a{3,1}", "(?P<n>a)(?P<n>b)"])
def test_what_is_no_pattern(pattern):
    with pytest.raises(re.error):
        matches(pattern, "a")
