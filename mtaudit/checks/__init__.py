"""The kinds of check. A new kind is one module and one line in this table."""

from __future__ import annotations

from types import ModuleType

from mtaudit.checks import (
    agreement,
    attribution,
    boilerplate,
    coherence,
    concord,
    confusion,
    consistency,
    fidelity,
    fragments,
    languagetool,
    locale,
    names,
    phrase,
    punctuation,
    repetition,
    roundtrip,
    tokens,
    words,
)

#: What a message may name besides `match` and `suggestion`: the evidence that the kind of check gives.
MESSAGE_FIELDS: dict[str, frozenset[str]] = {
    "agreement": frozenset({"antecedent", "pronoun", "speaker"}),
    "coherence": frozenset({"cues", "expected", "figures"}),
    "confusion": frozenset({"context", "margin", "score"}),
    "consistency": frozenset({"other"}),
    "fidelity": frozenset({"source"}),
    "fragments": frozenset({"language", "language_name", "script", "script_name"}),
    "languagetool": frozenset({"advice", "languagetool"}),
    "phrase": frozenset({"note"}),
    "roundtrip": frozenset({"kept", "margin", "pivot", "round_trip", "uncalibrated"}),
}

#: Kind, as a rule's `check` names it, to the module that keeps `model.Checker`.
CHECKERS: dict[str, ModuleType] = {
    "agreement": agreement,
    "attribution": attribution,
    "boilerplate": boilerplate,
    "coherence": coherence,
    "concord": concord,
    "confusion": confusion,
    "consistency": consistency,
    "fidelity": fidelity,
    "fragments": fragments,
    "languagetool": languagetool,
    "locale": locale,
    "names": names,
    "phrase": phrase,
    "punctuation": punctuation,
    "repetition": repetition,
    "roundtrip": roundtrip,
    "tokens": tokens,
    "words": words,
}
