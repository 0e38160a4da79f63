from __future__ import annotations

import asyncio
import sys
import threading

import pytest

from voicenb.session.printing import MOST, printed


def test_inside_it_is_kept_and_outside_it_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    print("before")
    with printed() as texts:
        print("inside")
        print("to both", file=sys.stderr)
    print("after")
    out, err = capsys.readouterr()
    assert "".join(texts) == "inside\nto both\n"
    assert (out, err) == ("before\nafter\n", "")


def test_other_threads_print_as_before(capsys: pytest.CaptureFixture[str]) -> None:
    with printed() as texts:
        other = threading.Thread(target=print, args=("elsewhere",))
        other.start()
        other.join()
    assert texts == []
    assert capsys.readouterr().out == "elsewhere\n"


def test_tasks_are_told_apart(capsys: pytest.CaptureFixture[str]) -> None:
    async def tool(name: str) -> str:
        with printed() as texts:
            for _ in range(3):
                print(name, end="")
                await asyncio.sleep(0)
        return "".join(texts)

    async def main() -> list[str]:
        both = asyncio.gather(tool("a"), tool("b"))
        print("between")
        return await both

    assert asyncio.run(main()) == ["aaa", "bbb"]
    assert capsys.readouterr().out == "between\n"


def test_the_streams_are_put_back_and_behave_meanwhile() -> None:
    before = sys.stdout
    with printed(), printed():
        assert sys.stdout is not before
        assert sys.stdout.encoding == before.encoding
        sys.stdout.writelines(["a", "b"])
        sys.stdout.flush()
    assert sys.stdout is before


def test_a_stream_that_somebody_else_put_there_stays(capsys: pytest.CaptureFixture[str]) -> None:
    import io

    theirs = io.StringIO()
    before = sys.stdout
    with printed():
        sys.stdout = theirs
    assert sys.stdout is theirs
    sys.stdout = before


def test_too_much_is_cut() -> None:
    with printed() as texts:
        for _ in range(100):
            print("x" * 1000)
    assert len("".join(texts)) < MOST + 2000
