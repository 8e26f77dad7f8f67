"""Institutions left in English, translated word by word, broken apart or glossed twice."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from mtaudit.checks import names
from mtaudit.model import Rule
from mtaudit.rules import RuleSet
from tests.checks.surface import analysis_of


@pytest.fixture(scope="module")
def rules(ruleset: RuleSet) -> list[Rule]:
    return [rule for rule in ruleset.rules if rule.id.startswith("fr/names/") and rule.check == "names"]


def seen(text: str, rules: list[Rule]) -> list[tuple[str, ...]]:
    """Rule, words and suggestions of each issue."""
    issues = sorted(names.run(analysis_of(text), names.compile(rules)), key=lambda issue: issue.span)
    return [
        (issue.rule.rpartition("/")[2], text[issue.span.start : issue.span.end], *issue.suggestions) for issue in issues
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Selon the World Bank, la croissance ralentit.",
            ("english-institution", "the World Bank", "la Banque mondiale"),
        ),
        ("Un élu de la House of Commons a voté.", ("english-institution", "House of Commons", "Chambre des communes")),
        (
            "Le chef de la Federal Border Police est parti.",
            ("generic-institution", "Federal Border Police"),
        ),
        ("Il dirige l'Office of the Auditor General.", ("generic-institution", "Office of the Auditor General")),
        ("Le sommet de la NATO s'ouvre mardi.", ("english-acronym", "NATO", "OTAN")),
        ("Il s'adressera à l'UN jeudi.", ("english-acronym", "UN", "ONU")),
        ("L'incendie est éteint, selon la Presse associée.", ("literal-name", "Presse associée", "Associated Press")),
        (
            "Il est libre, selon l’agence de presse française.",
            ("literal-name", "l’agence de presse française", "l’Agence France-Presse"),
        ),
        ("La grève cesse, d'après le journal. – Temps. Tout repart.", ("split-agency", "journal. – Temps.")),
        ("Le Japon (Japon) a signé l'accord.", ("repeated-gloss", "Le Japon (Japon)")),
        ("Selon la Croix-Rouge (croix rouge), ils sont saufs.", ("repeated-gloss", "la Croix-Rouge (croix rouge)")),
        ("Hier, la Chine Government a démenti.", ("source-order", "la Chine Government")),
    ],
)
def test_misnamed(text: str, expected: tuple[str, ...], rules: list[Rule]) -> None:
    assert seen(text, rules) == [expected]


@pytest.mark.parametrize(
    "text",
    [
        "Le Financial Times, Human Rights Watch et Amnesty International l'ont révélé.",
        "La Deutsche Bank, Goldman Sachs et Bank of America ont réagi.",
        "La National Rifle Association et la Royal Navy ont été citées.",
        "L'Agence internationale de l'énergie atomique (International Atomic Energy Agency) a son siège à Vienne.",
        "Le National Board of Review et le World Trade Center sont à New York.",
        "La chaîne European Council TV n'existe pas.",
        "L'AIEA, l'OTAN, l'ONU et l'Union européenne (UE) étaient représentées.",
        "LE MAIRE DE LYON A EU UN MALAISE EN PLEIN DISCOURS",
        "L'organisation UN Women et la fondation WHO Foundation sont partenaires.",
        "La région finance une agence d'intelligence artificielle.",
        "L'agence de presse française AFP a été fondée en 1944.",
        "Le suspect, né à Luxembourg (Luxembourg), a été arrêté (voir page 3).",
        "Les places coûtent 10 euros (10 euros sur internet).",
        "Le candidat a rejoint l'agence. – Reuters.",
    ],
)
def test_what_the_press_writes(text: str, rules: list[Rule]) -> None:
    assert seen(text, rules) == []


@pytest.mark.parametrize(
    "options",
    [
        {"find": "listed"},
        {"find": "built"},
        {"find": "split-name"},
        {"find": "source-order", "heads": ["Government"]},
        {"find": "anything"},
        {"find": "listed", "entries": [{"english": "x"}]},
    ],
)
def test_wrong_options(options: dict[str, Any]) -> None:
    with pytest.raises((ValueError, msgspec.ValidationError)):
        msgspec.convert(options, names.Options)


@pytest.mark.timeout(20)
def test_a_hostile_text_takes_no_time(rules: list[Rule]) -> None:
    text = "National " * 2_000 + "(" * 2_000 + "Agency of " * 2_000 + ". – " * 2_000
    assert seen(text, rules) == []
