"""Opening a file: plain, `.gz` or `.xz`, in bounded memory, whatever it holds.

Compression is known by the first bytes, not by the name.
"""

from __future__ import annotations

import codecs
import gzip
import io
import lzma
import os
import stat
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, NamedTuple

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

from kg.errors import UnreadableFileError

CHUNK = 1 << 16
HEAD = 1 << 16
MAX_LINE = 8 << 20
MAX_SKIPPED = 256 << 20
BOMB_FLOOR = 64 << 20
BOMB_RATIO = 200
XZ_MEMORY = 256 << 20

_GZIP = b"\x1f\x8b"
_XZ = b"\xfd7zXZ\x00"
_PACKED = (".gz", ".xz")


class Line(NamedTuple):
    """One line without its end; where `problem` is not empty it could not be read.

    Millions of them are made; a frozen dataclass takes three times as long to make.
    """

    number: int
    text: str
    problem: str = ""

    @property
    def where(self) -> str:
        """The place, as failures name it."""
        return f"line {self.number}"


@dataclass(slots=True)
class Source:
    """An open file: `head` is its unpacked beginning; the rest is read once, by one of the two.

    Args:
        path: as it is shown to people (always valid UTF-8).
        suffix: the ending of its name without `.gz` and `.xz`, in lower case.
    """

    path: str
    suffix: str
    head: bytes
    _chunks: Iterator[bytes]

    def whole(self, limit: int) -> bytes:
        """Return all of the content.

        Raises:
            UnreadableFileError: there are more than `limit` bytes, or the file is damaged.
        """
        kept = bytearray()
        for chunk in self._chunks:
            kept += chunk
            if len(kept) > limit:
                reason = f"larger than {limit:,} bytes, the most that one document may have here"
                raise UnreadableFileError(self.path, "", f"{reason}; split it")
        return bytes(kept)

    def stream(self) -> BinaryIO:
        """Return all of the content as a file to read from, once."""
        return io.BufferedReader(_Stream(self._chunks), CHUNK)

    def lines(self) -> Iterator[Line]:
        r"""Yield the lines, ended by `\n` or `\r\n`, none of them longer than 8 MiB.

        Raises:
            UnreadableFileError: at the place where the file is damaged or cut off, after the
                whole lines before it.
        """
        held: list[bytes] = []
        size = 0
        number = 1
        for chunk in self._chunks:
            *ended, rest = chunk.split(b"\n")
            for piece in ended:
                if size:  # it began in another chunk
                    yield _decode_line(number, b"".join((*held, piece)), size + len(piece))
                    held, size = [], 0
                else:
                    yield _decode_line(number, piece, len(piece))
                number += 1
            size += len(rest)
            held = [*held, rest] if size <= MAX_LINE else []
            if size > MAX_SKIPPED:
                reason = f"longer than {MAX_SKIPPED:,} bytes; the rest of the file is not read"
                raise UnreadableFileError(self.path, f"line {number}", reason)
        if size:
            yield _decode_line(number, b"".join(held), size)


