"""The word check: what is a word all the same, and what each kind of non-word is told as."""

from __future__ import annotations

import re
from typing import Any

import pytest

from mtaudit.checks import words
from mtaudit.engines.lexicon import DelaLexicon, load_lexicon
from mtaudit.model import Analysis, Article, Issue, Need, Region, RegionKind, Rule, Sentence, Severity, Span
from mtaudit.segmentation import fold_view, lower_view
from mtaudit.segmentation import words as words_of

QUOTE = re.compile("«[^»]*»")


@pytest.fixture(scope="module")
def lexicon() -> DelaLexicon:
    return load_lexicon()


def rule_of(kind: str, **options: Any) -> Rule:
    return Rule(
        f"fr/words/{kind}",
        "words",
        "",
        "« {match} »",
        "",
        "linguistic/nonword",
        Severity.MAJOR,
        options={"kind": kind, **options},
    )


ALL = words.compile(
    [
        rule_of("nonword"),
        rule_of("misspelt", max_frequency=3.6),
        rule_of("slip", max_frequency=3.6),
        rule_of("glued", max_frequency=2.0),
    ]
)


def analysis_of(lexicon: DelaLexicon | None, *sentences: str) -> Analysis:
    text = " ".join(sentences)
    places, start = [], 0
    for index, sentence in enumerate(sentences):
        places.append(Sentence(index, Span(start, start + len(sentence))))
        start += len(sentence) + 1
    view = fold_view(text)
    quotes = tuple(Region(RegionKind.QUOTE, Span(*match.span())) for match in QUOTE.finditer(text))
    return Analysis(
        Article("test", text), tuple(places), quotes, view, lower_view(view), words_of(view, places), lexicon=lexicon
    )


def issues_of(lexicon: DelaLexicon, *sentences: str) -> list[Issue]:
    return list(words.run(analysis_of(lexicon, *sentences), ALL))


def found(lexicon: DelaLexicon, *sentences: str) -> list[tuple[str, str]]:
    text = " ".join(sentences)
    return [
        (issue.rule.removeprefix("fr/words/"), text[issue.span.start : issue.span.end])
        for issue in issues_of(lexicon, *sentences)
    ]


@pytest.mark.parametrize(
    ("sentence", "nonword"),
    [
        ("Le préfet redoute une situation inconduisible à l’hôpital.", "inconduisible"),
        ("Personne n’a chiffré l’impactation des travaux sur le commerce.", "impactation"),
        ("Le juge a reconnu la décisionnance du comité.", "décisionnance"),
        ("L’avocat critique le vérifiement des comptes.", "vérifiement"),
        ("Les maires veulent désengagementer la commune.", "désengagementer"),
        ("Selon lui, le stade est irréfiable.", "irréfiable"),
        ("Les analystes parlent d’une hausse subitaneuse.", "subitaneuse"),
    ],
)
def test_made_up_words_are_found(lexicon: DelaLexicon, sentence: str, nonword: str) -> None:
    assert found(lexicon, sentence) == [("nonword", nonword)]


@pytest.mark.parametrize(
    ("sentence", "kind", "slip", "meant"),
    [
        ("Le conseil juge la dépense necessaire.", "slip", "necessaire", "nécessaire"),
        ("La mairie a rénové son batiment principal.", "slip", "batiment", "bâtiment"),
        ("Un accident spectaculairre a bloqué la rocade.", "slip", "spectaculairre", "spectaculaire"),
        ("La ministre a dénoncé une ingérance étrangère.", "misspelt", "ingérance", "ingérence"),
        ("L’entraineur a salué une perfomance rare.", "misspelt", "perfomance", "performance"),
    ],
)
def test_what_lies_near_a_word_names_the_one_that_was_meant(
    lexicon: DelaLexicon, sentence: str, kind: str, slip: str, meant: str
) -> None:
    told = {
        sentence[issue.span.start : issue.span.end]: (issue.rule, issue.suggestions[0])
        for issue in issues_of(lexicon, sentence)
    }
    assert told[slip] == (f"fr/words/{kind}", meant)


@pytest.mark.parametrize(
    ("sentence", "parted"),
    [
        ("Le club a limogé sonentraineur lundi.", "son entraineur"),
        ("Les pompiers ont maîtrisé lesflammes dans la nuit.", "les flammes"),
        ("La cour a rejeté la demandepour vice de forme.", "demande pour"),
        ("Le vote a eu lieu dansune salle comble.", "dans une"),
    ],
)
def test_words_run_together_are_parted(lexicon: DelaLexicon, sentence: str, parted: str) -> None:
    (issue,) = issues_of(lexicon, sentence)
    assert (issue.rule, issue.suggestions) == ("fr/words/glued", (parted,))


