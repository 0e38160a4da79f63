"""A worker: what comes in is done, and what comes of it goes out."""

import io
import pickle
import subprocess

import pytest

from voicenb.errors import RecordingError
from voicenb.session.children import own_group, python
from voicenb.tuning.worker import answer, receive, send


class Odd:
    """Can be written to a pickle and not read from it, whatever a library has taught pickle of errors."""

    def __reduce__(self):
        return int, (1, 2, 3)


def odd():
    raise ValueError(Odd())


def lacking():
    raise RecordingError("There is nothing.", remedy="Look elsewhere.", folder="x")


def ask(work, *args, **named):
    return pickle.loads(answer(pickle.dumps((work, args, named))))


def test_what_is_done_comes_back():
    assert ask(divmod, 7, 2) == ("done", (3, 1))
    assert ask(int, "ff", base=16) == ("done", 255)


def test_an_error_of_the_work_comes_back_with_its_facts_and_where_it_was_raised():
    kind, error = ask(lacking)
    assert kind == "raised"
    assert isinstance(error, RecordingError)
    assert (error.remedy, error.facts, str(error)) == (
        "Look elsewhere.",
        {"folder": "x"},
        "There is nothing. Look elsewhere.",
    )
    assert "in lacking" in error.__notes__[0]


@pytest.mark.parametrize(
    ("job", "why"),
    [
        (b"nothing", "UnpicklingError"),
        (pickle.dumps((odd, (), {})), "TypeError"),
        (b"cno_such_module\nwork\n.", "ModuleNotFoundError"),
    ],
)
def test_what_cannot_be_read_is_told(job, why):
    kind, text = pickle.loads(answer(job))
    assert kind == "unreadable"
    assert why in text


def test_messages_are_whole_or_none():
    pipe = io.BytesIO()
    send(pipe, b"one")
    send(pipe, b"")
    whole = pipe.getvalue()
    pipe.seek(0)
    assert [receive(pipe), receive(pipe), receive(pipe)] == [b"one", b"", None]
    assert receive(io.BytesIO(whole[:10])) is None


@pytest.fixture
def child():
    process = subprocess.Popen(
        python("-m", "voicenb.tuning.worker"),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        **own_group(),
    )
    with process:
        yield process
        process.kill()


def test_what_the_work_prints_is_no_answer(child):
    send(child.stdin, pickle.dumps((print, ("hello",), {"flush": True})))
    assert pickle.loads(receive(child.stdout)) == ("done", None)
    child.stdin.close()
    assert child.wait(30) == 0
    assert child.stderr.read() == b"hello\n"


def test_it_ends_with_who_wants_it_in_the_middle_of_its_work(child):
    import time

    send(child.stdin, pickle.dumps((time.sleep, (600,), {})))
    child.stdin.close()
    assert child.wait(30) == 0
