"""Papers for the tests of the pipeline, and a pipeline in a process that can be killed."""

from __future__ import annotations

import json
import random
import subprocess
import sys
import time
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

SAMPLES = Path(__file__).parents[2] / "samples" / "abstracts.jsonl"
PACK = "biomedicine"
ROOT = Path(__file__).parents[2]

# Small chunks, so that there are some to be killed between.
_PROGRAM = """
import sys
import extraction.chunks
from extraction import build, extract
from kg import open_graph
extraction.chunks.MAX_CHUNK = 3
verb, corpus, shards, graph = sys.argv[1:]
if verb == "extract":
    extract([corpus], "biomedicine", shards, device="cpu")
else:
    with open_graph(graph, create=True) as opened:
        build([corpus], "biomedicine", opened, shards, device="cpu")
"""


def write_corpus(path: Path, count: int = 12) -> Path:
    """Write the first sample abstracts to a file of JSON lines."""
    lines = SAMPLES.read_text(encoding="utf-8").splitlines()[:count]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def sample(number: int) -> dict[str, str]:
    """One sample abstract as it stands in the file."""
    record: dict[str, str] = json.loads(SAMPLES.read_text(encoding="utf-8").splitlines()[number])
    return record


def read_rows(folder: Path) -> dict[str, list[dict[str, object]]]:
    """All rows of a folder of shards, per file, sources left out."""
    return {path.name: _rows(pq.read_table(path)) for path in sorted(folder.glob("*.parquet"))}


def run_until_killed(seed: int, verb: str, corpus: Path, shards: Path, graph: Path) -> None:
    """Run the program, killed at random moments of its work, then once more to the end."""
    chance = random.Random(seed)  # noqa: S311 - a moment, not a secret
    command = [sys.executable, "-c", _PROGRAM, verb, str(corpus), str(shards), str(graph)]
    for _ in range(3):
        target = _count(shards) + chance.randint(1, 5)
        with subprocess.Popen(command, cwd=ROOT) as process:
            while process.poll() is None and _count(shards) < target:
                time.sleep(0.005)
            time.sleep(chance.uniform(0, 0.5))
            process.kill()
    subprocess.run(command, cwd=ROOT, check=True)


def _count(shards: Path) -> int:
    return len(list(shards.glob("*.parquet")))


def _rows(table: pa.Table) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = table.to_pylist()
    return [{name: value for name, value in row.items() if name != "source"} for row in rows]
