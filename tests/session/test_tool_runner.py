from __future__ import annotations

import asyncio
import threading
from typing import Any

import pytest

from voicenb.audio.processor import InPlaceProcessor
from voicenb.errors import ToolError
from voicenb.protocol.actions import RunTool
from voicenb.session.loop_thread import LoopThread
from voicenb.session.tool_runner import DaemonThreads, ToolRunner
from voicenb.testing.virtual_clock import run_virtually
from voicenb.tools import Tool


def run(
    function: Any, arguments: dict[str, Any] | None = None, *, timeout: float = 10.0
) -> list[dict[str, Any]]:
    """The commands that come of one call, on the virtual clock."""
    commands: list[dict[str, Any]] = []
    tools = {"look": Tool.of(function, name="look", description="Look.")} if function else {}

    async def main() -> None:
        runner = ToolRunner(tools, commands.append, InPlaceProcessor())
        await runner.run(RunTool("c1", "look", arguments or {}, timeout))

    run_virtually(main)
    return commands


def test_a_result_is_written_once_as_json() -> None:
    def look(day: str) -> dict[str, Any]:
        return {"day": day, "free": ["19:00"]}

    (command,) = run(look, {"day": "Friday"})
    assert command == {
        "do": "tool_result",
        "call_id": "c1",
        "result": '{"day": "Friday", "free": ["19:00"]}',
        "is_error": False,
        "own_time": 0.0,
    }


def test_an_async_tool_takes_its_time() -> None:
    async def look() -> str:
        await asyncio.sleep(2.5)
        return "done"

    (command,) = run(look)
    assert (command["result"], command["own_time"]) == ('"done"', 2.5)


def test_a_sync_function_may_hand_over_a_coroutine() -> None:
    async def later() -> int:
        return 3

    (command,) = run(lambda: later())
    assert command["result"] == "3"


def test_what_it_raises_is_for_the_model() -> None:
    def look() -> None:
        raise LookupError

    def refuse() -> None:
        raise ToolError("The day is over.", remedy="not for the model")

    assert run(look)[0] | {"own_time": 0} == {
        "do": "tool_result",
        "call_id": "c1",
        "result": "look failed: LookupError",
        "is_error": True,
        "own_time": 0,
    }
    (answer,) = run(refuse)
    assert answer["result"] == "The day is over.", "raised on purpose: there is nothing to look for"


def test_a_sentence_needs_no_name_of_a_class_and_the_author_gets_the_place() -> None:
    def book() -> None:
        raise RuntimeError("The booking system is down; offer to call back.")

    result, log = run(book)
    assert result["result"] == "look failed: The booking system is down; offer to call back."
    said = log["text"].splitlines()
    assert said[0] == "Traceback:"
    assert "test_tool_runner.py" in said[1]
    assert "in book" in said[1]
    assert said[-1] == "RuntimeError: The booking system is down; offer to call back."
    assert 'tool_runner.py"' not in log["text"].replace("test_tool_runner.py", "")


def test_half_a_character_does_not_keep_a_call_from_being_answered(
    capsys: pytest.CaptureFixture[str],
) -> None:
    def look() -> None:
        print("looking for caf\udce9")
        raise FileNotFoundError("caf\udce9")

    result, log = run(look)
    assert result["result"] == "look failed: FileNotFoundError: caf?"
    assert log["text"].splitlines()[0] == "looking for caf?"
    assert run(lambda: "caf\udce9")[0]["result"] == '"caf?"'


def test_arguments_that_do_not_fit() -> None:
    def look(people: int) -> int:
        return people

    (command,) = run(look, {"people": "many"})
    assert command["is_error"]
    assert "people" in command["result"]


def test_a_result_that_is_no_json() -> None:
    (command,) = run(lambda: object())
    assert command["is_error"]
    assert "JSON" in command["result"]


