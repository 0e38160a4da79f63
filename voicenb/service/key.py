"""API keys: what one may consist of, so that no library down the line has to complain about it aloud."""

from __future__ import annotations

from voicenb.errors import InvalidConfiguration

MASK = "[redacted]"
"""Stands where a key stood, as in recordings."""

SHORTEST = 6
"""Characters of a key that is looked for."""


def clean_key(key: str) -> str:
    """The key without the whitespace around it, which a file or a paste leaves there.

    What cannot stand in a header is refused here: the libraries that would refuse it later say what they were
    given, and with that the key lands in a traceback and in a saved notebook.

    Args:
        key: an API key or a token; empty where there is none.

    Raises:
        InvalidConfiguration: it is no text, or holds something other than printable ASCII. The message does
            not show it.
    """
    if not isinstance(key, str):
        raise InvalidConfiguration(f"The API key must be text, not {type(key).__name__}.", param="key")
    key = key.strip()
    for place, character in enumerate(key):
        if not "!" <= character <= "~":
            what = "a space or a line break" if character.isspace() else "a character"
            raise InvalidConfiguration(
                f"The API key holds {what} that no key has, at place {place + 1} of {len(key)}.",
                remedy="Copy it once more: letters, digits and signs of plain ASCII, and nothing else.",
                param="key",
            )
    return key


def without_key(text: str, key: str) -> str:
    """Words of somebody else's, with a mask where they quote the key; one of a few letters may be a word."""
    return text.replace(key, MASK) if len(key) >= SHORTEST else text
