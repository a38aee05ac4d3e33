"""Assertion status: whether a sentence states, denies or merely supposes a claim.

The sentence is parsed, with every mention replaced by a plain noun, since parsers stumble over
chemical names. Only words on the grammatical way between the two ends of the claim, and the
clauses above it, can deny or hedge it: "A reduced B but did not change C" denies nothing of A
and B. When in doubt a claim is not denied: a false denial does more harm than a missed one.
"""

from __future__ import annotations

import functools
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

import simplemma

from extraction.grammar import (
    Way,
    ends_before,
    has_no,
    is_aside,
    is_contrasted,
    is_negated,
    is_verb,
)
from extraction.parsing import load_english
from kg import Certainty, Polarity

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

Span: TypeAlias = tuple[int, int]  # start and end in characters of the sentence

# Mass nouns that no parser takes for a verb or an adjective.
_MASKS = ("insulin", "glucose", "cortisol", "heparin", "serotonin", "dopamine")


class AssertionStatus(NamedTuple):
    """What a sentence says of one claim."""

    polarity: Polarity
    certainty: Certainty


@dataclass(frozen=True, slots=True)
class Question:
    """A claim in its sentence.

    Attributes:
        sentence: the text of the sentence.
        subject: spans of the mentions of one end of the claim, possibly none.
        object: spans of the mentions of the other end, possibly none.
        mentions: spans of all mentions in the sentence; may include those of the claim.
    """

    sentence: str
    subject: tuple[Span, ...]
    object: tuple[Span, ...]
    mentions: tuple[Span, ...] = ()


