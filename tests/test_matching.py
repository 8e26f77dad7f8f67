"""Multi-pattern matching: word boundaries, overlaps, triggers, windows, time limits."""

from __future__ import annotations

import random
import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mtaudit.matching import ALWAYS, Pattern, PatternSet, compile_patterns, is_bounded, trigger_of
from mtaudit.model import Sentence, Span
from mtaudit.regexes import compile_regex


def sentences_of(text: str) -> tuple[Sentence, ...]:
    return tuple(
        Sentence(index, Span(match.start(), match.end())) for index, match in enumerate(re.finditer(r"[^.]+\.?", text))
    )


def found(text: str, *patterns: Pattern) -> list[tuple[str, str]]:
    hits, timed_out = compile_patterns(patterns).scan(text, text.lower(), sentences_of(text))
    assert timed_out == []
    return sorted((patterns[hit.pattern].text, text[hit.start : hit.end]) for hit in hits)


def benchmark(patterns: PatternSet, text: str) -> float:
    """Code points per second of one scan, the regexes compiled before."""
    sentences = sentences_of(text)
    patterns.scan(text, text.lower(), sentences)
    start = time.perf_counter()
    patterns.scan(text, text.lower(), sentences)
    return len(text) / (time.perf_counter() - start)


def test_literals_keep_word_boundaries() -> None:
    text = "La préfète arrête l'arrêté. L'arrêt est net, l’ARRÊT tombe, le contre-arrêt non ; arrêt-t-il."
    assert found(text, Pattern("arrêt")) == [("arrêt", "ARRÊT"), ("arrêt", "arrêt"), ("arrêt", "arrêt")]


@pytest.mark.parametrize(
    ("text", "word", "bounded"),
    [
        ("il prend place.", "place", True),
        ("prend-il place-t-elle", "place", True),
        ("une place-forte", "place", False),
        ("la mi-place", "place", False),
        ("emplacement", "place", False),
        ("placé", "plac", False),
        ("place\u0301", "place", False),
        ("l'été", "été", True),
        ("d'anonymat", "d'", True),
        ("place", "place", True),
        ("place2", "place", False),
    ],
)
def test_is_bounded(text: str, word: str, bounded: bool) -> None:
    start = text.index(word)
    assert is_bounded(text, start, start + len(word)) is bounded


def test_a_longer_literal_that_fails_does_not_shadow_a_shorter_one() -> None:
    text = "Le juge en chefaillon parle."
    patterns = (Pattern("le juge"), Pattern("le juge en chef"), Pattern("juge en"))
    assert [name for name, _ in found(text, *patterns)] == ["juge en", "le juge"]


def test_case_sensitive_literals() -> None:
    assert found("Le Roman et le roman.", Pattern("Roman", case=True)) == [("Roman", "Roman")]


def test_regexes_run_only_in_the_sentence_of_their_trigger() -> None:
    pattern = Pattern(r"\bautour .*lac\b", is_regex=True, trigger=("autour",))
    assert found("On marche autour du parc. Le lac est gelé.", pattern) == []
    assert found("On court. On marche autour du lac. Fin.", pattern) == [(pattern.text, "autour du lac")]


def test_a_regex_finds_what_it_finds_in_a_long_stretch_without_full_stops() -> None:
    stretch = "nouvelle sans point " * 400 + "près la mairie " + "encore un mot " * 400 + "près la gare"
    pattern = Pattern(r"\bprès la \w+", is_regex=True)
    assert [text for _, text in found(stretch, pattern)] == ["près la gare", "près la mairie"]


@pytest.mark.parametrize(
    ("regex", "triggers"),
    [
        (r"\bautour l['ae]\b", ("autour l'", "autour la", "autour le")),
        (r"\w+ faire (?:du )?sens\b", (" faire du sens", " faire sens")),
        (r"\b(?:gagner|perdre) \p{Lu}\w+", ("gagner ", "perdre ")),
        (r"à la fin de la journ[ée]e", ("à la fin de la journ",)),
        (r"mauvaise?s? \w+ nouvelles? (?=demain)", ("demain",)),
        (r"\w+ (?:être|avoir) présidents?", (" avoir président", " être président")),
        (r"\d+ mars", tuple(f"{digit} mars" for digit in range(10))),
        (r"\d+ (?=demain\b)", ("demain",)),
        (r"(?<nom>ministre)s+", ("ministres",)),
        (r"(?:abc){2,}\d", ("abc",)),
    ],
)
def test_triggers_are_taken_out_of_the_regex(regex: str, triggers: tuple[str, ...]) -> None:
    assert trigger_of(Pattern(regex, is_regex=True)).literals == triggers


