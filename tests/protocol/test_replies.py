"""What was received of each reply, what was heard of it, and what must be silenced."""

import pytest

from voicenb.protocol.replies import Replies, Reply

SECOND = 24_000


@pytest.fixture
def replies():
    return Replies()


def begin(replies, reply_id, *, seconds=1.0, done=True, at=0.0):
    """A reply with all of its sound, not heard yet."""
    reply = replies.start(reply_id, at, "turn")
    replies.sound(reply, round(seconds * SECOND), at)
    if done:
        replies.done(reply, "completed", at)
    return reply


def hear(replies, reply, seconds, at=1.0):
    """It is heard up to a second; returns whose line that changes."""
    changed = [each.reply_id for each in replies.note(reply, round(seconds * SECOND), at)]
    replies.sweep()
    return changed


# --- beginnings -------------------------------------------------------------


def test_a_reply_that_is_announced_twice_begins_once(replies):
    first = replies.start("r1", 1.0, "turn")
    again = replies.start("r1", 2.0, "requested", "item-1")
    assert again is first
    assert (first.started_at, first.kind, first.item_id) == (1.0, "turn", "item-1")
    assert replies.start("r1", 3.0, "turn", "item-2").item_id == "item-1"
    assert list(replies.all) == ["r1"]
    assert not first.superseded


def test_replies_without_an_id_get_one_of_their_own(replies):
    assert [replies.start("", 0.0, "turn").reply_id for _ in range(3)] == ["reply-1", "reply-2", "reply-3"]


def test_an_id_of_our_own_is_never_one_of_the_service_s(replies):
    theirs = replies.start("reply-2", 0.0, "turn")
    ours = replies.start("", 1.0, "turn")
    assert ours is not theirs
    assert list(replies.all.values()) == [theirs, ours]


def test_without_an_id_the_latest_is_meant(replies):
    assert replies.named("") is None
    assert replies.named("r1") is None
    replies.start("r1", 0.0, "turn")
    second = replies.start("r2", 0.0, "turn")
    replies.start("r1", 0.0, "turn")  # again
    assert replies.named("") is second


# --- sound ------------------------------------------------------------------


def test_the_first_chunk_has_its_time_and_all_are_counted(replies):
    reply = replies.start("r1", 0.0, "turn")
    assert reply.first_audio_at is None
    assert replies.sound(reply, 240, 0.5)
    assert replies.sound(reply, 240, 0.6)
    assert (reply.first_audio_at, reply.samples, reply.heard, reply.heard_at) == (0.5, 480, 0, None)


def test_sound_may_still_come_behind_the_transcript_but_not_behind_the_end(replies):
    reply = replies.start("r1", 0.0, "turn")
    reply.text = "Hello."
    assert replies.sound(reply, 240, 0.5)
    replies.done(reply, "completed", 0.6)
    assert not replies.sound(reply, 240, 0.7)
    assert not replies.sound(reply, 240, 0.8)
    assert (reply.samples, reply.dropped) == (240, 2)


def test_sound_behind_a_cut_is_dropped(replies):
    reply = begin(replies, "r1", done=False)
    replies.cut(reply, 1.0)
    assert not replies.sound(reply, 240, 1.0)
    assert reply.dropped == 1


def test_without_notes_sound_counts_as_heard_when_it_comes():
    replies = Replies(hears=False)
    reply = begin(replies, "r1", at=2.0)
    assert (reply.heard, reply.heard_at) == (SECOND, 2.0)
    assert reply.heard_out
    assert not replies.audible(reply)


def test_without_notes_a_burst_that_is_cut_off_was_heard_for_as_long_as_there_was_time():
    for cut in ("service", "client"):
        replies = Replies(hears=False)
        reply = begin(replies, "r1", at=2.0, done=False)
        if cut == "service":
            replies.cut(reply, 2.4)
        else:
            assert replies.flush(2.4) == [reply]
        assert reply.heard == round(0.4 * SECOND)
        assert reply.stopped_at == 2.4


