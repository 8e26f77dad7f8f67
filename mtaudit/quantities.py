"""Numbers and dates of a text in French or in a language that it may come from, to be compared with another text.

A number has several readings (`1,500` is fifteen hundred in English and one and a half in French; `3 million` is three
or three million): two numbers agree when they share one. Leniency is the point, for what disagrees is reported.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import NamedTuple

from mtaudit.model import Span

_GAP = " \u00a0\u202f\u2009"
_NUMBER = re.compile(
    rf"(?<![\w.,/:-])\d+(?:[{_GAP}.,'’]\d{{3}}(?!\d))*(?:[.,]\d+)?(?![\d:/]|[.,]\d|\w*-\w*\d|-[A-Z]\b)"
)
_GROUPED = re.compile(rf"\d{{1,3}}(?:[{_GAP}.,'’]\d{{3}})+")
_PERCENT = re.compile(
    rf"[{_GAP}-]?(?:%|percent|per\s+cent|pour\s+cent|por\s+ciento|por\s+cento|prozent|persen|procent)", re.IGNORECASE
)
_SCALES = (
    (1e3, "thousand mille milliers tausend mil mila ribu duizend k"),
    (1e6, "million millions millionen millón millones milhão milhões milioni milione juta miljoen mio mln m"),
    (1e9, "billion billions milliard milliards milliarden miliardi miliardo miliar miljard mrd bn"),
    (1e12, "trillion trillions billones triliun"),
)
#: `billions` are a thousand times more in French and in Spanish than in English.
_SCALE = {word: factor for factor, words in _SCALES for word in words.split()}
_WORD_AFTER = re.compile(rf"[{_GAP}-](?:de\s+)?(\w+)")
#: What is converted rather than copied, and hours, of which there are two kinds a day.
_CONVERTED = re.compile(
    rf"[{_GAP}-]?(?:de\s|d['’])?(?:°|º|sec|min\b|minut|s\b|h\b|km|kilom|m\b|mètre|metre|meter|cm\b|mile|mph|feet|foot|ft\b|"
    r"inch|yard|pied|pouce|kg|kilo|pound|livre|lb|ounce|once|tonne|ton\b|tons\b|litre|liter|gallon|hectare|acre|square|"
    r"heure|hour|uhr|hora|ora|ore|jam|a\.?m\b|p\.?m\b|degr|grad|euro|dollar|€|\$|£|eur\b|usd\b|yen|franc|rouble|"
    r"rupee|roupie)",
    re.IGNORECASE,
)
_CURRENCY_BEFORE = re.compile(r"(?:[$€£¥]|US\$|USD|EUR|Rp\.?)\s?\Z")

_MONTHS = (
    "january janvier enero janeiro januar gennaio januari",
    "february février fevrier febrero fevereiro februar febbraio februari",
    "march mars marzo março märz maart maret",
    "april avril abril aprile",
    "may mai mayo maio maggio mei",
    "june juin junio junho juni giugno",
    "july juillet julio julho juli luglio",
    "august août aout agosto augustus agustus",
    "september septembre septiembre setembro settembre",
    "october octobre octubre outubro oktober ottobre",
    "november novembre noviembre novembro",
    "december décembre decembre diciembre dezembro dezember dicembre desember",
)
_MONTH = {name: number for number, names in enumerate(_MONTHS, start=1) for name in names.split()}
_ABBREVIATIONS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_ABBREVIATED = {name: number for number, name in enumerate(_ABBREVIATIONS, start=1)}
_MONTH |= _ABBREVIATED | {"sept": 9}
_NAMES = "|".join(sorted(_MONTH, key=len, reverse=True))
_DAY_FIRST = re.compile(
    rf"(?<![\d.,])(\d{{1,2}})(?:er|st|nd|rd|th|\.|º)?[{_GAP}]+(?:de[{_GAP}]+|of[{_GAP}]+)?({_NAMES})\b", re.IGNORECASE
)
_MONTH_FIRST = re.compile(rf"\b({_NAMES})\.?[{_GAP}]+(\d{{1,2}})(?:st|nd|rd|th)?\b(?![.,]?\d)", re.IGNORECASE)

#: Numbers in words, in the languages that wire copy comes from; those of several words are put together by `spelled`.
_WORDS: tuple[tuple[int, str], ...] = (
    (0, "zero zéro null cero"),
    (1, "one un une ein eine uno una um uma satu een"),
    (2, "two deux zwei dos due dois duas dua twee"),
    (3, "three trois drei tres tre três tiga drie"),
    (4, "four quatre vier cuatro quattro quatro empat"),
    (5, "five cinq fünf cinco cinque lima vijf"),
    (6, "six sechs seis sei enam zes"),
    (7, "seven sept sieben siete sette sete tujuh zeven"),
    (8, "eight huit acht ocho otto oito delapan"),
    (9, "nine neuf neun nueve nove sembilan negen"),
    (10, "ten dix zehn diez dieci dez tien"),
    (11, "eleven onze elf once undici"),
    (12, "twelve douze zwölf doce dodici doze twaalf dozen douzaine dutzend docena dozzina"),
    (13, "thirteen treize dreizehn trece tredici treze"),
    (14, "fourteen quatorze vierzehn catorce quattordici catorze"),
    (15, "fifteen quinze fünfzehn quince quindici quinzaine fortnight"),
    (16, "sixteen seize sechzehn dieciséis sedici dezasseis"),
    (17, "seventeen siebzehn diecisiete diciassette"),
    (18, "eighteen achtzehn dieciocho diciotto dezoito"),
    (19, "nineteen neunzehn diecinueve diciannove"),
    (20, "twenty vingt vingts zwanzig veinte venti vinte vingtaine score"),
    (25, "quarter quart viertel cuarto"),
    (30, "thirty trente dreißig treinta trenta trinta trentaine"),
    (40, "forty quarante vierzig cuarenta quaranta quarenta quarantaine"),
    (50, "fifty cinquante fünfzig cincuenta cinquanta cinquantaine half moitié demi hälfte mitad metà metade"),
    (60, "sixty soixante sechzig sesenta sessanta sessenta soixantaine"),
    (70, "seventy septante siebzig setenta settanta"),
    (80, "eighty huitante achtzig ochenta ottanta oitenta"),
    (90, "ninety nonante neunzig noventa novanta"),
    (100, "hundred cent cents hundert cien cento cem ratus centaine centaines century siècle"),
    (1000, "thousand mille tausend mil mila millier milliers"),
)
_SPELLED = {word: number for number, words in _WORDS for word in words.split()}
_TOKEN = re.compile(r"[^\W\d_]+")


class Quantity(NamedTuple):
    """A number as it stands, everything that it may mean, and whether it is a share of a hundred."""

    span: Span
    readings: frozenset[float]
    percent: bool


class Day(NamedTuple):
    """A day of a month, both counted from 1."""

    span: Span
    day: int
    month: int


def days(text: str) -> list[Day]:
    """The dates with a day and the name of a month, in order."""
    found = {match.start(): Day(Span(*match.span()), int(match[1]), _MONTH[match[2].lower()]) for match in
             _DAY_FIRST.finditer(text)}  # fmt: skip
    for match in _MONTH_FIRST.finditer(text):
        span = Span(*match.span())
        if not any(span.overlaps(other.span) for other in found.values()):
            found[match.start()] = Day(span, int(match[2]), _MONTH[match[1].lower()])
    return [found[at] for at in sorted(found) if 1 <= found[at].day <= 31]


def numbers(text: str) -> list[Quantity]:
    """The numbers in digits, in order: none of dates, hours, conversions, codes or scores."""
    taken = [day.span for day in days(text)]
    found = []
    for match in _NUMBER.finditer(text):
        span = Span(*match.span())
        percent = _PERCENT.match(text, span.end)
        decade = text.endswith(("années ", "années\u00a0"), max(0, span.start - 7), span.start)
        if any(span.overlaps(other) for other in taken) or decade or (not percent and _is_converted(text, span)):
            continue
        end = percent.end() if percent else span.end
        found.append(Quantity(Span(span.start, end), frozenset(_readings(text, match)), percent is not None))
    return found


def spelled(text: str) -> set[float]:
    """The numbers that are written out, and the sums that they may be part of."""
    values = [_SPELLED[token] for token in _TOKEN.findall(text.lower()) if token in _SPELLED]
    found = set(map(float, values))
    for one, other in pairwise(values):
        found |= {float(one + other), float(one * other)}
    for one, other, third in zip(values, values[1:], values[2:], strict=False):
        found |= {float(one + other + third), float(one * other + third)}
    return found


def _is_converted(text: str, span: Span) -> bool:
    return (
        _CONVERTED.match(text, span.end) is not None
        or _CURRENCY_BEFORE.search(text[max(0, span.start - 5) : span.start]) is not None
        or ((word := _WORD_AFTER.match(text, span.end)) is not None
            and word[1].lower() in _SCALE
            and _CONVERTED.match(text, word.end()) is not None)
    )  # fmt: skip


def _readings(text: str, match: re.Match[str]) -> Iterator[float]:
    plain = list(_values(match[0]))
    yield from plain
    word = _WORD_AFTER.match(text, match.end())
    factor = _SCALE.get(word[1].lower()) if word else None
    if factor:
        yield from (round(value * factor, 6) for value in plain)
        if factor >= 1e9:
            yield from (round(value * factor * 1000, 6) for value in plain)


def _values(written: str) -> Iterable[float]:
    """With each separator as that of thousands, and as that of decimals."""
    bare = re.sub(rf"[{_GAP}'’]", "", written)
    values = set()
    if _GROUPED.fullmatch(written):
        values.add(float(re.sub(r"[.,]", "", bare)))
    *head, last = re.split(r"[.,]", bare)
    values.add(float(f"{''.join(head)}.{last}") if head else float(last))
    return values
