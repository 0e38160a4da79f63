"""All rules over whole agents: those of the documentation, those of the service, and nonsense."""

from __future__ import annotations

import ast
import json
import re
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import voicenb as vn
from voicenb.lint import examine

CHECKOUT = Path(__file__).parents[2]


def agents_of(source):
    """The agents that a document makes, with their tools; nothing else in it is run."""
    space: dict[str, object] = {"vn": vn}
    tree = ast.parse(source)
    made = [node for node in tree.body if ".Agent(" in ast.unparse(node) and isinstance(node, ast.Assign)]
    tools = [
        node
        for node in tree.body
        if isinstance(node, ast.FunctionDef) and any(".tool" in ast.unparse(d) for d in node.decorator_list)
    ]
    exec(compile(ast.Module([*made, *tools], []), "document", "exec"), space)
    agents = [value for value in space.values() if isinstance(value, vn.Agent)]
    assert len(agents) == len(made) == source.count("vn.Agent(") > 0
    assert sum(len(agent.tools) for agent in agents) == len(tools) == source.count(".tool\n")
    return agents


def sources():
    for file in ("README.md", "voicenb/guide.md"):
        text = (CHECKOUT / file).read_text("utf-8")
        yield file, "\n".join(re.findall(r"^```python\n(.*?)^```", text, re.DOTALL | re.MULTILINE))
    for path in sorted((CHECKOUT / "notebooks").glob("*.ipynb")):
        cells = json.loads(path.read_text("utf-8"))["cells"]
        code = "\n\n".join("".join(c["source"]) for c in cells if c["cell_type"] == "code")
        if "Agent(" in code:  # one that looks at a recorded call makes none
            yield path.name, code


@pytest.mark.parametrize("source", [pytest.param(text, id=name) for name, text in sources()])
def test_the_agents_of_the_documentation_are_well(source):
    for agent in agents_of(source):
        findings = agent.lint()
        assert not findings.errors + findings.warnings, findings


def test_an_agent_against_which_nothing_can_be_said(prompt, tool):
    wire = {
        "name": "Lido",
        "system_prompt": f"{prompt} Before you offer a time, call free_tables.",
        "tools": [tool],
    }
    assert examine(wire) == examine({})
    assert len(examine(wire)) == 0


def test_the_agent_s_method_looks_at_all_of_it():
    request = vn.tools.HttpTool(name="look", url="https://localhost/x")
    agent = vn.Agent(system_prompt="Be kind!", tools=[request], keyterms=["x" * 51])
    assert {"P3", "P4", "T1", "T15", "K2"} <= {finding.rule for finding in agent.lint()}


def test_of_a_stored_agent_only_what_is_known():
    assert len(vn.Agent(id="agent_1").lint()) == 0
    assert [finding.rule for finding in vn.Agent(name="Lido").lint()] == ["P4"]


def test_the_three_shapes_are_told_apart(tool):
    session = {"system_prompt": "Be kind.", "tools": [tool], "output": {"voice": "ivy"}}
    stored = {"name": "Lido", "system_prompt": "Be kind.", "tools": [tool], "voice": {"voice_id": "ivy"}}
    assert examine(session) == examine({"type": "session.update", "session": session}) == examine(stored)


def test_everything_that_is_wrong_is_told_at_once():
    wire = {
        "greeting": "Greet the caller.",
        "bogus": 1,
        "input": {"turn_detection": {"min_silence": 1}, "keyterms": ["x"] * 101},
        "output": {"volume": 200},
        "tools": [7, {"name": "look", "timeout_seconds": 900, "parameters": {"type": "array"}}, {}],
    }
    found = {finding.rule for finding in examine(wire).errors}
    assert {"P15", "S1", "S2", "D1", "K1", "T7", "T13", "T14"} <= found


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=10,
)
WORDS = st.sampled_from(
    [
        "if",
        "then",
        "else",
        "step",
        "1.",
        "- ",
        "# ",
        "**",
        "!",
        '"',
        "say",
        "call",
        "get_x",
        "\n",
        ":",
        "->",
        "12:34",
        "never",
        "stay silent",
        "great question",
        "|",
        "---",
        "e.g.",
        "`",
        "[a](b)",
        "*",
        "agent:",
        "a@b.c",
        "\ud83d",
    ]
)
PROSE = st.lists(WORDS, max_size=40).map(" ".join)
SCHEMA = st.fixed_dictionaries(
    {},
    optional={
        "type": JSON,
        "properties": st.dictionaries(st.text(max_size=5), JSON, max_size=3) | JSON,
        "required": JSON,
        "pattern": st.text(max_size=10),
        "description": PROSE | JSON,
        "enum": JSON,
        "examples": JSON,
        "items": JSON,
    },
)
TOOL = st.fixed_dictionaries(
    {},
    optional={
        "name": st.text(max_size=8) | JSON,
        "description": PROSE | JSON,
        "parameters": SCHEMA | JSON,
        "type": JSON,
        "function": SCHEMA | JSON,
        "timeout_seconds": JSON,
        "execution_mode": JSON,
        "http": st.fixed_dictionaries({"url": st.text(max_size=12)}, optional={"http_method": JSON}) | JSON,
    },
)
AGENT = st.fixed_dictionaries(
    {},
    optional={
        "system_prompt": PROSE | JSON,
        "greeting": PROSE | JSON,
        "tools": st.lists(TOOL | JSON, max_size=3) | JSON,
        "input": st.dictionaries(st.sampled_from(["turn_detection", "keyterms", "language_codes"]), JSON)
        | JSON,
        "output": JSON,
        "voice": JSON,
        "name": JSON,
        "session": JSON,
        "llm": JSON,
    },
)


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(AGENT)
def test_no_agent_is_too_broken_to_be_looked_at(wire):
    findings = examine(wire)
    shown = repr(findings) + findings._repr_html_()
    assert shown.encode("utf-8")
    assert all(finding.reason and finding.rule for finding in findings)


@pytest.mark.parametrize(
    "text",
    [
        "!" * 50_000,
        "- x\n" * 20_000,
        "if then else " * 5_000,
        '"' * 50_000,
        "a_b " * 10_000,
        "1.2." * 10_000,
        "*" * 50_000,
        "x" * 100_000,
        "(" * 50_000,
        "step 1 " * 5_000,
        "1 1 " * 20_000,
        "[" * 50_000,
        "say 'x " * 10_000,
        "a.a." * 20_000,
        "x-" * 50_000,
        "| " * 30_000,
        "\n" * 50_000,
        "call the " * 10_000,
    ],
    ids=lambda text: repr(text[:8]),
)
def test_a_monstrous_prompt_is_looked_at_in_seconds(text, tool):
    began = time.process_time()
    examine({"system_prompt": text, "greeting": text, "tools": [tool | {"description": text}]})
    assert time.process_time() - began < 10
