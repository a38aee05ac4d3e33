"""Assertion status: denied, hedged and stated claims in sentences written for this test.

[brackets] mark the subject and {braces} the object of the claim.
"""

import re
import time

import pytest

from extraction.assertion import Assertion, AssertionStatus, Question
from kg import Certainty, Polarity

S, D = Polarity.SUPPORTS, Polarity.DENIES
T, H = Certainty.STATED, Certainty.HEDGED

SENTENCES = [
    ("[Drug A] reduced {blood pressure}.", S, T),
    ("[Aspirin] did not reduce {tumour growth} in mice.", D, T),
    ("No association was found between [smoking] and {asthma}.", D, T),
    ("[Nifedipine] reduced {pain} but did not change fever.", S, T),
    ("[Nifedipine] reduced pain but did not change {fever}.", D, T),
    ("[Fish oil] may reduce {blood viscosity}.", S, H),
    ("These results suggest that [magnesium] prevents {migraine}.", S, H),
    ("[Aspirin] failed to lower {blood pressure}.", D, T),
    ("[Aspirin] had no effect on {blood pressure}.", D, T),
    ("A possible role of [serotonin] in {migraine} was examined.", S, H),
    ("In patients without diabetes, [metformin] reduced {cancer} risk.", S, T),
    ("[Metformin], which does not cross the membrane, reduced {glucose}.", S, T),
    ("We hypothesised that [eicosapentaenoic acid] lowers {platelet aggregation}.", S, H),
    ("There was no evidence that [vitamin C] prevents {colds}.", D, T),
    ("[Vitamin C] was not associated with {asthma}.", D, T),
    ("[IL-6] was not only raised but also drove {inflammation}.", S, T),
    ("Neither [ibuprofen] nor paracetamol altered {platelet aggregation}.", D, T),
    ("[Lithium] caused {hypothyroidism} in three patients.", S, T),
    ("[Lithium] might cause {hypothyroidism}.", S, H),
    ("It is possible that [lithium] causes {hypothyroidism}.", S, H),
    ("[Ketanserin] improved {Raynaud phenomenon} without affecting heart rate.", S, T),
    ("[Ketanserin] improved Raynaud phenomenon without affecting {heart rate}.", D, T),
    ("[Prostacyclin] inhibits {platelet aggregation} and may be useful in stroke.", S, T),
    ("Absence of an association between [BRCA1] and {lung cancer} was confirmed.", D, T),
    ("The lack of effect of [zinc] on {acne} surprised us.", D, T),
    ("[TP53] mutations are common in {colon cancer}.", S, T),
    ("Whether [statins] cause {myopathy} remains unclear.", S, H),
    ("[Statins] appear to lower {stroke} risk.", S, H),
    ("[Statins] could lower {dementia} risk.", S, H),
    ("In mice that were not fed, [leptin] reduced {appetite}.", S, T),
    ("[Caffeine] probably triggers {headache}.", S, H),
    ("[Haloperidol] induced {catalepsy}, whereas clozapine did not.", S, T),
    ("Haloperidol induced {catalepsy}, whereas [clozapine] did not.", D, T),
    ("The aim was to determine whether [folate] prevents {anencephaly}.", S, H),
    ("[Folate] deficiency is not uncommon in {alcoholism}.", S, T),
    ("Contrary to earlier reports, [estrogen] does not prevent {dementia}.", D, T),
    ("We found that [estrogen] protects against {osteoporosis}.", S, T),
    ("[Estrogen] is a potential treatment of {schizophrenia}.", S, H),
    ("[Cisplatin] caused {nephrotoxicity}, which was not reversed by saline.", S, T),
    ("[Rofecoxib] was unrelated to {stroke}.", D, T),
    ("Patients who did not respond to aspirin had less {pain} with [morphine].", S, T),
    ("The [MTHFR C677T] variant is unlikely to cause {stroke}.", D, H),
    ("[Warfarin] cannot prevent {embolism}.", D, T),
    ("[Levodopa] treats {Parkinson disease} and is thought to act through dopamine.", S, T),
    ("No significant correlation existed between [ghrelin] and {body weight}.", D, T),
    ("There was no significant difference in {mortality} between [aspirin] and placebo.", D, T),
    ("[Tamoxifen] blocks the {estrogen receptor} in cells that cannot be cultured.", S, T),
    ("[Verapamil] perhaps relieves {cluster headache}.", S, H),
    ("[BRCA2] but not BRCA1 contributes to {melanoma}.", S, T),
    ("BRCA2 but not [BRCA1] contributes to {melanoma}.", D, T),
    ("Sulpiride did not affect the [estradiol]-induced {LH} surge.", S, T),
    ("Rates of nausea did not differ between [olanzapine] and {risperidone}.", S, T),
    ("We did not find that [vitamin E] lowers {mortality}.", D, T),
    ("It was not surprising that [morphine] relieved {pain}.", S, T),
    ("In patients who did not receive [aspirin], {stroke} was common.", S, T),
    ("The mutant failed to grow, suggesting that [iodide] causes {goitre}.", S, H),
    ("In the absence of [insulin], {glucose} rose.", S, T),
    ("Lack of [vitamin C] causes {scurvy}.", S, T),
    ("{Fever} was unaffected by [ibuprofen].", D, T),
    ("[Ergotamine] may relieve {migraine} and worsen nausea.", S, H),
    ("[Ergotamine] may relieve migraine and worsen {nausea}.", S, H),
    ("[Ergotamine] did not relieve {pain} or nausea.", D, T),
    ("[Ergotamine] did not relieve pain or {nausea}.", D, T),
    ("[Ergotamine] did not relieve pain but reduced {nausea}.", S, T),
]


