"""Our categories as a taxonomy that other programs can read, MQM-mapped: each with the nearest error type of MQM-Core.

The names on the right are those of https://themqm.org/error-types-2/typology/; where MQM has none, as for what is no
part of a translation, the type is empty.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mtaudit import __version__
from mtaudit.categories import CATEGORIES

NAME = "mtaudit categories"

#: Dimension and error type of MQM-Core, by category.
MQM_TYPES: Mapping[str, tuple[str, str]] = {
    "accuracy/untranslated": ("Accuracy", "Untranslated"),
    "accuracy/mistranslation": ("Accuracy", "Mistranslation"),
    "accuracy/wrong-word": ("Accuracy", "Mistranslation"),
    "accuracy/contradiction": ("Accuracy", "Mistranslation"),
    "accuracy/named-entity": ("Accuracy", "Mistranslation"),
    "accuracy/omission": ("Accuracy", "Omission"),
    "linguistic/nonword": ("Linguistic conventions", "Spelling"),
    "linguistic/spelling": ("Linguistic conventions", "Spelling"),
    "linguistic/agreement": ("Linguistic conventions", "Grammar"),
    "linguistic/grammar": ("Linguistic conventions", "Grammar"),
    "linguistic/punctuation": ("Linguistic conventions", "Punctuation"),
    "linguistic/spacing": ("Linguistic conventions", "Punctuation"),
    "linguistic/fragment": ("Linguistic conventions", "Grammar"),
    "linguistic/unintelligible": ("Linguistic conventions", "Unintelligible"),
    "linguistic/repetition": ("Linguistic conventions", "Grammar"),
    "style/calque": ("Style", "Unidiomatic style"),
    "style/register": ("Style", "Language register"),
    "style/awkward": ("Style", "Awkward style"),
    "style/inconsistency": ("Style", "Inconsistent style"),
    "locale/date-format": ("Locale conventions", "Date format"),
    "locale/number-format": ("Locale conventions", "Number format"),
    "locale/unit": ("Locale conventions", "Measurement format"),
    "content/boilerplate": ("", ""),
    "content/mt-disclaimer": ("", ""),
    "content/metadata": ("", ""),
    "content/duplicate": ("", ""),
}
if MQM_TYPES.keys() != CATEGORIES:
    raise RuntimeError(f"categories without a type of MQM's, or types without one: {MQM_TYPES.keys() ^ CATEGORIES}")

#: The categories in the order of the taxonomy.
ORDER = tuple(MQM_TYPES)
INDEX = {category: index for index, category in enumerate(ORDER)}


def taxonomy() -> dict[str, Any]:
    """The `toolComponent` of SARIF (section 3.19) that holds the categories."""
    return {
        "name": NAME,
        "version": __version__,
        "language": "en-US",
        "isComprehensive": True,
        "shortDescription": {"text": "What an issue can be: MQM-mapped categories."},
        "taxa": [_taxon(category) for category in ORDER],
    }


def reference(category: str) -> dict[str, Any]:
    """The `reportingDescriptorReference` (section 3.52) to a category."""
    return {"id": category, "index": INDEX[category], "toolComponent": {"name": NAME, "index": 0}}


def _taxon(category: str) -> dict[str, Any]:
    dimension, kind = MQM_TYPES[category]
    nearest = f"MQM-mapped: {dimension} / {kind}" if dimension else "No error type of MQM: not part of the translation"
    return {
        "id": category,
        "shortDescription": {"text": f"{category.replace('/', ': ').replace('-', ' ')}. {nearest}."},
    }
