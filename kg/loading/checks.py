"""What a row of a shard must be before it may enter the graph.

These checks need the row and the text of its paper alone; what needs the graph (another type,
another text under the same id, an end without a mention) is checked in `kg.loading.paper_delta`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple, TypeVar

from kg.contributions.states import Sentence
from kg.dates import days_of
from kg.errors import InputError, PropertyError, QuoteMismatchError, ShardError
from kg.identifiers import claim_id, evidence_id, mint_entity_id
from kg.loading.schema_names import SchemaNames
from kg.loading.shard_reading import PaperRows, Row
from kg.models import Certainty, Failure, Polarity, text_sha256
from kg.store.names import properties

T = TypeVar("T")

_POLARITIES = frozenset(item.value for item in Polarity)
_CERTAINTIES = frozenset(item.value for item in Certainty)
_SHOWN = 60  # characters of a text in a message
_SHOWN_ID = 200
_LONG = 2000  # characters: what is shorter fits any index


class Span(NamedTuple):
    """A mention that stands where it says, linked."""

    entity: str
    type: str
    start: int
    end: int
    text: str
    path: str


class CheckedSentence(NamedTuple):
    """A sentence, and the file that it came from."""

    sentence: Sentence
    path: str


@dataclass(frozen=True, slots=True)
class Origins:
    """What files say beside their rows, by the path of the file."""

    domains: Mapping[str, str] = field(default_factory=dict)  # id of the schema
    pack_errors: Mapping[str, Mapping[str, float]] = field(default_factory=dict)  # by ref


@dataclass(frozen=True, slots=True)
class CheckedPaper:
    """A paper whose rows hold together.

    `properties` is None where only the graph has the paper; `packs` are those that read it, each
    with its error rate where the files say it; `domains` are ids of schemas.
    """

    id: str
    path: str
    text: str
    properties: dict[str, Any] | None
    packs: Mapping[str, float | None]
    domains: frozenset[str]
    spans: tuple[Span, ...]
    sentences: tuple[CheckedSentence, ...]

    @property
    def weight(self) -> int:
        """How many rows of the graph the paper brings: itself, its entities, its sentences."""
        return 1 + len({span.entity for span in self.spans}) + len(self.sentences)


def check_paper(
    rows: PaperRows,
    stored_text: str | None,
    names: SchemaNames,
    origins: Origins,
    failures: list[Failure],
) -> CheckedPaper | None:
    """Return the rows of a paper that are sound; each that is not becomes a failure.

    Args:
        rows: all rows of the paper.
        stored_text: the text that the graph has of it, used where the rows bring none.
        names: which types and predicates the graph may hold.
        origins: what the files of the rows say beside them.
        failures: where refused rows are listed.

    Returns:
        None if there is no text that the rows could be checked against.
    """
    sound = _each(rows.papers, lambda row: _paper_properties(row, failures), failures)
    papers = _one_text(rows, sound, failures)
    text = papers[0]["text"] if papers else stored_text
    if text is None or (rows.papers and not papers):
        _report_orphans(rows, failures)
        return None
    spans = _each(rows.mentions, lambda row: _span(row, text, names), failures)
    sentences = _each(rows.evidence, lambda row: _sentence(row, text, names), failures)
    return CheckedPaper(
        id=rows.id,
        path=_first_path(rows),
        text=text,
        properties=_merged(papers) if papers else None,
        packs=_packs(rows, origins),
        domains=_domains(rows, origins),
        spans=tuple(dict.fromkeys(spans)),
        sentences=tuple(sentences),
    )


def merged_metadata(left: dict[str, Any], right: dict[str, Any]) -> dict[str, Any]:
    """Return what two rows of one paper say together, whatever their order.

    Where both say something, the smaller text stays (for dates that is the earlier one).
    """
    merged = dict(left)
    for name, unsaid in (("title", ""), ("date", None), ("source", ""), ("licence", None)):
        said = [value for value in (left.get(name), right.get(name)) if value]
        merged[name] = min(said, default=unsaid)
    merged["retracted"] = bool(left.get("retracted")) or bool(right.get("retracted"))
    return merged


def _each(rows: Iterable[Row], check: Callable[[Row], T], failures: list[Failure]) -> list[T]:
    sound = []
    for row in rows:
        try:
            sound.append(check(row))
        except InputError as error:
            failures.append(Failure(path=error.path, where=error.where, reason=error.reason))
        except PropertyError as error:
            failures.append(Failure(path=row.path, where=_place(row), reason=str(error)))
    return sound


def _paper_properties(row: Row, failures: list[Failure]) -> dict[str, Any]:
    values = row.values
    text, given = values["text"], values["sha256"]
    for id_ in (values["paper"], *(values.get("packs") or ())):
        _check_indexed(row, id=id_)
    if not isinstance(text, str) or not text:
        raise ShardError(row.path, values["paper"], "the paper has no text")
    actual = text_sha256(text)
    if given != actual:
        reason = f"its sha256 is {given}, but that of its text is {actual}: write the shard again"
        raise ShardError(row.path, values["paper"], reason)
    return {
        "id": values["paper"],
        "title": values["title"] or "",
        "text": text,
        "date": _date(row, failures),
        "source": values["source"] or "",
        "sha256": actual,
        "licence": values.get("licence") or None,
        "retracted": bool(values.get("retracted")),
    }


def _date(row: Row, failures: list[Failure]) -> str | None:
    """Return the date of a paper; one that cannot be ordered among others is listed, and none."""
    date: str | None = row.values["date"]
    if not date or not date.strip():
        return None
    if days_of(date) is None:
        reason = f"{date[:40]!r} is no date (2016, 2016-05 or 2016-05-17): the paper goes undated"
        failures.append(Failure(path=row.path, where=row.values["paper"], reason=reason))
        return None
    return date.strip()


def _one_text(
    rows: PaperRows, papers: list[dict[str, Any]], failures: list[Failure]
) -> list[dict[str, Any]]:
    """Return the rows that have the first one's text; the others are failures."""
    same = [paper for paper in papers if paper["sha256"] == papers[0]["sha256"]]
    for paper in papers:
        if paper["sha256"] != papers[0]["sha256"]:
            reason = another_text(paper["sha256"], papers[0]["sha256"])
            failures.append(Failure(path=_first_path(rows), where=rows.id, reason=reason))
    return same