class _Stream(io.RawIOBase):
    """The content, chunk by chunk, for what reads from a file."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks = chunks
        self._held = memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        while not self._held:
            chunk = next(self._chunks, None)
            if chunk is None:
                return 0
            self._held = memoryview(chunk)
        target = memoryview(buffer).cast("B")
        size = min(len(target), len(self._held))
        target[:size] = self._held[:size]
        self._held = self._held[size:]
        return size


def shown(path: str | os.PathLike[str]) -> str:
    """Return a path as valid UTF-8; what is not becomes backslash escapes."""
    return os.fspath(path).encode("utf-8", errors="backslashreplace").decode("utf-8")


@contextmanager
def open_source(path: Path) -> Iterator[Source]:
    """Open a file for a reader.

    Raises:
        UnreadableFileError: absent, no permission, not a regular file, empty, or damaged before
            anything of it could be read.
    """
    name = shown(path)
    with _open_regular(path, name) as raw:
        head, chunks = _peek(_unpacked(raw, name))
        if not head:
            raise UnreadableFileError(name, "", "the file is empty")
        yield Source(name, _suffix(path), head, chunks)


def _open_regular(path: Path, name: str) -> BinaryIO:
    try:
        # A pipe or a device is not even opened: that could block, or have effects.
        if not stat.S_ISREG(path.stat().st_mode):
            reason = "not a regular file; write its content to a file, and name that one"
            raise UnreadableFileError(name, "", reason)
        return path.open("rb")
    except PermissionError as error:
        reason = "permission denied; make the file readable (chmod u+r)"
        raise UnreadableFileError(name, "", reason) from error
    except OSError as error:
        reason = f"cannot be opened: {error.strerror or error}"
        raise UnreadableFileError(name, "", reason) from error
    except ValueError as error:
        raise UnreadableFileError(name, "", f"not a possible file name: {error}") from error


def _suffix(path: Path) -> str:
    suffixes = [suffix.lower() for suffix in path.suffixes]
    if suffixes and suffixes[-1] in _PACKED:
        suffixes.pop()
    return suffixes[-1] if suffixes else ""


def _peek(chunks: Iterator[bytes]) -> tuple[bytes, Iterator[bytes]]:
    """Return the beginning, and all chunks from the first one on.

    Damage that shows already here is raised only when reading comes to it.
    """
    kept: list[bytes] = []
    damage: UnreadableFileError | None = None
    try:
        for chunk in chunks:
            kept.append(chunk)
            if sum(map(len, kept)) >= HEAD:
                break
    except UnreadableFileError as error:
        if not kept:
            raise
        damage = error

    def again() -> Iterator[bytes]:
        yield from kept
        if damage is not None:
            raise damage
        yield from chunks

    return b"".join(kept)[:HEAD], again()


def _unpacked(raw: BinaryIO, name: str) -> Iterator[bytes]:
    """Yield the unpacked content; what goes wrong is an error with the place where it did."""
    count = 0
    try:
        for chunk in _choose_unpacker(raw):
            count += len(chunk)
            if chunk:
                yield chunk
            if count > BOMB_FLOOR and count > BOMB_RATIO * raw.tell():
                reason = f"unpacks to more than {BOMB_RATIO} times its size: no text does that"
                raise UnreadableFileError(name, f"byte {count:,} unpacked", reason)
    except EOFError as error:
        reason = "cut off here: the packed file ends before its end mark; fetch or pack it again"
        raise UnreadableFileError(name, f"byte {count:,} unpacked", reason) from error
    except (gzip.BadGzipFile, zlib.error, lzma.LZMAError) as error:
        reason = f"damaged here ({error}); fetch or pack it again"
        raise UnreadableFileError(name, f"byte {count:,} unpacked", reason) from error
    except OSError as error:
        reason = f"cannot be read on: {error.strerror or error}"
        raise UnreadableFileError(name, f"byte {count:,}", reason) from error


def _choose_unpacker(raw: BinaryIO) -> Iterator[bytes]:
    magic = raw.read(len(_XZ))
    raw.seek(0)
    if magic.startswith(_GZIP):
        return _gzip_chunks(raw)
    if magic == _XZ:
        return _xz_chunks(raw)
    return iter(lambda: raw.read(CHUNK), b"")


def _gzip_chunks(raw: BinaryIO) -> Iterator[bytes]:
    with gzip.GzipFile(fileobj=raw) as unpacked:
        # read1 returns what stands before a cut; read would raise and lose it.
        while chunk := unpacked.read1(CHUNK):
            yield chunk


def _xz_chunks(raw: BinaryIO) -> Iterator[bytes]:
    # lzma.open has no limit on memory: a header may ask for a dictionary of 4 GiB.
    packed = raw.read(CHUNK)
    while packed:
        unpacker = lzma.LZMADecompressor(format=lzma.FORMAT_XZ, memlimit=XZ_MEMORY)
        while not unpacker.eof:
            if unpacker.needs_input and not packed:
                packed = raw.read(CHUNK)
                if not packed:
                    raise EOFError
            yield unpacker.decompress(packed, CHUNK)
            packed = b""
        # Streams may follow one another, with zero bytes between them.
        packed = (unpacker.unused_data or raw.read(CHUNK)).lstrip(b"\0")
        while not packed and (more := raw.read(CHUNK)):
            packed = more.lstrip(b"\0")


def _decode_line(number: int, data: bytes, size: int) -> Line:
    if size > MAX_LINE:
        reason = f"longer than {MAX_LINE:,} bytes, the most that one line may have"
        return Line(number, "", reason)
    data = data.removesuffix(b"\r")
    if number == 1:
        data = data.removeprefix(codecs.BOM_UTF8)
    try:
        return Line(number, data.decode("utf-8"))
    except UnicodeDecodeError as error:
        return Line(number, "", undecodable(data[error.start], error.start + 1))


def undecodable(byte: int, column: int) -> str:
    """Return the reason of a failure to decode, with the byte and its place in the line."""
    return f"byte {column} of it, 0x{byte:02x}, is not UTF-8; save the file as UTF-8"
