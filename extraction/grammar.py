"""The grammatical way between the two ends of a claim in a parsed sentence.

The shortest dependency path between two entities holds most of what a sentence says of the two
(Bunescu & Mooney 2005, https://aclanthology.org/H05-1091/). Tokens are spaCy's.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from spacy.tokens import Token

_VERBS = frozenset({"VERB", "AUX"})
_SUBORDINATE = frozenset({"ccomp", "xcomp", "acl", "csubj", "csubjpass"})
_IN_COMPOUND = frozenset({"amod", "compound", "nmod", "npadvmod", "poss"})
_PARTICIPANTS = frozenset({"nsubj", "nsubjpass", "attr", "dobj"})
_NAMED_BY_CLAUSE = frozenset({"attr", "appos"})
_NOT = frozenset({"n't", "never", "not"})
_CONTRAST_WORDS = 4
_FOCUS = frozenset({"just", "merely", "only"})


class Way:
    """The way from one end of a claim to the other, and what stands above it.

    Attributes:
        ends: the tokens of the two ends.
        between: tokens that say what holds between them, the ends included.
        raised: where the ends meet in a noun ("association between S and O"), the tokens from
            there to the verb of the clause, and the nouns of which that verb says it.
        verb: the verb of the clause; the token where the ends meet if there is none.
        above: governors of the clause, nearest first.
        sharing: verbs passed over whose auxiliaries still reach the claim ("may cause and S").
        coordinated: whether the ends stand side by side ("between S and O").
    """

    def __init__(self, first: Token, second: Token) -> None:
        self.ends = (first, second)
        left, right, meeting = _meet(first, second)
        passed = {*_passed_over(left), *_passed_over(right)}
        self.between = [token for token in dict.fromkeys([*left, *right]) if token not in passed]
        self.sharing = [token for token in passed if _shares_auxiliary(token, self.between)]
        self.coordinated = all(
            token in self.ends or token.dep_ in {"conj", "pobj"} for token in self.between
        )
        clause = [] if _in_compound(self.between, meeting) else list(_to_verb(meeting))
        self.verb = clause[-1] if clause else meeting
        self.raised = [*clause, *(_beside(self.verb, [*self.between, *clause]) if clause else [])]
        self.above = list(_governors(self.verb))


def is_verb(token: Token) -> bool:
    """Whether a token is a verb or an auxiliary."""
    return token.pos_ in _VERBS


def is_negated(token: Token) -> bool:
    """Whether "not" belongs to a token. "Not only", "not uncommon", "A but not B" leave A alone."""
    return any(_counts(child, token) for child in token.children)


def has_no(token: Token) -> bool:
    """Whether a noun stands with "no" or "neither", its own or that of the first of a list."""
    nouns = [token, token.head] if token.dep_ == "conj" else [token]
    return any(
        child.lower_ in {"no", "neither"} and child.dep_ in {"det", "preconj", "cc", "neg"}
        for noun in nouns
        if not is_verb(noun)
        for child in noun.children
    )


def is_contrasted(end: Token) -> bool:
    """Whether an end is the one that is set apart: S in "A but not S lowers O"."""
    for token in reversed(list(end.doc[max(end.i - _CONTRAST_WORDS, 0) : end.i])):
        if is_verb(token) or token.is_punct:
            return False
        if token.lower_ in _NOT:
            return token.i > 0 and token.nbor(-1).lower_ in {"but", "and"}
    return False


def ends_before(token: Token, ends: Sequence[Token]) -> bool:
    """Whether a "but" shuts an end of the claim out of the reach of a token.

    The termination terms of NegEx (Chapman et al. 2001, https://doi.org/10.1006/jbin.2001.1029);
    for sentences where the parser took the verb behind "but" for an adjective.
    """
    last = max(end.i for end in ends)
    return any(word.lower_ == "but" for word in token.doc[token.i + 1 : last])


def is_aside(token: Token) -> bool:
    """Whether a verb only tells something more of a noun: "patients who did not respond"."""
    return token.dep_ in {"relcl", "acl"} and token.head.dep_ not in _NAMED_BY_CLAUSE


def _counts(child: Token, token: Token) -> bool:
    if child.lower_ not in _NOT or child.dep_ not in {"neg", "preconj"}:
        return False
    if child.i + 1 < len(child.doc) and child.nbor().lower_ in _FOCUS:
        return False
    if child.i > 0 and child.nbor(-1).lower_ in {"but", "and"} and not _leads(child, token):
        return False
    return not any(
        other.dep_ == "acomp" and other.lower_.startswith("un") for other in token.children
    )


def _leads(child: Token, token: Token) -> bool:
    """Whether only adverbs stand between "not" and the verb: "but not clearly changed"."""
    return child.i < token.i and all(
        word.pos_ in {"ADV", "AUX", "PART"} for word in child.doc[child.i : token.i]
    )


def _meet(first: Token, second: Token) -> tuple[list[Token], list[Token], Token]:
    """The chains of heads from each end to the lowest token above both."""
    left, right = [first, *first.ancestors], [second, *second.ancestors]
    meeting = next((token for token in left if token in right), None)
    if meeting is None:  # two trees in one sentence
        return left, right, left[-1]
    return left[: left.index(meeting) + 1], right[: right.index(meeting) + 1], meeting


def _passed_over(chain: Sequence[Token]) -> Iterator[Token]:
    """Verbs that a chain only passes on its way up.

    "Did not change P but reduced O" denies nothing of O, and "failed to take up P, suggesting
    that it causes O" neither.
    """
    for token in chain:
        beside = token.dep_ == "conj" and is_verb(token) and not _joined_by_or(token.head)
        if is_verb(token.head) and token.head != token and (beside or token.dep_ == "advcl"):
            yield token.head


def _joined_by_or(token: Token) -> bool:
    return any(child.dep_ == "cc" and child.lower_ in {"or", "nor"} for child in token.children)


def _shares_auxiliary(token: Token, way: Sequence[Token]) -> bool:
    return any(
        child.dep_ == "conj" and child.tag_ == "VB" and child in way for child in token.rights
    )


def _in_compound(way: Sequence[Token], meeting: Token) -> bool:
    """Whether the ends are one name to the rest of the sentence: "S-induced O"."""
    return not is_verb(meeting) and any(
        token.dep_ in _IN_COMPOUND for token in way if token != meeting
    )


def _to_verb(token: Token) -> Iterator[Token]:
    while not is_verb(token) and token.head != token and token.dep_ != "acl":
        token = token.head
        yield token


def _beside(verb: Token, known: Sequence[Token]) -> list[Token]:
    return [child for child in verb.children if child.dep_ in _PARTICIPANTS and child not in known]


def _governors(token: Token) -> Iterator[Token]:
    while token.dep_ in _SUBORDINATE and token.head != token:
        token = token.head
        yield token