def another_text(sha256: str, kept: str) -> str:
    """Return why a paper is refused whose id already stands for another text."""
    return (
        f"the id already stands for another text (sha256 {kept[:12]}…, this one {sha256[:12]}…): "
        "the first one stays; give the second one an id of its own"
    )


def _merged(papers: list[dict[str, Any]]) -> dict[str, Any]:
    merged = papers[0]
    for paper in papers[1:]:
        merged = merged_metadata(merged, paper)
    return merged


def _report_orphans(rows: PaperRows, failures: list[Failure]) -> None:
    left = len(rows.mentions) + len(rows.evidence)
    if left:
        reason = f"its {left} mentions and evidence are left out: neither the shards nor the graph "
        reason += "have a sound text of the paper"
        failures.append(Failure(path=_first_path(rows), where=rows.id, reason=reason))


def _packs(rows: PaperRows, origins: Origins) -> dict[str, float | None]:
    """Return the packs that read a paper; of several error rates of one pack the largest counts."""
    every = (*rows.papers, *rows.mentions, *rows.evidence)
    named = {(row.path, row.values.get("pack")): row for row in every}
    named |= {(row.path, ref): row for row in rows.papers for ref in row.values.get("packs") or ()}
    packs: dict[str, float | None] = {}
    for (path, ref), row in named.items():
        if ref is None or not _is_pack(row, ref):
            continue
        error = origins.pack_errors.get(path, {}).get(ref)
        known = packs.setdefault(ref, error)
        if error is not None and (known is None or error > known):
            packs[ref] = error
    return packs


