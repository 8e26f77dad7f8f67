"""The kinds of check. A new kind is one module and one line in this table."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from types import ModuleType
from typing import Any, Protocol

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
    sequence,
    tokens,
    words,
)
from mtaudit.model import Analysis, Issue, Need, Rule


class Checker(Protocol):
    """What a module of `mtaudit.checks` offers. `compile` is called once a run, `run` once an article."""

    #: A msgspec.Struct(forbid_unknown_fields=True, frozen=True): the rule's `options`.
    Options: type

    def needs(self, rule: Rule) -> frozenset[Need]:
        """The engines that a rule asks for."""
        ...

    def compile(self, rules: Sequence[Rule]) -> Any:
        """All rules of the kind, compiled together; raises ValueError naming the rule on a bad option."""
        ...

    def run(self, analysis: Analysis, compiled: Any) -> Iterable[Issue]:
        """The issues of one article, in any order; overlaps are settled later."""
        ...


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

#: Kind, as a rule's `check` names it, to the module, which keeps `Checker`.
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
    "sequence": sequence,
    "tokens": tokens,
    "words": words,
}
