"""Writing claims whose contributions have moved: to other entities, or to the other direction."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from kg.resolving import reading, writing
from kg.resolving.moving_claims import ClaimMoves, by_predicate, claim_rows, evidence_rows
from kg.store.transaction import Transaction


def write_moved_claims(
    transaction: Transaction,
    moves: ClaimMoves,
    errors: Mapping[str, float],
    nodes: Collection[str],
) -> None:
    """Write claims and evidence as they are once contributions have moved.

    Args:
        transaction: where to.
        moves: what moves.
        errors: systematic error rates of packs and sources.
        nodes: entities of which each of these claims has one.
    """
    support = reading.read_support(transaction, moves.touched, nodes)
    kept, gone = claim_rows(moves, support, errors)
    for predicate, rows in by_predicate((claim, {}) for claim in gone).items():
        writing.drop_claims(transaction, predicate, rows, nodes)
    for predicate, rows in by_predicate(kept).items():
        writing.write_claims(transaction, predicate, rows, support.entries, nodes)
    writing.set_ends(transaction, evidence_rows(moves))
    for at, type_ in enumerate(("SUBJECT", "OBJECT")):
        pairs = [
            (sentence.id, sentence.ends[at], target.ends[at])
            for sentence, target in moves.sentences.values()
            if sentence.ends[at] != target.ends[at]
        ]
        old = [{"start": id_, "end": before} for id_, before, _ in pairs]
        new = [{"start": id_, "end": now} for id_, _, now in pairs]
        writing.drop_edges(transaction, type_, old, start="Evidence")
        writing.write_edges(transaction, type_, new, start="Evidence")