class Assertion:
    """Assesses claims in their sentences."""

    def __init__(self) -> None:
        self._nlp = load_english()
        text = files("extraction").joinpath("cues.toml").read_text(encoding="utf-8")
        self._cues = {name: frozenset(words) for name, words in tomllib.loads(text).items()}

    def assess(
        self,
        sentence: str,
        subject: Sequence[Span],
        object_: Sequence[Span],
        mentions: Sequence[Span] = (),
    ) -> AssertionStatus:
        """Assess one claim; see `Question` for the arguments."""
        question = Question(sentence, tuple(subject), tuple(object_), tuple(mentions))
        return self.assess_all([question])[0]

    def assess_all(self, questions: Sequence[Question]) -> list[AssertionStatus]:
        """Assess many claims; each different sentence is parsed once.

        The answers for the same questions in the same order are the same, to the letter; a claim
        with an end that is not in the sentence is judged by the clause of the other end.
        """
        masked = [_mask(question) for question in questions]
        texts = list(dict.fromkeys(text for text, _ in masked))
        # In a zone of its own the words of a sentence are forgotten with it, so that spaCy's
        # vocabulary does not grow with the corpus.
        with self._nlp.memory_zone():
            docs = dict(zip(texts, self._nlp.pipe(texts), strict=True))
            return [
                self._assess(docs[text], question, places)
                for question, (text, places) in zip(questions, masked, strict=True)
            ]

    def _assess(self, doc: Doc, question: Question, places: dict[Span, int]) -> AssertionStatus:
        starts = _nearest(question, places)
        tokens = [token for start in starts for token in doc if token.idx == start]
        if not tokens:
            return AssertionStatus(Polarity.SUPPORTS, Certainty.STATED)
        way = Way(tokens[0], tokens[-1])
        return AssertionStatus(
            Polarity.DENIES if self._is_denied(way) else Polarity.SUPPORTS,
            Certainty.HEDGED if self._is_hedged(way) else Certainty.STATED,
        )

    def _is(self, token: Token, *kinds: str) -> bool:
        forms = _forms(token.lower_)
        return any(not forms.isdisjoint(self._cues[kind]) for kind in kinds)

    def _is_denied(self, way: Way) -> bool:
        return (
            any(self._denies_end(end) for end in way.ends)
            or any(
                self._denies(token) and not ends_before(token, way.ends)
                for token in way.between
                if token not in way.ends
            )
            or any(self._denies_meeting(token, way) for token in way.raised)
            or any(self._denies_clause(token) for token in way.above)
        )

    def _denies_end(self, end: Token) -> bool:
        """The end itself is said not to be there: "no S", "neither A nor S", "A but not S"."""
        return is_contrasted(end) or (end.dep_ != "pobj" and has_no(end))

    def _denies(self, token: Token) -> bool:
        """A token between the ends says that nothing holds: "had no effect on", "failed to"."""
        if self._is(token, "failing"):
            return any(child.dep_ == "xcomp" for child in token.children)
        if token.lower_ == "without":
            return is_verb(token.head)
        if is_negated(token):
            return not is_aside(token)
        return self._is(token, "negative") or has_no(token) or self._is_absent(token)

    def _is_absent(self, token: Token) -> bool:
        """Whether a token is what is lacking: "lack of effect"; "in the absence of" is none."""
        of = token.head
        return (
            token.dep_ == "pobj"
            and of.lower_ == "of"
            and self._is(of.head, "absent")
            and of.head.dep_ != "pobj"
        )

    def _denies_meeting(self, token: Token, way: Way) -> bool:
        """What stands above the noun in which the ends meet: "no association between S and O"."""
        if way.coordinated and self._is(token, "comparing"):
            return False  # two that do not differ are still compared
        if is_verb(token):
            said = {child.dep_: child for child in token.children}
            finds = self._is(token, "finding") or "expl" in said
            significant = "acomp" in said and self._is(said["acomp"], "significant")
            return is_negated(token) and (finds or significant)
        # "In the absence of S, O rose" denies nothing.
        lacking = self._is(token, "absent") and token.dep_ != "pobj"
        return has_no(token) or self._is_absent(token) or lacking

    def _denies_clause(self, token: Token) -> bool:
        """A governor denies the clause below it: "no evidence that", "did not find that"."""
        if is_verb(token):
            raises = any(child.dep_ == "xcomp" for child in token.children)
            return is_negated(token) and (raises or self._is(token, "finding"))
        return has_no(token) or self._is(token, "absent")

    def _is_hedged(self, way: Way) -> bool:
        acting = [token for token in way.between if token not in way.ends]
        acting += [*way.raised, *way.above]
        return (
            any(self._hedges(token) for token in [*acting, *way.sharing, *way.ends])
            or any(self._is(token, "doubtful", "supposing") for token in acting)
            # "The effect of S on O was examined" asks, and does not answer yet.
            or any(is_verb(token) and self._is(token, "asking") for token in [way.verb, *way.above])
        )

    def _hedges(self, token: Token) -> bool:
        return any(
            (child.tag_ == "MD" and self._is(child, "modal"))
            or (child.dep_ in {"advmod", "amod", "acomp"} and self._is(child, "doubtful"))
            or (child.dep_ == "mark" and self._is(child, "clause"))
            for child in token.children
        )


@functools.lru_cache(maxsize=50_000)
def _forms(word: str) -> frozenset[str]:
    return frozenset({word, simplemma.lemmatize(word, lang="en")})


def _mask(question: Question) -> tuple[str, dict[Span, int]]:
    """The sentence with its mentions masked, and where each one's mask starts."""
    spans = {*question.subject, *question.object, *question.mentions}
    text, parts, length, places = question.sentence, [], 0, {}
    end, start_of_mask = 0, 0
    for number, span in enumerate(sorted(spans, key=lambda span: (span[0], -span[1]))):
        if span[0] < end:
            places[span] = start_of_mask  # inside, or over the edge of, the mention before it
            continue
        noun = _MASKS[number % len(_MASKS)]
        before = text[end : span[0]]
        start_of_mask = length + len(before)
        parts += [before, noun if start_of_mask else noun.capitalize()]
        places[span] = start_of_mask
        length = start_of_mask + len(noun)
        end = span[1]
    return "".join([*parts, text[end:]]), places


def _nearest(question: Question, places: dict[Span, int]) -> tuple[int, ...]:
    """Where the two ends start that are nearest to each other, or the only ones there are."""
    if question.subject and question.object:
        pairs = [(places[s], places[o]) for s in question.subject for o in question.object]
        return min(pairs, key=lambda pair: (pair[0] == pair[1], abs(pair[0] - pair[1]), pair))
    return tuple(sorted(places[span] for span in question.subject or question.object)[:1])
