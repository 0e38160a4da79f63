from voicenb.turn_taking.completeness import Utterance, Words
from voicenb.turn_taking.question import NEVER, Question


def test_words_are_judged_once_until_there_are_new_ones() -> None:
    question = Question()
    question.hear("Yes and", until=2.0)
    assert question.due(2.0)
    question.ask(Words(), 1.0, 2.0)
    assert (question.complete_at, question.due(2.0)) == (NEVER, False)
    question.hear("Yes and no", until=2.0)
    assert question.due(2.0)
    question.ask(Words(), 1.4, 2.0)
    assert question.complete_at == 1.4


def test_ears_may_lack_two_frames_and_no_more() -> None:
    question = Question()
    question.hear("Yes", until=2.0)
    assert question.due(2.064)
    assert not question.due(2.07)


def test_another_silence_is_another_question_about_the_same_words() -> None:
    question = Question()
    question.hear("Yes", until=NEVER)
    question.ask(Words(), 1.0, 2.0)
    question.renew()
    assert question.complete_at == NEVER
    assert question.due(9.0)
    question.forget()
    assert not question.has_words
    assert not question.due(9.0)


def test_a_judge_is_told_how_the_words_grew() -> None:
    class Judge:
        def looks_complete(self, utterance: Utterance) -> bool:
            asked.append(utterance)
            return False

    asked: list[Utterance] = []
    question = Question()
    question.hear("Yes", until=1.5, now=1.75)
    question.hear("Yes and no", until=2.0, now=2.5)
    question.ask(Judge(), 1.0, 2.0)
    assert asked[0].text == "Yes and no"
    assert asked[0].said == ((-0.25, "Yes"), (0.5, "Yes and no"))
    question.forget()
    assert question.said(2.0) == ()