@pytest.fixture(scope="module")
def assertion() -> Assertion:
    """One parser for all tests of this file."""
    return Assertion()


def _question(marked: str) -> Question:
    """The question of a marked sentence, its marks taken out."""
    spans, plain, opened = {}, "", 0
    for part in re.split(r"([\[\]{}])", marked):
        if part in {"[", "{"}:
            opened = len(plain)
        elif part in {"]", "}"}:
            spans[part] = (opened, len(plain))
        else:
            plain += part
    return Question(plain, (spans["]"],), (spans["}"],))


def test_most_sentences_are_judged_right(assertion: Assertion) -> None:
    """Nineteen of twenty claims get the right status, and at most one is falsely denied."""
    answers = assertion.assess_all([_question(marked) for marked, _, _ in SENTENCES])
    wrong = [
        f"{answer} instead of {polarity}, {certainty}: {marked}"
        for answer, (marked, polarity, certainty) in zip(answers, SENTENCES, strict=True)
        if answer != (polarity, certainty)
    ]
    falsely_denied = [
        marked
        for answer, (marked, polarity, _) in zip(answers, SENTENCES, strict=True)
        if answer.polarity is D and polarity is S
    ]
    print(f"{len(SENTENCES) - len(wrong)} of {len(SENTENCES)} right", *wrong, sep="\n")  # noqa: T201
    assert len(wrong) <= len(SENTENCES) // 20
    assert len(falsely_denied) <= 1


@pytest.mark.parametrize(
    ("marked", "polarity"),
    [
        ("[Nifedipine] reduced {pain} but did not change fever.", S),
        ("[Nifedipine] reduced pain but did not change {fever}.", D),
    ],
)
def test_a_denial_reaches_only_its_own_clause(
    assertion: Assertion, marked: str, polarity: Polarity
) -> None:
    """The word "but" ends the reach of "not", before it and behind it."""
    question = _question(marked)
    assert assertion.assess(question.sentence, question.subject, question.object)[0] is polarity


def test_other_mentions_help_the_parser(assertion: Assertion) -> None:
    """Names of other entities are masked too, so that odd ones do not break the parse."""
    text = "des-Arg10-HOE 140 did not reduce (R)-alpha-methylhistamine in 5-HT2A cells."
    subject, object_, other = (0, 17), (33, 60), (64, 70)
    assert text[slice(*subject)] == "des-Arg10-HOE 140"
    answer = assertion.assess(text, [subject], [object_], [subject, object_, other])
    assert answer == AssertionStatus(D, T)


def test_a_claim_without_ends_is_taken_as_stated(assertion: Assertion) -> None:
    """Where a sentence names neither end, nothing in it can deny the claim."""
    assert assertion.assess("It did not.", [], []) == (S, T)


def test_one_end_is_judged_by_its_clause(assertion: Assertion) -> None:
    """Where a sentence names one end only, its clause decides."""
    assert assertion.assess("It may cause headache.", [], [(13, 21)])[1] is H


def test_overlapping_and_nested_mentions_are_masked_once(assertion: Assertion) -> None:
    """A mention inside another one stands where the outer one stands."""
    text = "Breast cancer was not treated with aspirin."
    answer = assertion.assess(text, [(35, 42)], [(7, 13)], [(0, 13), (7, 13), (35, 42)])
    assert answer.polarity is D


def test_the_same_questions_get_the_same_answers_however_grouped(assertion: Assertion) -> None:
    """One at a time or all at once makes no difference."""
    questions = [_question(marked) for marked, _, _ in SENTENCES]
    assert assertion.assess_all(questions) == [assertion.assess_all([q])[0] for q in questions]


def test_assertion_is_no_bottleneck(assertion: Assertion) -> None:
    """A hundred different sentences take less than two seconds of one core's time."""
    questions = [
        Question(f"Group {n}: {q.sentence}", (_shift(q.subject[0], n),), (_shift(q.object[0], n),))
        for n in range(100)
        for q in [_question(SENTENCES[n % len(SENTENCES)][0])]
    ]
    assertion.assess_all(questions[:10])
    started = time.thread_time()  # what other threads and processes take is not counted
    assertion.assess_all(questions)
    assert time.thread_time() - started < 2


def _shift(span: tuple[int, int], number: int) -> tuple[int, int]:
    by = len(f"Group {number}: ")
    return span[0] + by, span[1] + by
