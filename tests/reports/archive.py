"""Five hundred articles of the length and with the faults of an archive, made by hand and by arithmetic."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from mtaudit.model import Detection, Report, Severity, Verdict
from tests.reports.newsdesk import Find, N, clue, report

_SENTENCES = (
    "Le conseil municipal a adopté mardi, à une large majorité, le budget de la ville pour l’année prochaine.",
    f"Selon la préfecture, «{N}aucun blessé grave{N}» n’est à déplorer après l’incendie de l’entrepôt.",
    "La cour d’appel a confirmé la condamnation de l’ancien directeur à deux ans de prison avec sursis.",
    "Les pêcheurs du port réclament une aide d’urgence, le prix du gazole ayant doublé en un an.",
    "L’entraîneur a reconnu que son équipe avait manqué de fraîcheur en seconde période.",
    "Trois lignes de tramway seront prolongées d’ici à 2031, a précisé la présidente de la métropole.",
    "L’épidémie recule dans la région, mais les hôpitaux restent sous tension, note l’agence de santé.",
    "Près de 3 000 personnes ont défilé samedi pour demander la réouverture de la maternité.",
)
_FAULTS = (
    ("fait sens dans ce contexte", "fr/calques/make-sense", "style/calque", Severity.MINOR, "a un sens"),
    ("une majorité irréfiable", "fr/words/nonword", "linguistic/nonword", Severity.MAJOR, "irréfutable"),
    (
        "Possíveis sanções",
        "fr/fragments/foreign-words",
        "accuracy/untranslated",
        Severity.CRITICAL,
        "de possibles sanctions",
    ),
    ("mardi, Mars 16", "fr/locale/month-before-day", "locale/date-format", Severity.MINOR, "mardi 16 mars"),
    ("leur ambassadeur", "fr/agreement/plural-possessive", "linguistic/agreement", Severity.MAJOR, "son ambassadeur"),
)
_CLUES = (
    *("à une large majorité", "n’est à déplorer", "de l’ancien", "ayant doublé", "a reconnu que", "la métropole"),
    *("sous tension", "ont défilé", "après l’incendie", "d’ici à", "en seconde", "pour demander la", "note l’agence"),
)
_TITLES = ("Le budget passe", "Grève au port", "Incendie maîtrisé", "La maternité rouvre", "Élection partielle")
_OUTLETS = ("La Dépêche du littoral", "Agence du Sud", "Le Courrier du matin", "Nouvelles d’ici", "Radio Vallée")


def archive(count: int) -> Iterator[Report]:
    """Articles of some 400 words; of ten, five are clean, three have five issues, two have twenty.

    Of each it is said whether a machine translated it, with a dozen clues.
    """
    for number in range(count):
        faults = (0, 5, 0, 20, 0, 5, 0, 20, 0, 5)[number % 10]
        lines = [_SENTENCES[(number + place) % 8] for place in range(24)]
        for place in range(faults):
            words = _FAULTS[(number + place) % 5][0]
            lines.insert(
                1 + place, f"L’accord, {words}, reste {('fragile', 'discuté', 'secret')[place % 3]} ({place})."
            )
        finds = tuple(
            Find(
                words,
                rule,
                category,
                severity,
                f"«{N}{words}{N}»{N}: tournure que la presse évite{N}; on écrit «{N}{fix}{N}».",
                (fix,),
            )
            for words, rule, category, severity, fix in _FAULTS
        )
        title = f"{_TITLES[number % 5]} ({number})"
        text = title + "\n\n" + "\n".join(" ".join(lines[at : at + 4]) for at in range(0, len(lines), 4))
        made = report(
            f"archive/{number % 7}/{number}.txt",
            text,
            finds,
            words=len(text.split()),
            per_thousand=round(faults * 7.3 + number % 3, 1),
            interval=(faults * 2.5, faults * 14.0 + 8.9),
            triage="retranslate" if faults == 20 else "edit" if faults else "clean",
        )
        issues = tuple(
            replace(issue, evidence={"context": ["accord", "reste"], "score": 0.87}) for issue in made.issues
        )
        yield replace(
            made,
            article=replace(made.article, title=title, outlet=_OUTLETS[number % 5], published="2026-03-16"),
            issues=issues,
            detection=_detection(text, faults),
        )


def _detection(text: str, faults: int) -> Detection:
    clues = tuple(clue(text, words, (-1.0) ** place * (0.2 + place / 10)) for place, words in enumerate(_CLUES))
    signals = {"phrasing": 0.8, "issues": faults / 10 - 0.5, "lexical-richness": -0.1}
    verdict = Verdict.LIKELY if faults == 20 else Verdict.UNCLEAR if faults else Verdict.NO_SIGN
    return Detection(round(0.1 + faults / 25, 3), verdict, "", signals, clues)
