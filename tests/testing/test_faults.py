"""Exceptions inside an emulator of this process come to the one who runs it."""

import logging
import threading

import pytest

from voicenb.testing.faults import LOGGER, faults


def broken(what, *, name=f"{LOGGER}.answering", level=logging.ERROR):
    """Something in the emulator breaks and is logged."""
    try:
        raise LookupError(what)
    except LookupError:
        logging.getLogger(name).log(level, "The brain broke for %s", what, exc_info=True)


def on_a_thread(work):
    thread = threading.Thread(target=work)
    thread.start()
    thread.join()


def told(found):
    return [(message, str(error)) for message, error in found]


def test_what_was_said_of_it_and_the_exception_itself():
    with faults(everywhere=False) as seen:
        broken("one")
        broken("two", name=LOGGER)
    assert told(seen.found) == [("The brain broke for one", "one"), ("The brain broke for two", "two")]
    assert isinstance(seen.found[0][1], LookupError)


def test_the_log_gets_them_as_ever(caplog):
    with faults(everywhere=False):
        broken("one")
    assert caplog.messages == ["The brain broke for one"]


def test_what_is_no_exception_of_the_emulator_s_is_left_alone():
    with faults(everywhere=True) as seen:
        logging.getLogger(LOGGER).error("A client said nonsense")
        logging.getLogger(LOGGER).error("It asks for an exception and there is none", exc_info=True)
        broken("a warning", level=logging.WARNING)
        broken("elsewhere", name="voicenb.session")
        broken("a namesake", name=f"{LOGGER}s")
    assert seen.found == []


@pytest.mark.parametrize(("everywhere", "found"), [(True, ["other", "own"]), (False, ["own"])])
def test_of_other_threads_only_when_asked_to(everywhere, found):
    """Two runs on two threads, each with an emulator of its own, hear of their own only."""
    with faults(everywhere=everywhere) as seen:
        on_a_thread(lambda: broken("other"))
        broken("own")
    assert [str(error) for _, error in seen.found] == found


def test_one_inside_the_other_both_collect():
    with faults(everywhere=True) as outer:
        broken("one")
        with faults(everywhere=True) as inner:
            broken("two")
    assert [str(error) for _, error in outer.found] == ["one", "two"]
    assert [str(error) for _, error in inner.found] == ["two"]


def test_nothing_is_collected_any_more_afterwards_also_when_the_run_failed():
    before = list(logging.getLogger(LOGGER).handlers)
    with pytest.raises(ZeroDivisionError), faults(everywhere=True) as seen:
        raise ZeroDivisionError
    broken("later")
    assert seen.found == []
    assert logging.getLogger(LOGGER).handlers == before
