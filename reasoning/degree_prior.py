"""Preferential attachment as a baseline: the rank by the ends' numbers of claims alone.

A well-studied entity has more paths to anything. Rephetio found that degree alone predicts a
good part of treatments (Himmelstein et al. 2017, https://doi.org/10.7554/eLife.26726), so its
rank stands beside ours.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from kg import Finding, FindingStatus
from reasoning.candidates import Candidate
from reasoning.network import Network


class DegreePrior:
    """Ranks candidates by the product of their ends' numbers of claims.

    Args:
        network: where the claims are counted.
        names: (N,) names of its nodes.
        among: the candidates to rank among; without any, only the numbers are told.
    """

    name = "degree_prior"

    def __init__(
        self, network: Network, names: Sequence[str], among: Sequence[Candidate] = ()
    ) -> None:
        self._names = names
        self._degree = network.degree
        self._products = np.sort([self._degree[c.subject] * self._degree[c.object] for c in among])

    def finding(self, subject: int, object_: int) -> Finding:
        """Return the number of claims of each end, and the rank that they alone would give."""
        degrees = (int(self._degree[subject]), int(self._degree[object_]))
        names = (self._names[subject], self._names[object_])
        message = f"{names[0]} stands in {degrees[0]} claims, {names[1]} in {degrees[1]}"
        total = len(self._products)
        if total:
            at_most = np.searchsorted(self._products, degrees[0] * degrees[1], side="right")
            message += f"; by that alone it would rank {total - at_most + 1} of {total}"
        return Finding(check=self.name, status=FindingStatus.FINE, message=message)
