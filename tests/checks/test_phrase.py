"""The phrase check: braces, suggestions, elision, exceptions, lemmas, regexes, time limits."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from mtaudit.checks import phrase
from mtaudit.errors import EngineError
from mtaudit.model import Analysis, Article, Issue, Need, Rule, Sentence, Severity, Span

FOLD = str.maketrans({"’": "'", "\u00a0": " ", "\u202f": " ", "\n": " "})


def analysis_of(*sentences: str) -> Analysis:
    text = " ".join(sentences)
    places = []
    start = 0
    for index, sentence in enumerate(sentences):
        places.append(Sentence(index, Span(start, start + len(sentence))))
        start += len(sentence) + 1
    view = text.translate(FOLD)
    return Analysis(Article("test", text), tuple(places), (), view, view.lower(), ())


def rule_of(message: str = "« {match} »", **options: Any) -> Rule:
    return Rule("fr/test/rule", "phrase", "", message, "", "style/calque", Severity.MINOR, options=options)


def issues_of(rule: Rule, *sentences: str) -> list[Issue]:
    found = phrase.run(analysis_of(*sentences), phrase.compile([rule]))
    return sorted(found, key=lambda issue: issue.span)


def found(rule: Rule, *sentences: str) -> list[tuple[str, tuple[str, ...]]]:
    text = " ".join(sentences)
    return [(text[issue.span.start : issue.span.end], issue.suggestions) for issue in issues_of(rule, *sentences)]


def test_alternatives_and_typographic_apostrophes() -> None:
    rule = rule_of(phrases=["{a|ont} refusé d’être {{nommé|cité}{|e|s|es}|en photo}"])
    text = (
        "Deux élues ont refusé d’être citées, une autre A REFUSÉ D'ÊTRE EN\u00a0PHOTO, on a refusé d'être cités ou non."
    )
    assert [match for match, _ in found(rule, text)] == [
        "ont refusé d’être citées",
        "A REFUSÉ D'ÊTRE EN\u00a0PHOTO",
        "a refusé d'être cités",
    ]


def test_suggestions_follow_the_alternatives_and_the_capitals() -> None:
    rule = rule_of(
        swap={"{prend|prennent} place": ["{a|ont} lieu", "se {tient|tiennent}"], "à la fin du jour": "enfin"}
    )
    assert found(rule, "La foire prend place en mai, les bals prennent place en juin. À la fin du jour, on paie.") == [
        ("prend place", ("a lieu", "se tient")),
        ("prennent place", ("ont lieu", "se tiennent")),
        ("À la fin du jour", ("Enfin",)),
    ]


def test_a_suggestion_can_repeat_what_was_chosen() -> None:
    rule = rule_of(swap={"{a|ont} fait {du|aucun} sens": "$1 eu $2 sens"})
    assert found(rule, "La réforme a fait du sens ; ces mesures ONT FAIT AUCUN SENS.") == [
        ("a fait du sens", ("a eu du sens",)),
        ("ONT FAIT AUCUN SENS", ("ONT EU AUCUN SENS",)),
    ]


def test_alternatives_of_a_suggestion_follow_those_not_named_or_the_numbered() -> None:
    rule = rule_of(
        swap={
            "{a|ont} {payé|rendu} visite {à|aux}": "$1 {fait une|fait une} visite {à|aux}",
            "{en|dans} condition {grave|sérieuse}": "dans un état {2:grave|sérieux}",
        }
    )
    assert found(rule, "Elle a payé visite aux élèves, l'un en condition sérieuse.") == [
        ("a payé visite aux", ("a fait une visite aux",)),
        ("en condition sérieuse", ("dans un état sérieux",)),
    ]


def test_a_final_article_or_preposition_also_elides() -> None:
    rule = rule_of(swap={"près {la|le}": "près de {la|le}"})
    text = "Le camion brûle près la gare et près l’usine."
    assert found(rule, text) == [("près la", ("près de la",)), ("près l’", ("près de l’",))]


def test_exceptions_and_neighbours_silence() -> None:
    rule = rule_of(
        phrases=["frontière nationale"],
        exceptions=["parc", "/routes? \\d+/"],
        unless_before=["{la|une} vieille"],
        unless_after=["de l'été", "/\\(\\w+\\)/"],
    )
    assert found(rule, "La frontière nationale est fermée.", "Le parc est ouvert.") == [("frontière nationale", ())]
    for text in (
        "Le parc longe la frontière nationale.",
        "La frontière nationale coupe la route 12.",
        "Ils passent la vieille frontière nationale.",
        "On ferme la frontière nationale de l’été.",
        "On ferme la frontière nationale (est).",
    ):
        assert found(rule, text) == []


def test_case_and_entries_with_notes() -> None:
    rule = rule_of("{match} : {note}", case=True, entries=[{"phrase": "la Bourse de", "note": "marché"}])
    (issue,) = issues_of(rule, "La baisse touche la Bourse de Paris, pas la bourse de thèse.")
    assert (issue.message, issue.evidence["note"]) == ("la Bourse de : marché", "marché")


def test_regexes_fill_their_suggestions_and_mark_a_span() -> None:
    rule = rule_of(
        regex=[
            {"pattern": r"\bil a (?P<span>supporté l'équipe d[eu]) (?P<team>\w+)", "swap": "soutenu l’équipe de $team"},
            {"pattern": r"\b(\d+) officiers? de police\b", "swap": "$1 policiers"},
        ]
    )
    assert found(rule, "Il a supporté l’équipe de Nantes, devant 200 officiers de police.") == [
        ("supporté l’équipe de", ("soutenu l’équipe de Nantes",)),
        ("200 officiers de police", ("200 policiers",)),
    ]


def test_one_span_is_reported_once_and_each_rule_reports_its_own() -> None:
    rules = [rule_of(phrases=["juge en chef", "juge en {chef|tête}"]), rule_of(phrases=["en chef"])]
    issues = list(phrase.run(analysis_of("Le juge en chef a statué."), phrase.compile(rules)))
    assert sorted(issue.span for issue in issues) == [Span(3, 15), Span(8, 15)]


def test_a_hostile_regex_is_named_after_all_issues() -> None:
    rule = rule_of(phrases=["fin de partie"], regex=[{"pattern": r"(?:a|a?)+(?:a|aa)+[^\w\s!]", "trigger": "aaa"}])
    run = iter(phrase.run(analysis_of("Fin de partie.", "a" * 50_000 + "!"), phrase.compile([rule])))
    assert next(run).span == Span(0, 13)
    with pytest.raises(EngineError, match="fr/test/rule"):
        next(run)


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ({}, "needs `phrases`"),
        ({"phrases": ["un {deux|trois"]}, "do not pair"),
        ({"phrases": ["un deux} trois"]}, "do not pair"),
        ({"swap": {"{a|b|c} d": "{e|f} d"}}, "one for one"),
        ({"swap": {"{a|b} d": "$2"}}, "does not have"),
        ({"swap": {"{a|b} d": "{3:e|f}"}}, "does not have"),
        ({"swap": {"{a|b} d": "{e|f} {g|h}"}}, "one for one"),
        ({"phrases": ["{a|b|c|d|e|f|g|h}" * 4]}, "limit"),
        ({"regex": [r"\w+ \d+"]}, "trigger: always"),
        ({"regex": ["autour (de"]}, "bad regex"),
        ({"regex": [{"pattern": "autour (?P<a>des?)", "swap": "$b"}]}, "does not have"),
        ({"phrases": ["a"], "exceptions": ["/(/"]}, "bad regex"),
        ({"entries": [{"mot": "a"}]}, "columns"),
        ({"phrases": ["a"], "lemma": True, "case": True}, "lemma"),
    ],
)
def test_bad_options_are_refused(options: dict[str, Any], reason: str) -> None:
    with pytest.raises((ValueError, msgspec.ValidationError), match=reason):
        msgspec.convert(options, phrase.Options)


def test_a_message_that_asks_for_a_missing_suggestion_names_the_rule() -> None:
    with pytest.raises(ValueError, match=r"fr/test/rule.*suggestion"):
        phrase.compile([rule_of("{suggestion}", phrases=["faire sens"])])


def test_only_lemmas_need_the_parser() -> None:
    assert phrase.needs(rule_of(phrases=["faire sens"])) == frozenset()
    assert phrase.needs(rule_of(phrases=["faire sens"], lemma=True)) == {Need.TOKENS}


def test_lemmas_match_inflected_forms() -> None:
    spacy = pytest.importorskip("spacy")
    words = ["Ces", "mesures", "faisaient", "sens", "pour", "le", "maire", "."]
    lemmas = ["ce", "mesure", "faire", "sens", "pour", "le", "maire", "."]
    doc = spacy.tokens.Doc(spacy.blank("fr").vocab, words=words, lemmas=lemmas)
    text = "Titre. " + doc.text
    sentences = (Sentence(0, Span(0, 6)), Sentence(1, Span(7, len(text))))
    parsed = Analysis(Article("test", text), sentences, (), text, text.lower(), (), parses=(None, doc))
    rule = rule_of(phrases=["faire {sens|grève}"], lemma=True)
    assert [issue.span for issue in phrase.run(parsed, phrase.compile([rule]))] == [Span(19, 33)]


def test_the_message_quotes_a_match_without_the_blank_at_its_end() -> None:
    rule = Rule("fr/a/b", "phrase", "", "« {match} » : « {suggestion} ».", "", "style/calque", Severity.MINOR)
    found = rule.issue(Span(0, 12), "un total de ", ["au total "])
    assert found.message == "« un total de » : « au total »."
    assert found.suggestions == ("au total ",)
