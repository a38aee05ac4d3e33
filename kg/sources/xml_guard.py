"""XML whose entities could swell, or bring in other files, is refused before it is parsed.

OWL files abbreviate namespaces by entities, so an entity that is an address and refers to no
other one is let through; it can make a file no larger than its length allows.
"""

from __future__ import annotations

import codecs
import re

from kg.errors import UnreadableFileError

MAX_ENTITY = 300

_PROLOG = re.compile(rb"(?:\s+|<\?.*?\?>|<!--.*?-->)*", re.DOTALL)
_ENCODING = re.compile(rb"<\?xml[^>]*?encoding\s*=\s*[\"']([\w.-]+)[\"']")
_DOCTYPE = re.compile(rb"<!DOCTYPE\s+[^\[>]*(?:\[(.*?)\]\s*)?>", re.DOTALL)
_DECLARED = re.compile(rb"<!ENTITY\s+([\w.-]+)\s+(\"[^\"]*\"|'[^']*')\s*>")
_ADDRESS = re.compile(rb"[\"'](?:https?|urn|file|tag|mailto):[^&%<\"']*[\"']")
_READABLE = frozenset({b"utf-8", b"utf8", b"us-ascii", b"ascii"})


def refuse_entities(path: str, head: bytes) -> None:
    """Look at the beginning of an XML file.

    Raises:
        UnreadableFileError: it declares an entity that is no plain address, is in an encoding
            that would hide one, or its beginning is too long to see its document type.
    """
    head = head.removeprefix(codecs.BOM_UTF8)
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) or b"\0" in head[:200]:
        raise UnreadableFileError(path, "", "is not in UTF-8; save it as UTF-8")
    encoding = _ENCODING.match(head.lstrip())
    if encoding is not None and encoding[1].lower() not in _READABLE:
        name = encoding[1].decode("ascii", "replace")
        raise UnreadableFileError(path, "line 1", f"is in {name}; save it as UTF-8")
    prolog = _PROLOG.match(head)
    rest = head[prolog.end() :] if prolog else head
    if re.match(rb"<[A-Za-z_]", rest):
        return
    doctype = _DOCTYPE.match(rest)
    if doctype is None:
        reason = "no root element is found at its beginning, and no document type that ends there"
        raise UnreadableFileError(path, "line 1", f"{reason}; take the <!DOCTYPE> out")
    _refuse_declared(path, doctype[1] or b"", external=b"SYSTEM" in doctype[0].split(b"[")[0])


def _refuse_declared(path: str, subset: bytes, *, external: bool) -> None:
    declared = _DECLARED.findall(subset)
    bad = [name for name, value in declared if not _plain(value)]
    if external or bad or subset.count(b"<!ENTITY") != len(declared):
        name = bad[0].decode("ascii", "replace") if bad else "one from outside"
        reason = f"its document type declares an entity that is no plain address ({name})"
        remedy = "entities are not expanded here, as they can swell; write their values out"
        raise UnreadableFileError(path, "", f"{reason}; {remedy}")


def _plain(value: bytes) -> bool:
    return len(value) <= MAX_ENTITY and _ADDRESS.fullmatch(value) is not None
