"""What an issue can be: a closed list, MQM-mapped."""

from __future__ import annotations

_KINDS = {
    "accuracy": ("untranslated", "mistranslation", "wrong-word", "contradiction", "named-entity", "omission"),
    "linguistic": (
        "nonword",
        "spelling",
        "agreement",
        "grammar",
        "punctuation",
        "spacing",
        "fragment",
        "unintelligible",
        "repetition",
    ),
    "style": ("calque", "register", "awkward", "inconsistency"),
    "locale": ("date-format", "number-format", "unit"),
    "content": ("boilerplate", "mt-disclaimer", "metadata", "duplicate"),
}

#: Every category, as "dimension/kind".
CATEGORIES: frozenset[str] = frozenset(f"{dimension}/{kind}" for dimension, kinds in _KINDS.items() for kind in kinds)
