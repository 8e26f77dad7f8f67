"""French sentence ends, case by case, and the regions of French copy."""

from __future__ import annotations

from pathlib import Path

import pytest

from mtaudit.lang import LANGUAGES
from mtaudit.model import RegionKind

CASES = Path(__file__).with_name("fr_sentences.txt")
SIGNS = {"\\n": "\n", "\\r": "\r", "\\u0301": "\u0301", "\\u0300": "\u0300", "~": "\u00a0"}


def cases() -> list[str]:
    """The lines that are cases: a heading or a comment has no boundary in it, unlike a case that starts with "#"."""
    lines = CASES.read_text(encoding="utf-8").splitlines()[2:]
    return [line for line in lines if line.strip() and (not line.startswith("#") or "|" in line)]


def sentences(text: str) -> list[str]:
    found, _ = LANGUAGES["fr"].segment(text)
    return [text[sentence.span.start : sentence.span.end] for sentence in found]


@pytest.mark.parametrize("case", cases())
def test_sentences_end_where_the_case_says(case: str) -> None:
    for sign, char in SIGNS.items():
        case = case.replace(sign, char)
    assert sentences(case.replace("|", "")) == [part.strip() for part in case.split("|")]


def kinds(text: str) -> list[tuple[str, RegionKind]]:
    found, _ = LANGUAGES["fr"].segment(text)
    return [(text[sentence.span.start : sentence.span.end], sentence.region) for sentence in found]


def regions(text: str, kind: RegionKind) -> list[str]:
    _, found = LANGUAGES["fr"].segment(text)
    return [text[region.span.start : region.span.end] for region in found if region.kind is kind]


BODY = "Le pont sur la Sarthe a rouvert lundi après six mois de travaux, au soulagement des riverains."

HEADLINES = [
    "Le pont a rouvert",
    "Le pont a rouvert, la colère demeure",
    "Mayenne : le pont a rouvert",
    "Pourquoi le pont a-t-il fermé ?",
    "« Nous avons tout perdu »",
    "# Le pont a rouvert",
    "Six mois de travaux. Et après",
]


@pytest.mark.parametrize("headline", HEADLINES)
def test_a_short_line_without_a_stop_before_a_paragraph_is_a_headline(headline: str) -> None:
    for text in (f"{headline}\n\n{BODY}", f"{headline}\n{BODY}", f"{BODY}\n\n{headline}\n\n{BODY}"):
        assert "".join(regions(text, RegionKind.HEADLINE)) == headline
        assert {kind for sentence, kind in kinds(text) if sentence not in BODY} == {RegionKind.HEADLINE}


@pytest.mark.parametrize(
    "line",
    [
        "Le pont a rouvert.",
        "Le maire l'assure :",
        "- un pont",
        "« Nous avons tout perdu. »",
        "Vraiment ? Le maire l'assure, et ses adjoints aussi, malgré les doutes que les riverains gardent encore.",
    ],
)
def test_other_lines_before_a_paragraph_are_no_headlines(line: str) -> None:
    assert regions(f"{line}\n\n{BODY}", RegionKind.HEADLINE) == []


def test_a_text_of_one_line_is_no_headline() -> None:
    assert kinds("Le pont a rouvert") == [("Le pont a rouvert", RegionKind.BODY)]


METADATA = [
    "2021-05-03T09:12+0200",
    "2021-05-03 09:12:45",
    "03.05.2021",
    "3 mai 2021",
    "Lundi 3 mai 2021 à 9h12",
    "Publié le 3 mai 2021 à 9h12",
    "Publié le 03/05/2021 à 09:12 | Mis à jour le 04/05/2021 à 10:00",
    "Mis à jour le 3 mai 2021, 9 h 12",
    "14.02.2022, Radio du Maine",
    "il y a 3 heures",
    "https://exemple.fr/pont-sur-la-sarthe?id=3",
    "www.exemple.fr/pont",
    "redaction@exemple.fr",
    "Tags : pont, Sarthe, travaux",
    "Mots-clés : pont",
    "#Sarthe #pont",
    "(AFP)",
    "(Belga)",
    "Lecture 3 min",
    "Par Jeanne Roux et Paul de Vries",
    "***",
]


@pytest.mark.parametrize("line", METADATA)
def test_metadata_alone_on_a_line_is_one_sentence_of_its_own(line: str) -> None:
    for text in (f"{line}\n{BODY}", f"{BODY}\n\n{line}\n\n{BODY}", f"{BODY}\n{line}"):
        assert [sentence for sentence, kind in kinds(text) if kind is RegionKind.METADATA] == [line]
        assert [sentence for sentence, kind in kinds(text) if kind is RegionKind.BODY].count(BODY) == text.count(BODY)


def test_tags_one_a_line_are_metadata() -> None:
    small = f"économie\n\ntransport\n\nville du mans\n\n{BODY}"
    capital = f"{BODY}\n\nÉconomie\nTransport\nLe Mans\nPays de la Loire"
    after_date = f"3 mai 2021\n\nsarthe\n\n{BODY}"
    assert [kind for _, kind in kinds(small)] == [RegionKind.METADATA] * 3 + [RegionKind.BODY]
    assert [kind for _, kind in kinds(capital)] == [RegionKind.BODY] + [RegionKind.METADATA] * 4
    assert [kind for _, kind in kinds(after_date)] == [RegionKind.METADATA] * 2 + [RegionKind.BODY]


def test_two_headings_are_no_tags() -> None:
    text = f"Le pont rouvert\n\nSix mois de travaux\n\n{BODY}"
    assert [kind for _, kind in kinds(text)] == [RegionKind.HEADLINE, RegionKind.HEADLINE, RegionKind.BODY]


