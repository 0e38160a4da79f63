import re
from dataclasses import dataclass, field

import numpy as np
import pytest

from voicenb.emulator.ears.keyterms import corrected
from voicenb.emulator.expected import expected

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


@pytest.mark.parametrize(
    "keyterms",
    [
        pytest.param(UNRELATED, id="fifty"),
        pytest.param(CARDS, id="cards", marks=pytest.mark.campaign),
        pytest.param(UNRELATED + CARDS, id="both", marks=pytest.mark.campaign),
    ],
)
def test_the_austen_clips_get_no_worse_with_unrelated_keyterms(moonshine, clips, keyterms):
    assert len(UNRELATED) == 50
    assert clips.wrong(moonshine, "austen", keyterms) <= clips.wrong(moonshine, "austen")


@pytest.mark.campaign
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


EVENING = expected("There is 19:00 or 20:30 on Friday. Which one?")


def test_what_was_offered_is_heard_in_what_sounds_like_it():
    judge = Judge({"Half past eight, please.": -4.0})
    for heard in ("Have a past day, please.", "At past eight, please.", "Past eight, please."):
        assert corrected(heard, (), judge, EVENING) == "Half past eight, please."
    assert corrected("I have passed the date.", (), judge, EVENING) == "I have passed the date."


def test_what_was_offered_must_be_likelier_than_a_keyterm():
    judge = Judge({"Half past eight, please.": -7.0})
    assert corrected("At past eight, please.", (), judge, EVENING) == "At past eight, please."
    assert corrected("At past eight, please.", ["half past eight"], judge) == "Half past eight, please."


@pytest.mark.parametrize(
    "heard",
    [
        "Eleven o'clock, please.",
        "Half past six.",
        "Nine thirty, please.",
        "Thursday, please.",
        "No, seventy.",
    ],
)
def test_a_value_that_was_heard_is_not_lost_to_what_was_offered(heard):
    class Eager(Judge):
        def gain(self, text):
            return 0.0

    said = corrected(heard, (), Eager(), EVENING)
    assert {*words_of(heard)} - {"please"} <= {*words_of(said)}


def words_of(text):
    return re.findall(r"[a-z']+", text.lower())


def test_what_was_offered_touches_no_keyterm_and_no_case():
    judge = Judge({"Half past eight, please.": 0.0, "the later one": 0.0, "The later one": 0.0})
    assert corrected("Past Ate, please.", ["Past Ate"], judge, EVENING) == "Past Ate, please."
    assert corrected("THE LATER ONE", (), judge, EVENING) == "THE LATER ONE"


def test_the_clips_are_heard_the_same_whatever_was_offered(moonshine, clips):
    offered = expected("On which day? There is seven, half past nine or 20:30. Which one?")
    for samples in clips.samples.values():
        assert moonshine.transcribe(samples, (), offered) == moonshine.transcribe(samples)


@pytest.mark.parametrize("voice", ["michael", "ivy"])
def test_a_time_that_was_offered_is_heard_though_its_first_sound_is_held_back(
    moonshine, spoken, clips, voice
):
    said = "Half past eight, please."
    samples = spoken(said, voice)
    onset = int(np.flatnonzero(np.abs(samples) > 0.02)[0])
    samples[: onset + 1600] *= 0.03  # 0.1 s, as echo cancellation does while the agent is heard
    assert clips.errors(said, moonshine.transcribe(samples, (), EVENING)) == 0
    assert clips.errors(said, moonshine.transcribe(samples)) > 0


def test_an_example_is_heard_in_a_short_answer_and_in_nothing_longer():
    judge = Judge({"Anna.": -3.0, "My name is Anna and I would like a table.": 0.0})
    assert corrected("And it.", (), judge, ["e.g. Anna"]) == "Anna."
    longer = "My name is and it and I would like a table."
    assert corrected(longer, (), judge, ["e.g. Anna"]) == longer


