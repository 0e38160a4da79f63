"""The tests mirror the package: for voicenb/a/b.py there is tests/a/test_b.py, or a reason why not."""

import ast
from pathlib import Path

import pytest

import voicenb

ROOT = Path(voicenb.__file__).parent
TESTS = Path(__file__).parent

PROTOCOLS = "protocols and values only"
"""The reason of a module that does nothing by itself: there is nothing in it to test."""

# Every other reason is the file in which the module is tested instead.
EXCEPTIONS = {
    "__init__.py": "test_imports.py",
    "__main__.py": "test_cli.py",
    "agent_settings.py": "test_agent.py",
    "comparison/hidden.py": "comparison/test_differences.py",
    "comparison/table.py": "comparison/test_differences.py",
    "emulator/brain.py": PROTOCOLS,
    "emulator/mouth.py": PROTOCOLS,
    "emulator/recognizer.py": PROTOCOLS,
    "lint/finding.py": "lint/test_findings.py",
    "lint/mentions.py": "lint/test_tool_text.py",
    "lint/schema.py": "lint/test_parameters.py",
    "lint/spoken_digits.py": "lint/test_numbers.py",
    "lint/subject.py": "lint/test_scope.py",
    "lint/table.py": "lint/test_findings.py",
    "protocol/actions.py": PROTOCOLS,
    "protocol/fields.py": PROTOCOLS,
    "session/host.py": PROTOCOLS,
    "session/microphone.py": PROTOCOLS,
    "session/speaker.py": PROTOCOLS,
    "testing/tape.py": "testing/test_cassette.py",
    "widgets/siblings.py": "widgets/test_talk_page.py",
}


def does_something(path):
    """Whether a module has a function with more in it than its words and what a constructor keeps."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            keeps = ast.Assign | ast.AnnAssign if node.name == "__init__" else ()
            for line in node.body:
                words = isinstance(line, ast.Expr) and isinstance(line.value, ast.Constant)
                base = node.name == "__init__" and ast.unparse(line).startswith("super().__init__(")
                if not (words or base or (keeps and isinstance(line, keeps))):
                    return True
    return False


def mirrored(module):
    """The test file of a module's name."""
    path = Path(module)
    return TESTS / path.parent / f"test_{path.stem.strip('_')}.py"


MODULES = sorted(
    str(path.relative_to(ROOT).as_posix())
    for path in ROOT.rglob("*.py")
    if path.name != "__init__.py" or does_something(path)
)


@pytest.mark.parametrize("module", [module for module in MODULES if module not in EXCEPTIONS])
def test_a_module_has_a_test_file_of_its_name(module):
    there = mirrored(module)
    assert there.exists(), f"voicenb/{module} has no {there.relative_to(TESTS.parent)}"
    assert "def test_" in there.read_text("utf-8")


@pytest.mark.parametrize("module", EXCEPTIONS)
def test_an_exception_is_one(module):
    reason = EXCEPTIONS[module]
    assert module in MODULES, "it is gone, and its exception goes with it"
    assert not mirrored(module).exists(), "it has a test file by now, and needs no exception"
    if reason == PROTOCOLS:
        assert not does_something(ROOT / module), "there is something in it to test"
    else:
        assert "def test_" in (TESTS / reason).read_text("utf-8")