def test_a_generator_that_is_handed_over_is_no_json() -> None:
    (command,) = run(lambda: (number for number in (1, 2)))
    assert command["is_error"]
    assert "JSON" in command["result"]


def test_a_tool_without_a_function() -> None:
    (command,) = run(None)
    assert command["is_error"]
    assert "no function" in command["result"]


def test_what_is_offered_later_goes_before_and_can_be_taken_back() -> None:
    commands: list[dict[str, Any]] = []

    def look(result: int) -> dict[str, Tool]:
        return {"look": Tool(name="look", function=lambda: result)}

    async def main() -> None:
        runner = ToolRunner(look(0), commands.append, InPlaceProcessor())

        async def call() -> str:
            await runner.run(RunTool("c1", "look", {}, 10.0))
            return str(commands[-1]["result"])

        take_back_one, take_back_two = runner.offer(look(1)), runner.offer(look(2))
        assert await call() == "2"
        take_back_one()
        assert await call() == "2"
        take_back_two()
        take_back_two()
        assert await call() == "0"

    run_virtually(main)


def test_a_tool_of_the_services_is_left_alone() -> None:
    commands: list[dict[str, Any]] = []

    async def main() -> None:
        runner = ToolRunner({}, commands.append, InPlaceProcessor())
        await runner.run(RunTool("c1", "theirs", {}, 10.0, known=False))

    run_virtually(main)
    assert commands == []


@pytest.mark.parametrize(
    ("theirs", "function", "answers"),
    [(False, lambda: "mine", ['"mine"']), (True, lambda: "mine", []), (False, None, [])],
)
def test_a_call_of_which_the_service_told_nothing_is_answered_by_the_function_of_its_name(
    theirs: bool, function: Any, answers: list[str]
) -> None:
    commands: list[dict[str, Any]] = []
    tool = Tool(name="look", description="Look.", function=function)

    async def main() -> None:
        runner = ToolRunner({"look": tool}, commands.append, InPlaceProcessor())
        await runner.run(RunTool("c1", "look", {}, 10.0, known=False, theirs=theirs))

    run_virtually(main)
    assert [command["result"] for command in commands] == answers


@pytest.mark.parametrize(("timeout", "margin"), [(120.0, 1.0), (10.0, 1.0), (2.0, 0.2)])
def test_a_tool_that_overruns_its_time_is_answered_for_shortly_before_that_is_over(
    timeout: float, margin: float
) -> None:
    cancelled: list[float] = []
    commands: list[tuple[float, dict[str, Any]]] = []

    async def look() -> str:
        try:
            await asyncio.sleep(2 * timeout)
        except asyncio.CancelledError:
            cancelled.append(asyncio.get_running_loop().time())
            raise
        return "done"

    async def main() -> None:
        loop = asyncio.get_running_loop()
        began = loop.time()
        tool = Tool.of(look, name="look", description="Look.")
        runner = ToolRunner(
            {"look": tool},
            lambda command: commands.append((loop.time() - began, command)),
            InPlaceProcessor(),
        )
        await runner.run(RunTool("c1", "look", {}, timeout))
        await asyncio.sleep(0)
        assert cancelled == [pytest.approx(began + timeout - margin)]

    run_virtually(main)
    (at, answer), (_, log) = commands
    assert at == pytest.approx(timeout - margin)
    assert (answer["do"], answer["call_id"], answer["is_error"]) == ("tool_result", "c1", True)
    assert "look" in answer["result"]
    assert "not known" in answer["result"], "it may have done what it was asked for"
    assert log["do"] == "log"
    assert f"{timeout:g} s" in log["text"]
    assert "cancelled" in log["text"]


