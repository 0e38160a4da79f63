"""Words in a bag."""


def bag(words: str) -> frozenset[str]:
    """The words of a text, unordered."""
    return frozenset(words.split())
