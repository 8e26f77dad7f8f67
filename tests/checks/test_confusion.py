"""The look-alike check: which word is judged, on what evidence, and how the correction is written."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mtaudit import neighbours
from mtaudit.checks import confusion
from mtaudit.model import Analysis, Article, Issue, Rule, Sentence, Severity, Span, Word


def rule(name: str = "test", /, **options: Any) -> Rule:
    return Rule(
        id=f"fr/confusion/{name}",
        check="confusion",
        title="Test",
        message="« {match} » : le contexte ({context}) appelle « {suggestion} ».",
        why="",
        category="accuracy/wrong-word",
        severity=Severity.MAJOR,
        options=options,
    )


SITTING = {
    "pair": ["cession", "session"],
    "forms": [["cession", "session"], ["cessions", "sessions"]],
    "margins": {"cession": 2.0, "session": 2.0},
    "entries": [
        {"place": "w", "favours": "session", "words": "parlem:1.5 négoci:1.2"},
        {"place": "w", "favours": "cession", "words": "filial:2.5"},
        {"place": "rr", "favours": "session", "words": "de_travail:2.2"},
    ],
}


def analysis(*sentences: str) -> Analysis:
    """An analysis with words cut at blanks and apostrophes, a sentence each."""
    words: list[Word] = []
    found: list[Sentence] = []
    text = " ".join(sentences)
    view = text.replace("’", "'")
    offset = 0
    for index, sentence in enumerate(sentences):
        found.append(Sentence(index, Span(offset, offset + len(sentence))))
        words += (
            Word(view[offset + m.start() : offset + m.end()], offset + m.start(), offset + m.end(), index)
            for m in re.finditer(r"[^\W\d]+(?:-[^\W\d]+)*['’]?", sentence)
        )
        offset += len(sentence) + 1
    return Analysis(Article("a", text), tuple(found), (), view, view.lower(), tuple(words))


def audit(options: dict[str, Any], *sentences: str) -> list[Issue]:
    return list(confusion.run(analysis(*sentences), confusion.compile([rule(**options)])))


def test_context_that_calls_for_the_other_word_is_reported_with_its_reasons() -> None:
    (issue,) = audit(SITTING, "Le parlement a tenu deux cessions de négociations hier.")
    assert issue.span == Span(25, 33)
    assert issue.suggestions == ("sessions",)
    assert issue.evidence["context"] == "«\u00a0parlement\u00a0», «\u00a0négociations\u00a0»"
    assert 0.5 <= issue.confidence < 1


def test_without_known_context_nothing_is_said() -> None:
    assert audit(SITTING, "Il a parlé de la cession.") == []


def test_the_right_word_in_its_own_context_is_silent() -> None:
    assert audit(SITTING, "Le parlement a tenu deux sessions de négociations.") == []


def test_evidence_for_the_word_itself_outweighs() -> None:
    assert audit(SITTING, "Le parlement a voté la cession de la filiale après la négociation.") == []


def test_the_neighbouring_sentence_does_not_count_unless_asked() -> None:
    assert audit(SITTING, "Le parlement négocie.", "Une cession aura lieu.") == []


def test_two_words_at_the_right_count_only_in_place() -> None:
    assert len(audit(SITTING, "La cession de travail aura lieu lundi.")) == 1
    assert audit(SITTING, "La cession, de travail en travail, aura lieu lundi.") == []


def test_a_word_without_margin_is_never_called_wrong() -> None:
    one_way = {**SITTING, "margins": {"cession": 2.0}}
    assert audit(one_way, "La session de la filiale aura lieu.") == []
    assert len(audit(SITTING, "La session de la filiale aura lieu.")) == 1


def test_capital_at_the_start_is_kept_and_names_are_left_alone() -> None:
    (issue,) = audit(SITTING, "Cessions de travail au parlement : le texte est prêt.")
    assert issue.suggestions == ("Sessions",)
    assert audit(SITTING, "Le parlement de la ville de Cession négocie.") == []


STRIKE = {
    "pair": ["attentat", "attaque"],
    "forms": [["attentat", "attaque"], ["attentats", "attaques"]],
    "margins": {"attentat": 2.0},
    "genders": ["m", "f"],
    "article": True,
    "seeds": {"attaque": ["troupes", "frontière", "invasion", "chars"], "attentat": ["kamikaze", "bombe"]},
}


def test_far_seeds_alone_are_capped_and_near_ones_add_up() -> None:
    far = "Les troupes attendent à la frontière les chars de l’invasion et rien d’autre ne bouge ce matin là-bas ."
    assert audit(STRIKE, far, "Un attentat inquiète.")
    assert not audit(STRIKE, far, "Un attentat à la bombe par un kamikaze inquiète.")


@pytest.mark.parametrize(
    ("text", "wrong", "right"),
    [
        ("Les troupes à la frontière craignent un attentat.", "un attentat", "une attaque"),
        ("Les troupes à la frontière craignent cet attentat.", "cet attentat", "cette attaque"),
        ("Les troupes à la frontière craignent l’attentat.", "attentat", "attaque"),
        ("Les troupes à la frontière redoutent des attentats.", "attentats", "attaques"),
        ("Les troupes à la frontière, en cas d’attentat.", "attentat", "attaque"),
    ],
)
def test_the_determiner_before_it_agrees(text: str, wrong: str, right: str) -> None:
    (issue,) = audit(STRIKE, text)
    assert text[issue.span.start : issue.span.end] == wrong
    assert issue.suggestions == (right,)


@pytest.mark.parametrize(
    "change",
    [
        {"margins": {"passion": 2.0}},
        {"margins": {"cession": 0.0}},
        {"seeds": {"passion": ["amour"]}},
        {"forms": [["cession", "cession"]]},
        {"entries": [{"place": "w", "favours": "passion", "words": "amour:1"}]},
        {"entries": [{"place": "w", "favours": "session", "words": "amour"}]},
        {"entries": [{"place": "z9", "favours": "session", "words": "amour:1"}]},
        {"unknown": 1},
    ],
)
def test_bad_options_name_the_rule(change: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="fr/confusion/test"):
        confusion.compile([rule(**{**SITTING, **change})])


def test_rules_that_share_a_form_both_judge_it() -> None:
    other = rule(
        "other",
        pair=["cession", "passion"],
        forms=[["cession", "passion"]],
        margins={"cession": 2.0},
        entries=[{"place": "w", "favours": "passion", "words": "amour:3"}],
    )
    compiled = confusion.compile([rule(**SITTING), other])
    found = list(confusion.run(analysis("La cession de travail.", "Une cession par amour."), compiled))
    assert [issue.rule for issue in found] == ["fr/confusion/test", "fr/confusion/other"]


@pytest.mark.parametrize(
    ("token", "stem"),
    [("négociations", "négoci"), ("chars", "char"), ("les", ""), ("|", ""), ("0", ""), ("l'", ""), ("onu", "onu")],
)
def test_stem_of(token: str, stem: str) -> None:
    assert neighbours.stem_of(token) == stem


def test_a_form_without_number_takes_it_from_the_determiner() -> None:
    votes = {
        "pair": ["voie", "voix"],
        "forms": [["voie", "voix"], ["voies", "voix"]],
        "margins": {"voix": 2.0},
        "entries": [{"place": "r1", "favours": "voie", "words": "ferrée:3 ferrées:3"}],
    }
    assert [issue.suggestions for issue in audit(votes, "La voix ferrée passe ici.")] == [("voie",)]
    assert [issue.suggestions for issue in audit(votes, "Les voix ferrées passent ici.")] == [("voies",)]


@pytest.mark.parametrize(
    ("word", "stem", "genders"),
    [
        ("fax", "fax", None),
        ("fils", "fil", None),
        ("choix", "choi", None),
        ("métaux", "métau", None),
        ("chevaux", "chevau", None),
        ("négociations", "négoci", None),
        ("nouvelle", "nouvel", None),
        ("nouvelle", "nouvea", ["m", "f"]),
    ],
)
@pytest.mark.parametrize("place", ["w", "b"])
def test_one_stem_alone_can_decide(word: str, stem: str, genders: list[str] | None, place: str) -> None:
    entries = [{"place": place, "favours": "session", "words": f"{stem}:2"}]
    assert len(audit({**SITTING, "entries": entries, "genders": genders}, f"Le {word} avant la cession.")) == 1


TOKENS = [
    "parlement",
    "négociations",
    "filiale",
    "filiales",
    "de",
    "travail",
    "nouvelle",
    "la",
    "fax",
    "bus",
    "cession",
]
WEIGHTS = [
    "w parlem:1.5",
    "b parlem:0.4",
    "a filial:0.7",
    "w fil:0.9",
    "w bu:1",
    "a bus:0.6",
    "w nouvea:0.8",
    "l1 la:0.5",
]
WEIGHTS += [
    "l1 le:0.7",
    "r1 |:0.4",
    "rr de_travail:2.2",
    "w travai:-1.1",
    "b fax:0.3",
    "w fa:2",
    "l2 0:0.6",
    "lr la_de:0.5",
]


@pytest.mark.parametrize("genders", [None, ["m", "f"]])
@given(st.data())
def test_no_issue_is_lost_to_the_short_cut(genders: list[str] | None, data: st.DataObject) -> None:
    """With a margin that any score above it meets, an occurrence is reported exactly when its features say so."""
    drawn = data.draw(st.lists(st.sampled_from(WEIGHTS), unique=True, min_size=1))
    entries = []
    for weight in drawn:
        place, word = weight.split(" ")
        entry = {"place": place, "favours": "cession" if ":-" in word else "session", "words": word.replace(":-", ":")}
        entries.append(entry)
    around = st.lists(st.sampled_from([*TOKENS, "12", ",", "."]), max_size=14)
    sentences = data.draw(st.lists(st.tuples(around, around), min_size=1, max_size=3))
    read = analysis(*(" ".join([*left, "cession", *right]) for left, right in sentences))
    compiled = confusion.compile(
        [rule(**{**SITTING, "entries": entries, "genders": genders, "margins": {"cession": 0.7}})]
    )
    (trigger,) = compiled.triggers["cession"]
    expected = 0
    for index, text in enumerate(read.texts):
        if text == "cession":
            left, right = neighbours.window(read.lower, read.words, index)
            weights = trigger.pair.weights
            names = neighbours.features(left, right, genders is not None) & weights.keys()
            expected += confusion.total({name: weights[name] for name in names}) >= 0.7
    assert len(list(confusion.run(read, compiled))) == expected
