"""One article, one spelling."""

from __future__ import annotations

import pytest
from msgspec import ValidationError, convert

from mtaudit.checks import consistency
from mtaudit.lang.fr import FRENCH
from mtaudit.model import Analysis, Article, Rule, Severity
from mtaudit.segmentation import fold_view, lower_view, words


def analysis(text: str) -> Analysis:
    sentences, regions = FRENCH.segment(text)
    view = fold_view(text)
    return Analysis(Article("a", text), sentences, regions, view, lower_view(view), words(view, sentences))


def rule(**options: object) -> Rule:
    return Rule(
        "fr/t/t", "consistency", "t", "{match} {other}", "w", "style/inconsistency", Severity.MINOR, options=options
    )


def found(text: str, **options: object) -> list[tuple[str, str]]:
    issues = consistency.run(analysis(text), consistency.compile([rule(**options)]))
    return [(text[slice(*issue.span)], issue.suggestions[0]) for issue in issues]


def test_a_capital_loses_its_accent_only_where_the_article_keeps_it_elsewhere() -> None:
    text = "L’État a tranché. Le chef d’Etat l’a dit, et l’Europe avec lui."
    assert found(text, phenomenon="capital-accents") == [("Etat", "État")]
    assert found(text.replace("É", "E"), phenomenon="capital-accents") == []
    assert found("À Paris, A. Petit attend. A Lyon aussi.", phenomenon="capital-accents") == []


def test_the_less_used_name_is_the_odd_one() -> None:
    entries = [{"variants": "kiev|kyiv"}, {"variants": "birmanie|myanmar"}]
    text = "Kyiv résiste. À Kiev, le calme revient. Kyiv attend. La Birmanie, elle, vote."
    assert found(text, phenomenon="variants", entries=entries) == [("Kiev", "Kyiv")]
    assert found("Kyiv résiste. Kiev attend.", phenomenon="variants", entries=entries) == [("Kiev", "Kyiv")]


@pytest.mark.parametrize(
    "options",
    [
        {"phenomenon": "variants"},
        {"phenomenon": "capital-accents", "entries": [{"variants": "a|b"}]},
        {"phenomenon": "variants", "entries": [{"variants": "kiev"}]},
    ],
)
def test_options_that_make_no_sense_are_refused(options: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        convert(options, consistency.Options)
