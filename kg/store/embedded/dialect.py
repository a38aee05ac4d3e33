"""Query rewriting: what ArcadeDB needs said differently to give the rows that Neo4j gives.

ArcadeDB 26.11.1.dev2 does not bind a relationship that it thinks nobody uses, and it does not
count a use in a property map of a pattern:

    MATCH (s)-[r:TREATS]->(o) MATCH (e:Evidence {claim_id: r.claim_id}) RETURN e

silently finds nothing. A condition that names `r` and always holds, behind such a MATCH, binds it.

Where a transaction has added edges to a node or taken some away, a later `MATCH ... DELETE` at that
node stops early without a word: of 500 edges 99 are left. It walks what it takes away. To sort the
rows before a DELETE, by nothing, has all of them found before the first is deleted. A sort keeps
all that is at hand once for each row (a list of 3,000 gathered edges 3,000 times), so where the
DELETE comes last, only what it deletes goes on to the sort.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from typing import NamedTuple

_TOKEN = re.compile(
    r"'(?:\\.|[^'\\])*'|\"(?:\\.|[^\"\\])*\"|`(?:``|[^`])*`|//[^\n]*|/\*.*?\*/|\w+|\s+|.",
    re.DOTALL,
)
_CLAUSES = re.compile(
    "CALL|CREATE|DELETE|DETACH|FINISH|FOREACH|LOAD|MATCH|MERGE|OPTIONAL|REMOVE|RETURN|SET|UNWIND|WITH",
    re.IGNORECASE,
)
_FOUND = "WITH * ORDER BY true "
_FOUND_LAST = "WITH {0} WITH {0} ORDER BY true "
_NAME = re.compile(r"[^\W\d]\w*|`(?:``|[^`])*`")
# What stands before a name and never before a clause.
_BEFORE_NAMES = frozenset(",.:|&!=+-/%<>^${") | {
    "AND", "AS", "BY", "DISTINCT", "IN", "NOT", "OR", "RETURN", "UNWIND", "WHERE", "WITH", "XOR"
}  # fmt: skip
_NOTHING = re.compile(r"(?:\s|//[^\n]*|/\*.*?\*/)*", re.DOTALL)


class _Token(NamedTuple):
    """A token that is no space and no comment; `braces` are where the open braces around it are."""

    text: str
    start: int
    braces: tuple[int, ...]


def translate(cypher: str) -> str:
    """Return the query as ArcadeDB has to be asked it; the same text where nothing is amiss."""
    for start, text in reversed(_inserted(cypher)):
        cypher = cypher[:start] + text + cypher[start:]
    return cypher


def original_place(cypher: str, line: int, column: int) -> tuple[int, int]:
    """Return line and column in a query of what stands there in what `translate` gives."""
    before = translate(cypher).split("\n")[: line - 1]
    offset = sum(len(other) + 1 for other in before) + column - 1
    for start, text in _inserted(cypher):
        offset = max(offset - len(text), min(offset, start))
    head = cypher[:offset]
    return head.count("\n") + 1, offset - (head.rfind("\n") + 1) + 1


@functools.lru_cache(maxsize=512)
def _inserted(cypher: str) -> tuple[tuple[int, str], ...]:
    """Return what is put into a query, and before which of its characters, in that order."""
    tokens = list(_tokens(cypher))
    inserted = [(tokens[index].start, _found(tokens, index)) for index in _deletes(tokens)]
    for index, token in enumerate(tokens):
        if _is_clause(tokens, index) and token.text.upper() == "MATCH":
            end = _clause_end(tokens, index)
            names = _used_in_maps(tokens, index, end) & _relationships(tokens, token.braces)
            if names and end < len(tokens) and tokens[end].braces == token.braces:
                inserted.append((tokens[end].start, _use(sorted(names))))
    return tuple(sorted(inserted))


def unseen(cypher: str) -> str:
    """Return the spaces and comments before a query, in which ArcadeDB counts no line or column."""
    found = _NOTHING.match(cypher)
    return found[0] if found else ""


def _tokens(cypher: str) -> Iterator[_Token]:
    braces: tuple[int, ...] = ()
    for found in _TOKEN.finditer(cypher):
        text = found[0]
        if text.isspace() or text.startswith(("//", "/*")):
            continue
        if text == "}":
            braces = braces[:-1]
        yield _Token(text, found.start(), braces)
        if text == "{":
            braces = (*braces, found.start())


def _deletes(tokens: list[_Token]) -> Iterator[int]:
    """Yield the index of each clause that deletes; not those of FOREACH, whose rows are a list."""
    depth = 0
    for index, token in enumerate(tokens):
        depth += (token.text in "([") - (token.text in ")]")
        if token.text.upper() != "DELETE" or depth:
            continue
        detaches = index > 0 and tokens[index - 1].text.upper() in ("DETACH", "NODETACH")
        at = index - detaches
        before = tokens[at - 1].text.upper() if at else ","
        behind = tokens[index + 1].text if index + 1 < len(tokens) else ":"
        if before not in _BEFORE_NAMES and behind not in ":.":
            yield at


def _found(tokens: list[_Token], index: int) -> str:
    """Return what has all rows of a clause that deletes found before it."""
    behind = [token.text for token in tokens[index:]]
    names = behind[behind[0].upper() != "DELETE" :][1:]
    listed = names[::2]
    if names[1::2] == [","] * (len(listed) - 1) and all(map(_NAME.fullmatch, listed)):
        return _FOUND_LAST.format(", ".join(dict.fromkeys(listed)))
    return _FOUND


def _is_clause(tokens: list[_Token], index: int) -> bool:
    # Not a property or label of that name, nor STARTS WITH and ENDS WITH.
    before = tokens[index - 1].text.upper() if index else ""
    named = before in {".", ":", "STARTS", "ENDS"}
    return not named and _CLAUSES.fullmatch(tokens[index].text) is not None


def _clause_end(tokens: list[_Token], index: int) -> int:
    """Return the index of the first token behind a clause: the next clause, or a closing brace."""
    depth = len(tokens[index].braces)
    for end in range(index + 1, len(tokens)):
        here = len(tokens[end].braces)
        if here < depth or (here == depth and _is_clause(tokens, end)):
            return end
    return len(tokens)


def _relationships(tokens: list[_Token], braces: tuple[int, ...]) -> set[str]:
    """Return the names of relationships that are bound between these braces: `-[name`."""
    return {
        name.text
        for dash, bracket, name in zip(tokens, tokens[1:], tokens[2:], strict=False)
        if dash.text == "-" and bracket.text == "[" and name.braces == braces
    }


def _used_in_maps(tokens: list[_Token], index: int, end: int) -> set[str]:
    """Return the names whose properties are used between braces of a clause."""
    depth = len(tokens[index].braces)
    return {
        tokens[place].text
        for place in range(index, end - 1)
        if len(tokens[place].braces) > depth and tokens[place + 1].text == "."
    }


def _use(names: list[str]) -> str:
    return "WITH * WHERE " + " AND ".join(f"({n} IS NULL OR {n} IS NOT NULL)" for n in names) + " "
