"""Which language an article is in: French unless it is plain that it is not."""

from __future__ import annotations

import io
import json

import pytest

from mtaudit.engines.langid import load_language_identifier
from mtaudit.model import Article
from mtaudit.pipeline import prepare
from mtaudit.reports.json_report import report_schema, write
from mtaudit.reports.terminal import write as write_terminal
from mtaudit.resources import LanguageIdentifier
from mtaudit.rules import RuleSet
from mtaudit.selection import select_rules
from mtaudit.vernacular import language_of

FRENCH = (
    "La commune a rouvert jeudi la piscine municipale, fermée depuis deux ans pour des travaux de chauffage. Selon le "
    "maire, les entrées ont doublé dès le premier week-end, et les clubs ont repris leurs créneaux du soir. "
)
PORTUGUESE = (
    "A câmara reabriu na quinta-feira a piscina municipal, fechada há dois anos para obras no aquecimento. Segundo o "
    "presidente, as entradas duplicaram logo no primeiro fim de semana, e os clubes retomaram os treinos da noite. "
    " Os moradores pedem mais médicos e um horário alargado aos fins de semana."
)
ENGLISH = (
    "The town reopened its public swimming pool on Thursday, two years after it had closed for work on the boilers. "
    "According to the mayor, admissions doubled over the first weekend, and clubs took back their evening slots. "
    " Residents have asked for more buses and for a later service at the weekend."
)
RUSSIAN = (
    "Муниципалитет вновь открыл городской бассейн в четверг, спустя два года после закрытия на ремонт отопления. По "
    "словам мэра, в первые же выходные число посетителей удвоилось, а клубы вернулись к вечерним занятиям."
)
CHINESE = (
    "该市周四重新开放了市政游泳池，该游泳池因供暖工程关闭了两年。据市长介绍，第一个周末的入场人数就翻了一番，"
    "俱乐部也恢复了晚间训练时间，居民们表示非常满意，希望泳池全年开放。"
)


def told(text: str) -> str:
    return language_of(text, load_language_identifier)


def unasked() -> LanguageIdentifier | None:
    raise AssertionError("the identifier was asked about plain French")


@pytest.mark.parametrize(
    ("text", "language"),
    [(FRENCH, "fr"), (PORTUGUESE, "pt"), (ENGLISH, "en"), (RUSSIAN, "ru"), (CHINESE, "zh")],
)
def test_an_article_in_one_language(text: str, language: str) -> None:
    assert told(text) == language
    assert told(text * 30) == language


def test_plain_french_costs_no_engine() -> None:
    assert language_of(FRENCH, unasked) == "fr"
    assert language_of("Le préfet a dit non.", unasked) == "fr"
    assert language_of("", unasked) == "fr"


@pytest.mark.parametrize("foreign", [PORTUGUESE, ENGLISH, RUSSIAN, CHINESE])
def test_what_was_left_in_another_language_does_not_hide_an_article(foreign: str) -> None:
    assert told(FRENCH + foreign) == "fr"
    assert told(foreign + FRENCH) == "fr"
    assert told(foreign * 2 + FRENCH) == "fr"


def test_an_article_with_a_french_name_or_two_is_not_french() -> None:
    assert told(ENGLISH + "He then read from « Les Misérables » and sang « La Vie en rose ». " + ENGLISH) == "en"


def test_too_short_to_tell() -> None:
    for text in ("The mayor has resigned.", "Possíveis sanções à Rússia", "俄罗斯总统"):
        assert told(text) == "fr"


def test_without_the_identifier_every_article_is_audited() -> None:
    assert language_of(PORTUGUESE, lambda: None) == "fr"


def test_what_is_not_french_is_named_and_left_alone(ruleset: RuleSet) -> None:
    run = prepare(ruleset, select_rules(ruleset.rules, ["fr/locale"]))
    dated = FRENCH + "La réunion aura lieu mardi, Mars 16, à la mairie."
    texts = {"a": PORTUGUESE, "b": dated, "c": ENGLISH, "d": RUSSIAN, "e": dated, "f": PORTUGUESE}
    reports = list(run.run(Article(name, text) for name, text in texts.items()))
    assert [report.article.id for report in reports] == list(texts)
    assert [report.article.lang for report in reports] == ["pt", "fr", "en", "ru", "fr", "pt"]
    assert [bool(report.issues) for report in reports] == [False, True, False, False, True, False]
    assert [report.score.triage == "foreign" for report in reports] == [True, False, True, True, False, True]
    out = io.StringIO()
    write(reports, out)
    import jsonschema

    jsonschema.Draft202012Validator(report_schema()).validate(json.loads(out.getvalue()))
    page = io.StringIO()
    write_terminal(reports, page, width=100)
    assert "a\u00a0: laissé de côté, en portugais" in page.getvalue()
    assert "4\u00a0laissés de côté" in page.getvalue()


def test_what_a_record_says_of_its_language_does_not_decide(ruleset: RuleSet) -> None:
    run = prepare(ruleset, select_rules(ruleset.rules, ["fr/locale"]))
    (report,) = run.run([Article("a", FRENCH, lang="en")])
    assert report.article.lang == "fr"
    assert report.score.words > 20
