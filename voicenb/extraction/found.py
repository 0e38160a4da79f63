"""The JSON in what a language model wrote."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from voicenb.extraction.wanted import Unfit

_THOUGHT = re.compile(r"\A\s*<think(?:ing)?>.*?</think(?:ing)?>", re.DOTALL)
_FENCE = re.compile(r"```[A-Za-z]*\s*\n?(.*?)```", re.DOTALL)


def object_in(text: str) -> dict[str, Any]:
    """The object in a text: all of it, what is between code fences, or from the first brace to the last.

    Raises:
        Unfit: there is none.
    """
    problem = "there is no { in it"
    for part in _parts(_THOUGHT.sub("", text)):
        try:
            value = json.loads(part, parse_constant=_no_number)
        except (ValueError, RecursionError) as error:
            problem = str(error) or type(error).__name__
            continue
        if isinstance(value, dict):
            return value
        problem = f"it is {type(value).__name__}, no object"
    raise Unfit(f"It is no JSON object: {problem}.")


def _parts(text: str) -> Iterator[str]:
    yield text.strip()
    yield from (fenced.strip() for fenced in _FENCE.findall(text))
    first, last = text.find("{"), text.rfind("}")
    if 0 <= first < last:
        yield text[first : last + 1]


def _no_number(text: str) -> None:
    raise ValueError(f"{text} is no JSON")
