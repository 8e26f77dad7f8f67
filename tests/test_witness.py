"""The witness in a run of many articles: each one's own answer, in order, and what is said where there was none."""

from __future__ import annotations

from mtaudit.model import Article, Rule, Severity
from mtaudit.pipeline import prepare
from mtaudit.rules import RuleSet
from mtaudit.witnesses import Choice
from tests.engines import standin

RULE = Rule(
    "fr/test/faux",
    "languagetool",
    "t",
    "« {match} » : {advice}.",
    "w",
    "linguistic/spelling",
    Severity.MINOR,
    options={"rules": ["FAUX"], "names": True},
)
#: Some 2,000 code points each, so that a run has several batches.
ARTICLES = [
    Article(str(number), f"Le maire a lu le budget {number}. " * 60 + "\nLe maire a lu le faux. " * (number % 4))
    for number in range(150)
]


def spans(article: Article) -> list[int]:
    return [at for at in range(len(article.text)) if article.text.startswith("faux", at)]


def test_each_article_has_its_own_answer_over_many_batches() -> None:
    with standin.running() as server:
        audit = prepare(RuleSet((RULE,), "hash"), [RULE], languagetool=Choice(server.url))
        reports = list(audit.run(ARTICLES))
        assert server.requests == len(ARTICLES)
    assert [report.article.id for report in reports] == [article.id for article in ARTICLES]
    for article, report in zip(ARTICLES, reports, strict=True):
        assert [issue.span.start for issue in report.issues] == spans(article)
        assert report.skipped == ()
        assert "|lt:fr-9.9|" in report.score.signature


def test_an_article_without_an_answer_says_so_and_the_others_have_theirs() -> None:
    with standin.running(lambda text: (413, b"") if "budget 7." in text else (200, standin.matches(text))) as server:
        audit = prepare(RuleSet((RULE,), "hash"), [RULE], languagetool=Choice(server.url))
        reports = list(audit.run(ARTICLES[:12]))
    told = [[(skip.engine, skip.rules) for skip in report.skipped] for report in reports]
    assert told == [[("languagetool", 1)] if number == 7 else [] for number in range(12)]


def test_no_server_is_asked_when_no_rule_wants_it() -> None:
    with standin.running() as server:
        ours = Rule(
            "fr/test/a", "phrase", "t", "m", "w", "style/calque", Severity.MINOR, options={"phrases": ["le maire"]}
        )
        audit = prepare(RuleSet((ours,), "hash"), [ours], languagetool=Choice(server.url))
        assert all(report.issues for report in audit.run(ARTICLES[:3]))
        assert server.requests == server.connections == 0
