"""JATS XML (PubMed Central, PLOS, ...): one article a file.

Read are title, abstract, the headings and paragraphs of the body, ids, date and licence. Left out
are tables, figures, displayed formulas, footnotes, references, acknowledgements, appendices and
letters about the article. White space is normalised once, here.
"""

from __future__ import annotations

import datetime as dt
import html.entities
import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any
from xml.parsers import expat

from lxml import etree

from extraction.readers.reader import Draft, Reader, Report, article_text
from kg import UnreadableFileError
from kg.files import Source

MAX_BYTES = 32 << 20
_FIRST_YEAR = 1000

Element = Any  # lxml-stubs has no type that covers elements and entity references alike

_BEGINNING = re.compile(r"\s*<(\?xml|!DOCTYPE|!--|[A-Za-z_])")
# fmt: off
_LEFT_OUT = frozenset({
    "disp-formula", "disp-formula-group", "fig", "fig-group", "fn", "fn-group", "graphic",
    "inline-graphic", "label", "media", "object-id", "ref-list", "sec-meta",
    "supplementary-material", "table-wrap", "table-wrap-group", "tex-math",
})
_BLOCKS = frozenset({
    "break", "def", "def-item", "disp-quote", "list", "list-item", "p", "sec", "speech",
    "term", "title",
})
# fmt: on
_ID_ORDER = (("pmid", "pmid:{}"), ("pmc", "{}"), ("pmcid", "{}"), ("doi", "doi:{}"))
_SIDE_ABSTRACTS = frozenset({"graphical", "key-points", "teaser", "toc", "video"})
_RETRACTED_BY = frozenset({"retraction-forward", "retracted", "retraction"})
_LINK = "{http://www.w3.org/1999/xlink}href"


def read_jats(source: Source, report: Report) -> Iterator[Draft]:  # noqa: ARG001 one record only
    """Yield the one article of a JATS file.

    Raises:
        UnreadableFileError: not well-formed, a document type that declares entities, another
            dialect of XML, or too large.
    """
    data = source.whole(MAX_BYTES)
    _refuse_entities(source.path, data)
    root = _parse(source.path, data)
    if _name(root) != "article":
        reason = f"its root is <{_name(root)}>, where the <article> of JATS is expected"
        raise UnreadableFileError(source.path, f"line {root.sourceline}", reason)
    _refuse_unknown_characters(source.path, root)
    yield _draft(root)


class _PrologEndsError(Exception):
    """The root element begins: what could declare entities is over."""


def _refuse_entities(path: str, data: bytes) -> None:
    """Refuse a document that declares entities, before any parser could follow one."""
    parser = expat.ParserCreate()

    def declared(name: str, _is_parameter: bool, _value: str | None, *external: str | None) -> None:
        system = external[1]
        kind = f"the external entity {name!r} ({system})" if system else f"the entity {name!r}"
        reason = f"declares {kind}; such files are refused: remove the declaration"
        raise UnreadableFileError(path, f"line {parser.CurrentLineNumber}", reason)

    def begins(_name: str, _attributes: dict[str, str]) -> None:
        raise _PrologEndsError

    parser.EntityDeclHandler = declared
    parser.StartElementHandler = begins
    try:
        parser.Parse(data, True)
    except _PrologEndsError:
        return
    except (expat.ExpatError, LookupError, ValueError):
        # Broken, or in an encoding that expat does not know: the next parser says what is wrong,
        # and follows no entity either.
        return


def _parse(path: str, data: bytes) -> Element:
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        line, column = error.position
        reason = f"broken XML: {error.msg.rsplit(', line', 1)[0]}"
        raise UnreadableFileError(path, f"line {line}, column {column}", reason) from error
    internal: Any = root.getroottree().docinfo.internalDTD
    if internal is not None and any(True for _ in internal.iterentities()):
        reason = "declares entities; such files are refused: remove the declarations"
        raise UnreadableFileError(path, "DOCTYPE", reason)
    return root


def _refuse_unknown_characters(path: str, root: Element) -> None:
    """Refuse a reference to an entity that is no character of the ISO sets (`&beta;`, `&nbsp;`)."""
    for entity in root.iter(etree.Entity):
        if _character(entity) is None:
            reason = f"refers to the entity {entity.name!r}, which is not declared"
            raise UnreadableFileError(path, f"line {entity.sourceline}", reason)


def _character(entity: Element) -> str | None:
    return html.entities.html5.get(f"{entity.name};")


def _draft(root: Element) -> Draft:
    meta = next(_named(root, "front", "article-meta"), root)
    title = ": ".join(_texts(meta, ("title-group", "article-title"), ("title-group", "subtitle")))
    abstracts = [one for one in _named(meta, "abstract") if _kind(one) not in _SIDE_ABSTRACTS]
    main = next((one for one in abstracts if not _kind(one)), None)
    sides = [_section(one) for one in abstracts if one is not main]
    text, sections = article_text(title, _abstract(main), [*sides, *_body(root)])
    return Draft(
        where="",
        raw_id=_id(meta),
        title=title,
        text=text,
        sections=sections,
        date=_date(meta),
        licence=_licence(meta),
        retracted=_is_retracted(root, meta),
    )


def _abstract(abstract: Element | None) -> str:
    """Return the abstract as one text, the headings of its sections as PubMed writes them."""
    text = ""
    for is_heading, paragraph in _paragraphs(abstract) if abstract is not None else ():
        if is_heading and paragraph.casefold() == "abstract":
            continue
        mark = ":" if is_heading and paragraph[-1] not in ".:?!" else ""
        text += f"{' ' if text else ''}{paragraph}{mark}"
    return text


