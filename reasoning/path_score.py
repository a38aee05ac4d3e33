"""The unsupervised score of a claim that a graph does not hold: its indirect paths, weighed.

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

from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy import sparse

from reasoning.arrays import Floats, Ints, Matrix
from reasoning.network import Network
from reasoning.path_counts import DAMPING
from reasoning.simple_paths import SymmetricPathSums

MIN_STEPS = 2
MAX_STEPS = 4
LENGTH_DAMPING = 0.25
UNSIGNED_STEP = 0.5
AGAINST = 0.5

Sign = Literal[-1, 0, 1]
# (3, 1): for paths of 2, 3 and 4 steps.
_BY_LENGTH = LENGTH_DAMPING ** np.arange(MAX_STEPS - MIN_STEPS + 1)[:, None]


@dataclass(frozen=True, eq=False)
class Scores:
    """What one node is to every other.

    Args:
        total: (N,) scores; 0 where no path leads.
        n_paths: (N,) how many paths of 2 to 4 steps lead there.
    """

    total: Floats
    n_paths: Ints


class PathScore:
    """Scores of all pairs of a network for a relation of one sign.

    Args:
        network: the claims to walk on.
        sign: sign of the relation that is asked for.
    """

    def __init__(self, network: Network, sign: Sign) -> None:
        self.network = network
        self.sign = sign
        weights = network.path_degree_factors(DAMPING) * network.claims.belief[network.claim]
        # (H,): sign and size of each half-edge's part in a contribution.
        self.half_edge_signs: Floats = network.signs[network.claim]
        signed = self.half_edge_signs != 0
        self.half_edge_weights: Floats = (
            np.where(signed, weights, weights * UNSIGNED_STEP) if sign else weights
        )
        self._all = self._sums(self.half_edge_weights)
        self._number = self._sums(np.ones(len(weights)))
        if sign:
            self._signed = self._sums(np.where(signed, weights, 0.0))
            self._product = self._sums(weights * self.half_edge_signs)

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
        total = (every * _BY_LENGTH).sum(axis=0)
        return Scores(np.where(number > 0, total, 0.0), np.rint(number).astype(np.int64))

    def contribution(self, half_edges: tuple[int, ...]) -> float:
        """Return what one path adds to the score of its ends."""
        rows = list(half_edges)
        size = float(np.prod(self.half_edge_weights[rows])) * LENGTH_DAMPING ** (
            len(rows) - MIN_STEPS
        )
        fit = self.sign * float(np.prod(self.half_edge_signs[rows]))
        return -AGAINST * size if fit < 0 else size

    def _sums(self, weights: Floats) -> SymmetricPathSums:
        size = len(self.network.node_types)
        ends = (self.network.source, self.network.target)
        # Parallel claims between two nodes add up: each is a way of its own.
        matrix: Matrix = sparse.csr_array((weights, ends), shape=(size, size))
        return SymmetricPathSums(matrix)


def _indirect(sums: SymmetricPathSums, start: int) -> Floats:
    return sums.from_node(start)[MIN_STEPS - 1 :]
