"""What of a tool is compared."""

from voicenb.comparison.subject import tool_as_compared
from voicenb.tools import HttpTool, ResponseInstructions, Tool


def test_a_tool_that_runs_here():
    tool = Tool(
        name="book", description="Book.", response_instructions=ResponseInstructions(error="Say sorry.")
    )
    assert tool_as_compared(tool) == {
        "description": "Book.",
        "parameters": {},
        "response_instructions": {"error": "Say sorry."},
    }


def test_a_tool_that_the_service_runs():
    tool = HttpTool(
        name="book", url="https://u:p@example.com:1/a", method="GET", headers={"A": "v", "B": "***"}
    )
    told = tool_as_compared(tool)
    assert (str(told["url"]), told["method"]) == ("https://example.com:1/a", "GET")
    assert {name: str(value) for name, value in told["headers"].items()} == {
        "A": "a value that is not shown",
        "B": "as it is stored",
    }
