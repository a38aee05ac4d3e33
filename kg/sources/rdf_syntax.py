"""RDF in any of its syntaxes, statement by statement, through pyoxigraph.

Nothing is fetched: a remote context of JSON-LD and an external entity of XML are errors.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import BinaryIO, NamedTuple

import pyoxigraph

from kg.errors import UnreadableFileError
from kg.files import Line, Source, open_source
from kg.models import Failure
from kg.sources.curated_source import OnFailure
from kg.sources.xml_guard import refuse_entities

RdfFormat = pyoxigraph.RdfFormat

IRI, BLANK, LITERAL = 0, 1, 2

# In its general form JSON-LD is held in memory, which takes ten times its size.
MAX_JSON_LD = 32 << 20

_BY_LINE = (RdfFormat.N_TRIPLES, RdfFormat.N_QUADS)
_LINES_AT_ONCE = 2_000
_LINE = re.compile(r"(?:<[^<>\s]*>|_:\S+)\s*<[^<>\s]*>\s*(?:<[^<>\s]*>|_:\S+|\".*)\s*\.\s*(?:#.*)?")
_RDF_XML = re.compile(r"<([\w.-]+:)?RDF[\s>]")
_TURTLE = re.compile(r"^\s*(@prefix|@base|prefix|base)\s", re.IGNORECASE | re.MULTILINE)
_GRAPH = re.compile(r"(?:^|\s)(?:GRAPH\s+)?(?:<[^<>\s]*>|[\w-]*:[\w-]*)\s*\{", re.IGNORECASE)
_LONG = re.compile(
    r"(?:\s*(?:#[^\n]*|@(?:prefix|base)\s[^\n]*|(?:PREFIX|BASE)\s[^\n]*)\n)*"
    r"\s*(?:<[^<>\s]*>|[\w.-]*:\S+)\s+(?:a\b|<[^<>\s]*>|[\w.-]*:\S+)\s+\""
)
_REMOTE = "LoadDocumentCallback"  # the parser's word for a context that it would have to fetch
# How the parser says where in its text it was, which is one line of ours.
_PLACE_IN_LINE = re.compile(r"^Parser error at line 1 (?=between|at|column)")
_NEARLY_ALL = 0.9
_SEEN = 8_000  # characters that tell one syntax from another


class Statement(NamedTuple):
    """A triple, with the graph left out; `kind` says what the object is."""

    subject: str  # an IRI, or the label of a blank node after "_:"
    predicate: str
    object: str
    kind: int  # IRI, BLANK or LITERAL
    language: str


def rdf_syntax(head: str) -> RdfFormat | None:
    """Return the syntax of a file that begins so; None if it is not RDF."""
    start = head.lstrip()
    if start.startswith(("<?xml", "<!", "<rdf:")):
        return RdfFormat.RDF_XML if _RDF_XML.search(head) else None
    if start.startswith(("{", "[")):
        return RdfFormat.JSON_LD if re.search(r'"@(context|graph|id|type)"', head) else None
    return _line_syntax(head) or _turtle_syntax(head)


def statements(path: Path, on_failure: OnFailure) -> Iterator[Statement]:
    """Yield every statement of a file; lines of N-Triples and N-Quads that are wrong are told.

    Statements about statements (RDF-star) are counted and told as one failure.

    Raises:
        UnreadableFileError: it is no RDF, or wrong in a syntax in which nothing after the place
            can be understood.
    """
    with open_source(path) as opened:
        head = opened.head.decode("utf-8", errors="replace").removeprefix("\ufeff")
        syntax = rdf_syntax(head)
        if syntax is None:
            reason = "is not RDF: neither Turtle, TriG, N-Triples, N-Quads, JSON-LD nor RDF/XML"
            raise UnreadableFileError(opened.path, "", reason)
        if syntax == RdfFormat.RDF_XML:
            refuse_entities(opened.path, opened.head)
        quads = (
            _by_lines(opened, syntax, on_failure)
            if syntax in _BY_LINE
            else _as_a_whole(opened, syntax)
        )
        quoted = 0
        for quad in quads:
            statement = _statement(quad)
            if statement is None:
                quoted += 1
            else:
                yield statement
        if quoted:
            reason = f"{quoted:,} statements about statements (RDF-star) are left out"
            on_failure(Failure(path=opened.path, where="", reason=reason))


def _statement(quad: pyoxigraph.Quad) -> Statement | None:
    subject, predicate, object_ = quad.subject, quad.predicate, quad.object
    if isinstance(subject, pyoxigraph.NamedNode):
        about = subject.value
    elif isinstance(subject, pyoxigraph.BlankNode):
        about = f"_:{subject.value}"
    else:
        return None
    if isinstance(object_, pyoxigraph.NamedNode):
        return Statement(about, predicate.value, object_.value, IRI, "")
    if isinstance(object_, pyoxigraph.Literal):
        language = object_.language or ""
        return Statement(about, predicate.value, object_.value, LITERAL, language)
    if isinstance(object_, pyoxigraph.BlankNode):
        return Statement(about, predicate.value, f"_:{object_.value}", BLANK, "")
    return None


def _as_a_whole(opened: Source, syntax: RdfFormat) -> Iterator[pyoxigraph.Quad]:
    try:
        with opened.stream() as stream:
            if syntax == RdfFormat.JSON_LD:
                yield from _json_ld(stream)
            else:
                yield from pyoxigraph.parse(stream, format=syntax)
    except SyntaxError as error:
        where = f"line {error.lineno}" if error.lineno else ""
        reason = f"is no {syntax.name}: {error.msg}; nothing of it was taken"
        if _REMOTE in reason:
            reason = "names a context elsewhere, and none is ever fetched: put its content in its "
            reason += 'place ("@context": {...}), or turn the file into N-Triples'
        raise UnreadableFileError(opened.path, where, reason) from error


def _json_ld(stream: BinaryIO) -> Iterator[pyoxigraph.Quad]:
    start = stream.read(MAX_JSON_LD + 1)
    if len(start) <= MAX_JSON_LD:
        yield from pyoxigraph.parse(start, format=RdfFormat.JSON_LD)
        return
    try:
        rest = _Resumed(start, stream)
        yield from pyoxigraph.parse(rest, format=RdfFormat.STREAMING_JSON_LD)  # type: ignore[arg-type]
    except SyntaxError as error:
        reason = f"{error.msg}; JSON-LD of more than {MAX_JSON_LD >> 20} MiB must have its keys in "
        reason += "the order of streaming JSON-LD (@context, @type, @id first): N-Triples need not"
        raise SyntaxError(reason, (None, error.lineno, None, None)) from error


class _Resumed:
    """A stream from its beginning on, of which some has been read."""

    def __init__(self, start: bytes, rest: BinaryIO) -> None:
        self._start = memoryview(start)
        self._rest = rest

    def read(self, size: int = -1) -> bytes:
        if not self._start:
            return self._rest.read(size)
        part, self._start = self._start[:size], self._start[size:]
        return bytes(part)


def _by_lines(
    opened: Source, syntax: RdfFormat, on_failure: OnFailure
) -> Iterator[pyoxigraph.Quad]:
    lines = opened.lines()
    while batch := list(islice(lines, _LINES_AT_ONCE)):
        text = "\n".join(line.text for line in batch)
        try:
            quads = list(pyoxigraph.parse(text, format=syntax))
        except SyntaxError:
            quads = []
        if quads and not any(line.problem for line in batch):
            yield from quads
            continue
        for line in batch:
            yield from _one_line(opened.path, line, syntax, on_failure)


def _one_line(
    path: str, line: Line, syntax: RdfFormat, on_failure: OnFailure
) -> list[pyoxigraph.Quad]:
    try:
        if not line.problem:
            return list(pyoxigraph.parse(line.text, format=syntax))
        reason = line.problem
    except SyntaxError as error:
        reason = f"is no {syntax.name}: {_PLACE_IN_LINE.sub('', str(error.msg))}"
    on_failure(Failure(path=path, where=line.where, reason=reason))
    return []


def _line_syntax(head: str) -> RdfFormat | None:
    """Return N-Triples or N-Quads if there are no prefixes, and most lines are statements.

    A line that is none may be a wrong one, or show that it is Turtle: then that can be read.
    """
    if _TURTLE.search(head):
        return None
    *whole, cut = head.split("\n")[:200]
    lines = [line.strip() for line in whole or [cut]]
    lines = [line for line in lines if line and not line.startswith("#")]
    fitting = [line for line in lines if _LINE.fullmatch(line)]
    if not fitting or len(fitting) <= len(lines) / 2:
        return None
    if len(fitting) < _NEARLY_ALL * len(lines) and _is_turtle("\n".join(lines)):
        return None
    return next((syntax for syntax in _BY_LINE if _can_begin(fitting[0], syntax)), None)


def _turtle_syntax(head: str) -> RdfFormat | None:
    """Return Turtle or TriG if a statement can be read at the beginning."""
    start = head.lstrip()
    if not _TURTLE.search(head) and not start.startswith(("<", "_:", "#")):
        return None
    fitting = [syntax for syntax in (RdfFormat.TURTLE, RdfFormat.TRIG) if _can_begin(head, syntax)]
    if _GRAPH.search(head[:_SEEN]) and RdfFormat.TRIG in fitting:
        return RdfFormat.TRIG
    if not fitting and _LONG.match(start):
        # Its first statement does not end here: a literal may be longer than what is looked at.
        return RdfFormat.TURTLE
    return next(iter(fitting), None)


def _is_turtle(text: str) -> bool:
    """Whether all of it can be read."""
    try:
        return all(pyoxigraph.parse(text, format=RdfFormat.TURTLE))
    except SyntaxError:
        return False


def _can_begin(head: str, syntax: RdfFormat) -> bool:
    """Whether a statement can be read from the beginning of a file, before any error."""
    try:
        return next(iter(pyoxigraph.parse(head, format=syntax)), None) is not None
    except SyntaxError:
        return False