def test_an_example_must_be_likelier_than_what_was_offered():
    judge = Judge({"Anna.": -4.0})
    assert corrected("And it.", (), judge, ["e.g. Anna"]) == "And it."
    assert corrected("And it.", (), judge, ["Anna"]) == "Anna."


@pytest.mark.parametrize("days", [("Thursday",), ("e.g. Thursday",)])
def test_a_first_day_is_a_thursday_where_that_is_as_likely_as_an_example_must_be(days):
    assert corrected("First day.", (), Judge({"Thursday.": -3.0}), days) == "Thursday."
    assert corrected("First day.", (), Judge({"Thursday.": -4.0}), days) == "First day."
    assert corrected("First.", (), Judge({"Thursday.": -3.0}), days) == "First."


@pytest.mark.parametrize("voice", ["james", "ivy", "michael"])
@pytest.mark.parametrize("said", ["Thursday", "first day", "the first one"])
def test_a_first_day_that_was_said_stays_one(moonshine, answered, clips, voice, said):
    days = expected("On which day?")
    assert clips.errors(said, moonshine.transcribe(answered(said, voice), (), days)) == 0


def test_an_example_takes_no_value_and_no_other_examples_place():
    class Eager(Judge):
        def gain(self, text):
            return 0.0

    examples = ["e.g. Jess", "e.g. Anna", "e.g. Hannah"]
    assert corrected("Yes.", (), Eager(), examples) == "Yes."
    assert corrected("Hannah.", (), Eager(), examples) == "Hannah."


SHORT = {
    # what is said: the examples that a tool gives
    "Anna Schmidt": ("Anna Schmidt", "Peter Meyer", "Tom Baker"),
    "Peter": ("Peter", "Maria", "Tom"),
    "Maria": ("Maria", "Peter", "Marina"),
    "Thursday": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
    "Paris": ("Paris", "Berlin", "Hamburg"),
    "Hamburg": ("Paris", "Berlin", "Hamburg"),
    "brake pads": ("brake pads", "chain", "tyre"),
}
OTHERS = {
    "Tommy": "Tom",
    "John": "Tom",
    "Marina": "Maria",
    "Julian": "Julia",
    "Davis": "David",
    "Boston": "Austin",
    "return": "refund",
    "cooking": "booking",
    "chair": "chain",
    "Sandra Jones": "Sarah Jones",
}
"""Answers that are heard well, each with an example that sounds much like it."""


VOICES = ("james", "ivy", "michael")


def test_short_answers_are_heard_with_examples(moonshine, answered, clips):
    alone, helped = 0, 0
    for voice in VOICES:
        for said, examples in SHORT.items():
            samples = answered(said, voice)
            alone += clips.errors(said, moonshine.transcribe(samples)) == 0
            helped += clips.errors(said, moonshine.transcribe(samples, (), told(examples))) == 0
    assert helped >= 0.7 * len(VOICES) * len(SHORT)
    assert helped >= alone + 3


@pytest.mark.campaign
def test_other_answers_stay_though_they_sound_much_like_an_example(moonshine, answered):
    changed = [
        (said, voice)
        for voice in VOICES
        for said, example in OTHERS.items()
        if (heard := moonshine.transcribe(answered(said, voice))).strip(".").lower() == said.lower()
        and moonshine.transcribe(answered(said, voice), (), told([example])) != heard
    ]
    assert len(changed) <= 1


def told(examples):
    return tuple(f"e.g. {example}" for example in examples)


@pytest.fixture
def answered(spoken):
    """A short answer as a session cuts it out: a third of a second of silence before, a tenth behind."""

    def answer(text, voice):
        sound = spoken(f"{text}.", voice)
        heard = np.flatnonzero(np.abs(sound) > 0.01)
        return np.pad(sound[heard[0] : heard[-1] + 1], (5600, 1600))

    return answer


def test_the_clips_are_heard_the_same_whatever_the_examples(moonshine, clips):
    examples = tuple(f"e.g. {term}" for term in UNRELATED[:24])
    for samples in clips.samples.values():
        assert moonshine.transcribe(samples, (), examples) == moonshine.transcribe(samples)