def test_a_stated_trigger_gives_way_to_rarer_literals_of_the_regex() -> None:
    regex = r"\b(?:est|sont) (?:pensée?s?|alléguée?s?) être\b"
    stated = Pattern(regex, is_regex=True, trigger=("être",))
    assert trigger_of(stated).literals != ("être",)
    assert " alléguée être" in trigger_of(stated).literals
    assert [text for _, text in found("Il est pensé être vivant.", stated)] == ["est pensé être"]
    hidden = Pattern(r"\p{Lu}\w+ (*SKIP)\w+", is_regex=True, trigger=("maire",))
    assert trigger_of(hidden).literals == ("maire",)


_STRETCHES = (
    *(
        "le ",
        "la ",
        "12",
        " ",
        "3 mars",
        "mars 2024",
        "le 4 mai",
        " pour cent",
        "10 %",
        "avait ",
        "que ",
        "qu'il ",
        "Il ",
    ),
    *(
        "a déclaré",
        ", a dit ",
        "depuis ",
        "il y a ",
        "des ans",
        "ans, ",
        "étant ",
        "après ",
        ". ",
        "\n",
        "« ",
        " »",
        "x",
    ),
)


@given(st.lists(st.sampled_from(_STRETCHES), max_size=60).map("".join))
def test_triggers_and_narrow_windows_hide_no_match(text: str) -> None:
    regexes = [
        r"(?<!\w)(?:le|la) \d{1,2} (?:mars|mai)\b",
        r"\b(?:mars|mai) \d{2,4}(?!\d)",
        r"(?<=il y a )\d+ (?=ans|mois)",
        r"\d+ ?(?:%|pour cent)(?= ?(?:a déclaré|le|que)\b)",
        r"\b(?P<a>après|depuis) (?:étant |avait ){1,3}",
        r", a (?:dit|déclaré) (?![^.]{0,40}que)",
        r"(?:^|(?<=[.!?] ))il \w+",
        r"qu'il \w+ ?\w* que",
    ]
    triggers = {regexes[3]: ("%", "pour cent"), regexes[6]: ("il ",)}
    lower = text.replace("\n", " ").lower()
    sentences = sentences_of(lower)
    patterns = [Pattern(regex, is_regex=True, trigger=triggers.get(regex, ())) for regex in regexes]
    hits, late = compile_patterns(patterns).scan(lower, lower, sentences)
    assert late == []
    for number, pattern in enumerate(patterns):
        compiled = compile_regex(pattern.text)
        plain = {match.span() for sentence in sentences for match in compiled.finditer(lower, *sentence.span)}
        assert {(hit.start, hit.end) for hit in hits if hit.pattern == number} == plain


@pytest.mark.parametrize("regex", [r"\d+ \w+", r"(?:le|la|un) \w+", r"\bsécurité?|\w+", r"(?:longue phrase)?\d"])
def test_a_regex_without_a_literal_is_refused(regex: str) -> None:
    with pytest.raises(ValueError, match="trigger: always"):
        trigger_of(Pattern(regex, is_regex=True))
    assert trigger_of(Pattern(regex, is_regex=True, trigger=(ALWAYS,))).literals == ()


def test_a_broken_regex_is_refused() -> None:
    with pytest.raises(ValueError, match="bad regex"):
        trigger_of(Pattern(r"autour (de", is_regex=True))


def test_a_regex_may_always_run() -> None:
    pattern = Pattern(r"\d\d h\d", is_regex=True, trigger=(ALWAYS,))
    assert found("À 18 h3, puis à 19 h4.", pattern) == [(pattern.text, "18 h3"), (pattern.text, "19 h4")]


@pytest.mark.parametrize("trigger", [(ALWAYS,), ("aaa",)])
def test_a_hostile_pattern_costs_its_time_limit_and_no_more(trigger: tuple[str, ...]) -> None:
    hostile = Pattern(r"(?:a|a?)+(?:a|aa)+[^\w\s!]", is_regex=True, trigger=trigger)
    patterns = (Pattern("fin de partie"), hostile, Pattern(r"\bfin de \w+", is_regex=True))
    text = "Fin de partie. " + "a" * 50_000 + "! Fin de partie."
    start = time.perf_counter()
    hits, timed_out = compile_patterns(patterns).scan(text, text.lower(), sentences_of(text))
    assert time.perf_counter() - start < 5
    assert timed_out == [1]
    assert sorted(hit.pattern for hit in hits) == [0, 0, 2, 2]


