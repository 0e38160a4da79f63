import pytest

from voicenb.errors import InvalidConfiguration, MissingExtra
from voicenb.testing.placed import read_placed

JSON = """
{"a": [1, "two", {"b": null}],
 "c": "x\\ny", "d": {}, "e": [],
 "f": -1.5e3, "g": true}
"""
YAML = """
a: [1, two, {b: null}]
c: "x\\ny"
d: {}
e: []
f: -1500.0
g: true
"""


def plain(placed):
    if isinstance(placed.value, list):
        return [plain(each) for each in placed.value]
    if isinstance(placed.value, dict):
        return {name: plain(each) for name, each in placed.value.items()}
    return placed.value


@pytest.mark.parametrize(("name", "text"), [("a.json", JSON), ("a.yaml", YAML), ("a.YML", YAML)])
def test_values_and_their_lines(tmp_path, name, text):
    (tmp_path / name).write_text(text)
    found = read_placed(tmp_path / name)
    assert plain(found) == {
        "a": [1, "two", {"b": None}],
        "c": "x\ny",
        "d": {},
        "e": [],
        "f": -1500.0,
        "g": True,
    }
    assert found.line == 2
    assert [found.value[each].line for each in "ac"] == [2, 3]


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("a.json", '{"a": 1,\n "b" 2}', "line 2: this is no JSON"),
        ("a.json", "", "line 1: this is no JSON"),
        ("a.json", '{"a": 1,\n "a": 2}', "line 2: 'a' stands here twice"),
        ("a.json", "[" * 30 + "]" * 30, "line 1: this nests too deep"),
        ("a.json", "[" * 100_000, "line 1: this is no JSON"),
        ("a.yaml", "a: 1\nb: [1, 2", "line 2: this is no YAML"),
        ("a.yaml", "a: 1\na: 2", "line 2: 'a' stands here twice"),
        ("a.yaml", "", "line 1: there is nothing"),
        ("a.yaml", "a: 1\n---\nb: 2", "line 2: this is no YAML"),
        ("a.yaml", "a: 1\nb: !!python/name:os.system x", "line 2: this is no YAML"),
        ("a.yaml", "a:\n  [1, 2]: 3", "line 2: a name is a word"),
        ("a.yaml", "a: 1\nb: 2024-13-45", "line 2: '2024-13-45' cannot be read"),
        ("a.yaml", "a: &x [*x]", "line 1: this nests too deep"),
        ("a.yaml", "a: \x07", "line 1: this is no YAML"),
        ("a.txt", "a: 1", "neither JSON nor YAML"),
    ],
)
def test_what_cannot_be_read_names_the_file_and_the_line(tmp_path, name, text, told):
    (tmp_path / name).write_text(text)
    with pytest.raises(InvalidConfiguration) as caught:
        read_placed(tmp_path / name)
    assert told in caught.value.message
    assert name in caught.value.message


def test_a_file_that_says_the_same_without_end(tmp_path):
    lines = ["a: &a [x, x, x, x, x, x, x, x, x, x]"]
    lines += [
        f"{name}: &{name} [{', '.join([f'*{before}'] * 10)}]"
        for before, name in zip("abcdef", "bcdefg", strict=True)
    ]
    (tmp_path / "a.yaml").write_text("\n".join(lines))
    with pytest.raises(InvalidConfiguration, match="says the same too often"):
        read_placed(tmp_path / "a.yaml")


def test_files_that_are_none(tmp_path):
    with pytest.raises(InvalidConfiguration, match="cannot be read"):
        read_placed(tmp_path / "none.yaml")
    (tmp_path / "a.json").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(InvalidConfiguration, match="is no text"):
        read_placed(tmp_path / "a.json")


def test_without_pyyaml_yaml_is_not_read(tmp_path, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "yaml", None)
    (tmp_path / "a.yaml").write_text("a: 1")
    with pytest.raises(MissingExtra) as caught:
        read_placed(tmp_path / "a.yaml")
    assert "voicenb[yaml]" in caught.value.remedy
    (tmp_path / "a.json").write_text("[1]")
    assert plain(read_placed(tmp_path / "a.json")) == [1]