@pytest.mark.parametrize(
    "line",
    [
        "Lire aussi : Le pont fermé pour six mois",
        "À lire aussi > Le pont fermé pour six mois",
        "LIRE AUSSI | Le pont fermé pour six mois",
        "Abonnez-vous à notre lettre du matin.",
        "Partager sur Facebook",
        "Partagez cet article sur les réseaux sociaux !",
        "Photo : Jeanne Roux",
        "Crédit photo : Jeanne Roux",
        "© Le Courrier du Maine 2021",
        "Copyright 2021 Le Courrier du Maine",
        "Tous droits réservés.",
        "Suivez-nous sur Twitter",
        "Cet article est réservé aux abonnés.",
    ],
)
def test_furniture_of_the_page_is_boilerplate(line: str) -> None:
    assert kinds(f"{BODY}\n\n{line}\n\n{BODY}")[1] == (line, RegionKind.BOILERPLATE)
    assert kinds(f"{line}\n{BODY}")[0] == (line, RegionKind.BOILERPLATE)


@pytest.mark.parametrize(
    "line",
    [
        "Partager ses données n'est pas sans risque.",
        "Photographe de presse, elle a couvert trois guerres.",
        "Lire à voix haute aide les enfants.",
        "Voir la mer, il en rêvait.",
        "Publié en 1951, le roman n'a pas vieilli.",
        "Le 3 mai, le pont a rouvert.",
        "Suivre le match coûtait cher.",
    ],
)
def test_copy_that_only_begins_like_furniture_is_body(line: str) -> None:
    assert kinds(f"{BODY}\n\n{line}\n\n{BODY}")[1] == (line, RegionKind.BODY)


@pytest.mark.parametrize(
    "line",
    [
        "LYON -",
        "LYON —",
        "LE HAVRE, 12 mars (Reuters) -",
        "GENÈVE, le 4 avr. (ATS) —",
        "MOSCOU (AFP) –",
        "Bruxelles (Belga) -",
        "Lens, 12 mars 2020 —",
        "LONDRES. –",
        "(Belga)",
        "(ATS/AFP) -",
        "AFP -",
    ],
)
def test_a_dateline_is_a_region_of_its_sentence(line: str) -> None:
    text = f"{line} Le pont a rouvert. Le maire est soulagé."
    assert regions(text, RegionKind.DATELINE) == [line]
    assert kinds(text) == [(f"{line} Le pont a rouvert.", RegionKind.BODY), ("Le maire est soulagé.", RegionKind.BODY)]


@pytest.mark.parametrize(
    "text",
    [
        "Le pont - ou ce qu'il en reste - a rouvert.",
        "L'Agence France-Presse (AFP) a publié la photo.",
        "Lyon, 12 mars : la ville est fermée.",
        "La SNCF - et elle seule - décide.",
        "Le vin, lui, se vend bien.",
    ],
)
def test_other_openings_are_no_datelines(text: str) -> None:
    assert regions(text, RegionKind.DATELINE) == []


QUOTES = [
    ("Il dit « oui ».", ["« oui »"]),
    ("Il dit \"oui\" et 'non'.", ['"oui"']),
    ("Il dit “oui” et ‹non›.", ["“oui”", "‹non›"]),
    ("Il dit « le mot “oui” m'a coûté ».", ["« le mot “oui” m'a coûté »", "“oui”"]),
    ("« Un. Deux. Trois. » Il se tait.", ["« Un. Deux. Trois. »"]),
    ("« Un.\n\nDeux. » Il se tait.", ["« Un.\n\nDeux. »"]),
    ("« Un.\n\n« Deux. » Il se tait.", ["« Un.", "« Deux. »"]),
    ("« Un.\n\nIl se tait.", ["« Un."]),
    ('Il dit "oui.\n\nIl se tait.', ['"oui.']),
    ("Il dit »oui« et se tait.", ["»oui«"]),
    ("Il dit » oui « . Puis il se tait.", ["» oui «"]),
    ("« Il m'a dit » viens ici « . Puis il part.", ["« Il m'a dit » viens ici «", "» viens ici «"]),
    ('L\'écran de 15" coûte cher. Il dit "oui".', ['"oui"']),
    ("L’élu d’Arras s’en va.", []),
    ("« … et après ? », dit-il.", ["« … et après ? »"]),
    ('Il raille "l\'homme "providentiel" du parti" et sort.', ['"l\'homme "providentiel" du parti"', '"providentiel"']),
    ("Il dit oui », puis sort.", []),
]


@pytest.mark.parametrize(("text", "expected"), QUOTES)
def test_quotations(text: str, expected: list[str]) -> None:
    assert regions(text, RegionKind.QUOTE) == expected


def test_a_glued_heading_is_a_headline_and_stays_in_its_paragraph() -> None:
    text = f"{BODY}Une ville coupée en deuxPlusieurs commerces ont fermé dans le centre."
    found, _ = LANGUAGES["fr"].segment(text)
    assert [sentence.region for sentence in found] == [RegionKind.BODY, RegionKind.HEADLINE, RegionKind.BODY]
    assert [sentence.paragraph for sentence in found] == [0, 0, 0]


def test_paragraphs_are_counted() -> None:
    found, _ = LANGUAGES["fr"].segment(f"Le pont a rouvert\n\n{BODY} {BODY}\n\n\n{BODY}")
    assert [sentence.paragraph for sentence in found] == [0, 1, 1, 2]
