"""What each ready question answers about the graph of `tests.kg.asking.sample`."""

from __future__ import annotations

from typing import Any, NamedTuple


class Asked(NamedTuple):
    """A question with its parameters, and the rows that it must give: these columns, in order."""

    parameters: dict[str, Any]
    columns: tuple[str, ...]
    rows: list[tuple[Any, ...]]


CLAIM = ("subject", "relation", "object")
LOWERS, RAISES = "NEGATIVE_CORRELATION", "POSITIVE_CORRELATION"
FISH_OIL = ("fish oil", LOWERS, "Raynaud's disease")
ENDS = {"subject": "fish oil", "object": "Raynaud's disease"}

EXPECTED: dict[str, list[Asked]] = {
    "evidence": [
        Asked(
            ENDS,
            ("polarity", "confidence", "source", "date"),
            [
                ("supports", None, "drugs@2020", "2020"),
                ("supports", 0.9, "pmid:1", "1986-07"),
                ("supports", 0.7, "pmid:2", "1988"),
                ("denies", 0.9, "pmid:3", "1999-04-01"),
            ],
        ),
        # Nobody knows whether what is of 1988 was there in June.
        Asked({**ENDS, "as_of": "1988-06"}, ("source",), [("pmid:1",)]),
        Asked({**ENDS, "as_of": "1988"}, ("source",), [("pmid:1",), ("pmid:2",)]),
        Asked(
            {**ENDS, "since": "1986-08", "as_of": "1999-04"}, ("source",),
            [("pmid:2",), ("pmid:3",)],
        ),
        Asked({**ENDS, "first": 2, "limit": 2}, ("source",), [("pmid:1",), ("pmid:2",)]),
        Asked({**ENDS, "relation": RAISES}, ("source",), []),
    ],
    "against": [
        Asked(ENDS, ("source", "said"), [("pmid:3", "fish oil has to do with Raynaud's disease.")]),
        Asked(
            {"subject": "hysteria", "object": "aspirin"}, ("source", "date", "said"),
            [("drugs@2020", "2020", "line 3")],
        ),
        Asked({**ENDS, "as_of": "1999-03"}, ("source",), []),
        Asked({**ENDS, "as_of": "1999-04"}, ("source",), [("pmid:3",)]),
    ],
    "corroboration": [
        Asked(
            {"paper": "1"},
            (*CLAIM, "here", "source", "there"),
            [
                (*FISH_OIL, "supports", "drugs@2020", "supports"),
                (*FISH_OIL, "supports", "pmid:2", "supports"),
                (*FISH_OIL, "supports", "pmid:3", "denies"),
            ],
        ),
        Asked({"paper": "pmid:8"}, CLAIM, []),
    ],
    "new-since": [
        Asked(
            {"since": "2001"}, (*CLAIM, "first"),
            [
                ("magnesium", LOWERS, "migraine disorder", "2010-12"),
                ("magnesium", LOWERS, "PTGIS", "2001"),
            ],
        ),
        Asked({"since": "2001", "type": "Gene"}, CLAIM, [("magnesium", LOWERS, "PTGIS")]),
        Asked({"since": "2001-02"}, ("object",), [("migraine disorder",)]),
    ],
    "contradictions": [
        Asked(
            {"entity": "fish oil"},
            (*CLAIM, "n_support", "n_deny", "supported_by", "denied_by"),
            [(*FISH_OIL, 3, 1, "drugs@2020", "pmid:3")],
        ),
        Asked({"entity": "aspirin"}, CLAIM, []),
    ],
    "most-contradicted": [
        Asked({}, (*CLAIM, "n_support", "n_deny"), [(*FISH_OIL, 3, 1)]),
    ],
    "neighbourhood": [
        Asked(
            {"entity": "fish oil"},
            (*CLAIM, "neighbour", "n_papers", "curated"),
            [
                (*FISH_OIL, "abduce:Disease/raynaud_disease", 3, True),
                ("fish oil", RAISES, "PTGIS", "abduce:Gene/ptgis", 1, False),
            ],
        ),
        Asked({"entity": "fish oil", "least_belief": 0.9}, CLAIM, [FISH_OIL]),
        Asked({"entity": "fish oil", "type": "Gene"}, ("neighbour",), [("abduce:Gene/ptgis",)]),
    ],
    "shared-neighbours": [
        Asked(
            {"one": "fish oil", "other": "magnesium"},
            ("name", "type", "from_one", "from_other", "belief"),
            [("PTGIS", "Gene", [RAISES], [LOWERS], 0.731025)],
        ),
        Asked({"one": "fish oil", "other": "magnesium", "type": "Disease"}, ("name",), []),
        Asked(
            {"one": "PTGIS", "other": "migraine", "type": "Chemical"}, ("name",), [("magnesium",)]
        ),
    ],
    "shortest-paths": [
        Asked(  # not the two steps through the paper that mentions both
            {"start": "fish oil", "end": "migraine"},
            ("steps", "names"),
            [(3, ["fish oil", "PTGIS", "magnesium", "migraine disorder"])],
        ),
        Asked({"start": "fish oil", "end": "TNF"}, ("steps",), []),
        Asked({"start": "fish oil", "end": "fish oil"}, ("steps",), []),
    ],
    "strongest-paths": [
        Asked(
            {"start": "fish oil", "end": "migraine", "longest": 3},
            ("belief", "steps", "names", "relations"),
            [
                (
                    0.312513, 3, ["fish oil", "PTGIS", "magnesium", "migraine disorder"],
                    [RAISES, LOWERS, LOWERS],
                )
            ],
        ),
        Asked(
            {"start": "fish oil", "end": "migraine", "longest": 3, "least_belief": 0.5},
            ("steps",), [],
        ),
        Asked({"start": "fish oil", "end": "migraine"}, ("steps",), []),
        Asked(
            {"start": "fish oil", "end": "magnesium"}, ("steps", "names"),
            [(2, ["fish oil", "PTGIS", "magnesium"])],
        ),
        Asked({"start": "fish oil", "end": "magnesium", "longest": 1}, ("steps",), []),
        Asked(
            {"start": "fish oil", "end": "PTGIS", "longest": 1}, ("steps",), [(1,)],
        ),
    ],
    "papers-about": [
        Asked(
            {"entity": "migraine"},
            ("paper", "date", "mentions", "as", "retracted"),
            [
                ("pmid:4", "2010-12", 1, ["migraine"], False),
                ("pmid:9", "2005", 1, ["migraine"], False),
                ("pmid:7", "1995", 1, ["migraine"], True),
            ],
        ),
        Asked({"entity": "migraine", "since": "2000", "as_of": "2009"}, ("paper",), [("pmid:9",)]),
    ],
    "timeline": [
        Asked(
            ENDS,
            ("year", "papers", "support", "deny"),
            [(1986, 1, 1, 0), (1988, 1, 1, 0), (1999, 1, 0, 1)],
        ),
        Asked({**ENDS, "as_of": "1987"}, ("year",), [(1986,)]),
    ],
    "hubs": [
        Asked({"limit": 2}, ("name", "claims"), [("migraine disorder", 3), ("aspirin", 3)]),
        Asked({"type": "Gene"}, ("name", "claims", "n_papers"), [("PTGIS", 2, 2), ("TNF", 1, 1)]),
    ],
    "in-common": [
        Asked(
            {"one": "pmid:1", "other": "pmid:3"},
            ("kind", "name", "in_one", "in_other"),
            [
                ("claim", " ".join(FISH_OIL), "supports", "denies"),
                ("entity", "Raynaud's disease", "1", "1"),
                ("entity", "fish oil", "1", "1"),
            ],
        ),
        Asked(
            {"one": "pmid:7", "other": "pmid:9"}, ("kind", "name"),
            [("entity", "migraine disorder")],
        ),
    ],
    "single-source": [
        Asked(
            {"entity": "migraine"},
            ("subject", "source"),
            [("aspirin", "drugs@2020"), ("magnesium", "pmid:4"), ("caffeine", "pmid:7")],
        ),
        Asked({"entity": "Raynaud's disease"}, ("source",), []),
    ],
    "without-ids": [
        Asked(
            {"type": "Disease"}, ("entity", "name", "n_papers"),
            [("abduce:Disease/raynaud_disease", "Raynaud's disease", 3)],
        ),
        # A table has fish oil, but nobody has given it an id.
        Asked(
            {"type": "Chemical"}, ("name", "n_papers"),
            [("fish oil", 5), ("caffeine", 2), ("magnesium", 2)],
        ),
    ],
    "only-curated": [
        Asked(
            {}, (*CLAIM, "sources"),
            [
                ("aspirin", "TREATS", "migraine disorder", ["drugs@2020"]),
                ("aspirin", "TREATS", "vapours", ["drugs@2020"]),
            ],
        ),
    ],
    "only-read": [
        Asked(
            {"entity": "fish oil"}, (*CLAIM, "n_papers"), [("fish oil", RAISES, "PTGIS", 1)]
        ),
    ],
    "denied-by-source": [
        Asked(
            {}, (*CLAIM, "source", "row", "n_support", "belief"),
            [("aspirin", "TREATS", "hysteria", "drugs@2020", "line 3", 0, 0.0)],
        ),
        Asked({"source": "doid"}, CLAIM, []),
    ],
    "retired-in-use": [
        Asked(
            {}, ("entity", "name", "sources", "claims"), [("DOID:99", "vapours", ["doid@1"], 1)]
        ),
    ],
    "ancestors": [
        Asked(
            {"entity": "migraine"}, ("steps", "name"),
            [(1, "disease of mental health"), (2, "disease")],
        ),
    ],
    "descendants": [
        Asked(
            {"entity": "DOID:4"}, ("steps", "entity"),
            [(1, "DOID:150"), (2, "DOID:10"), (2, "DOID:6364")],
        ),
    ],
    "siblings": [
        Asked(
            {"entity": "migraine"}, ("name", "parent"), [("hysteria", "disease of mental health")]
        ),
    ],
    "entity-card": [
        Asked(
            {"entity": "abduce:Disease/migraine"},
            ("entity", "name", "type", "synonyms", "related", "xrefs", "absorbed", "claims"),
            [
                (
                    "DOID:6364", "migraine disorder", "Disease", ["hemicrania", "migraine"],
                    ["headache disorder"], ["MESH:D008881"], ["abduce:Disease/migraine"], 3,
                )
            ],
        ),
    ],
    "mentioned-together": [
        Asked(
            {"entity": "fish oil"}, ("name", "type", "papers"),
            [("migraine disorder", "Disease", 1)],
        ),
        Asked({"entity": "fish oil", "as_of": "2004"}, ("name",), []),
    ],
    "strongest-claims": [
        Asked(
            {"limit": 2}, CLAIM, [FISH_OIL, ("aspirin", "TREATS", "migraine disorder")]
        ),
        Asked({"relation": RAISES, "type": "Gene"}, CLAIM, [("fish oil", RAISES, "PTGIS")]),
    ],
    "sources": [
        Asked(
            {}, ("source", "version", "licence", "date"),
            [("doid", "2", None, "2021-01-01"), ("drugs", "2020", "CC0-1.0", "2020")],
        ),
    ],
    "runs": [
        Asked(
            {"command": "load"}, ("command", "outcome", "source"),
            [
                ("load", "done", "doid@2"), ("load", "done", "drugs@2020"),
                ("load", "done", None), ("load", "done", "doid@1"),
            ],
        ),
    ],
    "merges": [
        Asked(
            {"entity": "migraine"}, ("absorbed", "into", "rule", "why"),
            [("abduce:Disease/migraine", "DOID:6364", "by hand", "one disease")],
        ),
        Asked({"entity": "aspirin"}, ("absorbed",), []),
    ],
    "synonyms": [
        Asked(
            {"entity": "migraine"}, ("name", "kind", "papers"),
            [
                ("migraine disorder", "name", 0), ("headache disorder", "related", 0),
                ("migraine", "synonym", 3), ("hemicrania", "synonym", 0),
            ],
        ),
    ],
    "papers-of-year": [
        Asked({"year": 1988}, ("paper", "entities", "claims"), [("pmid:2", 2, 1)]),
        Asked({"year": 2005}, ("paper", "entities", "claims"), [("pmid:9", 2, 0)]),
        Asked({"year": 19}, ("paper",), []),  # not all of the century
    ],
    "hedged-only": [
        Asked({}, (*CLAIM, "sentences"), [("magnesium", LOWERS, "migraine disorder", 1)]),
    ],
    "retracted": [
        Asked(
            {}, ("paper", *CLAIM, "others", "belief"),
            [("pmid:7", "caffeine", RAISES, "migraine disorder", 0, 0.0)],
        ),
    ],
    "claims-of-paper": [
        Asked(
            {"paper": "pmid:4"}, (*CLAIM, "polarity", "certainty", "said"),
            [
                (
                    "magnesium", LOWERS, "migraine disorder", "supports", "hedged",
                    "magnesium has to do with migraine.",
                )
            ],
        ),
    ],
    "hypotheses": [
        Asked(
            {"entity": "migraine"}, (*CLAIM, "verdict"),
            [("fish oil", LOWERS, "migraine disorder", "novel")],
        ),
        Asked({"verdict": "known"}, CLAIM, []),
    ],
}  # fmt: skip
