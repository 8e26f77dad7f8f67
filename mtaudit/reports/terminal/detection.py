"""Whether a machine translated the article, in the words of a news desk, and the lines that say so on the terminal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from rich.text import Text

from mtaudit.model import Clue, Detection, Origin, Verdict
from mtaudit.positions import Positions
from mtaudit.reports.terminal.labels import SOURCE_LABELS, on_lines
from mtaudit.reports.terminal.wrapping import fold_text

#: They agree with « traduction ».
VERDICT_LABELS: Mapping[Verdict, str] = {
    Verdict.LIKELY: "probable",
    Verdict.UNCLEAR: "incertaine",
    Verdict.NO_SIGN: "pas de signe",
}
UNJUDGED = "non jugée"

VERDICT_STYLES: Mapping[Verdict, str] = {Verdict.LIKELY: "bold yellow", Verdict.UNCLEAR: "", Verdict.NO_SIGN: "green"}

#: A signal without a name here goes by its own.
SIGNAL_LABELS: Mapping[str, str] = {
    "phrasing": "mots et tournures",
    "disclaimer": "aveu de traduction automatique",
    "untranslated": "passages non traduits",
    "issues": "fréquence des fautes",
    "round-trip": "ressemblance de l’aller-retour",
    "lexical-richness": "richesse du vocabulaire",
}
#: Signals that an editor can check at a glance: a clean article whose verdict is unclear is not silent about these.
_HARD = {"disclaimer", "untranslated"}

#: Log-odds that move no probability by more than one percentage point: the slope of the logistic function is 1/4.
FAINT = 0.04

_MOST_CLUES = 5
_MOST_LINES = 3
_LONGEST_LABEL = 80
_SPACE = "\u00a0"
_DOT = "\u00a0· "
_NAME = "Traduction automatique"


def translated_from(origin: Origin | None) -> str:
    """« traduit, semble-t-il, du portugais », empty where the votes do not settle it."""
    name = SOURCE_LABELS.get(origin.guess) if origin is not None and origin.guess is not None else None
    if name is None:
        return ""
    return f"traduit, semble-t-il, {'de l’' if name[0] in 'aehi' else 'du '}{name}"


def percentage(probability: float) -> str:
    """0.944 as « 94 % »; nothing is as sure as 0 or 100."""
    number = round(100 * probability)
    if number >= 100:
        return f"plus de 99{_SPACE}%"
    return f"{number}{_SPACE}%" if number else f"moins de 1{_SPACE}%"


def verdict_label(detection: Detection | None) -> str:
    """« probable (94 %) », « non jugée »."""
    if detection is None or detection.verdict is None:
        return UNJUDGED
    label = VERDICT_LABELS[detection.verdict]
    return label if detection.probability is None else f"{label} ({percentage(detection.probability)})"


def statement(detection: Detection | None) -> str:
    """What is said of the article in one sentence; empty where nobody asked."""
    if detection is None:
        return ""
    if detection.verdict is not None:
        return f"{_NAME}{_SPACE}: {verdict_label(detection)}"
    return f"{_NAME} {UNJUDGED}{_SPACE}: {detection.abstained}" if detection.abstained else ""


def evidence(detection: Detection) -> list[Clue]:
    """The clues, and the signals that none of them belongs to under their names: the heaviest first.

    Clues that say the same are one; what moves no probability by a percentage point is left out.
    """
    told = {clue.signal for clue in detection.clues}
    merged: dict[tuple[str, str], Clue] = {}
    for clue in detection.clues:
        known = merged.get(key := (clue.signal, clue.label))
        places = (known.places if known else ()) + clue.places
        merged[key] = clue._replace(weight=clue.weight + (known.weight if known else 0.0), places=tuple(sorted(places)))
    bare = [
        Clue(name, SIGNAL_LABELS.get(name, name), weight, ())
        for name, weight in detection.signals.items()
        if name not in told
    ]
    return sorted(
        (clue for clue in (*merged.values(), *bare) if abs(clue.weight) >= FAINT), key=lambda clue: -abs(clue.weight)
    )


def deserves_a_line(detection: Detection | None) -> bool:
    """Whether an article without issues is not silent about it."""
    if detection is None or detection.verdict is None:
        return False
    hard = any(clue.signal in _HARD and clue.weight > 0 for clue in evidence(detection))
    return detection.verdict is Verdict.LIKELY or (detection.verdict is Verdict.UNCLEAR and hard)


def detection_lines(detection: Detection | None, lines: Positions, width: int, *, everything: bool) -> Iterator[Text]:
    """The verdict with the source language, then the heaviest clues on either side; nothing where nobody asked.

    `lines` are those of the article's text. What speaks for or against `no sign` is told with `everything` only.
    """
    said = statement(detection)
    if detection is None or not said:
        return
    whole = _DOT.join(filter(None, [said, translated_from(detection.origin)]))
    for index, part in enumerate(fold_text(whole, width - 2)):
        line = Text(f"  {part}")
        if index == 0 and detection.verdict is not None:
            at = line.plain.find(VERDICT_LABELS[detection.verdict])
            if at >= 0:
                line.stylize(VERDICT_STYLES[detection.verdict], at, at + len(VERDICT_LABELS[detection.verdict]))
        yield line
    if detection.verdict is None or (detection.verdict is Verdict.NO_SIGN and not everything):
        return
    clues = evidence(detection)
    yield from _listed("indices", [clue for clue in clues if clue.weight > 0], lines, width)
    yield from _listed("indices contraires", [clue for clue in clues if clue.weight < 0], lines, width)


def _listed(title: str, clues: Sequence[Clue], lines: Positions, width: int) -> Iterator[Text]:
    if not clues:
        return
    said = _DOT.join(_clue(clue, lines) for clue in clues[:_MOST_CLUES])
    first, *rest = fold_text(f"{title}{_SPACE}: {said}", width - 4)
    yield Text(f"  {first}", "dim")
    yield from (Text(f"    {part}", "dim") for part in rest)


def _clue(clue: Clue, lines: Positions) -> str:
    """« « a déclaré » (lignes 3 et 7) »."""
    label = clue.label
    if len(label) > _LONGEST_LABEL:
        label = label[:_LONGEST_LABEL].rsplit(" ", 1)[0] + f"{_SPACE}[…]"
    numbers = (lines.place(place.start).line for place in clue.places)
    return label + (f" ({on_lines(numbers, _MOST_LINES)})" if clue.places else "")
