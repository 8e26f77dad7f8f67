"""The words and numbers of the terminal report, in the French of a news desk."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from mtaudit.categories import CATEGORIES
from mtaudit.model import Severity

CATEGORY_LABELS: Mapping[str, str] = {
    "accuracy/untranslated": "non traduit",
    "accuracy/mistranslation": "contresens",
    "accuracy/wrong-word": "mot pour un autre",
    "accuracy/contradiction": "contradiction",
    "accuracy/named-entity": "nom propre",
    "accuracy/omission": "oubli",
    "linguistic/nonword": "mot inexistant",
    "linguistic/spelling": "orthographe",
    "linguistic/agreement": "accord",
    "linguistic/grammar": "grammaire",
    "linguistic/punctuation": "ponctuation",
    "linguistic/spacing": "espaces",
    "linguistic/fragment": "phrase tronquée",
    "linguistic/unintelligible": "incompréhensible",
    "linguistic/repetition": "répétition",
    "style/calque": "calque",
    "style/register": "registre",
    "style/awkward": "tournure maladroite",
    "style/inconsistency": "manque d’unité",
    "locale/date-format": "date à l’anglaise",
    "locale/number-format": "nombre à l’anglaise",
    "locale/unit": "unité",
    "content/boilerplate": "texte parasite",
    "content/mt-disclaimer": "aveu de traduction automatique",
    "content/metadata": "métadonnées",
    "content/duplicate": "doublon",
}
if CATEGORY_LABELS.keys() != CATEGORIES:
    raise RuntimeError(f"categories without a label, or labels without one: {CATEGORY_LABELS.keys() ^ CATEGORIES}")

SEVERITY_LABELS: Mapping[Severity, str] = {
    Severity.CRITICAL: "critique",
    Severity.MAJOR: "majeure",
    Severity.MINOR: "mineure",
}

TRIAGE_LABELS: Mapping[str, str] = {
    "clean": "bon à publier",
    "edit": "à corriger",
    "retranslate": "à retraduire",
    "foreign": "laissé de côté",
}

SOURCE_LABELS: Mapping[str, str] = {
    "ar": "arabe",
    "de": "allemand",
    "en": "anglais",
    "es": "espagnol",
    "fa": "persan",
    "he": "hébreu",
    "hi": "hindi",
    "id": "indonésien",
    "it": "italien",
    "ja": "japonais",
    "ko": "coréen",
    "nl": "néerlandais",
    "pl": "polonais",
    "pt": "portugais",
    "ro": "roumain",
    "ru": "russe",
    "tr": "turc",
    "uk": "ukrainien",
    "zh": "chinois",
}

#: What a translation model made of a sentence, and of that.
ROUND_TRIP_LABELS = ("en anglais", "retraduit")

#: rich styles; the words and the marks say the same without them.
SEVERITY_STYLES: Mapping[Severity, str] = {
    Severity.CRITICAL: "bold red",
    Severity.MAJOR: "bold yellow",
    Severity.MINOR: "cyan",
}
TRIAGE_STYLES: Mapping[str, str] = {"clean": "green", "edit": "yellow", "retranslate": "bold red", "foreign": "magenta"}

_NARROW_SPACE = "\u202f"
_SPACE = "\u00a0"


def whole(number: int) -> str:
    """12345 as « 12 345 »."""
    return f"{number:,}".replace(",", _NARROW_SPACE)


def decimal(number: float) -> str:
    """1234.56 as « 1 234,6 »."""
    return f"{number:,.1f}".replace(",", _NARROW_SPACE).replace(".", ",")


def interval(low: float, high: float) -> str:
    """« 90,1–141,0 »."""
    return f"{decimal(low)}–{decimal(high)}"


def counted(number: int, singular: str, plural: str | None = None) -> str:
    """« 1 mot », « 412 mots »: in French, nought and one are singular. The adjective may be part of the noun."""
    return f"{whole(number)}{_SPACE}{singular if number < 2 else plural or singular + 's'}"


def on_lines(numbers: Iterable[int], most: int) -> str:
    """« ligne 3 », « lignes 2, 5 et 9 », and after `most` of them « … »; a line that comes again is named once."""
    named = list(dict.fromkeys(map(whole, numbers)))
    if len(named) > most:
        places = ", ".join([*named[:most], "…"])
    else:
        places = " et ".join([*([", ".join(named[:-1])] if len(named) > 1 else []), named[-1]])
    return f"{'ligne' if len(named) == 1 else 'lignes'}{_SPACE}{places}"


def in_language(code: str) -> str:
    """« en anglais », or the code of a language without a name here."""
    return f"en {SOURCE_LABELS[code]}" if code in SOURCE_LABELS else f"dans une autre langue ({code})"


def triage_count(triage: str, number: int) -> str:
    """« 1 bon à publier », « 2 bons à publier », « 3 à corriger »."""
    label = TRIAGE_LABELS[triage]
    if number > 1:
        label = label.replace("bon ", "bons ").replace("laissé ", "laissés ")
    return f"{whole(number)}{_SPACE}{label}"
