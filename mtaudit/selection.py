"""Which rules run: by prefix of id or category, most specific prefix first, drafts only when asked for."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from mtaudit.errors import UsageError
from mtaudit.model import Rule, Status
from mtaudit.rulefile import did_you_mean


def select_rules(
    rules: Sequence[Rule], select: Iterable[str] = (), ignore: Iterable[str] = (), drafts: bool = False
) -> tuple[Rule, ...]:
    """The rules that run, in the order given.

    A prefix names whole parts of an id or a category: `fr/calques`, `fr/calques/consult-on`, `accuracy`,
    `style/calque`. Where one is selected and another ignored, the longer wins, and ignoring wins a tie. A rule that
    is named in full runs even as a draft.

    Raises:
        UsageError: for prefixes that match no rule.
    """
    chosen, dropped = tuple(select), tuple(ignore)
    _refuse_unknown(rules, (*chosen, *dropped))
    return tuple(rule for rule in rules if _runs(rule, chosen, dropped, drafts))


def rules_under(rules: Sequence[Rule], prefixes: Sequence[str]) -> frozenset[str]:
    """The ids of all rules, drafts too, whose id or category one of the prefixes names.

    Raises:
        UsageError: for prefixes that match no rule.
    """
    _refuse_unknown(rules, prefixes)
    return frozenset(rule.id for rule in rules if any(_depth(rule, prefix) for prefix in prefixes))


def find_rule(rules: Sequence[Rule], name: str) -> Rule:
    """The rule of that id, or the one that took its place.

    Raises:
        UsageError: when there is none.
    """
    for rule in rules:
        if name in (rule.id, *rule.aka):
            return rule
    known = [rule.id for rule in rules]
    raise UsageError(f"no rule is named {name!r}{did_you_mean(name, known)}; `mtaudit rules list` shows them")


def _refuse_unknown(rules: Sequence[Rule], prefixes: Iterable[str]) -> None:
    unknown = [prefix for prefix in prefixes if not any(_depth(rule, prefix) for rule in rules)]
    if unknown:
        known = {name for rule in rules for name in _names(rule)}
        raise UsageError(
            "; ".join(f"no rule has the prefix {prefix!r}{did_you_mean(prefix, known)}" for prefix in unknown)
        )


def _runs(rule: Rule, select: Sequence[str], ignore: Sequence[str], drafts: bool) -> bool:
    if rule.status is Status.RETIRED:
        return False
    named = rule.id in select
    if rule.status is Status.DRAFT and not (drafts or named):
        return False
    wanted = max((_depth(rule, prefix) for prefix in select), default=0) if select else 1
    unwanted = max((_depth(rule, prefix) for prefix in ignore), default=0)
    return wanted > 0 and (unwanted == 0 or (bool(select) and wanted > unwanted))


def _depth(rule: Rule, prefix: str) -> int:
    """How many characters of the rule's id or category the prefix covers; 0 when it does not match."""
    wanted = prefix.rstrip("/")
    for name in (rule.id, *rule.aka, rule.category):
        if name == wanted or name.startswith(f"{wanted}/"):
            return len(wanted)
    return 0


def _names(rule: Rule) -> Iterable[str]:
    for name in (rule.id, rule.category):
        parts = name.split("/")
        for end in range(1, len(parts) + 1):
            yield "/".join(parts[:end])
