"""An analysis without a parser, and a rule run over it, for the checks that read the surface alone."""

from __future__ import annotations

from collections.abc import Mapping
from types import ModuleType
from typing import Any

from mtaudit.lang import LANGUAGES
from mtaudit.model import Analysis, Article, Rule, Severity
from mtaudit.resources import Lexicon, LexiconEntry
from mtaudit.segmentation import fold_view, lower_view, words


class FakeLexicon:
    """Knows the words it is given, each with its parts of speech: `{"chefs": "NOUN", "reste": "NOUN VERB"}`."""

    def __init__(self, forms: Mapping[str, str]) -> None:
        self.forms = forms

    def knows(self, form: str) -> bool:
        return form in self.forms or form.lower() in self.forms

    def entries(self, form: str) -> tuple[LexiconEntry, ...]:
        return tuple(LexiconEntry(form, pos, "", "") for pos in self.forms.get(form.lower(), "").split())

    def frequency(self, form: str) -> float:
        return 4.0 if self.knows(form) else 0.0

    def foreign_frequency(self, form: str) -> float:  # noqa: ARG002 - the protocol's signature
        return 0.0

    def suggest(self, form: str, limit: int = 3) -> tuple[str, ...]:  # noqa: ARG002 - the protocol's signature
        return ()


def analysis_of(text: str, lexicon: Lexicon | None = None) -> Analysis:
    sentences, regions = LANGUAGES["fr"].segment(text)
    view = fold_view(text)
    return Analysis(Article("a", text), sentences, regions, view, lower_view(view), words(view, sentences), (), lexicon)


def rule_of(check: str, message: str = "{match}", **options: Any) -> Rule:
    return Rule(f"fr/test/{check}", check, "", message, "", "linguistic/punctuation", Severity.MINOR, options=options)


def found(check: ModuleType, text: str, lexicon: Lexicon | None = None, **options: Any) -> list[tuple[str, ...]]:
    """What one rule finds in a text: (matched text, suggestions...)."""
    compiled = check.compile([rule_of(check.__name__.rpartition(".")[2], **options)])
    issues = sorted(check.run(analysis_of(text, lexicon), compiled), key=lambda issue: issue.span)
    return [(text[issue.span.start : issue.span.end], *issue.suggestions) for issue in issues]


def matches(check: ModuleType, text: str, lexicon: Lexicon | None = None, **options: Any) -> list[str]:
    """The matched texts alone."""
    return [one[0] for one in found(check, text, lexicon, **options)]
