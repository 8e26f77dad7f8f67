"""How a sentence is counted: words, lemmas, constructions and dependencies, without typography and house style."""

from __future__ import annotations

import pytest

from mtaudit.analysis import Engines
from mtaudit.phraseology import NAME, NUMBER, PERCENT, Token, Word, features, phrases, tokens_of, words
from mtaudit.segmentation import fold_view


def forms(sentence: str, named: frozenset[str] = frozenset()) -> list[list[str]]:
    return [[word.form for word in stretch] for stretch in words(sentence, named)]


def test_words_stand_where_they_were_read() -> None:
    sentence = "Selon lui, l'usine de Brest emploie 1 200 personnes."
    (stretch,) = words(sentence)
    for word in stretch[1:-1]:
        assert sentence[word.start : word.end].strip()
    assert [sentence[word.start : word.end] for word in stretch if word.form == NUMBER] == ["1 200"]
    assert Word("l'", 11, 13) in stretch


def test_names_and_numbers_are_one_mark_however_long() -> None:
    assert forms("Hier Marie Le Goff a vendu 12 maisons.") == [
        ["<s>", "hier", NAME, "a", "vendu", NUMBER, "maisons", ".", "</s>"]
    ]


def test_a_name_at_the_head_is_known_by_its_tag() -> None:
    assert forms("Lyon a perdu.", frozenset({"Lyon"}))[0][1] == NAME
    assert forms("Depuis lundi, rien.", frozenset({"Lyon"}))[0][1] == "depuis"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("La hausse atteint 12 % en mai.", "La hausse atteint 12 pour cent en mai."),
        ("La hausse atteint 12% en mai.", "La hausse atteint 12 p. 100 en mai."),
        ("Il a payé 40 000 euros.", "Il a payé 40.000 €."),
        ("La liste est passée de deux à trois noms.", "La liste est passée de 2 à 3 noms."),
        ('Il a dit "oui" hier.', "Il a dit « oui » hier."),
        ("Il a dit “oui” hier.", "Il a dit oui hier."),
        ("Une affaire - la sienne - close.", "Une affaire — la sienne — close."),
        ("Le président de la République est là.", "Le Président de la République est là."),
        ("À Nantes, l'Etat paie.", "A Nantes, l'État paie."),
        ("Evidemment, il part.", "Évidemment, il part."),
        ("L'œuvre du maire.", "L'oeuvre du Maire."),
    ],
)
def test_typography_and_house_style_are_not_counted(one: str, other: str) -> None:
    assert forms(one) == forms(other)


def test_the_verb_avoir_is_not_taken_for_the_preposition() -> None:
    assert forms("Il a chaud.")[0][2] == "a"
    assert forms("A Nice, il fait chaud.")[0][1] == "à"


def test_no_phrase_reaches_across_a_sign() -> None:
    runs = [" ".join(word.form for word in run) for run in phrases(words("Il part (ce soir) ; elle reste."))]
    assert "ce soir" in runs
    assert not any("part ce" in run or "soir elle" in run for run in runs)


def token(text: str, lemma: str, pos: str, dep: str, head: int, morph: str = "") -> Token:
    return Token(text, lemma, pos, morph, dep, head)


def percent(*spelt: Token) -> tuple[list[str], ...]:
    number = token("12", "12", "NUM", "obj", 0)
    first = token("gagne", "gagner", "VERB", "ROOT", 0, "Mood=Ind|Tense=Pres|VerbForm=Fin")
    return features("", [first, number, *spelt])


def test_percent_is_one_token_in_every_view() -> None:
    sign = percent(token("%", "%", "NOUN", "nmod", 1))
    spelt = percent(token("pour", "pour", "ADP", "case", 3), token("cent", "cent", "NUM", "nmod", 1))
    short = percent(token("p.", "p.", "NOUN", "nmod", 1), token("100", "100", "NUM", "nummod", 2))
    assert sign[1:] == spelt[1:] == short[1:]
    assert f"{NUMBER} {PERCENT}" in sign[1]
    assert not any("pour" in found or "cent" in found for view in spelt for found in view)


def test_verbs_count_by_form_and_auxiliaries_by_tense() -> None:
    tokens = [
        token("Elle", "elle", "PRON", "nsubj", 2),
        token("avait", "avoir", "AUX", "aux:tense", 2, "Mood=Ind|Tense=Imp|VerbForm=Fin"),
        token("déclaré", "déclarer", "VERB", "ROOT", 2, "Tense=Past|VerbForm=Part"),
    ]
    _, lemmas, constructions, dependencies = features("Elle avait déclaré", tokens)
    assert "avoir déclarer" in lemmas
    assert "elle avoirImp VParPast" in constructions
    assert "déclarer>aux:tense>avoir" in dependencies


@pytest.mark.parser
def test_a_parsed_sentence_gives_all_four_views(engines: Engines) -> None:
    assert engines.parser is not None
    sentence = fold_view("À Rennes, l’usine aurait été fermée en 2019, a déclaré le ministre.")
    doc = engines.parser(sentence)
    tokens = tokens_of(doc)
    assert [token.text for token in tokens][:3] == ["À", "Rennes", ","]
    assert all(0 <= token.head < len(tokens) for token in tokens)
    phrase, lemmas, constructions, dependencies = features(sentence, tokens)
    assert "a déclaré le" in phrase
    assert "avoir déclarer le" in lemmas
    assert any("avoirPres VParPast" in found for found in constructions)
    assert "déclarer>aux:tense>avoir" in dependencies


@pytest.mark.parser
def test_blanks_are_no_tokens(engines: Engines) -> None:
    assert engines.parser is not None
    tokens = tokens_of(engines.parser("Il   part  demain ."))
    assert [token.text for token in tokens] == ["Il", "part", "demain", "."]
    assert all(0 <= token.head < len(tokens) for token in tokens)
