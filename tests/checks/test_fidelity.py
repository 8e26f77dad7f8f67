"""What a translation says otherwise than its source, and all that editors may do without being told off."""

from __future__ import annotations

import pytest

from mtaudit.model import Article, Need
from mtaudit.pipeline import prepare
from mtaudit.quantities import days, numbers, spelled
from mtaudit.rules import RuleSet
from mtaudit.selection import select_rules


@pytest.fixture(scope="module")
def found(ruleset: RuleSet) -> object:
    run = prepare(ruleset, select_rules(ruleset.rules, ["fr/fidelity"]))

    def find(text: str, source: str | None, lang: str = "en") -> list[tuple[str, str]]:
        (report,) = run.run([Article("a", text, source=source, source_lang=lang)])
        return [(issue.rule.rpartition("/")[2], text[slice(*issue.span)]) for issue in report.issues]

    return find


def test_without_a_source_nothing_is_compared_and_nothing_is_missing(ruleset: RuleSet) -> None:
    run = prepare(ruleset, select_rules(ruleset.rules, ["fr/fidelity/number"]), disabled=frozenset(Need))
    reports = run.run([Article("a", "La ville compte 4 512 habitants."), Article("b", "Bonjour.", source="  ")])
    assert [(report.issues, report.skipped) for report in reports] == [((), ()), ((), ())]


@pytest.mark.parametrize(
    ("text", "source", "rule", "where"),
    [
        ("Le club compte 831 membres.", "The club has 813 members.", "number", "831"),
        ("Le stade a 45{} places.".format("\u202f000"), "The stadium seats 54,000.", "number", "45\u202f000"),
        ("Le chômage touche 9,7\u00a0% des actifs et 41\u00a0% des jeunes.",
         "Der Anteil liegt bei 9,7 Prozent, 14 Prozent der Jungen.", "number", "41\u00a0%"),
        ("Il est arrivé le 2 mars.", "He arrived on 2 May.", "date", "2 mars"),
        ("La juge Kerstin Lintgren préside.", "Judge Kerstin Lindgren presides.", "name", "Lintgren"),
    ],
)  # fmt: skip
def test_what_replaced_something_of_the_source_is_found(
    text: str, source: str, rule: str, where: str, found: object
) -> None:
    assert callable(found)
    assert found(text, source) == [(rule, where)]


@pytest.mark.parametrize(
    ("text", "source"),
    [
        # Added, left out, rounded, written out, converted.
        ("Fondé en 1904, le club compte 813 membres.", "The club has 813 members."),
        ("Le club a de nombreux membres.", "The club has 813 members."),
        ("Le club compte quelque 800 membres.", "The club has 813 members."),
        ("Le club compte vingt-cinq membres et 40 bénévoles.", "The club has 25 members and forty volunteers."),
        ("Il pèse 90 kilos et mesure 1,88 mètre.", "He weighs 198 pounds and stands six foot two."),
        ("Il faisait 35 degrés.", "It was 95 degrees Fahrenheit."),
        ("Le chantier coûte 12 millions d’euros.", "The works cost $14 million."),
        ("Le train part à 15\u00a0h\u00a045.", "The train leaves at 3:45 p.m."),
        ("Le groupe vaut 2,3 milliards d’euros.", "The group is worth 2.3 billion euros."),
        ("Le groupe emploie 12\u202f500 personnes.", "The group employs 12,500 people."),
        ("La grève a commencé dans les années 80.", "The strike began in the 1980s."),
        ("La ville compte 3 millions d’habitants.", "The town has 3,000,000 inhabitants."),
        # Names as French writes them.
        ("Vladimir Poutine a reçu Volodymyr Zelensky à Genève.", "Vladimir Putin met Volodymyr Zelenskyy in Geneva."),
        ("Les Brésiliens ont battu la Croatie à Séville.", "Brazil beat Croatia in Sevilla."),
        ("Mikhaïl Gorbatchev et Boris Eltsine ont signé.", "Mikhail Gorbachev and Boris Yeltsin signed."),
        # Dates moved out of sight.
        ("La vente est prévue mardi.", "The sale is due on March 16."),
        ("La vente aura lieu le mardi 16 mars.", "The sale takes place on Tuesday, March 16th."),
    ],
)
def test_what_editors_do_is_no_error(text: str, source: str, found: object) -> None:
    assert callable(found)
    assert found(text, source) == []


def test_an_article_that_is_its_own_source_is_left_alone(found: object) -> None:
    assert callable(found)
    text = "The strike will continue until further notice."
    assert found(text, text) == []


def test_numbers_agree_when_they_share_a_reading() -> None:
    (here,) = numbers("Il a payé 1,5 milliard.")
    (there,) = numbers("He paid 1,500 million.")
    assert here.readings & there.readings
    assert [quantity.percent for quantity in numbers("37\u00a0% de 540 élèves")] == [True, False]
    assert numbers("Airbus A320, 06-12, 2-1, 15:30, version 3.0.1") == []


def test_dates_in_the_languages_of_wire_copy() -> None:
    written = ("16 mars", "March 16, 2021", "16th of March", "16 de marzo", "16 de março", "16. März", "16 Maret")
    assert {(day.day, day.month) for text in written for day in days(text)} == {(16, 3)}
    assert sum(len(days(text)) for text in written) == len(written)
    assert days("En mars, 45 personnes sont venues.") == []


def test_numbers_written_out() -> None:
    assert {25.0, 300.0} <= spelled("vingt-cinq élus, trois cents agents")
    assert 42.0 in spelled("forty-two")
