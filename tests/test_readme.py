"""What the README links to is there, and its commands are the ones that work."""

import re
from pathlib import Path

import pytest

import voicenb

CHECKOUT = Path(__file__).parents[1]
README = (CHECKOUT / "README.md").read_text("utf-8")


@pytest.mark.parametrize("path", re.findall(r'(?:src|srcset)="([^"]+)"', README))
def test_pictures_are_there(path):
    assert (CHECKOUT / path).read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize("path", sorted(set(re.findall(r"`((?:notebooks|tests|\.ci)/[\w./-]+)`", README))))
def test_files_that_it_names_are_there(path):
    assert (CHECKOUT / path).exists()


def test_the_two_commands():
    assert 'pip install ".[lab]" && voicenb demo\n' in README
    assert 'pip install ".[test]" && pytest\n' in README


def test_every_name_that_it_uses_exists():
    assert set(re.findall(r"\bvn\.([A-Za-z_]+)", README)) <= set(voicenb.__all__)