def _body(root: Element) -> Iterator[tuple[str, str]]:
    """Yield heading and text of each section of the body; what stands outside has no heading."""
    loose: list[str] = []
    for body in _named(root, "body"):
        for child in body:
            if _name(child) != "sec":
                loose += [text for _, text in _walk(child)]
                continue
            if loose:
                yield "", "\n\n".join(loose)
                loose = []
            heading, text = _section(child)
            if text:
                yield heading, text
    if loose:
        yield "", "\n\n".join(loose)


def _section(section: Element) -> tuple[str, str]:
    """Return heading and text (which begins with the heading) of a section; no text, no heading."""
    heading = next(iter(_texts(section, ("title",))), "")
    paragraphs = list(_paragraphs(section))
    if all(is_heading for is_heading, _ in paragraphs):
        return heading, ""
    return heading, "\n\n".join(text for _, text in paragraphs)


def _paragraphs(parent: Element) -> Iterator[tuple[bool, str]]:
    for child in parent:
        yield from _walk(child)


def _walk(element: Element) -> Iterator[tuple[bool, str]]:
    """Yield headings (True) and paragraphs (False) in the order of the document."""
    name = _name(element)
    if name in {"p", "title"}:
        text = _flat(element)
        if text:
            yield name == "title", text
    elif name not in _LEFT_OUT:
        yield from _paragraphs(element)


def _flat(element: Element) -> str:
    """Return the text of an element on one line, without what is left out."""
    return " ".join("".join(_pieces(element)).split())


def _pieces(element: Element) -> Iterator[str]:
    yield element.text or ""
    for child in element:
        if child.tag is etree.Entity:
            yield _character(child) or ""
        elif _name(child) in _LEFT_OUT or _only_cites(child):
            yield " " if _name(child) in _LEFT_OUT else ""
        else:
            edge = " " if _name(child) in _BLOCKS else ""
            yield edge
            yield from _pieces(child)
            yield edge
        yield child.tail or ""


def _only_cites(element: Element) -> bool:
    """Whether an element is a raised number of a reference, which would stick to its word."""
    if _name(element) != "sup":
        return False
    own = [element.text or "", *(child.tail or "" for child in element)]
    cites = [_name(child) == "xref" and child.get("ref-type") == "bibr" for child in element]
    return bool(cites) and all(cites) and not any(map(str.isalnum, "".join(own)))


def _id(meta: Element) -> str:
    found = {one.get("pub-id-type", ""): _flat(one) for one in _named(meta, "article-id")}
    for kind, form in _ID_ORDER:
        value = found.get(kind, "")
        if kind in {"pmc", "pmcid"} and value.isdigit():
            value = f"PMC{value}"
        if value:
            return form.format(value)
    return next(iter(found.values()), "")


def _date(meta: Element) -> str | None:
    """Return the earliest date of publication, as precise as it is given."""
    dates = []
    for one in _named(meta, "pub-date"):
        parts = [next(iter(_texts(one, (part,))), "") for part in ("year", "month", "day")]
        for known in (3, 2, 1):
            numbers = [int(part) for part in parts[:known] if re.fullmatch(r"[0-9]{1,4}", part)]
            if len(numbers) == known and _is_date(*numbers):
                dates.append("-".join(map("{:02}".format, numbers)))
                break
    # A year alone is no earlier than a day in it.
    return min(dates, key=lambda date: f"{date}-99-99") if dates else None


def _is_date(year: int, month: int = 1, day: int = 1) -> bool:
    try:
        return bool(dt.date(year, month, day)) and year >= _FIRST_YEAR
    except ValueError:
        return False


def _licence(meta: Element) -> str | None:
    for licence in _named(meta, "permissions", "license"):
        links = [licence.get(_LINK), *(link.get(_LINK) for link in licence.iter("{*}ext-link"))]
        refs = [_flat(ref) for ref in licence.iter("{*}license_ref")]
        for value in (*refs, *links, licence.get("license-type"), _flat(licence)):
            if value and value.strip():
                return str(value).strip()
    return None


def _is_retracted(root: Element, meta: Element) -> bool:
    """Whether the article was retracted, or is itself the notice that retracts another.

    A notice repeats the title of what it retracts, and must not count as evidence for it.
    """
    if root.get("article-type") in {"retraction", "retracted-article"}:
        return True
    related = (one.get("related-article-type") for one in _named(meta, "related-article"))
    return any(kind in _RETRACTED_BY for kind in related)


def _kind(abstract: Element) -> str:
    return str(abstract.get("abstract-type", ""))


def _texts(parent: Element, *paths: tuple[str, ...]) -> Iterable[str]:
    flat = (_flat(element) for path in paths for element in _named(parent, *path))
    return [text for text in flat if text]


def _named(parent: Element, *path: str) -> Iterator[Element]:
    """Yield the elements at a path of local names below `parent`."""
    if not path:
        yield parent
        return
    for child in parent:
        if _name(child) == path[0]:
            yield from _named(child, *path[1:])


def _name(element: Element) -> str:
    tag: str | Callable[..., Any] = element.tag
    return etree.QName(tag).localname if isinstance(tag, str) else ""


def _takes(head: str) -> bool:
    return _BEGINNING.match(head) is not None


JATS = Reader("JATS XML", (".xml", ".nxml", ".jats"), _takes, read_jats)
