"""Degree-weighted path counts: ours against hetmatpy, or against networkx where it is absent.

Both count every metapath of up to `--length` steps between all chemicals and all diseases of the
same random graph, in one run, and the numbers must agree. Himmelstein's hetmatpy
(https://github.com/hetio/hetmatpy, `pip install hetmatpy`) multiplies matrices too; the peer by
networkx lists all simple paths.

    python benchmarks/path_counts.py [--nodes 60] [--claims 500] [--length 4] [--seed 0]
"""

from __future__ import annotations

import argparse
import importlib.util
import itertools
import time
from collections import Counter
from collections.abc import Iterable
from typing import cast

import networkx as nx
import numpy as np
import numpy.typing as npt

from kg import Domain, parse_domain
from kg.snapshot import ClaimArrays
from reasoning import Metaedge, Network, path_counts

DAMPING = 0.4
Counts = dict[tuple[Metaedge, ...], npt.NDArray[np.float64]]
# hetmatpy names an edge by type, relation's letter, type: one relation for each pair of types.
KINDS = {"BINDS": ("Chemical", "Gene"), "MEETS": ("Gene", "Gene"), "MARKS": ("Gene", "Disease")}
DOMAIN: Domain = parse_domain(
    'name = "benchmark"\nversion = "1"\n[types.Chemical]\n[types.Gene]\n[types.Disease]\n'
    + "".join(
        f'[relations.{name}]\nsignatures = [{{ subject = "{s}", object = "{o}", reading = "" }}]\n'
        for name, (s, o) in KINDS.items()
    )
)


def random_network(nodes: int, claims: int, seed: int) -> Network:
    """Return a network of three types of `nodes` each, with skewed degrees as papers give them."""
    rng = np.random.default_rng(seed)
    types = [type_ for type_ in DOMAIN.types for _ in range(nodes)]
    offset = {type_: number * nodes for number, type_ in enumerate(DOMAIN.types)}
    share = 1 / np.arange(1, nodes + 1) ** 0.7
    share /= share.sum()
    rows: set[tuple[str, int, int]] = set()
    while len(rows) < claims:
        name = list(KINDS)[rng.integers(len(KINDS))]
        one, other = (int(offset[type_] + rng.choice(nodes, p=share)) for type_ in KINDS[name])
        if one != other:
            swap = name == "MEETS" and other < one
            rows.add((name, other, one) if swap else (name, one, other))
    # Genes come after chemicals and before diseases, so no claim is turned round by that order.
    arrays = {}
    for name in KINDS:
        ends = np.array([(one, other) for kind, one, other in sorted(rows) if kind == name])
        ones = np.ones(len(ends), dtype=np.int32)
        counts = (ones, *[ones * 0] * 5)
        arrays[name] = ClaimArrays.from_columns(
            len(types), ends[:, 0], ends[:, 1], ones.astype(np.float64), counts
        )
    return Network.of(types, arrays, DOMAIN)


def ours(network: Network, nodes: int, length: int) -> Counts:
    """Count with `reasoning.path_counts`."""
    sources, targets = _ends(nodes)
    counted = path_counts(network, sources, targets, max_length=length, damping=DAMPING)
    return counted.values


def by_networkx(network: Network, nodes: int, length: int) -> Counts:
    """Count by listing every simple path, as the definition says."""
    graph: nx.MultiGraph[int] = nx.MultiGraph()
    graph.add_nodes_from(range(len(network.node_types)))
    degree: Counter[tuple[int, Metaedge]] = Counter()
    step: dict[tuple[int, int, str], Metaedge] = {}
    for source in range(len(network.node_types)):
        for half_edge in network.half_edges(source):
            metaedge = network.metaedges[half_edge.metaedge]
            degree[source, metaedge] += 1
            step[source, half_edge.target, metaedge.predicate] = metaedge
            if source < half_edge.target:
                graph.add_edge(source, half_edge.target, key=metaedge.predicate)
    sources, targets = _ends(nodes)
    counts: Counts = {}
    for source, target in itertools.product(sources, targets):
        paths = nx.all_simple_edge_paths(graph, source, target, cutoff=length)
        # With several edges between two nodes, an edge has a key; the stubs do not know that.
        for path in cast("Iterable[list[tuple[int, int, str]]]", paths):
            steps = [(u, v, step[u, v, name]) for u, v, name in path]
            product = 1.0
            for u, v, metaedge in steps:
                product *= (degree[u, metaedge] * degree[v, metaedge.inverse]) ** -DAMPING
            metapath = tuple(metaedge for _, _, metaedge in steps)
            table = counts.setdefault(metapath, np.zeros((nodes, nodes)))
            table[source - sources[0], target - targets[0]] += product
    return counts


def by_hetmatpy(network: Network, _nodes: int, length: int) -> Counts:
    """Count with hetmatpy, exact (`approx_ok=False`), one metapath at a time."""
    import hetmatpy.degree_weight
    import hetnetpy.hetnet

    metagraph = hetnetpy.hetnet.MetaGraph.from_edge_tuples(
        [(s, o, name, "both") for name, (s, o) in KINDS.items()],
        {"Chemical": "C", "Gene": "G", "Disease": "D"} | {"BINDS": "b", "MEETS": "e", "MARKS": "m"},
    )
    graph = hetnetpy.hetnet.Graph(metagraph)
    types = network.node_types
    for row, type_ in enumerate(types):
        graph.add_node(kind=type_, identifier=row)
    for layer in network.layers:
        for s, o in zip(layer.arrays.subject.tolist(), layer.arrays.object.tolist(), strict=True):
            graph.add_edge((types[s], s), (types[o], o), layer.predicate, "both")
    counts: Counts = {}
    for metapath in metagraph.extract_metapaths("Chemical", "Disease", max_length=length):
        _, _, table = hetmatpy.degree_weight.dwpc(graph, metapath, damping=DAMPING)
        dense = np.asarray(table.todense() if hasattr(table, "todense") else table)
        if dense.any():
            key = tuple(
                Metaedge(edge.kind, str(edge.source), str(edge.target), "both") for edge in metapath
            )
            counts[key] = dense
    return counts


def _ends(nodes: int) -> tuple[range, range]:
    return range(nodes), range(2 * nodes, 3 * nodes)


def main() -> None:
    """Run both, compare, print the times."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--nodes", type=int, default=60, help="of each of the three types")
    parser.add_argument("--claims", type=int, default=500)
    parser.add_argument("--length", type=int, default=4)
    parser.add_argument("--seed", type=int, default=0)
    asked = parser.parse_args()
    network = random_network(asked.nodes, asked.claims, asked.seed)
    installed = importlib.util.find_spec("hetmatpy") is not None
    peers = {"networkx": by_networkx} | ({"hetmatpy": by_hetmatpy} if installed else {})
    results, seconds = {}, {}
    for name, count in {"abduce": ours, **peers}.items():
        start = time.perf_counter()
        results[name] = count(network, asked.nodes, asked.length)
        seconds[name] = time.perf_counter() - start
        print(f"{name:10} {seconds[name]:8.2f} s  {len(results[name])} metapaths")
    for name in peers:
        if results[name].keys() != results["abduce"].keys():
            parser.exit(1, f"{name} found other metapaths\n")
        worst = max(
            float(np.abs(table - results["abduce"][metapath]).max())
            for metapath, table in results[name].items()
        )
        print(f"largest difference from {name}: {worst:.1e}")
        if worst > 1e-9:  # noqa: PLR2004
            parser.exit(1, f"{name} and abduce do not agree\n")


if __name__ == "__main__":
    main()