def _is_pack(row: Row, ref: str) -> bool:
    """Whether a row names a pack; rows that name one too long for an index are refused."""
    try:
        _check_indexed(row, id=ref)
    except PropertyError:
        return False
    return bool(ref)


def _domains(rows: PaperRows, origins: Origins) -> frozenset[str]:
    paths = {row.path for row in (*rows.papers, *rows.mentions, *rows.evidence)}
    return frozenset(origins.domains[path] for path in paths if path in origins.domains)


def _first_path(rows: PaperRows) -> str:
    return next(row.path for row in (*rows.papers, *rows.mentions, *rows.evidence))


def _span(row: Row, text: str, names: SchemaNames) -> Span:
    values = row.values
    type_ = names.label(values["type"])
    _check_offsets(row, "text", text)
    _check_probability(row)
    _check_pack(row)
    entity = values["entity"] or mint_entity_id(type_, values["text"])
    _check_indexed(row, id=entity, name=values["text"])
    return Span(entity, type_, values["start"], values["end"], values["text"], row.path)


def _sentence(row: Row, text: str, names: SchemaNames) -> CheckedSentence:
    values = row.values
    predicate = names.relationship(values["predicate"])
    for name, allowed in (("polarity", _POLARITIES), ("certainty", _CERTAINTIES)):
        if values[name] not in allowed:
            known = " or ".join(sorted(allowed))
            raise ShardError(row.path, _place(row), f"{name} is {values[name]!r}, expected {known}")
    for name in ("subject", "object"):
        if not values[name]:
            raise ShardError(row.path, _place(row), f"the evidence names no {name}")
    _check_offsets(row, "quote", text)
    _check_probability(row)
    _check_pack(row)
    claim = claim_id(values["subject"], predicate, values["object"])
    place = (values["start"], values["end"], values["pack"])
    fields = {name: values[name] for name in Sentence._fields if name in values}
    id_ = evidence_id(claim, values["paper"], *place)
    return CheckedSentence(Sentence(id=id_, claim_id=claim, **fields), row.path)


def _place(row: Row) -> str:
    """Return where a row stands, for a message; to make it for every row would take longest."""
    values = row.values
    paper = str(values["paper"][:_SHOWN_ID])
    return f"{paper} {values['start']}:{values['end']}" if "start" in values else paper


def _check_offsets(row: Row, name: str, text: str) -> None:
    start, end, said = row.values["start"], row.values["end"], row.values[name]
    if said is None or start is None or end is None or not 0 <= start < end <= len(text):
        reason = f"offsets {start}:{end} are no span of a text of {len(text)} characters"
        raise QuoteMismatchError(row.path, _place(row), reason)
    there = text[start:end]
    if there != said:
        reason = f"the {name} {_shown(said)} is not what stands there, {_shown(there)}; "
        reason += "offsets count characters of the paper's text from 0"
        raise QuoteMismatchError(row.path, _place(row), reason)


def _check_probability(row: Row) -> None:
    confidence = row.values["confidence"]
    if confidence is None or not 0.0 <= confidence <= 1.0:
        reason = f"confidence is {confidence}, expected a number from 0 to 1"
        raise ShardError(row.path, _place(row), reason)


def _check_pack(row: Row) -> None:
    if not row.values["pack"]:
        raise ShardError(row.path, _place(row), "the row names no pack (form: biomedicine@0.1.0)")
    _check_indexed(row, id=row.values["pack"])


def _check_indexed(row: Row, **values: str | None) -> None:
    """Refuse texts that are too long for the indexes that they would stand in.

    Raises:
        PropertyError: one is.
    """
    for value in values.values():
        if value is not None and len(value) > _LONG:
            properties(values, _place(row))


def _shown(text: str) -> str:
    return repr(text if len(text) <= _SHOWN else text[:_SHOWN] + "…")
