"""All readers, and which of them takes a file: by its content first, by its name second."""

from __future__ import annotations

import codecs

from extraction.readers.jats import JATS
from extraction.readers.jsonl import JSON_LINES
from extraction.readers.pubtator import PUBTATOR
from extraction.readers.reader import Reader
from extraction.readers.text import TEXT
from kg import UnreadableFileError
from kg.files import Source

READERS: dict[str, Reader] = {
    "jats": JATS,
    "jsonl": JSON_LINES,
    "pubtator": PUBTATOR,
    "text": TEXT,
}

_FOREIGN = {
    b"%PDF": "a PDF, which is not read yet; convert it to text (.txt) or JATS first",
    b"PK\x03\x04": "a zip archive (or an office document); unpack it, or save it as text (.txt)",
    b"PAR1": "a Parquet file; if it is an annotation shard, load it instead",
    b"BZh": "packed with bzip2; pack it with gzip or xz",
    b"\x28\xb5\x2f\xfd": "packed with zstd; pack it with gzip or xz",
}


def choose_reader(source: Source) -> Reader:
    """Return the reader that takes a file.

    Raises:
        UnreadableFileError: none does.
    """
    for magic, reason in _FOREIGN.items():
        if source.head.startswith(magic):
            raise UnreadableFileError(source.path, "", reason)
    head = _decode(source)
    if not head.strip():
        raise UnreadableFileError(source.path, "", "nothing but white space at its beginning")
    for reader in READERS.values():
        if reader.takes(head):
            return reader
    for reader in READERS.values():
        if source.suffix in reader.extensions:
            return reader
    raise UnreadableFileError(source.path, "", _unknown(source.suffix))


def _decode(source: Source) -> str:
    head = source.head
    for mark, encoding in ((codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16")):
        if head.startswith(mark):
            text = head.decode(encoding, errors="replace")
            # XML says its own encoding; the other formats are UTF-8.
            if READERS["jats"].takes(text):
                return text
            raise UnreadableFileError(source.path, "", "is in UTF-16; save it as UTF-8")
    if b"\0" in head:
        place = f"byte {head.index(0) + 1:,}"
        raise UnreadableFileError(source.path, place, "binary: a zero byte stands here, not text")
    return head.removeprefix(codecs.BOM_UTF8).decode("utf-8", errors="replace")


def _unknown(suffix: str) -> str:
    known = ", ".join(reader.name for reader in READERS.values() if reader is not TEXT)
    ending = f"the ending {suffix!r} is not known" if suffix else "its name has no ending"
    return f"{ending}, and its content is none of {known}; if it is plain text, name it .txt"
