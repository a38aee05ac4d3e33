"""Draw a stored hypothesis and the paths behind it as an SVG file.

    python samples/draw_hypothesis.py .demo/graph HYPOTHESIS_ID docs/hypothesis.svg

Every node and line is in the graph: the script only lays them out. Of the paths, the shortest are
drawn. Lines with a plus are claims that more of one goes with more of the other, with a minus
that it goes with less; grey ones say that the two are linked.
"""

from __future__ import annotations

import sys
from collections import defaultdict
from html import escape
from pathlib import Path

import abduce
from kg import Entity, Hypothesis, PathEdge
from kg import Path as GraphPath

WIDTH, ROW, TOP, BOX_HEIGHT = 860, 46, 78, 30
MARGIN, LETTER = 110, 7.2  # of the outer columns from the rim; width of one letter of a name
FILL = {"Chemical": "#dbeafe", "Gene": "#dcfce7", "Disease": "#fee2e2"}
OTHER_FILL = "#f3f4f6"
STROKE = {1: "#b91c1c", -1: "#1d4ed8", 0: "#6b7280"}
MARK = {1: "+", -1: "\u2212", 0: ""}
SIGN = {"POSITIVE_CORRELATION": 1, "NEGATIVE_CORRELATION": -1}

Point = tuple[float, float]


def main(where: str, hypothesis_id: str, out: str) -> None:
    """Draw one hypothesis of a graph into a file."""
    with abduce.open_graph(where) as graph:
        hypothesis = abduce.explain(graph, hypothesis_id)
    Path(out).write_text(draw(hypothesis), encoding="utf-8")


def draw(hypothesis: Hypothesis) -> str:
    """Return the SVG: subject on the left, object on the right, what links them between."""
    columns = arrange(hypothesis)
    height = TOP + ROW * max(len(column) for column in columns) + 34
    places = place(columns, height)
    lines = [line(edge, places) for edge in distinct_edges(hypothesis)]
    nodes = {node.id: node for path in hypothesis.paths for node in path.nodes}
    boxes = [box(nodes[id_], places[id_]) for id_ in places]
    return "\n".join(
        [
            (
                f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" '
                f'width="{WIDTH}" height="{height}" font-family="sans-serif" font-size="13">'
            ),
            f'<rect width="{WIDTH}" height="{height}" fill="#ffffff"/>',
            arch(hypothesis, places),
            *lines,
            *boxes,
            legend(height),
            "</svg>\n",
        ]
    )


def arrange(hypothesis: Hypothesis) -> list[list[str]]:
    """Return the entity ids of each column, by their least distance from the subject."""
    depth: dict[str, int] = {}
    for path in shortest(hypothesis):
        for step, node in enumerate(path.nodes[:-1]):
            depth[node.id] = min(step, depth.get(node.id, step))
    columns: dict[int, list[str]] = defaultdict(list)
    for id_, step in depth.items():
        columns[step].append(id_)
    return [columns[step] for step in sorted(columns)] + [[hypothesis.object.id]]


def shortest(hypothesis: Hypothesis) -> list[GraphPath]:
    """Return the paths that have the fewest steps."""
    steps = min(len(path.edges) for path in hypothesis.paths)
    return [path for path in hypothesis.paths if len(path.edges) == steps]


def place(columns: list[list[str]], height: int) -> dict[str, Point]:
    """Return the middle of each node's box."""
    gap = (WIDTH - 2 * MARGIN) / (len(columns) - 1)
    middle = (TOP + height - 34) / 2
    return {
        id_: (MARGIN + number * gap, middle + ROW * (row - (len(column) - 1) / 2))
        for number, column in enumerate(columns)
        for row, id_ in enumerate(column)
    }


def distinct_edges(hypothesis: Hypothesis) -> list[PathEdge]:
    """Return the claims on the paths, each once."""
    return list(dict.fromkeys(edge for path in shortest(hypothesis) for edge in path.edges))


def line(edge: PathEdge, places: dict[str, Point]) -> str:
    """Return one claim as a line with its sign."""
    sign = SIGN.get(edge.predicate, 0)
    (x1, y1), (x2, y2) = places[edge.subject], places[edge.object]
    x, y = (x1 + x2) / 2, (y1 + y2) / 2
    drawn = f'<line x1="{x1:.0f}" y1="{y1:.0f}" x2="{x2:.0f}" y2="{y2:.0f}"'
    drawn += f' stroke="{STROKE[sign]}" stroke-width="1.5"/>'
    if sign:
        drawn += f'<circle cx="{x:.0f}" cy="{y:.0f}" r="10" fill="#ffffff"/>'
        drawn += text(MARK[sign], x, y, f'fill="{STROKE[sign]}" font-weight="bold"')
    return drawn


def box(node: Entity, at: Point) -> str:
    """Return a node as a box with its name."""
    width = LETTER * len(node.name) + 22
    left, top = at[0] - width / 2, at[1] - BOX_HEIGHT / 2
    fill = FILL.get(node.type, OTHER_FILL)
    drawn = f'<rect x="{left:.0f}" y="{top:.0f}" width="{width:.0f}" height="{BOX_HEIGHT}"'
    return f'{drawn} rx="7" fill="{fill}" stroke="#9ca3af"/>' + text(node.name, *at, "")


def arch(hypothesis: Hypothesis, places: dict[str, Point]) -> str:
    """Return the hypothesis itself, as a dashed arch over the paths."""
    (x1, y1), (x2, y2) = places[hypothesis.subject.id], places[hypothesis.object.id]
    says = f"{hypothesis.subject.name} {hypothesis.reading} {hypothesis.object.name}?"
    curve = f"M{x1:.0f},{y1:.0f} C{x1:.0f},{TOP - 50} {x2:.0f},{TOP - 50} {x2:.0f},{y2:.0f}"
    drawn = f'<path d="{curve}" fill="none" stroke="#111827" stroke-dasharray="6 5"/>'
    return drawn + text(says, WIDTH / 2, 22, 'font-weight="bold"')


def legend(height: int) -> str:
    """Return what colours and signs mean."""
    kinds = [(name, FILL[name]) for name in FILL]
    drawn = ""
    for number, (name, fill) in enumerate(kinds):
        x = 24 + 100 * number
        drawn += f'<rect x="{x}" y="{height - 26}" width="14" height="14" rx="3" fill="{fill}"'
        drawn += f' stroke="#9ca3af"/>{text(name, x + 52, height - 19, "")}'
    signs = f"+ more with more, {MARK[-1]} more with less, grey: linked, dashed: in no paper"
    return drawn + text(signs, WIDTH - 250, height - 19, "")


def text(words: str, x: float, y: float, extra: str) -> str:
    """Return words that are centred on a point."""
    at = f'x="{x:.0f}" y="{y:.0f}" text-anchor="middle" dominant-baseline="central"'
    return f"<text {at} {extra}>{escape(words)}</text>"


if __name__ == "__main__":
    main(*sys.argv[1:])