def test_without_notes_no_more_is_heard_than_came():
    replies = Replies(hears=False)
    reply = begin(replies, "r1", at=2.0, done=False)
    replies.done(reply, "interrupted", 9.0)
    assert reply.heard == SECOND


def test_without_notes_a_reply_begins_when_the_one_before_it_is_over():
    replies = Replies(hears=False)
    begin(replies, "r1", seconds=3.0, at=2.0)
    assert begin(replies, "r2", at=2.5).heard_at == 5.0
    assert [reply.reply_id for reply in replies.flush(3.0)] == ["r1", "r2"]
    assert begin(replies, "r3", at=3.5).heard_at == 3.5, "nothing plays since"


def test_without_notes_what_is_over_is_not_cut_off():
    for over in ("session", "another"):
        replies = Replies(hears=False)
        reply = begin(replies, "r1", seconds=3.0, at=2.0, done=False)
        if over == "session":
            assert replies.abandon() == [reply]
        else:
            other = begin(replies, "r2", at=2.1)
            replies.note(other, SECOND, 2.5)  # a note came all the same
            replies.cut(other, 2.8)
        assert replies.flush(3.0) == []
        assert reply.stopped_by == ""


# --- notes ------------------------------------------------------------------


def test_no_more_is_heard_than_there_is_and_what_was_heard_stays(replies):
    reply = begin(replies, "r1")
    hear(replies, reply, 0.5, at=1.0)
    hear(replies, reply, 9.9, at=1.5)
    hear(replies, reply, 0.2, at=2.0)
    assert (reply.heard, reply.heard_at) == (SECOND, 1.0)


def test_a_note_settles_what_came_before(replies):
    first, second, third = (begin(replies, name) for name in ("r1", "r2", "r3"))
    assert hear(replies, second, 0.5) == ["r2", "r1"]
    assert (first.passed, second.passed, third.passed) == (True, False, False)
    assert first.heard_out
    assert [replies.audible(each) for each in (first, second, third)] == [False, True, True]


def test_but_not_what_may_still_go_on(replies):
    """A reply in which there is a pause: nothing says yet that it is over."""
    first = begin(replies, "r1", done=False)
    assert hear(replies, first, 1.0) == ["r1"]
    assert not first.settled
    assert replies.audible(first)


@pytest.mark.parametrize("over", ["cut", "heard"])
def test_late_word_of_a_reply_that_is_over_says_nothing_of_the_one_behind_it(replies, over):
    """The page was busy: it tells of the first reply when the second plays already."""
    first = begin(replies, "r1")
    if over == "cut":
        replies.flush(1.0)
    else:
        hear(replies, first, 1.0)
    replies.sweep()
    second = begin(replies, "r2")
    assert hear(replies, first, 0.5) == ["r1"]
    assert not second.passed
    assert replies.audible(second)
    assert hear(replies, second, 1.0) == ["r2"]


# --- endings ----------------------------------------------------------------


def test_a_reply_ends_once(replies):
    reply = replies.start("r1", 0.0, "turn")
    replies.sound(reply, SECOND, 0.0)
    assert not replies.done(reply, "completed", 1.0)
    assert not replies.done(reply, "interrupted", 2.0)
    assert (reply.status, reply.done_at, reply.interrupted) == ("completed", 1.0, False)


def test_a_cut_silences_what_is_still_to_be_heard_and_that_once(replies):
    reply = begin(replies, "r1", done=False)
    hear(replies, reply, 0.5)
    assert replies.done(reply, "interrupted", 1.0)
    assert not replies.cut(reply, 1.0)
    assert reply.interrupted


@pytest.mark.parametrize("gone", ["heard", "lost", "passed"])
def test_word_of_an_interruption_that_comes_when_all_is_over_silences_nothing(replies, gone):
    """A flush falls on everything that is queued: it would hit the next reply."""
    reply = begin(replies, "r1", done=False)
    hear(replies, reply, 0.5)
    if gone == "heard":
        hear(replies, reply, 1.0)
    elif gone == "lost":
        reply.lost = SECOND
    following = begin(replies, "r2")
    if gone == "passed":
        hear(replies, following, 0.1)
    assert not replies.done(reply, "interrupted", 2.0)
    assert reply.interrupted


