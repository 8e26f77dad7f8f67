from __future__ import annotations

import io
import time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mtaudit.model import RegionKind
from mtaudit.readers.markdown import markup_regions, read
from mtaudit.readers.material import Material


def marked(text: str) -> list[str]:
    return [text[slice(*region.span)] for region in markup_regions(text) if region.kind is RegionKind.MARKUP]


def headlines(text: str) -> list[str]:
    return [text[slice(*region.span)] for region in markup_regions(text) if region.kind is RegionKind.HEADLINE]


@pytest.mark.parametrize(
    ("text", "markup"),
    [
        ("Le maire a dit non.", []),
        ("# Le budget voté #\n", ["# ", " #"]),
        ("Le *maire* et le **préfet**.", ["*", "*", "**", "**"]),
        ("Le _maire_, le fichier nom_de_liste.", ["_", "_"]),
        ('Un [accord](https://exemple.fr/a_(b) "titre") signé.', ["[", '](https://exemple.fr/a_(b) "titre")']),
        ("![Le maire](photo.jpg) Le maire.", ["![Le maire](photo.jpg)"]),
        ("[![Logo](a.png)](https://exemple.fr) Texte", ["[![Logo](a.png)](https://exemple.fr)"]),
        ("Un [accord][1].\n\n[1]: https://exemple.fr\n", ["[", "][1]", "[1]: https://exemple.fr\n"]),
        ("Une note[^1].\n\n[^1]: La note.\n", ["[^1]", "[^1]: "]),
        ("Lancez `make audit` puis ``a ` b``.", ["`make audit`", "``a ` b``"]),
        ("Texte <b>gras</b> et <https://exemple.fr>.", ["<b>", "</b>", "<https://exemple.fr>"]),
        ("Écrire à <desk@exemple.fr>.", ["<desk@exemple.fr>"]),
        ("10&nbsp;000 &amp; plus &#233;", ["&nbsp;", "&amp;", "&#233;"]),
        ("Un astérisque \\* seul.", ["\\"]),
        ("> Citation\n> suite\n", ["> ", "> "]),
        ("- un\n* deux\n12. trois\n- [x] fait\n", ["- ", "* ", "12. ", "- [x] "]),
        ("Avant\n\n***\n\nAprès", ["***\n"]),
        ("Avant <!-- à revoir --> après", ["<!-- à revoir -->"]),
        ("Avant\n<!-- sur\n\ndeux lignes -->\nAprès", ["<!-- sur\n\ndeux lignes -->"]),
        ("Texte\n\n```python\nx = '*a*'\n```\nSuite *oui*", ["```python\nx = '*a*'\n```\n", "*", "*"]),
        ("| Ville | Voix |\n|---|--:|\n| Dole | 12 |\n\nA | B", ["|", "|", "|", "|---|--:|\n|", "|", "|"]),
        ("---\ntitle: Budget\ntags:\n  - ville\n---\nLe texte.", ["---\ntitle: Budget\ntags:\n  - ville\n---\n"]),
        ("+++\ntitle = 'Budget'\n+++\r\nLe texte.", ["+++\ntitle = 'Budget'\n+++\r\n"]),
    ],
)
def test_markup(text: str, markup: list[str]) -> None:
    assert marked(text) == markup


@pytest.mark.parametrize(
    "text",
    [
        "Le prix passe de 5 * 3 à 5*3 euros.",
        "— Tu viens ? — Non.",
        "– Tu viens ?\n– Non.",
        "2022. L’année du rebond.",
        "Il a dit [sic] : « C’est [presque] fini. »",
        "Le ratio a < b et b > a.",
        "    Un alinéa de quatre blancs reste du texte.",
        "AT&T et R&D recrutent.",
        "A | B, sans tableau",
        "Un ` seul accent grave.",
        "Un commentaire <!-- jamais fermé, donc du texte.",
        "[Renvoi][1] sans définition",
        "#motdièse en tête",
    ],
)
def test_prose_that_looks_like_markup_stays_text(text: str) -> None:
    assert marked(text) == []


def test_a_fence_that_is_never_closed_hides_nothing() -> None:
    assert "".join(marked("```\nLe maire a dit non.\n\nLe préfet aussi.\n")).count("maire") == 0


def test_a_rule_at_the_top_is_no_front_matter() -> None:
    text = "---\n\nLe maire a dit non.\n\n---\n\nLe préfet aussi.\n"
    assert marked(text) == ["---\n", "---\n"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("# Le budget voté\n\nTexte.", ["# Le budget voté"]),
        ("### Ce que dit le *préfet* ###  \r\nTexte.", ["### Ce que dit le *préfet* ###"]),
        ("Le budget voté\n===\n\nTexte.", ["Le budget voté"]),
        ("Texte.\n\nCe que dit le préfet\n---\nTexte.", ["Ce que dit le préfet"]),
        ("Un paragraphe\nde deux lignes\n---\n", []),
        ("Un paragraphe très long " * 20 + "\n---\n", []),
        ("- un\n---\n", []),
        ("#\n\nTexte.", []),
        ("Texte.\n\n---\n\nTexte.", []),
    ],
)
def test_headings(text: str, found: list[str]) -> None:
    assert headlines(text) == found


def test_the_text_is_untouched() -> None:
    text = "# Titre\r\n\r\nUn *mot*.\r\n"
    (article,) = read(Material("a.md", "a.md", io.BytesIO(text.encode()), 1_000))
    assert (article.text, article.id, article.path, article.title) == (text, "a.md", "a.md", None)
    assert article.regions == markup_regions(text)


_SPACED = "a é # * ** _ ` ``` [ ]( ) ][ ]:http://a ![ <!-- --> <b> < > - 1. | |-| --- === +++ a:b \\ &amp;"
PIECES = st.sampled_from([*_SPACED.split(" "), " ", "\n", "\r\n", "\n\n"])


@given(st.lists(PIECES, max_size=40).map("".join))
def test_regions_are_in_order_inside_the_text_and_apart(text: str) -> None:
    regions = markup_regions(text)
    assert all(0 <= region.span.start < region.span.end <= len(text) for region in regions)
    assert list(regions) == sorted(regions, key=lambda region: (region.span.start, -region.span.end))
    markup = [region.span for region in regions if region.kind is RegionKind.MARKUP]
    assert all(one.end < next_.start for one, next_ in pairwise(markup))
    if not set(text) & set("#*_`[]<>|-=+\\&:1"):
        assert not regions


HOSTILE = [
    "[",
    "![",
    "](a",
    "](a(",
    "`a``b",
    "<!--",
    "<!---->",
    "<a",
    "***a",
    "_a",
    ">",
    "-",
    "1.",
    "[^",
    "[a]:",
    "&a",
    "\\",
]


@pytest.mark.parametrize("piece", [*HOSTILE, "\n", "a\n", "| a |\n|-|\n", "---\n", "```\n", "> ", "_ ", "1. "])
def test_time_is_linear(piece: str) -> None:
    def seconds(size: int) -> float:
        text = piece * (size // len(piece))
        start = time.process_time()
        markup_regions(text)
        return time.process_time() - start

    # Eight times the text: 64 times the time if it were quadratic.
    assert seconds(80_000) < 30 * max(seconds(10_000), 0.005)
