"""What supports the claims of a hub: rows of a source and sentences, a claim at a time and all.

A hub has thousands of claims, each with a row of a curated source and some sentences; one claim
has as many sentences as a famous one. The peers, in the same run on the same graph: the statement
that looks each claim's edge up by a property, one by one; and reading all sentences of a claim to
show the best of them.

    python benchmarks/support.py [--degree 8000] [--sentences 50000] [--server both]
"""

from __future__ import annotations

import argparse
import statistics
from collections.abc import Callable
from pathlib import Path
from typing import Any

from load_hetionet import add_servers, places
from setting import SettingParser, print_refused, timed

from kg import Claim, Graph, claim_id
from kg.asking import evidence_for
from kg.loading.curated import load_curated
from kg.sources import CuratedSource, open_source

PREDICATE = "TREATS"
HUB = "x:hub"
EACH = 2  # sentences of a claim
PAPERS = 2000
ROUNDS = 3
SOME = 50  # claims that are asked one at a time
ONE_BY_ONE = f"""
UNWIND $rows AS row
MATCH (s:Entity {{id: row.subject}})-[c:{PREDICATE} {{claim_id: row.id}}]->
  (o:Entity {{id: row.object}})
WHERE c.curated = true RETURN row.id AS id, properties(c) AS edge
"""
WHOLE = """
UNWIND $ids AS id MATCH (e:Evidence {claim_id: id})-[:REPORTED_IN]->(p:Paper)
RETURN id, properties(e) AS evidence, p.date AS date, p.retracted AS retracted
"""
A_QUERY = 1000  # claims


def main() -> None:
    """Measure, and print."""
    given = _arguments()
    for place in places(given):
        print(place.name)
        load_curated(place.graph, hub_source(given.degree, place.scratch))
        measure(place.graph, given.degree, given.sentences)


def measure(graph: Graph, degree: int, sentences: int) -> None:
    """Add sentences to the hub's claims, measure, and print what came of it."""
    ids = {end: claim_id(HUB, PREDICATE, end) for end in _ends(degree)}
    _add_sentences(graph, ids, sentences)
    claims = [Claim(subject=HUB, predicate=PREDICATE, object=end) for end in sorted(ids)[1:]]
    famous = Claim(subject=HUB, predicate=PREDICATE, object=min(ids))
    some = claims[:: max(1, len(claims) // SOME)]
    _show("evidence_for, all claims at once", lambda: evidence_for(graph, claims), len(claims))
    _show(
        "evidence_for, a claim at a time",
        lambda: [evidence_for(graph, [claim]) for claim in some],
        len(some),
    )
    rows = [{"id": ids[c.object], "subject": HUB, "object": c.object} for c in some]
    _show(
        "peer: edges alone, each by a property",
        lambda: graph.read(ONE_BY_ONE, rows=rows),
        len(some),
    )
    _show("peer: sentences alone, read whole", lambda: _whole(graph, claims, ids), len(claims))
    print(f"  a claim of {sentences:,} sentences")
    _show("evidence_for, the best 3", lambda: evidence_for(graph, [famous]))
    _show("evidence_for, the last 3", lambda: evidence_for(graph, [famous], offset=sentences - 2))
    _show("peer: all of them read", lambda: _whole(graph, [famous], ids))


def hub_source(degree: int, folder: Path) -> CuratedSource:
    """Return a source that says of one thing that it treats so many."""
    nodes, edges = folder / "hub_nodes.tsv", folder / "hub_edges.tsv"
    with nodes.open("w") as file:
        file.write(f"id\tcategory\n{HUB}\tbiolink:Drug\n")
        file.writelines(f"{end}\tbiolink:Disease\n" for end in _ends(degree))
    with edges.open("w") as file:
        file.write("subject\tpredicate\tobject\n")
        file.writelines(f"{HUB}\tbiolink:treats\t{end}\n" for end in _ends(degree))
    return open_source([nodes, edges], on_failure=print_refused)


def _ends(degree: int) -> list[str]:
    return [f"x:{number:06}" for number in range(degree)]


def _add_sentences(graph: Graph, ids: dict[str, str], famous: int) -> None:
    graph.merge_nodes(["Paper"], [{"id": f"pmid:{n}", "date": "2016"} for n in range(PAPERS)])
    rows = [_sentence(min(ids), ids, number) for number in range(famous)]
    rows += [_sentence(end, ids, n) for end in sorted(ids)[1:] for n in range(EACH)]
    graph.merge_nodes(["Evidence"], rows)
    edges = [{"start": row["id"], "end": row["paper"]} for row in rows]
    graph.merge_edges("REPORTED_IN", edges, start="Evidence", end="Paper")


def _sentence(end: str, ids: dict[str, str], number: int) -> dict[str, Any]:
    return {
        "id": f"evidence:{end}-{number}", "claim_id": ids[end], "subject": HUB,
        "predicate": PREDICATE, "object": end, "polarity": "supports",
        "certainty": "hedged" if number % 3 else "stated", "confidence": number * 7 % 100 / 100,
        "start": number, "end": number + 40, "paper": f"pmid:{number % PAPERS}",
        "quote": f"Sentence {number} on {end}.".ljust(200, "."), "pack": "benchmark@1",
    }  # fmt: skip


def _whole(graph: Graph, claims: list[Claim], ids: dict[str, str]) -> None:
    for start in range(0, len(claims), A_QUERY):
        graph.read(WHOLE, ids=[ids[c.object] for c in claims[start : start + A_QUERY]])


def _show(what: str, work: Callable[[], object], claims: int = 1) -> None:
    """Print the median of some rounds, the first of which warms the server up and is left out."""
    seconds = [timed(work)[0] for _ in range(ROUNDS)][1:]
    print(f"  {what:48} {statistics.median(seconds) / claims * 1000:10.3f} ms a claim", flush=True)


def _arguments() -> argparse.Namespace:
    parser = SettingParser(__doc__)
    parser.add_argument("--degree", type=int, default=8000, help="claims of the hub")
    parser.add_argument("--sentences", type=int, default=50_000, help="of the one famous claim")
    add_servers(parser)
    return parser.parse_args()


if __name__ == "__main__":
    main()