def test_a_reply_without_a_sound_silences_nothing(replies):
    assert not replies.done(replies.start("r1", 0.0, "turn"), "interrupted", 1.0)


def test_a_flush_cuts_what_can_be_heard_and_nothing_else(replies):
    heard = begin(replies, "r1")
    hear(replies, heard, 1.0)
    playing, queued = begin(replies, "r2"), begin(replies, "r3", done=False)
    coming = replies.start("r4", 1.0, "turn")
    assert replies.flush(1.0) == [playing, queued]
    assert [each.interrupted for each in (heard, playing, queued, coming)] == [False, True, True, False]
    assert replies.flush(2.0) == []
    assert [(each.stopped_by, each.stopped_at) for each in (heard, playing)] == [("", None), ("speech", 1.0)]


def test_what_the_service_cut_off_is_told_apart_from_what_the_client_did(replies):
    reply = begin(replies, "r1", done=False)
    assert replies.cut(reply, 1.5)
    assert replies.flush(2.0) == []
    assert (reply.stopped_by, reply.stopped_at) == ("interrupted", 1.5)
    other = begin(replies, "r2", done=False)
    replies.flush(3.0)
    replies.cut(other, 3.1)
    assert (other.stopped_by, other.stopped_at) == ("speech", 3.0)


def test_the_end_of_the_session_cuts_short_what_was_not_settled(replies):
    heard, playing = begin(replies, "r1"), begin(replies, "r2")
    hear(replies, heard, 1.0)
    coming = replies.start("r3", 1.0, "turn")
    assert replies.abandon() == [playing, coming]
    assert [each.abandoned for each in (heard, playing, coming)] == [False, True, True]
    assert not replies.audible(playing)
    assert replies.abandon() == []


def test_a_reply_that_was_never_finished_is_kept_in_mind_until_another_was_heard(replies):
    first = begin(replies, "r1", done=False)
    hear(replies, first, 1.0)
    second = begin(replies, "r2")
    replies.sweep()
    assert replies.unsettled == [first, second]  # the rest of it may still come
    assert not replies.audible(first)
    assert replies.sound(first, SECOND, 2.0)
    assert replies.audible(first)
    hear(replies, second, 0.1)
    assert replies.unsettled == [second]


# --- what one can say of a reply -----------------------------------------------


@pytest.mark.parametrize(
    ("facts", "finished", "settled", "heard_out"),
    [
        ({}, False, False, False),
        ({"status": "completed"}, True, True, True),  # without any audio
        ({"samples": 10, "status": "completed"}, True, False, False),
        ({"samples": 10, "heard": 9, "status": "completed"}, True, False, False),
        ({"samples": 10, "heard": 10, "status": "completed"}, True, True, True),
        ({"samples": 10, "heard": 10, "text": "Hi."}, True, True, True),
        ({"samples": 10, "heard": 10, "text": ""}, True, True, True),
        ({"samples": 10, "heard": 10}, False, False, False),
        ({"samples": 10, "heard": 10, "superseded": True}, False, True, False),
        ({"samples": 10, "heard": 4, "lost": 10, "status": "completed"}, True, True, False),
        ({"samples": 10, "heard": 4, "lost": 9, "status": "completed"}, True, False, False),
        ({"samples": 10, "heard": 4, "passed": True, "status": "completed"}, True, True, True),
        ({"samples": 10, "heard": 10, "status": "interrupted"}, True, True, False),
        ({"samples": 10, "heard": 10, "status": "completed", "flushed": True}, True, True, False),
        ({"samples": 10, "abandoned": True}, False, True, False),
    ],
)
def test_finished_settled_heard_out(facts, finished, settled, heard_out):
    reply = Reply("r1", 0.0, **facts)
    assert (reply.finished, reply.settled, reply.heard_out) == (finished, settled, heard_out)
