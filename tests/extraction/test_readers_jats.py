"""JATS: what is read of an article, what is left out, and what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from extraction import read_papers, split_passages
from kg import Failure, Paper

ARTICLE = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE article PUBLIC "-//NLM//DTD JATS (Z39.96) Journal Publishing DTD v1.1 20151215//EN"
  "http://jats.nlm.nih.gov/publishing/1.1/JATS-journalpublishing1.dtd">
<article xmlns:xlink="http://www.w3.org/1999/xlink" xmlns:mml="http://www.w3.org/1998/Math/MathML"
  article-type="research-article">
<front><journal-meta><journal-title>A Journal</journal-title></journal-meta><article-meta>
<article-id pub-id-type="doi">10.1000/x.1</article-id>
<article-id pub-id-type="pmc">123</article-id>
<article-id pub-id-type="pmid">456</article-id>
<title-group><article-title>Fish <italic>oil</italic> &amp;
  viscosity</article-title><subtitle>A trial</subtitle></title-group>
<pub-date pub-type="collection"><year>2011</year></pub-date>
<pub-date pub-type="epub"><day>2</day><month>8</month><year>2011</year></pub-date>
<permissions><license license-type="open-access"
  xlink:href="https://creativecommons.org/licenses/by/4.0/"><license-p>Free.</license-p></license>
</permissions>
<abstract abstract-type="graphical"><p>A picture.</p></abstract>
<abstract><title>Abstract</title><sec><title>Background</title><p>Viscosity is high.</p></sec>
<sec><title>Results</title><p>It fell
  (n&#xA0;=&#8201;5).</p></sec></abstract>
<abstract abstract-type="summary"><title>Author Summary</title><p>Oil helps.</p></abstract>
</article-meta></front>
<body>
<p>A paragraph before all sections.</p>
<sec><title>Methods</title>
<p>Cells<sup><xref ref-type="bibr" rid="b1">1</xref>,<xref ref-type="bibr" rid="b2">2</xref></sup>
took Ca<sup>2+</sup> [<xref ref-type="bibr" rid="b3">3</xref>]. &alpha; was
<inline-formula><alternatives><tex-math>\\usepackage{x}</tex-math><mml:math><mml:mi>x</mml:mi>
</mml:math></alternatives></inline-formula>.
<table-wrap><table><tr><td>1.5</td></tr></table></table-wrap>
<list><list-item><p>First.</p></list-item><list-item><p>Second.</p></list-item></list></p>
<fig><caption><p>A caption.</p></caption></fig>
<sec><title>Rats</title><p>Rats were used.<fn><p>A note.</p></fn></p></sec></sec>
<sec sec-type="supplementary-material"><title>Supporting Information</title>
<supplementary-material><caption><p>A file.</p></caption></supplementary-material></sec>
</body>
<back><ack><p>Thanks.</p></ack><ref-list><ref><mixed-citation>Smith</mixed-citation></ref>
</ref-list></back>
<sub-article><body><p>A letter.</p></body></sub-article>
</article>
"""


def read(folder: Path, content: str | bytes) -> tuple[list[Paper], list[Failure]]:
    """Read a file with this content."""
    path = folder / "article.nxml"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    failures: list[Failure] = []
    return list(read_papers([path], on_failure=failures.append)), failures


def article(folder: Path, content: str = ARTICLE) -> Paper:
    """The paper of an article that can be read."""
    (paper,), failures = read(folder, content)
    assert failures == []
    return paper


def test_an_article_is_read_without_its_apparatus(tmp_path: Path) -> None:
    """Title, abstracts, headings and paragraphs come; tables, figures and references do not."""
    paper = article(tmp_path)
    parts = [(part.heading, paper.text[part.start : part.end]) for part in paper.sections]
    front = "Fish oil & viscosity: A trial Background: Viscosity is high. Results: It fell (n = 5)."
    assert parts == [
        ("", front),
        ("Author Summary", "Author Summary\n\nOil helps."),
        ("", "A paragraph before all sections."),
        (
            "Methods",
            (
                "Methods\n\nCells took Ca2+ [3]. \u03b1 was x . First. Second.\n\nRats\n\n"
                "Rats were used."
            ),
        ),
    ]
    assert paper.text.startswith(f"{paper.title} Background")


def test_an_article_says_what_it_is(tmp_path: Path) -> None:
    """Id (the PMID before others), date, licence and title are those of the article."""
    paper = article(tmp_path)
    assert paper.id == "pmid:456"
    assert paper.title == "Fish oil & viscosity: A trial"
    assert paper.date == "2011-08-02"
    assert paper.licence == "https://creativecommons.org/licenses/by/4.0/"
    assert not paper.retracted


@pytest.mark.parametrize(
    ("kinds", "id_"), [(["pmid"], "pmc:PMC123"), (["pmid", "pmc"], "doi:10.1000/x.1")]
)
def test_other_ids_stand_in(kinds: list[str], id_: str, tmp_path: Path) -> None:
    """Without a PMID, the PMC id or the DOI names the paper."""
    content = ARTICLE
    for kind in kinds:
        content = content.replace(f'pub-id-type="{kind}"', 'pub-id-type="other"')
    assert article(tmp_path, content).id == id_


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"research-article"', '"retraction"'),
        (
            "<permissions>",
            '<related-article related-article-type="retraction-forward"/><permissions>',
        ),
    ],
    ids=["notice", "retracted"],
)
def test_retracted_papers_and_their_notices_are_marked(old: str, new: str, tmp_path: Path) -> None:
    """Neither a retracted article nor the notice that repeats its title counts as sound."""
    assert article(tmp_path, ARTICLE.replace(old, new)).retracted


