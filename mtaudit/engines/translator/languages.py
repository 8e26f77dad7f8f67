"""Which ways a transformers model translates, and how each family names French and English."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from itertools import pairwise
from typing import Final

from mtaudit.engines.translator.folder import Prompt
from mtaudit.translations import Way

#: By language: its own codes, then the groups that Marian's models have for it and others together (ISO 639-5, and the
#: names that OPUS-MT gave before it used those).
_CODES: Final = {"fr": frozenset(("fr", "fra", "fre")), "en": frozenset(("en", "eng"))}
_GROUPS: Final = {
    "fr": frozenset(("roa", "romance", "itc", "ine", "mul")),
    "en": frozenset(("gmw", "gem", "germanic", "ine", "mul")),
}
#: What a source begins with for a target in that language, the likeliest first.
_MARKS: Final = {"fr": (">>fra<<", ">>fr<<", ">>fr_FR<<"), "en": (">>eng<<", ">>en<<")}


def of_marian(languages: tuple[object, object], names: Iterable[str], pieces: Collection[str]) -> dict[Way, Prompt]:
    """Directions of a Marian model.

    `languages` are those that its tokenizer states, source first ("fr", "eng", "ROMANCE", "fra_por", None…); where it
    states none, `names` are searched for the likes of `opus-mt-fr-en`. A model with several target languages is told
    which by a mark, which must be among `pieces`; one whose only target is the language needs none.
    """
    pairs = [languages] if all(isinstance(side, str) and side for side in languages) else _pairs(names)
    found = {}
    for way in Way:
        source, target = way.languages
        mark = next((mark for mark in _MARKS[target] if mark in pieces), "")
        for left, right in pairs:
            to = _parts(right)
            alone = to <= _CODES[target]
            if _parts(left) & (_CODES[source] | _GROUPS[source]) and (alone or (mark and to & _covering(target))):
                found[way] = Prompt(mark, "")
    return found


def of_m2m_100(codes: Collection[str]) -> dict[Way, Prompt]:
    """Directions of an M2M-100 model that knows these languages by their ISO 639-1 codes."""
    return _both({language: f"__{language}__" for language in ("fr", "en") if language in codes})


def of_nllb() -> dict[Way, Prompt]:
    """Directions of an NLLB model."""
    return _both({"fr": "fra_Latn", "en": "eng_Latn"})


def _both(marks: dict[str, str]) -> dict[Way, Prompt]:
    """Of models whose source begins with its own language, and whose target with its own."""
    return {way: Prompt(*(marks[code] for code in way.languages)) for way in Way if {*way.languages} <= {*marks}}


def _covering(language: str) -> frozenset[str]:
    return _CODES[language] | _GROUPS[language]


def _parts(side: object) -> frozenset[str]:
    """`deu_eng_fra` and `fr+ca` are several languages; `fr_FR` and `fra_Latn` are one."""
    first, *others = re.split(r"[_+,]", str(side))
    return frozenset([first.lower(), *(part for part in others if part.islower())])


def _pairs(names: Iterable[str]) -> list[tuple[object, object]]:
    for name in names:
        parts = name.rpartition("/")[2].split("-")
        known = {*_CODES["fr"], *_CODES["en"], *_GROUPS["fr"], *_GROUPS["en"]}
        pairs: list[tuple[object, object]] = [
            (left, right) for left, right in pairwise(parts) if _parts(left) & known and _parts(right) & known
        ]
        if pairs:
            return pairs
    return []
