"""Memory-mapped files: snapshots as folders, which open without any server.

    manifest.json      form, version, schema, window, and the files with their sizes
    entities.arrow     Arrow IPC: id, name, type
    n_papers.npy       of the entities
    claims.*.npy       one array for all predicates, one behind the other
    is_a.*.npy         the edges of ontologies

No file is read with pickle. A folder is written under another name and renamed, so it is complete
or not there.
"""

from __future__ import annotations

import json
import os
import secrets
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from kg.domain import Domain
from kg.errors import UnreadableFileError
from kg.snapshot.arrays import MEASURES, STRUCTURE, ClaimArrays, EdgeArrays
from kg.snapshot.snapshot import ENTITIES, LeftOut, Snapshot
from kg.snapshot.window import Window

T = TypeVar("T")
Array = npt.NDArray[Any]

FORM = 1
MANIFEST = "manifest.json"
_ENTITIES_FILE = "entities.arrow"
_DTYPES = {
    "indptr": np.int64,
    "in_indptr": np.int64,
    "belief": np.float64,
    "curated": np.bool_,
}


def write_snapshot(snapshot: Snapshot, folder: Path) -> None:
    """Write a snapshot into a folder that is not there yet.

    Raises:
        OSError: the disk said no, or the folder is there by now; nothing is left behind.
    """
    draft = folder.with_name(f".{folder.name}.{os.getpid()}.{secrets.token_hex(4)}")
    draft.mkdir(mode=0o700, parents=True)
    try:
        _write_files(snapshot, draft)
        _sync(draft)
        draft.rename(folder)
        _sync(folder.parent)
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def open_snapshot(path: Path | str) -> Snapshot:
    """Open a snapshot from its folder, memory-mapped; no server is needed.

    Raises:
        UnreadableFileError: the folder holds no snapshot, another form of one, or a damaged one.
    """
    folder = Path(path)
    with _said_plainly(folder):
        manifest = json.loads((folder / MANIFEST).read_bytes())
        if manifest["form"] != FORM:
            reason = f"a snapshot of form {manifest['form']!r}; this Abduce reads form {FORM}"
            raise UnreadableFileError(str(folder), MANIFEST, reason)
        files = _Files(folder, manifest["sizes"])
        entities, predicates = _map_entities(files), manifest["predicates"]
        n, starts = len(entities), manifest["starts"]
        window = manifest["window"]
        return Snapshot(
            entities=entities,
            n_papers=files.array("n_papers", np.int32, (n,)),
            claims=_map_claims(files, predicates, starts, n),
            is_a=_map_edges(files, manifest["n_is_a"], n),
            domain=Domain.model_validate(manifest["domain"]),
            version=str(manifest["version"]),
            window=window and Window.model_validate(window),
            left_out=LeftOut.model_validate(manifest["left_out"]),
        )


def _write_files(snapshot: Snapshot, folder: Path) -> None:
    claims = snapshot.claims
    with pa.ipc.new_file(str(folder / _ENTITIES_FILE), ENTITIES) as writer:
        writer.write_table(snapshot.entities.combine_chunks())
    _save(folder, "n_papers", snapshot.n_papers)
    for name in (*STRUCTURE, *MEASURES):
        parts = [getattr(arrays, name) for arrays in claims.values()]
        nothing: Array = np.zeros(0, dtype=_DTYPES.get(name, np.int32))
        _save(folder, f"claims.{name}", np.concatenate([nothing, *parts]))
    for name in STRUCTURE:
        _save(folder, f"is_a.{name}", getattr(snapshot.is_a, name))
    ends = np.cumsum([0, *(len(arrays) for arrays in claims.values())])
    manifest = {
        "form": FORM,
        "version": snapshot.version,
        "predicates": list(claims),
        "starts": ends.tolist(),
        "n_is_a": len(snapshot.is_a),
        "domain": snapshot.domain.model_dump(mode="json"),
        "window": snapshot.window and snapshot.window.model_dump(),
        "left_out": snapshot.left_out.model_dump(mode="json"),
        "sizes": {path.name: path.stat().st_size for path in sorted(folder.iterdir())},
    }
    (folder / MANIFEST).write_text(json.dumps(manifest, ensure_ascii=True))


