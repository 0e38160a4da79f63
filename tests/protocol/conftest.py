import pytest

from voicenb.protocol import messages as m
from voicenb.protocol.conversation import Conversation
from voicenb.protocol.events import HeardNote, UnheardNote


class Story:
    """A conversation told step by step; every step takes 10 ms unless ``after`` says otherwise."""

    def __init__(self, session=None, *, hears=True, start=True, config=None):
        self.conversation = Conversation(hears=hears)
        self.now = 0.0
        if start:
            self.send(m.SessionUpdate(session=session or {}))
            self.gets(m.SessionReady(session_id="s", config=config))

    @property
    def state(self):
        return self.conversation.state

    @property
    def text(self):
        """The transcript, as one reads it."""
        return [f"{line.role}: {line.text}" for line in self.conversation.lines]

    def pass_time(self, seconds):
        self.now += seconds

    def send(self, message):
        self.now += 0.01
        self.conversation.send(message, self.now)

    def gets(self, *messages):
        """Messages of the service at one moment; returns the actions."""
        self.now += 0.01
        return [action for message in messages for action in self.conversation.receive(message, self.now)]

    def hears(self, reply_id, stop, start=0):
        """Somebody hears a reply up to a second."""
        self.now += 0.01
        self.conversation.heard(HeardNote(reply_id, round(start * 24_000), round(stop * 24_000), self.now))

    def loses(self, reply_id, stop, start=0):
        """Sound of a reply, up to a second, will never be heard."""
        self.now += 0.01
        note = UnheardNote(reply_id, round(start * 24_000), round(stop * 24_000), self.now)
        self.conversation.unheard(note)

    def user_says(self, text, item_id="u1"):
        """A turn of the caller's, from onset to transcript."""
        actions = self.gets(m.SpeechStarted())
        self.pass_time(1.0)
        actions += self.gets(m.TranscriptUserDelta(text=text.rstrip("?."), item_id=item_id))
        self.pass_time(1.0)
        return actions + self.gets(m.SpeechStopped(), m.TranscriptUser(text=text, item_id=item_id))

    def agent_says(self, text, reply_id="r1", seconds=1.0, done=True):
        """A reply with words spread evenly over its sound; not heard yet."""
        actions = self.gets(m.ReplyStarted(reply_id=reply_id), audio(reply_id, seconds))
        words = text.split()
        each = 1000 * seconds / len(words)
        actions += self.gets(
            *(
                m.TranscriptAgentDelta(
                    delta=f"{word} ", reply_id=reply_id, start_ms=n * each, end_ms=(n + 1) * each
                )
                for n, word in enumerate(words)
            )
        )
        if done:
            actions += self.gets(
                m.TranscriptAgent(text=text, reply_id=reply_id), m.ReplyDone(reply_id=reply_id)
            )
        return actions


def audio(reply_id, seconds):
    return m.ReplyAudio(reply_id=reply_id, data=bytes(2 * round(seconds * 24_000)))


@pytest.fixture
def story():
    """Begins a :class:`Story`."""
    return Story


@pytest.fixture
def sound():
    """``sound("r1", 0.5)``: half a second of a reply."""
    return audio
