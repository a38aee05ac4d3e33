"""Sentences: exact offsets, nothing lost, and no break inside what only looks like an end."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from extraction import sentences

on_a_busy_machine = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])

TEXTS = [
    "Treatment with drugs, e.g. Aspirin and i.v. heparin, was given.",
    "The dose was 0.5 mg/kg.| The rats died.",
    "As shown in Fig. 2, E. coli grew.| We saw B. subtilis vs. S. aureus in 5 cases.",
    "Smith et al. (1999) found that IL-2 rose.| Mice (n = 5) were used.",
    "Then P < .05 was seen (p = .03).| Nothing else was.",
    "OBJECTIVE: To test it.| RESULTS: Less pain (95% CI 0.3-0.5; P<.001).",
    "Is nifedipine better?| Yes.",
    "The Dr. Jones protocol (No. 5) of the U.S. Food and Drug Administration was used.| It held.",
    "We gave 10 mg/kg i.p. and 10 mg p.o. daily.| Side effects (i.e. nausea) were rare.",
    "The drug (Sigma Inc., St. Louis, Mo.) was pure.",
    "This, in vitro, increased.| [3H]Dopamine was used.| (+)-Pentazocine was not.",
    "The mutation c.35delG (p.Gly12Val) was found.| The c.1A>G was not.",
    "A heading without a full stop\n\n|And a paragraph after it.",
    "A β-blocker \U0001f600 was given.| The rats died.",
]


@pytest.mark.parametrize("marked", TEXTS)
def test_sentences_end_where_a_reader_ends_them(marked: str) -> None:
    """Abbreviations, decimals, species and chemical names do not end a sentence."""
    text = marked.replace("|", "")
    expected = [part.strip() for part in marked.split("|")]
    assert [text[start:end] for start, end in sentences(text)] == expected


@pytest.mark.parametrize("space", [" ", "\u00a0", "\u2009", "\u202f", "\u2028", "\u3000"])
def test_any_space_is_a_space(space: str) -> None:
    """Between words and in front of a full stop, any space is as good as the plain one."""
    text = f"It was{space}vitamin B{space}.{space}Then{space}it rained."
    assert [text[start:end] for start, end in sentences(text)] == [
        f"It was{space}vitamin B{space}.",
        f"Then{space}it rained.",
    ]


@on_a_busy_machine
@given(st.text(st.sampled_from("aB1. \n\r\t?!()[]\"'\u00a0\u2028é\U0001f600。"), max_size=80))
def test_sentences_hold_every_character_that_is_not_white_space(text: str) -> None:
    """Sentences are in order, do not overlap, are trimmed, and leave out white space only."""
    reached = 0
    for start, end in sentences(text):
        assert text[reached:start].strip() == ""
        assert text[start:end] == text[start:end].strip() != ""
        reached = end
    assert text[reached:].strip() == ""


@on_a_busy_machine
@given(st.text())
def test_any_text_has_sentences(text: str) -> None:
    """Any text is split, and the pieces joined give all its words."""
    joined = " ".join(text[start:end] for start, end in sentences(text))
    assert "".join(joined.split()) == "".join(text.split())


def test_importing_extraction_loads_no_model_library() -> None:
    """`import extraction` stays light: neither torch nor spaCy nor transformers comes with it."""
    heavy = "{'torch', 'spacy', 'transformers'}"
    code = f"import extraction, sys; print(*sorted({heavy} & {{*sys.modules}}))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""