def _save(folder: Path, name: str, values: Array) -> None:
    np.save(folder / f"{name}.npy", values, allow_pickle=False)


def _sync(folder: Path) -> None:
    """Have all files of a folder on the disk, so that a power cut leaves none half written."""
    for path in (*(p for p in folder.iterdir() if p.is_file()), folder):
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


class _Files:
    """The files of a snapshot, each checked against what the manifest says of it."""

    def __init__(self, folder: Path, sizes: Mapping[str, int]) -> None:
        self._folder = folder
        self._sizes = sizes

    def path(self, name: str) -> Path:
        """Return where a file stands, if it is as large as it was written."""
        path = self._folder / name
        size = path.stat().st_size
        if size != self._sizes[name]:
            reason = f"{size} bytes, and {self._sizes[name]} were written"
            raise UnreadableFileError(str(self._folder), name, reason)
        return path

    def array(self, name: str, dtype: npt.DTypeLike, shape: tuple[int, ...]) -> Array:
        """Map one array, which must have this type and shape."""
        path = self.path(f"{name}.npy")
        # An empty file cannot be mapped.
        mapped = np.load(path, mmap_mode="r" if shape[0] else None, allow_pickle=False)
        array: Array = np.asarray(mapped)
        if array.dtype != dtype or array.shape != shape:
            found = f"{array.dtype} {array.shape}"
            reason = f"{found} where {np.dtype(dtype)} {shape} is expected"
            raise UnreadableFileError(str(self._folder), path.name, reason)
        return array


def _map_entities(files: _Files) -> pa.Table:
    with pa.memory_map(str(files.path(_ENTITIES_FILE))) as source:
        table = pa.ipc.open_file(source).read_all()
    if table.schema != ENTITIES:
        raise ValueError(f"{_ENTITIES_FILE} has other columns: {table.schema.names}")
    return table


def _map_claims(
    files: _Files, predicates: list[str], starts: list[int], n: int
) -> dict[str, ClaimArrays]:
    total, rows = starts[-1], len(predicates) * (n + 1)
    columns = {
        name: files.array(
            f"claims.{name}",
            _DTYPES.get(name, np.int32),
            (rows if name.endswith("indptr") else total,),
        )
        for name in (*STRUCTURE, *MEASURES)
    }
    found = {}
    for number, (predicate, (start, end)) in enumerate(
        zip(predicates, pairwise(starts), strict=True)
    ):
        at, own = slice(start, end), slice(number * (n + 1), (number + 1) * (n + 1))
        parts = [c[own if name.endswith("indptr") else at] for name, c in columns.items()]
        found[predicate] = ClaimArrays(*parts)
        _check(found[predicate], end - start)
    return found


def _map_edges(files: _Files, count: int, n: int) -> EdgeArrays:
    edges = EdgeArrays(
        *(
            files.array(
                f"is_a.{name}",
                _DTYPES.get(name, np.int32),
                (n + 1 if name.endswith("indptr") else count,),
            )
            for name in STRUCTURE
        )
    )
    _check(edges, count)
    return edges


def _check(edges: EdgeArrays, count: int) -> None:
    for indptr in (edges.indptr, edges.in_indptr):
        if indptr[0] != 0 or indptr[-1] != count:
            raise ValueError(f"{indptr[-1] - indptr[0]} edges where {count} were written")


@contextmanager
def _said_plainly(folder: Path) -> Iterator[None]:
    """Turn whatever a damaged file leads to into one error of ours."""
    try:
        yield
    except (OSError, ValueError, KeyError, TypeError, IndexError, pa.ArrowException) as error:
        if isinstance(error, UnreadableFileError):
            raise
        kind = "the folder holds no whole snapshot"
        reason = f"{kind}: {type(error).__name__}: {error}; take it again with take_snapshot"
        raise UnreadableFileError(str(folder), "", reason) from error