@pytest.mark.parametrize("fails", [False, True])
def test_what_comes_of_a_function_too_late_is_told_in_the_log_and_not_sent(fails: bool) -> None:
    goes_on = threading.Event()
    told = asyncio.Event()
    commands: list[dict[str, Any]] = []

    def look() -> str:
        assert goes_on.wait(10)
        print("looked")
        if fails:
            raise LookupError("Nothing is there.")
        return "done"

    def take(command: dict[str, Any]) -> None:
        commands.append(command)
        if "too late" in command.get("text", ""):
            told.set()

    async def main() -> None:
        tool = Tool.of(look, name="look", description="Look.")
        runner = ToolRunner({"look": tool}, take, DaemonThreads())
        await runner.run(RunTool("c1", "look", {}, 0.05))
        goes_on.set()
        await asyncio.wait_for(told.wait(), 10)

    asyncio.run(main())
    assert [command["do"] for command in commands][:2] == ["tool_result", "log"]
    late = commands[2:]
    assert all(command["do"] == "log" and command["call_id"] == "c1" for command in late)
    assert "too late" in late[0]["text"]
    assert ("Nothing is there." if fails else '"done"') in late[0]["text"]
    assert "looked" in late[1]["text"]


def test_what_is_printed_goes_to_the_log(capsys: pytest.CaptureFixture[str]) -> None:
    def look() -> int:
        print("looking", "up")
        return 1

    result, log = run(look)
    assert result["result"] == "1"
    assert log == {"do": "log", "text": "looking up", "tool": "look", "call_id": "c1"}
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("error", [SystemExit, asyncio.CancelledError, KeyboardInterrupt])
@pytest.mark.parametrize("how", ["async", "handed over"])
def test_an_async_tool_that_gives_up_is_answered_and_its_thread_lives_on(
    error: type[BaseException], how: str
) -> None:
    async def leave() -> None:
        await asyncio.sleep(0)
        raise error("enough")

    function: Any = leave if how == "async" else lambda: leave()
    commands: list[dict[str, Any]] = []
    thread = LoopThread("tools")
    tool = Tool.of(function, name="look", description="Look.")
    runner = ToolRunner({"look": tool}, commands.append, InPlaceProcessor())
    loop = thread.loop
    thread.submit(runner.run(RunTool("c1", "look", {}, 10.0))).result(5)
    assert [(command["result"], command["is_error"]) for command in commands] == [
        (f"The tool gave up with {error.__name__}.", True)
    ]
    assert thread.loop is loop
    thread.stop()


def test_a_call_that_is_cancelled_from_outside_is_no_failure_of_the_tool() -> None:
    commands: list[dict[str, Any]] = []
    begun = asyncio.Event()

    async def look() -> None:
        begun.set()
        await asyncio.sleep(1000)

    async def main() -> None:
        tool = Tool.of(look, name="look", description="Look.")
        runner = ToolRunner({"look": tool}, commands.append, InPlaceProcessor())
        task = asyncio.create_task(runner.run(RunTool("c1", "look", {}, 2000.0)))
        await begun.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    run_virtually(main)
    assert commands == []


def test_threads_run_side_by_side_and_hold_nothing_up() -> None:
    both = threading.Barrier(2, timeout=5)

    async def main() -> list[int]:
        workers = DaemonThreads()
        return await asyncio.gather(*(workers.run(lambda: both.wait() * 0 + 1, cost=0) for _ in range(2)))

    assert asyncio.run(main()) == [1, 1]


def test_a_thread_that_gives_up_is_an_error() -> None:
    def leave() -> None:
        raise SystemExit

    async def main() -> None:
        await DaemonThreads().run(leave, cost=0)

    with pytest.raises(ToolError, match="SystemExit"):
        asyncio.run(main())


def test_a_tool_that_never_returns_does_not_keep_its_call_open() -> None:
    never = threading.Event()
    commands: list[dict[str, Any]] = []

    async def main() -> None:
        runner = ToolRunner(
            {"look": Tool(name="look", function=never.wait)}, commands.append, DaemonThreads()
        )
        await runner.run(RunTool("c1", "look", {}, 0.05))
        never.set()

    asyncio.run(main())
    assert [command["do"] for command in commands] == ["tool_result", "log"]
    assert commands[0]["is_error"]
