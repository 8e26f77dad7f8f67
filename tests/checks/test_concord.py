"""Agreement of words side by side: what must be found, and the many things that look like it and are right."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import msgspec
import pytest
import spacy
from spacy.tokens import Doc

from mtaudit.analysis import Engines
from mtaudit.checks import concord
from mtaudit.engines.lexicon import DelaLexicon, load_lexicon
from mtaudit.model import Analysis, Issue, Rule
from mtaudit.rules import RuleSet
from tests.checks.parsed import issues_of
from tests.checks.surface import analysis_of, rule_of

VOCAB = spacy.blank("fr").vocab


@pytest.fixture(scope="module")
def lexicon() -> DelaLexicon:
    return load_lexicon()


def built(lexicon: DelaLexicon | None, *tokens: tuple[str, str, int, str]) -> Analysis:
    """An analysis of one sentence from (word, part of speech, head, dependency), without a parser."""
    words = [word for word, *_ in tokens]
    spaces = [not word.endswith("'") for word in words[:-1]] + [False]
    doc = Doc(
        VOCAB,
        words,
        spaces,
        pos=[pos for _, pos, _, _ in tokens],
        heads=[head for _, _, head, _ in tokens],
        deps=[dep for *_, dep in tokens],
    )
    analysis = analysis_of(doc.text, lexicon)
    assert len(analysis.sentences) == 1
    return replace(analysis, parses=(doc,))


def found(analysis: Analysis, **options: Any) -> list[tuple[str, ...]]:
    compiled = concord.compile([rule_of("concord", **options)])
    return [(analysis.text[i.span.start : i.span.end], *i.suggestions) for i in concord.run(analysis, compiled)]


# --- by hand: what each guard needs ---------------------------------------------------------------------------------


def test_a_determiner_of_the_other_gender_is_found(lexicon: DelaLexicon) -> None:
    analysis = built(lexicon, ("la", "DET", 1, "det"), ("tribunal", "NOUN", 1, "ROOT"))
    assert found(analysis, detector="determiner-noun") == [("la tribunal", "le tribunal")]
    assert found(analysis, detector="determiner-noun", differs="gender")
    assert not found(analysis, detector="determiner-noun", differs="number")


def test_a_determiner_of_the_other_number_offers_both_ways_out(lexicon: DelaLexicon) -> None:
    analysis = built(lexicon, ("Ces", "DET", 1, "det"), ("salarié", "NOUN", 1, "ROOT"))
    assert found(analysis, detector="determiner-noun") == [("Ces salarié", "Ces salariés", "Ce salarié")]


def test_the_parse_must_take_the_two_for_determiner_and_noun(lexicon: DelaLexicon) -> None:
    pronoun = built(lexicon, ("la", "PRON", 1, "obj"), ("tribunal", "NOUN", 1, "ROOT"))
    elsewhere = built(lexicon, ("la", "DET", 2, "det"), ("tribunal", "NOUN", 2, "nmod"), ("ville", "NOUN", 2, "ROOT"))
    assert not found(pronoun, detector="determiner-noun")
    assert not found(elsewhere, detector="determiner-noun")


def test_without_a_lexicon_nothing_is_said() -> None:
    analysis = built(None, ("la", "DET", 1, "det"), ("tribunal", "NOUN", 1, "ROOT"))
    assert not found(analysis, detector="determiner-noun")


def test_a_silent_word_is_not_judged(lexicon: DelaLexicon) -> None:
    analysis = built(lexicon, ("la", "DET", 1, "det"), ("tribunal", "NOUN", 1, "ROOT"))
    assert not found(analysis, detector="determiner-noun", entries=[{"role": "silent", "form": "tribunal"}])


def test_only_adjectives_that_may_precede_a_noun_are_judged_before_it(lexicon: DelaLexicon) -> None:
    analysis = built(lexicon, ("petit", "ADJ", 1, "amod"), ("maison", "NOUN", 1, "ROOT"))
    assert not found(analysis, detector="adjective-noun")
    before = [{"role": "before", "form": "petit"}]
    assert found(analysis, detector="adjective-noun", entries=before) == [("petit maison", "petite maison")]


def test_an_adjective_may_belong_to_an_earlier_noun(lexicon: DelaLexicon) -> None:
    far = built(
        lexicon,
        *(("une", "DET", 1, "det"), ("montre", "NOUN", 1, "ROOT"), ("de", "ADP", 3, "case")),
        *(("collection", "NOUN", 1, "nmod"), ("fabriqués", "VERB", 3, "acl")),
    )
    near = built(
        lexicon,
        *(("des", "DET", 1, "det"), ("bijoux", "NOUN", 1, "ROOT"), ("de", "ADP", 3, "case")),
        *(("collection", "NOUN", 1, "nmod"), ("fabriqués", "VERB", 3, "acl")),
    )
    assert found(far, detector="noun-adjective") == [("collection fabriqués", "collection fabriquée")]
    assert not found(near, detector="noun-adjective")


def test_options_name_what_they_know() -> None:
    with pytest.raises(msgspec.ValidationError, match="detector"):
        concord.compile([rule_of("concord", detector="adverb-noun")])
    with pytest.raises(msgspec.ValidationError, match="role"):
        concord.compile([rule_of("concord", detector="subject-verb", entries=[{"role": "loud", "form": "a"}])])


# --- with the parser ------------------------------------------------------------------------------------------------

WRONG = (
    ("Le procureur a ouvert un enquête après la chute du pont.", "un enquête", "une enquête"),
    ("Le maire a inauguré cette stade en présence des joueurs.", "cette stade", "ce stade"),
    ("Les habitants ont perdu leur maisons dans les inondations.", "leur maisons", "leur maison"),
    ("Ces élection auront lieu au printemps.", "Ces élection", "Ces élections"),
    ("Trois blessé ont été transportés à l’hôpital.", "Trois blessé", "Trois blessés"),
    ("Le club doit trouver une nouveau entraîneur avant lundi.", "une nouveau entraîneur", "un nouveau entraîneur"),
    ("Les agriculteurs réclament de meilleur conditions de travail.", "meilleur conditions", "meilleures conditions"),
    ("La région manque de médecins formé à ces soins.", "médecins formé", "médecins formés"),
    ("Des bus électrique circuleront dès septembre.", "bus électrique", "bus électriques"),
    ("Elles ont été reçu par le préfet.", "ont été reçu", "ont été reçues"),
    ("La centrale a été arrêté dimanche matin.", "a été arrêté", "a été arrêtée"),
    ("Les syndicats a rejeté la proposition de la direction.", "syndicats a", "syndicats ont"),
    ("Ils a quitté le pays il y a dix ans.", "Ils a", "Ils ont"),
)

RIGHT = (
    "Les gouvernements allemand et français se sont parlé mardi.",
    "Une dizaine de manifestants ont été interpellés près de la gare.",
    "La plupart des candidats sont absents.",
    "Vingt et un joueurs ont été convoqués pour la rencontre du deux juin.",
    "La présidente et son directeur de cabinet sont attendus à Lyon.",
    "Il les règle chaque mois, et elle la porte à la banque.",
    "Une grand-mère et deux enfants ont été secourus.",
    "Les pays membres et les mots clés de la réforme ont changé.",
    "Les maillots orange et les vestes bleu marine se vendent bien.",
    "Une demi-heure plus tard, la ville lumière était plongée dans le noir.",
    "Elle a terminé la course épuisée, mais ravie.",
    "Les rideaux de la salle rouge ont brûlé.",
    "C’est l’une des entreprises les plus importantes de la région.",
    "La juge et la maire ont rendu publics deux rapports.",
    "Ils sont plus d’un à le penser, et plus de la moitié des élus sont d’accord.",
    "On est partis à trois, raconte l’un des guides.",
    "Les 1,5 million de foyers concernés recevront une aide.",
    "Cent un ans après, les premières et deuxièmes années sont oubliées.",
    "La foule des supporters est rentrée ; les rues sont restées calmes.",
    "Le numéro deux mondial affrontera le numéro trois français.",
    "Les quelque 300 salariés se sont dits prêts à faire grève.",
    "Des députés et ministre sont venus soutenir la candidate.",
    "Elles se sont lavé les mains avant le repas.",
    "La police a été saisie, ce sont les voisins qui ont appelé.",
    "Quel âge ont les deux skippeurs ?",
    "Ces travaux sont autre chose qu’un simple lifting, et ils seraient à l’avenir nécessaires.",
)


@pytest.fixture(scope="module")
def rules(ruleset: RuleSet) -> list[Rule]:
    return [rule for rule in ruleset.rules if rule.check == "concord"]


@pytest.mark.parser
@pytest.mark.parametrize(("text", "wrong", "right"), WRONG)
def test_words_that_do_not_agree_are_found(
    text: str, wrong: str, right: str, rules: list[Rule], engines: Engines
) -> None:
    issues: list[Issue] = issues_of(text, rules, engines)
    assert [(text[i.span.start : i.span.end], i.suggestions[0]) for i in issues] == [(wrong, right)]


@pytest.mark.parser
@pytest.mark.parametrize("text", RIGHT)
def test_what_agrees_otherwise_is_left_alone(text: str, rules: list[Rule], engines: Engines) -> None:
    assert [text[i.span.start : i.span.end] for i in issues_of(text, rules, engines)] == []
