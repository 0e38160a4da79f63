from dataclasses import dataclass, field

import pytest

from voicenb.emulator.ears.keyterms import corrected

_CARDS = "ace|two|three|four|five|six|seven|eight|nine|ten|jack|queen|king|clubs|spades|hearts|diamonds"
CARDS = _CARDS.split("|")

_UNRELATED = (
    "Lido|gnocchi|Anthropic|AssemblyAI|Kubernetes|Xarelto|Ozempic|Siobhan|Nguyen|Okafor|Zelensky|"
    "Postgres|Terraform|Grafana|Worcestershire|bruschetta|Chianti|Penelope Achterberg|Tagliatelle|"
    "Schwarzenbach|Wojciech|Metformin|Lisinopril|Kieran|Dmitri|Quetzal|Yosemite|Raj Patel|"
    "Bodega Bay|Saoirse|JupyterLab|Moonshine|Piper|Silero|Vercel|Cabernet|Ibuprofen|Hyundai Ioniq|"
    "Fraunhofer|Eyjafjallajokull|Lufthansa|Zurich|Pfizer|Rivaroxaban|Tchaikovsky|Edinburgh|"
    "tiramisu|Pinot Grigio|Sauvignon|Huang"
)
UNRELATED = _UNRELATED.split("|")

NAMES = {
    "Our cluster runs on Kubernetes and Postgres.": ["Kubernetes"],
    "The doctor gave me Xarelto and Metformin.": ["Xarelto", "Metformin"],
    "My name is Nguyen and I have a booking.": ["Nguyen"],
    "I would like the gnocchi, please.": ["gnocchi"],
    "The talk was given at Fraunhofer.": ["Fraunhofer"],
    "JupyterLab opens on port eighty.": ["JupyterLab"],
    "They played Tchaikovsky all evening.": ["Tchaikovsky"],
    "My flight with Lufthansa goes to Zurich.": ["Lufthansa", "Zurich"],
}
"""Sentences with names that are seldom heard without help."""

ORDINARY = [
    "My leader said that we should close the door.",
    "I have no keys and the power is out.",
    "He wore gloves because it was cold.",
    "They are playing jazz at the club tonight.",
    "Can I change my booking to Saturday?",
    "What time does the kitchen close?",
]


@dataclass
class Judge:
    """Finds every text as likely as told, else far less likely."""

    gains: dict[str, float] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def gain(self, text):
        self.asked.append(text)
        return self.gains.get(text, -50.0)

    def pieces(self, text):
        return len(text.split())


def test_the_card_clips_have_at_most_one_wrong_word_with_ranks_and_suits(moonshine, clips):
    assert clips.wrong(moonshine, "cards", CARDS) <= 1


def test_the_austen_clips_get_no_worse_with_fifty_unrelated_keyterms(moonshine, clips):
    assert len(UNRELATED) == 50
    for keyterms in (UNRELATED, CARDS, UNRELATED + CARDS):
        assert clips.wrong(moonshine, "austen", keyterms) <= clips.wrong(moonshine, "austen")


def test_most_names_are_heard_with_their_keyterms_among_fifty_and_none_that_were_not_said(moonshine, spoken):
    wanted, alone, helped = 0, 0, 0
    for number, (sentence, names) in enumerate(NAMES.items()):
        samples = spoken(sentence, ("ivy", "michael")[number % 2])
        plain, heard = moonshine.transcribe(samples), moonshine.transcribe(samples, UNRELATED)
        wanted += len(names)
        alone += sum(name in plain for name in names)
        helped += sum(name in heard for name in names)
        assert not [name for name in UNRELATED if name in heard and name not in sentence], heard
    assert alone <= 0.4 * wanted
    assert helped >= 0.8 * wanted


@pytest.mark.parametrize("sentence", ORDINARY)
def test_ordinary_words_that_sound_like_keyterms_stay(moonshine, spoken, sentence):
    samples = spoken(sentence, "michael")
    assert moonshine.transcribe(samples, [*UNRELATED, *CARDS]) == moonshine.transcribe(samples)


def test_a_keyterm_across_the_borders_of_words():
    judge = Judge({"I work for Anthropic, you know.": -3.0})
    assert (
        corrected("I work for anthrop pick, you know.", ["Anthropic"], judge)
        == "I work for Anthropic, you know."
    )


def test_what_does_not_sound_alike_is_not_even_weighed():
    judge = Judge()
    assert corrected("The weather is nice.", ["Kubernetes"], judge) == "The weather is nice."
    assert judge.asked == []


def test_what_sounds_alike_but_is_unlikely_stays():
    judge = Judge({"He wore clubs today.": -12.5})
    assert corrected("He wore gloves today.", ["clubs"], judge) == "He wore gloves today."
    assert "He wore clubs today." in judge.asked


def test_the_likeliest_of_changes_that_overlap_is_made_and_others_beside_it():
    judge = Judge({"Queen of clubs and hearts": 0.0, "Queen of clubs hearts": -9.0})
    assert corrected("Queen of gloves and hearts", ["clubs", "hearts"], judge) == "Queen of clubs and hearts"


def test_keyterms_that_were_heard_are_left_alone():
    judge = Judge()
    assert corrected("Ten of clubs, seven of spades.", CARDS, judge) == "Ten of clubs, seven of spades."
    assert not [text for text in judge.asked if "clubs" not in text or "spades" not in text]


def test_marks_possessives_and_first_letters_are_kept():
    judge = Judge({'"Gnocchi," he said.': 0.0, "That is Nguyen's car.": 0.0})
    assert corrected('"Nyocki," he said.', ["gnocchi"], judge) == '"Gnocchi," he said.'
    assert corrected("That is Newian's car.", ["Nguyen"], judge) == "That is Nguyen's car."


def test_names_are_written_as_the_keyterm_writes_them():
    judge = Judge({"Ask AssemblyAI now.": -6.0, "Ask Piper now.": -2.0})
    assert corrected("Ask Assembly AI now.", ["AssemblyAI"], judge) == "Ask AssemblyAI now."
    assert corrected("Ask piper now.", ["Piper"], judge) == "Ask Piper now."


@pytest.mark.parametrize("keyterms", [[], [""], ["  "], ["😀"], ["北京"], ["x" * 300]])
@pytest.mark.parametrize("text", ["", "Hello there.", "... !", "12 of 3"])
def test_odd_keyterms_and_texts_change_nothing(text, keyterms):
    assert corrected(text, keyterms, Judge()) == text
