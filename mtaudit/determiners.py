"""French determiners, fitted to the word that follows them."""

from __future__ import annotations

from collections.abc import Iterable

#: Those that stand before a plural only.
PLURAL = frozenset(("les", "des", "ces", "ses", "mes", "tes", "nos", "vos", "leurs", "aux", "deux", "plusieurs"))

_FEMININE = frozenset(("une", "la", "cette", "de la", "à la", "ma", "ta", "sa", "aucune", "quelle"))
_ELIDED = frozenset(("de", "que", "se", "ne", "je", "me", "te", "jusque", "lorsque", "puisque"))

#: As written before a masculine and a feminine consonant, a masculine and a feminine vowel; then bare.
_FAMILIES: tuple[tuple[str, ...], ...] = (
    ("un ", "une ", "un ", "une ", "un", "une"),
    ("du ", "de la ", "de l'", "de l'", "du", "de la", "de l'"),
    ("au ", "à la ", "à l'", "à l'", "au", "à la", "à l'"),
    ("le ", "la ", "l'", "l'", "le", "la"),
    ("ce ", "cette ", "cet ", "cette ", "ce", "cette", "cet"),
    ("mon ", "ma ", "mon ", "mon ", "mon", "ma"),
    ("ton ", "ta ", "ton ", "ton ", "ton", "ta"),
    ("son ", "sa ", "son ", "son ", "son", "sa"),
    ("aucun ", "aucune ", "aucun ", "aucune ", "aucun", "aucune"),
    ("quel ", "quelle ", "quel ", "quelle ", "quel", "quelle"),
)

#: The form that stands for both genders, and for before a vowel and a consonant.
COMMON = {
    "une": "un", "la": "le", "l'": "le", "cette": "ce", "cet": "ce", "d'": "de", "du": "de", "au": "à", "ma": "mon",
    "ta": "ton", "sa": "son", "qu'": "que", "aucune": "aucun", "certaine": "certain", "quelle": "quel", "toute": "tout",
    "chacune": "chacun", "nouvelle": "nouveau", "nouvel": "nouveau", "première": "premier", "dernière": "dernier",
}  # fmt: skip


def without_gender(tokens: Iterable[str]) -> list[str]:
    """Tokens in lower case, in which determiners and the commonest adjectives no longer show a gender."""
    return [COMMON.get(token, token) for token in tokens]


def fit_determiner(written: str, gender: str, vowel: bool) -> str | None:
    """The determiner in lower case, with the space or apostrophe after it, as the new word needs it; None if unknown.

    `gender` is m, f, or "" where the two words share theirs.
    """
    if not gender:
        gender = "f" if written in _FEMININE else "m"
    for family in _FAMILIES:
        if written in family:
            masculine, feminine, elided_masculine, elided_feminine = family[:4]
            if vowel:
                return elided_feminine if gender == "f" else elided_masculine
            return feminine if gender == "f" else masculine
    base = written[:-1] + "e" if written.endswith("'") else written
    if base in _ELIDED:
        return base[:-1] + "'" if vowel else base + " "
    return None
