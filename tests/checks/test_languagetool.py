"""LanguageTool's matches as issues of ours, by hand-made answers."""

from __future__ import annotations

from dataclasses import replace

import msgspec
import pytest

from mtaudit.checks import languagetool
from mtaudit.checks.languagetool import advice
from mtaudit.errors import EngineError
from mtaudit.model import Issue, Rule
from mtaudit.witnesses import Answer, Match
from tests.checks.surface import FakeLexicon, analysis_of, rule_of

WORDS = (
    "le la les conseil a voté trois mesure mesures pour écoles selon un communiqué du ministre des finances chanson "
    "maire présenté son budget et lu à une de festival attiré nombreux cette année ses"
)
LEXICON = FakeLexicon(dict.fromkeys(WORDS.split(), "NOUN"))
TEXT = "Le conseil a voté trois mesure pour les écoles."


def match(
    text: str, words: str, rule: str = "D_N", category: str = "AGREEMENT", sub: str = "", **more: object
) -> Match:
    start = text.index(words)
    found = Match(rule, sub, category, start, start + len(words), "Le déterminant s'accorde.", ("trois mesures",))
    return found._replace(**more)  # type: ignore[arg-type]


def issues(text: str, *matches: Match, rules: list[Rule] | None = None, failure: str = "") -> list[Issue]:
    analysis = replace(analysis_of(text, LEXICON), languagetool=Answer(matches, failure))
    compiled = languagetool.compile(rules or [rule_of("languagetool", "« {match} » : {advice}.", rules=["D_N"])])
    return list(languagetool.run(analysis, compiled))


def test_a_match_of_a_listed_rule_is_an_issue_with_its_advice_and_suggestions() -> None:
    (issue,) = issues(TEXT, match(TEXT, "trois mesure", sub="1"))
    assert TEXT[slice(*issue.span)] == "trois mesure"
    assert issue.suggestions == ("trois mesures",)
    assert issue.message == "« trois mesure » : Le déterminant s’accorde."
    assert issue.evidence["languagetool"] == "D_N[1]"


def test_what_is_on_no_list_says_nothing() -> None:
    assert issues(TEXT, match(TEXT, "trois mesure", rule="NEW_IN_7_0")) == []


def test_the_most_particular_rule_has_the_match() -> None:
    part, whole, category, rest = (
        msgspec.structs.replace(rule, id=f"fr/test/{name}")
        for name, rule in {
            "part": rule_of("languagetool", rules=["D_N[2]"]),
            "whole": rule_of("languagetool", rules=["D_N"]),
            "category": rule_of("languagetool", categories=["AGREEMENT"]),
            "rest": rule_of("languagetool", categories=["*"]),
        }.items()
    )
    cases = [("D_N", "2", "AGREEMENT"), ("D_N", "1", "AGREEMENT"), ("J_N", "", "AGREEMENT"), ("X", "", "STYLE")]
    found = [
        issues(TEXT, match(TEXT, "trois mesure", *case[::2], case[1]), rules=[part, whole, category, rest])[0].rule
        for case in cases
    ]
    assert found == ["fr/test/part", "fr/test/whole", "fr/test/category", "fr/test/rest"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Le conseil a voté knowledge trois mesure pour les écoles.", "trois mesure"),
        ("Le conseil a lu « Trois mesure and a half of the song ».", "Trois mesure"),
        ("Le conseil a voté Trois Mesure pour les écoles.", "Trois Mesure"),
        ("Le conseil a voté trois\nmesure pour les écoles.", "trois\nmesure"),
    ],
    ids=["beside a foreign word", "in a foreign sentence", "a name", "across sentences"],
)
def test_where_languagetool_is_not_believed(text: str, words: str) -> None:
    assert issues(text, match(text, words)) == []


def test_a_name_may_be_allowed() -> None:
    text = "Le ministre des Mesure a présenté son budget."
    rule = rule_of("languagetool", rules=["D_N"], names=True)
    assert len(issues(text, match(text, "Mesure"), rules=[rule])) == 1


SPELLING = rule_of("languagetool", rules=["FR_SPELLING_RULE"])


@pytest.mark.parametrize(
    ("text", "word", "suggestions", "expected"),
    [
        ("Le festival a attiré ses visitreurs.", "visitreurs", ("visiteurs", "visites"), [("visiteurs",)]),
        ("Le festival a attiré ses ventirads.", "ventirads", ("sentirais",), [()]),
        ("Le festival a attire les écoles.", "attire", ("attiré",), []),
        ("Le festival a lu lemaire.", "lemaire", ("le maire",), []),
        ("Le festival a lu www.visitreurs.fr.", "visitreurs", ("visiteurs",), []),
        ("Le festival a lu « des visitreurs ».", "visitreurs", ("visiteurs",), []),
        ("Le festival a lu Visitreurs.", "Visitreurs", ("visiteurs",), []),
        ("Le festival a attiré 12px.", "12px", ("px",), []),
        ("Le festival a attiré les écoles.", "écoles", ("école",), []),
    ],
    ids=[
        "a slip",
        "no near word",
        "an accent",
        "a blank",
        "an address",
        "a quotation",
        "a name",
        "a unit",
        "in our lexicon",
    ],
)
def test_the_dictionary_is_believed_where_ours_agrees(
    text: str, word: str, suggestions: tuple[str, ...], expected: list[tuple[str, ...]]
) -> None:
    spelt = match(text, word, "FR_SPELLING_RULE", "TYPOS", suggestions=suggestions)
    assert [issue.suggestions for issue in issues(text, spelt, rules=[SPELLING])] == expected


def test_suggestions_have_the_apostrophe_of_the_article() -> None:
    for mark in "'’":
        text = f"Le maire a lu l{mark}mesure à l{mark}école."
        (issue,) = issues(text, match(text, "mesure", suggestions=("d'ici au",)))
        assert issue.suggestions == (f"d{mark}ici au",)


def test_an_article_without_an_answer_is_told() -> None:
    with pytest.raises(EngineError, match="no answer within 30 s"):
        issues(TEXT, failure="no answer within 30 s")


def test_a_rule_of_languagetool_belongs_to_one_of_ours() -> None:
    rules = [rule_of("languagetool", rules=["D_N"]), rule_of("languagetool", entries=[{"rule": "D_N"}])]
    with pytest.raises(ValueError, match="D_N is listed twice"):
        languagetool.compile(rules)
    with pytest.raises(ValueError, match="must name something"):
        languagetool.compile([rule_of("languagetool")])


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ('Vérifiez l\'accord : "mesure" ?', "Vérifiez l’accord\u00a0: «\u00a0mesure\u00a0»\u00a0?"),
        (
            "Si il n’est pas placé, « de le » devient « du ».",
            "S’il n’est pas placé, «\u00a0de le\u00a0» devient «\u00a0du\u00a0»",
        ),
        ("Le verbe «  » devrait être à l’infinitif.", "Le verbe devrait être à l’infinitif"),
        ("Il est 10:30 ; déjà !", "Il est 10:30\u00a0; déjà\u00a0!"),
    ],
)
def test_advice_is_in_the_typography_of_our_messages(message: str, expected: str) -> None:
    assert advice(message) == expected
