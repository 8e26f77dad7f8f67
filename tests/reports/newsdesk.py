"""Reports made by hand, of articles as a news desk gets them."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import NamedTuple

from mtaudit.model import (
    Article,
    Clue,
    Detection,
    Issue,
    Origin,
    Report,
    Score,
    Sentence,
    Severity,
    Skipped,
    Span,
    Verdict,
)

N = "\u00a0"
NN = "\u202f"


class Find(NamedTuple):
    """An issue at every place where `words` stand."""

    words: str
    rule: str
    category: str
    severity: Severity
    message: str
    suggestions: tuple[str, ...] = ()


def sentences(text: str) -> tuple[Sentence, ...]:
    """A sentence ends at a full stop before a blank, or with its line."""
    matches = re.finditer(r"[^\s].*?(?:[.!?](?=\s|$)|$)", text, re.MULTILINE)
    return tuple(Sentence(index, Span(*match.span())) for index, match in enumerate(matches))


def report(  # noqa: PLR0913 - a record's fields
    name: str,
    text: str,
    finds: tuple[Find, ...] = (),
    *,
    words: int = 100,
    per_thousand: float = 0.0,
    interval: tuple[float, float] = (0.0, 8.9),
    triage: str = "clean",
    skipped: tuple[Skipped, ...] = (),
) -> Report:
    issues = tuple(
        Issue(find.rule, Span(*match.span()), find.message, find.category, find.severity, 0.9, find.suggestions)
        for find in finds
        for match in re.finditer(re.escape(find.words), text)
    )
    score = Score(
        words=words,
        penalty=round(per_thousand * words / 1000, 1),
        per_thousand=per_thousand,
        interval=interval,
        by_category={find.category: 1.0 for find in finds},
        triage=triage,
        signature="wmt|rules:fr@0123abcd|parser:none|lt:none|mt:none|v:0.1.0",
    )
    return Report(Article(name, text, path=name, verbatim=True), sentences(text), issues, score, skipped=skipped)


STRIKE = f"""Grève des éboueurs{N}: la mairie durcit le ton

La municipalité a estimé jeudi que la grève des éboueurs, qui en est à sa troisième semaine, fait sens dans le \
contexte de la négociation, mais que les cessions de pourparlers n’ont encore rien donné. Le maire, a-t-il precisé, \
recevra les syndicats lundi.
À la CGT, on juge aussi que la demande fait sens{N}: la prime promise était de 3.5 billion d’euros pour toute la \
région, «{N}de quoi voir venir{N}», ironise un délégué.
La collecte reprendra mardi dans le 3e arrondissement.
"""

STRIKE_FINDS = (
    Find(
        "fait sens",
        "fr/calques/make-sense",
        "style/calque",
        Severity.MINOR,
        f"«{N}fait sens{N}»{N}: calque de l’anglais{N}; la presse écrit «{N}a un sens{N}».",
        ("a un sens", "est logique"),
    ),
    Find(
        "cessions de pourparlers",
        "fr/confusion/cession-session",
        "accuracy/wrong-word",
        Severity.MAJOR,
        f"«{N}cession{N}» est l’acte de céder{N}; une réunion est une «{N}session{N}».",
        ("sessions de pourparlers",),
    ),
    Find(
        "precisé",
        "fr/words/unknown",
        "linguistic/nonword",
        Severity.MAJOR,
        f"«{N}precisé{N}» n’est pas un mot français.",
        ("précisé",),
    ),
    Find(
        "3.5 billion",
        "fr/locale/billion",
        "locale/number-format",
        Severity.CRITICAL,
        f"Le «{N}billion{N}» anglais est un milliard.",
        (f"3,5{N}milliards",),
    ),
)

CLEAN = """Le marché couvert rouvre samedi

Après dix-huit mois de travaux, les halles de la place du Marché accueillent de nouveau quarante commerçants.
"""


def desk() -> list[Report]:
    """A morning's copy: one article to do again, two that can run, one to correct."""
    return [
        report(
            "copie/greve-des-eboueurs.txt",
            STRIKE,
            STRIKE_FINDS,
            words=412,
            per_thousand=90.3,
            interval=(61.4, 1132.0),
            triage="retranslate",
            skipped=(Skipped("parser", "fr_core_news_md is not installed", 37),),
        ),
        report("copie/halles.txt", CLEAN, words=1612),
        report("copie/halles-bis.md", CLEAN, words=25),
        report(
            "copie/meteo.txt",
            "Des vents jusqu’à 60 miles par heure sont attendus.",
            (Find("60 miles par heure", "fr/locale/miles", "locale/unit", Severity.MINOR, "Unité anglaise.", ()),),
            words=9,
            per_thousand=111.1,
            interval=(2.8, 619.1),
            triage="edit",
        ),
    ]


def clue(text: str, words: str, weight: float, signal: str = "phrasing", label: str = "") -> Clue:
    """A clue at every place where `words` stand."""
    places = tuple(Span(*match.span()) for match in re.finditer(re.escape(words), text))
    return Clue(signal, label or f"«{N}{words}{N}»", weight, places)


def judged_desk() -> list[Report]:
    """The same morning's copy, asked whether a machine translated it: likely, likely, too short, unclear."""
    strike, halls, short, weather = desk()
    likely = Detection(
        probability=0.9437,
        verdict=Verdict.LIKELY,
        signals={"phrasing": 2.1, "issues": 1.02, "lexical-richness": -0.31, "house-style": 0.01},
        clues=(
            clue(STRIKE, "3.5 billion", 0.9, "issues", "nombre à l’anglaise"),
            clue(STRIKE, "dans le contexte de", 0.71),
            clue(STRIKE, "que la", 0.42),
            clue(STRIKE, "on juge", -0.55),
            clue(STRIKE, "ironise", -0.2),
        ),
        origin=Origin("en", 0.91, {"en": 3}),
    )
    plain = Detection(0.87, Verdict.LIKELY, "", {"phrasing": 1.9}, (clue(CLEAN, "Après", 0.6),))
    unsure = Detection(0.41, Verdict.UNCLEAR, "", {"phrasing": -0.36})
    return [
        replace(strike, detection=likely),
        replace(halls, detection=plain),
        replace(short, detection=Detection(abstained=f"texte trop court (25{N}mots)")),
        replace(weather, detection=unsure),
    ]


def abroad() -> Report:
    """An article in another language, at which nobody looked."""
    text = "The covered market reopens on Saturday after eighteen months of work."
    score = Score(0, 0.0, 0.0, (0.0, 0.0), {}, "foreign", desk()[0].score.signature)
    return Report(Article("copie/market.txt", text, lang="en", path="copie/market.txt", verbatim=True), (), (), score)
