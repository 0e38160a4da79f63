"""What the rules say when there is nothing to do; honest about what they are."""

from __future__ import annotations

from voicenb.emulator.brains.acts import Acts

WHAT_I_AM = "I am voicenb's rule-based stand-in, without a language model"
PLUG_IN = "To plug in a model, set OPENAI_BASE_URL or run Ollama, then start again"


def small(acts: Acts, turn: int) -> str:
    """An answer to thanks, greetings, "are you there" and the like; empty when there was none of it."""
    if "rude" in acts:
        return "I'm sorry about that."
    if "who" in acts:
        return f"{WHAT_I_AM}; a program, not a person."
    if "how" in acts:
        return ("I'm well, thank you.", "Very well, thanks for asking.")[turn % 2]
    if "present" in acts:
        return "Yes, I can hear you."
    if "thanks" in acts:
        return ("You're welcome.", "My pleasure.", "Not at all.")[turn % 3]
    if "hello" in acts:
        return ("Hello.", "Hello there.")[turn % 2]
    return ""


def goodbye(finished: int, *, thanked: bool) -> str:
    """A goodbye that minds whether the caller thanked and whether anything was done."""
    welcome = "You're welcome. " if thanked else ""
    return f"{welcome}Goodbye{', and see you soon' if finished else ''}!"


def quote(text: str) -> str:
    """What was heard, short enough to be said back."""
    words = text.strip().rstrip(".!?,").split()
    return f"{' '.join(words[:14])}{' and so on' if len(words) > 14 else ''}"


def not_understood(text: str, times: int) -> str:
    """In the middle of an errand: what was heard, and that it was of no use."""
    return (f"I heard: {quote(text)}. I cannot do much with that.", "I did not understand that, I'm afraid.")[
        times % 2
    ]


def stuck(text: str, can: str, *, only: bool, beyond: bool = False) -> str:
    """Nothing fits, for the first time: what was heard, what this is, and what can be done.

    Args:
        text: what was heard.
        can: what the agent can do, as it goes after "I can".
        only: whether it can do one thing only.
        beyond: whether it was a question that no tool has an answer to.
    """
    ask = "Is that what you would like?" if only else "What would you like?"
    sorry = "That I cannot tell you, I'm afraid. " if beyond else ""
    return f"I heard: {quote(text)}. {sorry}{WHAT_I_AM}, so I only know my tools: I can {can}. {ask}"


def stuck_again(text: str, can: str, times: int, *, beyond: bool = False) -> str:
    """Nothing fits, and the caller knows what this is: in short, and not every time in the same words.

    Args:
        text: what was heard.
        can: what the agent can do, as it goes after "I can".
        times: how often in a row nothing fitted.
        beyond: whether it was a question that no tool has an answer to.
    """
    heard = quote(text)
    if beyond:
        return (
            f"I heard: {heard}. That I cannot tell you, I'm afraid. I can {can}.",
            f"You said: {heard}. Nothing of mine has an answer to that. I can {can}.",
        )[times % 2]
    return (
        f"I got the words, {heard}, but not what to do with them. I can {can}.",
        f"I heard: {heard}. I can only {can}.",
        f"You said: {heard}. That is beyond me, I'm afraid. I can {can}.",
    )[times % 3]


def without_tools(text: str, acts: Acts, turn: int, lost: int, introduced: bool = False) -> str:
    """A pleasant word for an agent that has no tools."""
    if "bye" in acts or "finished" in acts:
        return "It was nice talking to you. Goodbye!"
    if "help" in acts or "who" in acts:
        return (
            f"{WHAT_I_AM}, and this agent has no tools. I can hear you and answer, and you can "
            f"interrupt me. {PLUG_IN}."
        )
    if "wait" in acts:
        return "Take your time."
    word = small(acts, turn)
    if word:
        return f"{word} Say anything you like, I will tell you what I heard."
    heard = quote(text)
    if not introduced:
        return (
            f"I heard: {heard}. {WHAT_I_AM}, and this agent has no tools yet, so hearing you is all I "
            f"can do. {PLUG_IN}."
        )
    return (
        f"I heard: {heard}. Without a tool that is all I can do.",
        f"You said: {heard}. Give me a tool and I can do more with it.",
        f"That came through as: {heard}. Interrupt me whenever you like, I will stop.",
        f"I got: {heard}. With a language model behind me you would get a real answer.",
    )[(lost - 1) % 4]