@pytest.mark.parametrize(
    "sentence",
    [
        "Les macronistes et les mélenchonistes se sont opposés sur la recentralisation.",
        "La désartificialisation des sols et l’agrivoltaïsme divisent les élus.",
        "L’eurodéputée a dénoncé l’hyperconcentration des médias et le technofascisme.",
        "Les bethmalais et les ariégeoises ont défilé en costume.",
        "Le streameur a spoilé la fin, les youtubeuses ont liké.",
        "Ce vin est étonnamment buvable, dit la sommelière, et parfaitement stockable.",
        "L’État, l’Etat et l’Ecole ont signé la convention ; A Paris, Etienne a coupé le ruban.",
        "Le maitre d’œuvre connait le cout de la règlementation.",
        "Aujourd’hui, quelqu’un l’a prouvé : jusqu’ici, rien n’est joué.",
        "Des porte-conteneurs, des ex-otages et une loi anti-squat au menu.",
        "L’ONU, l’OTAN et la SNCF ont signé avec l’Unesco et l’Insee.",
        "Le thermomètre a affiché 42 °C, 120 km/h de vent et 3 GWh de pertes.",
        "Pschitt, plouf et patatras : la fusée est retombée.",
    ],
)
def test_good_press_is_silent(lexicon: DelaLexicon, sentence: str) -> None:
    assert found(lexicon, sentence) == []


@pytest.mark.parametrize(
    "sentence",
    [
        "Le sénateur a lancé un « grandeurisation » qui a fait rire l’assemblée.",
        "Le blob, dit irréfiable par ses fans, attire la foule.",
        "Le plat du jour est un irréfiable (ragoût de haricots).",
        "Contactez-nous à irréfiable@mairie.example ou sur mairie.example/irréfiable.",
        "Le fichier irréfiable.txt a été effacé, le compte #irréfiable aussi.",
        "Le groupe Irréfiable jouera samedi ; le tube irréfiable passe en boucle.",
        "La clause says irréfiable without any doubt.",
        "Il a crié irréfiable uvwation devant la foule.",
    ],
)
def test_names_addresses_quotations_glosses_and_foreign_stretches_are_spared(
    lexicon: DelaLexicon, sentence: str
) -> None:
    assert "nonword" not in [kind for kind, _ in found(lexicon, sentence)]


def test_a_capital_counts_only_at_the_head_of_a_sentence(lexicon: DelaLexicon) -> None:
    assert found(lexicon, "Impactation nulle, assure le maire.") == [("nonword", "Impactation")]
    assert found(lexicon, "Hier, Impactation a gagné le prix de Diane.") == []
    assert found(lexicon, "Dugravelier a gagné le prix de Diane.") == []


def test_a_form_that_comes_back_is_doubtful_then_a_term(lexicon: DelaLexicon) -> None:
    sentence = "Le maire redoute l’impactation du chantier."
    assert [issue.confidence for issue in issues_of(lexicon, sentence)] == [0.9]
    assert [issue.confidence for issue in issues_of(lexicon, sentence, sentence)] == [0.6, 0.6]
    assert issues_of(lexicon, sentence, sentence, sentence) == []


def test_a_borrowed_noun_in_er_is_no_infinitive(lexicon: DelaLexicon) -> None:
    assert found(lexicon, "Il faut désengagementer la commune.") == [("nonword", "désengagementer")]
    assert found(lexicon, "Un désengagementer de plus a ouvert en ville.") == []


def test_spans_count_in_the_untouched_text(lexicon: DelaLexicon) -> None:
    text = "🏉 Le\u00a0XV craint l’impactation du calendrier."
    (issue,) = issues_of(lexicon, text)
    assert text[issue.span.start : issue.span.end] == "impactation"


def test_options_narrow_a_rule(lexicon: DelaLexicon) -> None:
    analysis = analysis_of(lexicon, "Le maire redoute l’impactation du chantier.")
    assert list(words.run(analysis, words.compile([rule_of("nonword")])))
    for options in ({"spare": ["impactation"]}, {"min_length": 12}, {"max_frequency": 0.0}):
        assert not list(words.run(analysis, words.compile([rule_of("nonword", **options)])))
    assert not list(words.run(analysis, words.compile([rule_of("glued")])))
    assert not list(words.run(analysis, words.compile([])))


def test_what_was_met_in_one_article_is_still_told_in_the_next(lexicon: DelaLexicon) -> None:
    compiled = words.compile([rule_of("nonword")])
    clean = analysis_of(lexicon, "Le maire redoute le bruit du chantier.")
    faulty = analysis_of(lexicon, "Le maire redoute l’impactation du chantier.")
    counts = [len(list(words.run(analysis, compiled))) for analysis in (clean, faulty, clean, faulty)]
    assert counts == [0, 1, 0, 1]


def test_without_a_lexicon_nothing_is_told() -> None:
    assert list(words.run(analysis_of(None, "L’impactation inquiète."), ALL)) == []


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ({"kind": "typo"}, "kind"),
        ({"kind": "nonword", "min_length": 2}, "min_length"),
        ({"kind": "nonword", "max_frequency": 9.0}, "Zipf"),
        ({"kind": "nonword", "max_repeats": 0}, "max_repeats"),
        ({"kind": "nonword", "colour": "red"}, "colour"),
    ],
)
def test_bad_options_name_the_rule(options: dict[str, Any], reason: str) -> None:
    rule = Rule("fr/words/bad", "words", "", "", "", "linguistic/nonword", Severity.MAJOR, options=options)
    with pytest.raises(ValueError, match=f"fr/words/bad: .*{reason}"):
        words.compile([rule])


def test_needs_the_lexicon_alone() -> None:
    assert words.needs(rule_of("nonword")) == {Need.LEXICON}