def test_the_scan_finds_all_that_a_plain_search_finds() -> None:
    chance = random.Random(7)
    words = ["la", "mairie", "maire", "a", "à", "voté", "le", "budget", "l'", "élu", "élue", "vote", "sans", "s'en"]
    text = " ".join(chance.choice(words) for _ in range(3000))
    patterns = [Pattern(" ".join(chance.choice(words) for _ in range(chance.choice((1, 2, 3))))) for _ in range(60)]
    patterns += [Pattern(rf"\b{word}\w* (?:budget|maire)\b", is_regex=True) for word in ("mair", "élu", "vot")]
    hits, _ = compile_patterns(patterns).scan(text, text, ())
    for number, pattern in enumerate(patterns):
        got = sorted({(hit.start, hit.end) for hit in hits if hit.pattern == number})
        if pattern.is_regex:
            assert got == [match.span() for match in re.finditer(pattern.text, text)]
        else:
            plain = re.finditer(
                rf"(?=(?<!\w){re.escape(pattern.text)}" + r"(?!\w)" * pattern.text[-1].isalnum() + ")", text
            )
            assert got == [(match.start(), match.start() + len(pattern.text)) for match in plain]


def test_speed_of_two_thousand_literals_and_three_hundred_regexes() -> None:
    """Measured at 5 million code points a second; the bar is far lower, since test machines are shared."""
    chance = random.Random(1)
    syllables = ["ba", "ré", "mon", "ti", "eur", "son", "cla", "vi", "dou", "gé", "tra", "pli", "our", "en"]
    words = ["".join(chance.choice(syllables) for _ in range(chance.choice((1, 2, 2, 3)))) for _ in range(3000)]
    text = " ".join(chance.choice(words) + "." * (index % 20 == 19) for index in range(40_000))
    literals = {" ".join(chance.sample(words, 2)) for _ in range(2000)}
    regexes = [rf"\b{word}\w* \w+ {chance.choice(words)}\b" for word in words if len(word) > 7][:300]
    patterns = [Pattern(literal) for literal in literals] + [Pattern(one, is_regex=True) for one in regexes]
    assert benchmark(compile_patterns(patterns), text) > 500_000


def test_a_trigger_with_a_capital_needs_that_capital_in_the_text() -> None:
    pattern = Pattern(r"en (?:Mars|Avril)", is_regex=True, case=True, trigger=("Mars", "avril"))
    found = compile_patterns([pattern])
    for text, expected in (("en Mars", 1), ("en mars", 0), ("en Avril", 1), ("en avril", 0)):
        hits, late = found.scan(text, text.lower(), (Sentence(0, Span(0, len(text))),))
        assert (len(hits), late) == (expected, [])


def test_a_trigger_that_is_looked_ahead_for_finds_what_a_search_of_the_whole_sentence_finds() -> None:
    regex = r"(?<![\w.])(?P<n>[1-9]\d{0,2},\d{3})(?= (?:habitants|dollars|cas)\b)"
    filler = "la commune et ses voisines, où l'on compte depuis longtemps, en ont "
    ends = ("1,200 habitants", "350 habitants", "12,500 dollars ou 1,5 dollars", "3,250 cas", "4,100")
    text = ", ".join(filler + end for end in ends)
    pattern = Pattern(regex, is_regex=True)
    reach = trigger_of(pattern)
    assert reach.literals == (" cas", " dollars", " habitants")
    assert 0 < reach.before < len(filler)
    expected = [match.span() for match in re.finditer(regex, text)]
    assert len(expected) == 3
    hits, _ = compile_patterns([pattern]).scan(text, text, (Sentence(0, Span(0, len(text))),))
    assert sorted((hit.start, hit.end) for hit in hits) == expected


def test_a_stretch_without_the_mark_that_is_demanded_is_not_searched() -> None:
    regex = r"\ble (?:[2-9]|[1-9]\d) ?% (?=des voix)"
    one = compile_patterns([Pattern(regex, is_regex=True)])
    for text, expected in (("le 5 des voix", 0), ("le 5 % des voix", 1)):
        hits, _ = one.scan(text, text, (Sentence(0, Span(0, len(text))),))
        assert len(hits) == expected
        # It is compiled by the first search.
        assert (one.known[0].compiled is not None) is bool(expected)
