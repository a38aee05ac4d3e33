"""Unsupervised link prediction by indirect paths (a damped sum of degree-weighted path counts).

Swanson (1986, https://doi.org/10.1353/pbm.1986.0087) found what two literatures imply together
through what they share: A is linked to B, B to C, A to C nowhere. The score adds up all such
ways from one end of a claim to the other, of 2 to 4 steps. Direct claims between the ends are
left to the checks, which say so in words. A path's contribution is the product of

- its path-degree product with damping 0.4 (Himmelstein & Baranzini 2015,
  https://doi.org/10.1371/journal.pcbi.1004259): the fewer other ways lead off it, the more it
  says. Ranking by linking terms without regard to how common they are floods the head of the
  list (Yetisgen-Yildiz & Pratt 2009, https://doi.org/10.1016/j.jbi.2008.12.001);
- the belief of each of its claims: the probability that all of them hold, were they independent;
- `LENGTH_DAMPING` for each step beyond the second, as in Katz (1953,
  https://doi.org/10.1007/BF02289026): with damping 0.4 the number of longer paths grows faster
  than their degrees wear them down;
- how its signs fit. Signs multiply along a path (causal reasoning: Pollard et al. 2005,
  https://doi.org/10.1089/dia.2005.7.323; Chindelevitch et al. 2012,
  https://doi.org/10.1093/bioinformatics/bts090): what lowers that which a disease is marked by
  speaks for lowering the disease. A path whose sign is that of the asked relation counts in
  full; one of the other sign counts `AGAINST` times, below zero; each step of a relation without
  a sign halves a path (`UNSIGNED_STEP`), which then speaks for either. If the asked relation has
  no sign, signs are not looked at.

So for a relation without a sign, in a graph of certain claims, the score is the sum of all
degree-weighted path counts, damped by length. The sum is what a noisy-or over independent paths
is for small contributions, and unlike it a sum splits exactly into the parts of its paths.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Self

import numpy as np
from scipy import sparse

from reasoning.arrays import Floats, Matrix
from reasoning.layer import Layer, Sign
from reasoning.network import HalfEdge, Network
from reasoning.path_counts import DAMPING
from reasoning.scorers.best_paths import best_paths
from reasoning.scorers.scorer import Contribution, Scores, Step
from reasoning.simple_paths import SymmetricPathSums, with_entries

MIN_STEPS = 2
MAX_STEPS = 4
LENGTH_DAMPING = 0.25
UNSIGNED_STEP = 0.5
AGAINST = 0.5

# What a path of 2, 3 or 4 steps counts; and (3, 1) as a column.
BY_LENGTH = {n: LENGTH_DAMPING ** (n - MIN_STEPS) for n in range(MIN_STEPS, MAX_STEPS + 1)}
_COLUMN = np.array(list(BY_LENGTH.values()))[:, None]


class PathScore:
    """Scores of all pairs of a network for a relation of one sign.

    Args:
        network: the claims to walk on.
        sign: sign of the relation that is asked for.
    """

    def __init__(self, network: Network, sign: Sign) -> None:
        self.network = network
        self.sign = sign
        self.by_length = BY_LENGTH
        layers = network.layers
        certain = [
            factors * layer.arrays.belief
            for layer, factors in zip(layers, network.path_degree_factors(DAMPING), strict=True)
        ]
        # (C,) for each layer: the size of each edge's part in a contribution.
        self.weights: list[Floats] = [
            weights * UNSIGNED_STEP if sign and not layer.sign else weights
            for layer, weights in zip(layers, certain, strict=True)
        ]
        size, ones = len(network.node_types), [np.ones(len(weights)) for weights in certain]
        every, number = _matrices(size, layers, self.weights, ones)
        self._all, self._number = SymmetricPathSums(every), SymmetricPathSums(number)
        if sign:
            # The signs of a path count where all its steps are signed; so no others are here.
            both = [(layer, w) for layer, w in zip(layers, certain, strict=True) if layer.sign]
            signed, product = [w for _, w in both], [w * layer.sign for layer, w in both]
            sums = _matrices(size, [layer for layer, _ in both], signed, product)
            self._signed, self._product = map(SymmetricPathSums, sums)

    @classmethod
    def of_relation(cls, network: Network, predicate: str) -> Self:
        """Return the path score for the sign of a relation of the network's schema."""
        relation = network.domain.relations.get(predicate) if network.domain else None
        return cls(network, relation.sign if relation else 0)

    def from_node(self, start: int) -> Scores:
        """Return the scores between one node and every other."""
        # Whole numbers are counted exactly, so they tell a small sum from a rounding error.
        number = _indirect(self._number, start).sum(axis=0)
        every = _indirect(self._all, start)
        if self.sign:
            signed, product = _indirect(self._signed, start), _indirect(self._product, start)
            fits = (signed + self.sign * product) / 2
            against = (signed - self.sign * product) / 2
            every = every - signed + fits - AGAINST * against
        total = (every * _COLUMN).sum(axis=0)
        return Scores(np.where(number > 0, total, 0.0), np.rint(number).astype(np.int64))

    def contributions(self, start: int, end: int) -> Iterator[Contribution]:
        """Yield the paths of a pair with what each adds to its score, by absolute weight."""
        for weight, path in best_paths(self, start, end):
            yield Contribution(weight, tuple(map(self._step, path)))

    def contribution(self, path: Sequence[HalfEdge]) -> float:
        """Return what one path adds to the score of its ends."""
        size = float(np.prod([self.weights[h.layer][h.claim] for h in path])) * BY_LENGTH[len(path)]
        fit = self.sign * float(np.prod([self.network.layers[h.layer].sign for h in path]))
        return -AGAINST * size if fit < 0 else size

    def _step(self, half_edge: HalfEdge) -> Step:
        layer, claim = self.network.layers[half_edge.layer], half_edge.claim
        return Step(
            target=half_edge.target,
            subject=int(layer.arrays.subjects(np.array([claim]))[0]),
            predicate=layer.predicate,
            object=int(layer.arrays.object[claim]),
            belief=float(layer.arrays.belief[claim]),
        )


def _matrices(size: int, layers: Sequence[Layer], *weightings: Sequence[Floats]) -> list[Matrix]:
    """Return symmetric (N, N) matrices of one structure, from (C,) weights of each layer's edges.

    Parallel claims between two nodes add up: each is a way of its own.
    """
    none = np.zeros(0, dtype=np.int32)
    kept = [layer.edges() for layer in layers]
    arrays = [layer.arrays for layer in layers]
    subject = np.concatenate([none, *(a.subject[k] for a, k in zip(arrays, kept, strict=True))])
    object_ = np.concatenate([none, *(a.object[k] for a, k in zip(arrays, kept, strict=True))])
    ends = (np.concatenate([subject, object_]), np.concatenate([object_, subject]))
    matrices: list[Matrix] = []
    for weights in weightings:
        parts = [w[k] for w, k in zip(weights, kept, strict=True)] * 2
        entries = np.concatenate([np.zeros(0), *parts])
        matrix: Matrix = sparse.csr_array((entries, ends), shape=(size, size))
        matrices.append(with_entries(matrices[0], matrix.data) if matrices else matrix)
    return matrices


def _indirect(sums: SymmetricPathSums, start: int) -> Floats:
    return sums.from_node(start)[MIN_STEPS - 1 :]
