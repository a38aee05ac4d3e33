"""Belief: the probability of a claim, given what papers say of it.

Follows INDRA (Gyori et al. 2017, https://doi.org/10.15252/msb.20177651, "Assessing belief"): a
reading system errs at random, independently each time it reads, and systematically, in the same
way each time. Many readings by one system wear the first error down to the second; readings by
several systems are independent of each other.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import NamedTuple, Protocol

from kg.curated_models import CURATED_ERROR, source_name
from kg.models import Certainty, Evidence, Polarity

# The probability that a reading system errs in the same way however often it reads. INDRA's prior
# for text-mining systems (indra/resources/default_belief_probs.json: "syst" 0.05).
SYSTEMATIC_ERROR = 0.05
# A "may", "might" or "suggests" carries half of what a statement does. Our choice: INDRA counts
# both alike, and BioScope (Vincze et al. 2008) marks hedges but does not say how often they hold.
HEDGED_WEIGHT = 0.5
# No pile of readings is certain, and none is as good as one row of a curated source.
MOST_READ = 0.99
# Nothing is certain; it also keeps Dempster's rule away from 0 / 0.
MOST = 0.9999
# Decimals of a belief: sums in another order differ far behind them.
DECIMALS = 6


class Reading(NamedTuple):
    """What belief needs of one piece of evidence."""

    paper: str
    pack: str
    polarity: str
    certainty: str
    confidence: float
    retracted: bool = False  # the paper is


class CuratedRow(Protocol):
    """What belief needs of one row of a curated source; `source` is its `Source.ref`."""

    @property
    def source(self) -> str: ...
    @property
    def polarity(self) -> str: ...


def belief(evidence: Iterable[Evidence]) -> float:
    """Return the probability, in [0, 1], of the claim that all of the evidence is about.

    With S the probability that some support is right, and D that some denial is, belief is

        S (1 - D) / (1 - S D),

    INDRA's product of "supported" and "not denied", given that support and denial are not both
    right (Dempster's rule for two simple support functions, Shafer 1976, section 3.1). INDRA
    leaves the denominator out; then one denial takes a claim with a hundred supports to 0.1.

    S (and D alike) is the smaller of two noisy-ors over weights w, confidence times
    `HEDGED_WEIGHT` where hedged, of which the strongest of each paper counts:

    - over packs: 1 - prod_s [e + (1 - e) prod_p (1 - w_sp)], e the systematic error, so that one
      pack never reaches 1 - e, however many papers it reads;
    - over papers: 1 - prod_p (1 - max_s w_sp), so that two packs that read the same sentence do
      not count as two papers.

    Both grow with each weight, so more support never lowers belief and more denial never raises
    it; the order of the evidence does not matter. Without support, belief is 0.
    """
    return belief_in(
        Reading(item.paper, item.pack, item.polarity, item.certainty, item.confidence)
        for item in evidence
    )


def belief_in(
    readings: Iterable[Reading],
    rows: Iterable[CuratedRow] = (),
    errors: Mapping[str, float] | None = None,
) -> float:
    """Return `belief` of plain readings, as they come from the graph, and of curated rows.

    Args:
        readings: what papers say; that of a retracted paper weighs nothing.
        rows: what curated sources say. A source is right or wrong once, however many rows it has;
            it is independent of papers and of other sources, and stands above any pile of
            readings, unless its error says otherwise.
        errors: systematic error rates: of packs by their ref (else `SYSTEMATIC_ERROR`), of
            sources by their name (else `CURATED_ERROR`).
    """
    rates = errors or {}
    weights: dict[str, dict[str, dict[str, float]]] = {
        Polarity.SUPPORTS: defaultdict(dict),
        Polarity.DENIES: defaultdict(dict),
    }
    for reading in readings:
        by_pack = weights[reading.polarity][reading.paper]
        by_pack[reading.pack] = max(by_pack.get(reading.pack, 0.0), _weight(reading))
    sources: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        sources[row.polarity].add(source_name(row.source))
    support, denial = (
        _either(_some_right(weights[side], rates), sources[side], rates)
        for side in (Polarity.SUPPORTS, Polarity.DENIES)
    )
    return round(support * (1 - denial) / (1 - support * denial), DECIMALS)


def _either(read: float, sources: Iterable[str], errors: Mapping[str, float]) -> float:
    """Return the probability that a reading or a source is right."""
    wrong = _product(errors.get(source, CURATED_ERROR) for source in sources)
    return min(1 - (1 - read) * wrong, MOST)


def _weight(reading: Reading) -> float:
    if reading.retracted:
        return 0.0
    hedged = reading.certainty == Certainty.HEDGED
    return reading.confidence * (HEDGED_WEIGHT if hedged else 1.0)


def _some_right(papers: Mapping[str, Mapping[str, float]], errors: Mapping[str, float]) -> float:
    """Return the probability that a reading is right; `papers[paper][pack]` is a weight."""
    by_pack: dict[str, list[float]] = defaultdict(list)
    for by_paper in papers.values():
        for pack, weight in by_paper.items():
            by_pack[pack].append(weight)
    over_packs = _product(
        _wrong(weights, errors.get(pack, SYSTEMATIC_ERROR)) for pack, weights in by_pack.items()
    )
    over_papers = _all_wrong(max(by_paper.values()) for by_paper in papers.values())
    return min(1 - over_packs, 1 - over_papers, MOST_READ)


def _wrong(weights: Iterable[float], systematic: float) -> float:
    return systematic + (1 - systematic) * _all_wrong(weights)


def _all_wrong(weights: Iterable[float]) -> float:
    return _product(1 - weight for weight in weights)


def _product(factors: Iterable[float]) -> float:
    # Sorted, so that the same factors give the same bits in any order.
    return math.prod(sorted(factors))
