"""Lines in the order in which people spoke, whatever comes late, twice or without an id."""

import pytest

from voicenb.protocol.replies import RATE, Reply, Word
from voicenb.protocol.transcript import Transcript


class Told:
    """A transcript that is told words; each a tenth of a second later."""

    def __init__(self):
        self.transcript = Transcript()
        self.now = 0.0

    def user(self, text, item_id="u1", *, final=False, started=0.0):
        self.now += 0.1
        return self.transcript.user(text, item_id, final=final, started=started, at=self.now)

    def agent(self, reply):
        self.now += 0.1
        return self.transcript.agent(reply, self.now)

    @property
    def lines(self):
        return [(line.role, line.text, line.final) for line in self.transcript.lines]

    @property
    def changes(self):
        """Texts of what changed since this was asked last."""
        changed = self.transcript.changed_since(self._revision)
        self._revision = self.transcript.revision
        return [line.text for line in changed]

    _revision = 0


@pytest.fixture
def told():
    return Told()


def reply(reply_id="r1", *, words="", started=1.0, **facts):
    return Reply(reply_id, started, words=[Word(word) for word in words.split()], **facts)


# --- the caller -------------------------------------------------------------


@pytest.mark.parametrize("text", ["", "  ", "\n"])
def test_nothing_to_show_makes_no_line(told, text):
    assert told.user(text) is None
    assert told.user(text, final=True) is None
    assert told.lines == []
    assert told.transcript.revision == 0
    assert not told.transcript.caller_has_words


def test_words_so_far_replace_each_other_until_they_are_final(told):
    line = told.user("do")
    assert told.transcript.caller_has_words
    assert (line.final, line.ended) == (False, None)
    assert told.user("do you have") is line
    assert told.user("Do you have it?", final=True) is line
    assert not told.transcript.caller_has_words
    assert (line.text, line.heard, line.unheard) == ("Do you have it?", "Do you have it?", "")
    assert line.ended == told.now


def test_a_transcript_that_comes_twice_changes_nothing(told):
    line = told.user("Hello.", final=True)
    ended = line.ended
    assert told.changes == ["Hello."]
    assert told.user("Hello.", final=True) is line
    assert line.ended == ended
    assert told.changes == []


def test_words_that_were_known_already_are_no_change(told):
    told.user("one")
    assert told.changes == ["one"]
    told.user("one")
    assert told.changes == []
    told.user("one", final=True)
    assert told.changes == ["one"]


def test_a_straggler_is_left_out_and_longer_words_reopen_the_turn(told):
    line = told.user("A table.", final=True)
    told.user("A tab")
    assert told.lines == [("user", "A table.", True)]
    told.user("A table for four")
    assert told.lines == [("user", "A table for four", False)]
    assert line.ended is None
    assert told.transcript.caller_has_words


def test_a_final_may_be_shorter_than_what_was_understood_before(told):
    told.user("twenty twenty")
    told.user("20", final=True)
    assert told.lines == [("user", "20", True)]


def test_the_final_of_one_item_leaves_the_other_open(told):
    told.user("one", "a")
    told.user("two", "b")
    told.user("One.", "a", final=True)
    assert told.transcript.caller_has_words
    told.user("two more", None)  # belongs to what is open
    assert told.lines == [("user", "One.", True), ("user", "two more", False)]
    told.user("Two more.", "b", final=True)
    assert not told.transcript.caller_has_words


def test_words_without_an_id_belong_to_the_open_line_and_the_id_may_come_later(told):
    line = told.user("a table", None)
    assert line.item_id is None
    assert told.changes == ["a table"]
    assert told.user("a table", "u1") is line
    assert line.item_id == "u1"
    assert told.changes == ["a table"]
    assert told.user("A table.", "u1", final=True) is line
    assert told.user("And", None) is not line
    assert [line.text for line in told.transcript.lines] == ["A table.", "And"]


def test_ids_of_lines_are_stable_and_unique(told):
    first = told.user("one", None)
    name = first.id
    told.user("One.", "u1", final=True)
    told.user("two", None)
    told.user("Two.", None, final=True)
    told.agent(reply(words="Yes."))
    assert first.id == name
    assert len({line.id for line in told.transcript.lines}) == 3


# --- the agent --------------------------------------------------------------


def test_a_reply_without_words_has_no_line(told):
    assert told.agent(reply(samples=RATE)) is None
    assert told.lines == []


def test_a_line_of_the_agent_s_changes_when_something_about_it_does(told):
    said = reply(words="one two", samples=RATE)
    line = told.agent(said)
    assert told.changes == ["one two"]
    told.agent(said)
    assert told.changes == []
    said.heard = RATE // 2
    told.agent(said)
    assert told.changes == ["one two"]
    assert (line.heard, line.unheard, line.final, line.ended) == ("one", "", False, None)
    said.item_id = "i1"
    told.agent(said)
    assert told.changes == ["one two"]
    assert line.item_id == "i1"


def test_it_is_final_when_the_reply_is_finished_and_its_end_is_noted_once(told):
    said = reply(words="one two", samples=RATE, status="completed")
    line = told.agent(said)
    ended = told.now
    said.heard = RATE
    told.agent(said)
    assert (line.final, line.ended, line.heard) == (True, ended, "one two")


def test_what_was_not_heard_is_unheard_only_when_it_never_will_be(told):
    said = reply(words="one two", samples=RATE, heard=RATE // 2, status="completed")
    line = told.agent(said)
    assert (line.heard, line.unheard) == ("one", "")
    said.lost = RATE
    told.agent(said)
    assert (line.heard, line.unheard, line.interrupted) == ("one", "two", False)


def test_words_of_a_reply_that_ended_without_any_sound_are_unheard_at_once(told):
    line = told.agent(reply(words="one two", status="completed"))
    assert (line.heard, line.unheard) == ("", "one two")


# --- the order --------------------------------------------------------------


def test_a_late_transcript_stands_where_it_was_spoken(told):
    told.user("First.", "u1", final=True, started=0.0)
    told.agent(reply("r1", words="Yes.", started=2.0))
    told.agent(reply("r2", words="Or", started=5.0))
    told.agent(reply("r3", words="no.", started=6.0))
    told.user("Second.", "u2", final=True, started=4.0)
    assert [text for _, text, _ in told.lines] == ["First.", "Yes.", "Second.", "Or", "no."]


def test_it_goes_behind_what_began_in_the_same_moment(told):
    told.agent(reply("r1", words="Yes.", started=2.0))
    told.user("Second.", "u2", final=True, started=2.0)
    assert [text for _, text, _ in told.lines] == ["Yes.", "Second."]


def test_changes_come_in_the_order_of_the_lines(told):
    told.user("one", "u1")
    told.agent(reply("r1", words="Yes."))
    assert told.changes == ["one", "Yes."]
    told.agent(reply("r1", words="Yes, it is."))
    told.user("One.", "u1", final=True)
    assert told.changes == ["One.", "Yes, it is."]
