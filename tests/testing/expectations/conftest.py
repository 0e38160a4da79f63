"""Calls of which it is known what they are like: built ones, and ones that were held on the virtual clock."""

import json
import shutil

import pytest

import voicenb as vn
from tests.analysis.known_call import KnownCall, speech
from voicenb.testing.expectations.sample import Sample

BRAIN = [
    {"on": "table", "say": "One moment.", "call": "free_tables", "arguments": {"day": "Friday", "people": 4}},
    {"after": "free_tables", "say": "Seven in the evening is free."},
    {"on": ".", "say": "Fine. Good night."},
]
SCRIPT = [
    "I would like a table for four on Friday, please.",
    vn.Answer(),
    vn.Say("Thank you, bye."),
    vn.Answer(),
]


def lido() -> vn.Agent:
    agent = vn.Agent(name="Lido", system_prompt="You take bookings.", greeting="Lido, good evening.")

    @agent.tool
    def free_tables(day: str, people: int) -> list[str]:
        """Get the free times on a day. Use when the caller wants to book.

        Args:
            day: weekday, e.g. "Friday".
            people: size of the party, e.g. 4.
        """
        return [f"{people} on {day} at 19:00"]

    return agent


def plain(folder, waits, *, service="built", words="Words."):
    """A call of plain turns, each answered after so many seconds, or never; it ends 12 s behind the last."""
    made = KnownCall(folder, 4.0 + 12.0 * len(waits), {"min_silence": 800, "max_silence": 3000})
    made.service = service
    for number, wait in enumerate(waits):
        over = made.says(2.0 + 12.0 * number, speech("cards-002.wav"))
        told = 2.1 + 12.0 * number
        made.turn(f"i{number}", words, told=told, decided=over + 0.85, transcribed=over + 0.9)
        if wait is not None:
            heard = over + wait
            sound = speech("cards-003.wav")
            made.reply(f"r{number}", "Yes.", sound, began=heard - 0.3, received=heard - 0.2, heard=heard)
    return made.build()


def lacking(call, folder, *names, **session):
    """The same call as one that was made elsewhere, and has not captured these."""
    shutil.copytree(call.folder, folder)
    path = folder / "session.json"
    told = json.loads(path.read_text("utf-8"))
    told |= {"absent": {name: f"Nobody noted the {name}." for name in names}, **session}
    path.write_text(json.dumps(told), "utf-8")
    return vn.load(folder)


def sample(*calls, **facts):
    return Sample.of(list(calls), facts.pop("cost_rate", None), facts)


@pytest.fixture(scope="session")
def booked():
    """Greeting, a tool, an answer, a goodbye."""
    return vn.run(lido(), vn.Caller(SCRIPT), brain=BRAIN)


@pytest.fixture(scope="session")
def interrupted():
    """The agent is cut off in the middle of a long answer."""
    long = "We have a table by the window, one beside the door, two on the terrace and three in the garden."
    brain = [{"on": "(?i)wait|stop", "say": "Of course."}, {"on": ".", "say": long}]
    script = ["What is free?", vn.BargeIn("Wait, stop there please.", after=1.5), vn.Answer()]
    return vn.run(lido(), vn.Caller(script), brain=brain)


@pytest.fixture(scope="session")
def prompt(tmp_path_factory):
    """Three plain turns, answered after 1.5, 2.0 and 1.3 s."""
    return plain(tmp_path_factory.mktemp("prompt") / "call", [1.5, 2.0, 1.3])


@pytest.fixture(scope="session")
def slow(tmp_path_factory):
    """Three plain turns: answered after 1.5 and 3.0 s, and never."""
    return plain(tmp_path_factory.mktemp("slow") / "call", [1.5, 3.0, None])
