"""Foreign words left in French copy, with the lexicon and the language identifier that the tool uses."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import msgspec
import pytest

from mtaudit.analysis import Engines
from mtaudit.checks import fragments
from mtaudit.model import Analysis, Issue, Need, Rule, Severity
from mtaudit.rules import RuleSet
from tests.checks.surface import analysis_of

COPY = (
    "Le conseil municipal a adopté jeudi soir le budget de la ville. Les élus de l'opposition ont quitté la salle "
    "avant le vote. Le maire a dénoncé une manœuvre et promis de nouvelles aides aux commerçants du centre. "
)


@pytest.fixture(scope="module")
def rules(ruleset: RuleSet) -> list[Rule]:
    return [rule for rule in ruleset.rules if rule.id.startswith("fr/fragments/")]


def audited(text: str, engines: Engines, rules: list[Rule]) -> list[Issue]:
    analysis = replace(analysis_of(text, engines.lexicon), langid=engines.langid)
    return sorted(fragments.run(analysis, fragments.compile(rules)), key=lambda issue: issue.span)


def seen(text: str, engines: Engines, rules: list[Rule]) -> list[tuple[str, str, str]]:
    """Rule, language and words of each issue."""
    return [
        (issue.rule.rpartition("/")[2], issue.evidence.get("language", ""), text[issue.span.start : issue.span.end])
        for issue in audited(text, engines, rules)
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "« [Novas medidas] Elles entreront en vigueur lundi », a précisé la ministre.",
            ("foreign-words", "pt", "Novas medidas"),
        ),
        (
            "Les pompiers sont intervenus, según fuentes de la mairie, vers minuit.",
            ("foreign-words", "es", "según fuentes"),
        ),
        (
            "Le chômage a reculé, the government said, pour le troisième mois.",
            ("foreign-words", "en", "the government said"),
        ),
        ("Le groupe a vendu ses usines wegen der Krise.", ("foreign-words", "de", "wegen der Krise")),
        ("Les élus attendent la reforma laboral promise.", ("foreign-words", "es", "reforma laboral")),
        ("Il a promis davantage de money aux hôpitaux.", ("foreign-word", "en", "money")),
        ("Le maire a présenté la solução au conseil.", ("foreign-letters", "pt", "solução")),
        ("Les syndicats and les patrons négocient.", ("foreign-function-word", "en", "and")),
    ],
)
def test_leftovers(text: str, expected: tuple[str, str, str], engines: Engines, rules: list[Rule]) -> None:
    assert seen(text, engines, rules) == [expected]


@pytest.mark.parametrize(
    "text",
    [
        "Le New York Times et El País citent un haut responsable de la Bank of America.",
        "Ursula von der Leyen et Mies van der Rohe n'ont rien en commun.",
        "Le slogan « America First » a été repris par le candidat.",
        "Le soft power chinois s'exerce aussi par le football et les smartphones.",
        "Le burn-out, le black-out et les fake news ont nourri un brainstorming.",
        "Le leader du championnat a gagné son match de week-end avec son nouveau coach.",
        "Il a été nommé ad interim et son statu quo ante a été jugé persona non grata.",
        "Le site www.the-open-house.org et l'adresse contact@thehouse.com sont fermés.",
        "Le réalisateur de « La casa de papel » tourne à Lyon.",
        "La « fear of missing out » (peur de manquer quelque chose) touche les adolescents.",
        "Son roman, intitulé les ombres longues, paraît chez Gallimard.",
        "Le groupe Simon and Garfunkel et les Rolling Stones sont au programme.",
        "Erdoğan a reçu Łukasz Fabiański à Diyarbakır.",
        COPY,
    ],
)
def test_what_french_copy_holds_on_purpose(text: str, engines: Engines, rules: list[Rule]) -> None:
    assert seen(text, engines, rules) == []


def test_a_foreign_sentence_is_one_issue(engines: Engines, rules: list[Rule]) -> None:
    foreign = "The judge said the company had ignored several warnings before the accident."
    issues = audited(f"{COPY}{foreign} {COPY}", engines, rules)
    assert [issue.rule for issue in issues] == ["fr/fragments/foreign-sentence"]
    assert issues[0].span == (len(COPY), len(COPY) + len(foreign))
    assert issues[0].severity is Severity.CRITICAL
    assert "anglais" in issues[0].message


def test_a_long_quotation_in_the_original_is_a_leftover(engines: Engines, rules: list[Rule]) -> None:
    text = "« We will never accept that people are treated in this way », a déclaré le député."
    assert [rule for rule, _, _ in seen(text, engines, rules)] in (["foreign-sentence"], ["foreign-words"])


def test_other_scripts(rules: list[Rule]) -> None:
    script = [rule for rule in rules if rule.options["find"] == "script"]
    text = "Selon le quotidien 人民日报, la revue Novy Mir (Новый мир) paraît ; l'angle α vaut π."
    issues = list(fragments.run(analysis_of(text), fragments.compile(script)))
    assert [text[issue.span.start : issue.span.end] for issue in issues] == ["人民日报"]
    assert "chinois" in issues[0].message


def test_scripts_need_no_engine_and_the_rest_both(rules: list[Rule]) -> None:
    needs = {rule.options["find"]: fragments.needs(rule) for rule in rules}
    assert needs["script"] == frozenset()
    assert needs["words"] == {Need.LEXICON, Need.LANGID}


def test_without_a_language_identifier_only_scripts_are_told(rules: list[Rule]) -> None:
    analysis: Analysis = analysis_of("Le chômage recule, the government said, à Москва hier.")
    issues = list(fragments.run(analysis, fragments.compile(rules)))
    assert [issue.rule for issue in issues] == ["fr/fragments/foreign-script"]


def test_memory_of_forms_changes_nothing(engines: Engines, rules: list[Rule]) -> None:
    compiled = fragments.compile(rules)
    text = f"{COPY}Le chômage a reculé, the government said, en juin."
    analysis = replace(analysis_of(text, engines.lexicon), langid=engines.langid)
    first = list(fragments.run(analysis, compiled))
    assert first
    assert list(fragments.run(analysis, compiled)) == first


@pytest.mark.parametrize(
    "options",
    [
        {"find": "sentences"},
        {"find": "words", "languages": ["english"]},
        {"find": "words", "min_words": 0},
        {"find": "words", "share": 0},
        {"find": "words", "unknown": 1},
    ],
)
def test_wrong_options(options: dict[str, Any]) -> None:
    with pytest.raises((ValueError, msgspec.ValidationError)):
        msgspec.convert(options, fragments.Options)
