"""Rules as text: the list of them, and one explained."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import IO

from mtaudit.measures import Measure
from mtaudit.model import Example, Rule, Status
from mtaudit.reports.terminal.labels import decimal


def write_list(rules: Iterable[Rule], stream: IO[str]) -> None:
    """One line a rule, in tab-separated columns: id, check, category, severity, status, entries, title."""
    for rule in rules:
        columns = (
            rule.id,
            rule.check,
            rule.category,
            rule.severity.value,
            rule.status.value,
            str(rule.entries),
            rule.title,
        )
        stream.write("\t".join(columns) + "\n")


def write_rule(rule: Rule, stream: IO[str], measure: Measure | None = None) -> None:
    """What the rule finds and why, for an editor, and how often it was seen to fire."""
    stream.write("\n".join(_lines(rule, measure)) + "\n")


def _lines(rule: Rule, measure: Measure | None) -> Iterator[str]:
    draft = " (en essai : ne s’applique qu’avec --drafts)" if rule.status is Status.DRAFT else ""
    yield f"{rule.id} — {rule.title}"
    yield f"{rule.category}, {rule.severity.value}{draft}"
    if rule.weak:
        yield "indice faible : montré quand l’article en a plusieurs ou se lit comme une traduction automatique"
    if rule.common:
        yield "faute que l’on fait aussi sans machine : tue là où rien d’autre ne trahit une traduction automatique"
    yield ""
    yield rule.why
    for title, examples in (("Signalé :", rule.bad), ("Accepté :", rule.good)):
        if examples:
            yield ""
            yield title
            yield from (f"  {_shown(example)}" for example in examples)
    if rule.references:
        yield ""
        yield "Références :"
        yield from (f"  {reference}" for reference in rule.references)
    if rule.votes:
        yield ""
        yield f"Langues source : {', '.join(rule.votes)}"
    if measure is not None:
        yield ""
        yield (
            f"Mesure : {decimal(measure.machine_rate)} fois par million de mots traduits par des machines, "
            f"{decimal(measure.human_rate)} par million de mots écrits ou traduits par des humains"
        )
    if rule.aka:
        yield ""
        yield f"Anciens noms : {', '.join(rule.aka)}"


def _shown(example: Example) -> str:
    text = example.text
    for span, suggestion in sorted(zip(example.spans, example.suggestions, strict=True), reverse=True):
        becomes = f" → {suggestion}" if suggestion else ""
        text = f"{text[: span.start]}⟦{text[slice(*span)]}{becomes}⟧{text[span.end :]}"
    known = f"  (échec connu : {example.expected_failure})" if example.expected_failure else ""
    return " ".join(text.split()) + known