@pytest.mark.parametrize(
    ("date", "expected"),
    [
        ("<year>2011</year><month>13</month>", "2011"),
        ("<year>2011</year><month>2</month><day>30</day>", "2011-02"),
        ("<year>soon</year>", None),
    ],
)
def test_a_date_holds_only_what_can_be(date: str, expected: str | None, tmp_path: Path) -> None:
    """Months and days that do not exist are left out of a date."""
    first = ARTICLE.index("<pub-date")
    last = ARTICLE.index("<permissions>")
    content = f"{ARTICLE[:first]}<pub-date>{date}</pub-date>{ARTICLE[last:]}"
    assert article(tmp_path, content).date == expected


def test_a_section_is_read_on_its_own(tmp_path: Path) -> None:
    """Passages keep to sections, and headings are sentences of their own."""
    paper = article(tmp_path)
    passages = split_passages(paper)
    assert len(passages) == len(paper.sections)
    start, end = passages[-1].sentences[0]
    assert paper.text[start:end] == "Methods"


def test_comments_and_instructions_do_not_stand_in_the_text(tmp_path: Path) -> None:
    """What XML does not count as text does not appear in it."""
    content = ARTICLE.replace("Oil helps", "Oil<!-- a comment --><?an instruction?> helps")
    assert "Oil helps." in article(tmp_path, content).text


def test_an_article_in_utf16_is_read(tmp_path: Path) -> None:
    """XML says its own encoding, and is read in it."""
    content = ARTICLE.replace("UTF-8", "UTF-16").encode("utf-16")
    (paper,), failures = read(tmp_path, content)
    assert (paper.id, failures) == ("pmid:456", [])


def doctype(declarations: str, reference: str) -> str:
    """An article with declarations in its document type, and a reference in its title."""
    return (
        f"<?xml version='1.0'?>\n<!DOCTYPE article [\n{declarations}\n]>\n<article><front>"
        f"<article-meta><title-group><article-title>Title {reference}</article-title>"
        "</title-group></article-meta></front></article>"
    )


@pytest.mark.parametrize(
    ("declarations", "reference", "word"),
    [
        ("<!ENTITY x SYSTEM 'file:///etc/passwd'>", "&x;", "external entity 'x'"),
        ("<!ENTITY x PUBLIC '-//X//EN' 'http://127.0.0.1:9/x'>", "&x;", "external entity 'x'"),
        ("<!ENTITY x SYSTEM 'file:///etc/passwd'>", "", "external entity 'x'"),
        ("<!ENTITY % x SYSTEM 'http://127.0.0.1:9/x.dtd'> %x;", "", "external entity 'x'"),
        ("<!ENTITY a 'ha'><!ENTITY b '&a;&a;&a;&a;&a;&a;&a;&a;'>", "&b;", "the entity 'a'"),
        ("<!ENTITY beta 'gamma'>", "&beta;", "the entity 'beta'"),
    ],
)
def test_a_document_that_declares_entities_is_refused(
    declarations: str, reference: str, word: str, tmp_path: Path
) -> None:
    """No entity is followed or expanded: the file is listed with the line of the declaration."""
    papers, (failure,) = read(tmp_path, doctype(declarations, reference))
    assert papers == []
    assert failure.where == "line 3"
    assert word in failure.reason


def test_an_encoding_that_one_parser_does_not_know_lets_nothing_in(tmp_path: Path) -> None:
    """Entities are refused in every encoding that XML may be in."""
    content = doctype("<!ENTITY x SYSTEM 'file:///etc/passwd'>", "&x;")
    content = content.replace("'1.0'", "'1.0' encoding='EUC-JP'")
    papers, (failure,) = read(tmp_path, content)
    assert papers == []
    assert failure.where == "DOCTYPE"


def test_a_secret_beside_the_article_is_never_read(tmp_path: Path) -> None:
    """The content of a local file does not come in through any entity, also in UTF-16."""
    secret = tmp_path / "secret"
    secret.write_text("the secret itself")
    content = doctype(f"<!ENTITY x SYSTEM '{secret.as_uri()}'>", "&x;")
    utf16 = content.replace("'1.0'", "'1.0' encoding='UTF-16'").encode("utf-16")
    for data in (content.encode(), utf16):
        papers, failures = read(tmp_path, data)
        assert "external entity" in failures[0].reason
        assert "the secret itself" not in f"{papers}{failures}"


@pytest.mark.parametrize(
    ("content", "where", "reason"),
    [
        ("<article>\n<front>\n<p>cut", "line 3, column", "broken XML"),
        ("<article>\n<b><i></b></i></article>", "line 2, column", "broken XML"),
        ("<?xml version='1.0'?><article><p>&nosuch;</p></article>", "line 1", "'nosuch'"),
        ("<!DOCTYPE article SYSTEM 'a.dtd'><article><p>&nosuch;</p></article>", "line 1", "nosuch"),
        ("<!DOCTYPE html><html><p>x</p></html>", "line 1", "<html>"),
        ("<PubmedArticleSet><PubmedArticle/></PubmedArticleSet>", "line 1", "<PubmedArticleSet>"),
        ("<article><front/></article>", "", "no title and no abstract"),
        ("<article>" + "<sec>" * 5000 + "</sec>" * 5000 + "</article>", "line 1", "broken XML"),
        ("<?xml version='1.0' encoding='none'?><article/>", "line 1", "broken XML"),
    ],
)
def test_what_is_no_article_is_listed(
    content: str, where: str, reason: str, tmp_path: Path
) -> None:
    """Broken XML, other dialects and empty articles are failures with place and reason."""
    papers, (failure,) = read(tmp_path, content)
    assert papers == []
    assert failure.where.startswith(where)
    assert reason in failure.reason
