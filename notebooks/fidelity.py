"""Fidelity to the source: false alarms on human translations, and planted errors found.

    python notebooks/fidelity.py SOURCE TRANSLATION

Two aligned files with one sentence a line (the news tests of WMT, say). Chunks of ten lines stand for articles. Each
alarm on the human translation is printed, with its rule and the source's words. Then an error of each kind is put in
each chunk where that can be done: two digits of a number exchanged, a day moved by ten, a letter of a name taken
out, the second half cut, a sentence of the source put in place of its translation.
"""

from __future__ import annotations

import random
import re
import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from mtaudit.model import Article
from mtaudit.pipeline import prepare
from mtaudit.quantities import days
from mtaudit.rules import load_rules, packaged_rules
from mtaudit.selection import select_rules

LINES = 10
_NUMBER = re.compile(r"(?<![\d.,])\d{2,}(?![\d.,%])")
_NAME = re.compile(r"(?<=[a-zé] )[A-Z][a-zé]{5,}\b")


def chunks(source: Path, translation: Path) -> list[tuple[list[str], list[str]]]:
    there, here = (path.read_text(encoding="utf-8").splitlines() for path in (source, translation))
    assert len(there) == len(here), "the files are not aligned"
    return [(there[at : at + LINES], here[at : at + LINES]) for at in range(0, len(here) - LINES + 1, LINES)]


def wrong_number(article: Article, chance: random.Random) -> str | None:
    found = [match for match in _NUMBER.finditer(article.text) if match[0][0] != match[0][1] and match[0][1] != "0"]
    if not found:
        return None
    match = chance.choice(found)
    digits = match[0][1] + match[0][0] + match[0][2:]
    return article.text[: match.start()] + digits + article.text[match.end() :]


def wrong_date(article: Article, chance: random.Random) -> str | None:
    found = [day for day in days(article.text) if day.day <= 18]
    if not found:
        return None
    day = chance.choice(found)
    moved = re.sub(r"\d+", str(day.day + 10), article.text[slice(*day.span)], count=1)
    return article.text[: day.span.start] + moved + article.text[day.span.end :]


def wrong_name(article: Article, chance: random.Random) -> str | None:
    found = [match for match in _NAME.finditer(article.text) if match[0] in (article.source or "")]
    if not found:
        return None
    name = chance.choice(found)[0]
    at = chance.randrange(2, len(name) - 2)
    return article.text.replace(name, name[:at] + name[at + 1 :])


def half_missing(article: Article, chance: random.Random) -> str | None:
    del chance
    return article.text[: int(len(article.text) * 0.4)]


def left_in_place(article: Article, chance: random.Random) -> str | None:
    here, there = article.text.split("\n"), (article.source or "").split("\n")
    at = chance.randrange(len(here))
    return "\n".join([*here[:at], there[at], *here[at + 1 :]]) if len(there[at].split()) > 8 else None


PLANTED: dict[str, Callable[[Article, random.Random], str | None]] = {
    "number": wrong_number,
    "date": wrong_date,
    "name": wrong_name,
    "length": half_missing,
    "untranslated": left_in_place,
}


def main(source: Path, translation: Path) -> None:
    ruleset = load_rules([packaged_rules()])
    run = prepare(ruleset, select_rules(ruleset.rules, ["fr/fidelity"]))
    language = {"eng": "en", "deu": "de", "spa": "es", "ces": "cs"}.get(source.suffix[1:], source.suffix[1:])
    articles = [
        Article(f"{number}", "\n".join(here), source="\n".join(there), source_lang=language)
        for number, (there, here) in enumerate(chunks(source, translation))
    ]
    alarms: Counter[str] = Counter()
    words = 0
    for report in run.run(articles):
        words += report.score.words
        for issue in report.issues:
            alarms[issue.rule] += 1
            start, end = issue.span
            around = report.article.text[max(0, start - 50) : end + 30].replace("\n", " ")
            print(f"{issue.rule}\t{issue.evidence['source'][:60]!r}\t{around!r}")
    print(f"{sum(alarms.values())} alarms on {words} words of human translation: {dict(alarms)}")
    for kind, plant in PLANTED.items():
        chance = random.Random(kind)
        planted = [replace(article, text=text) for article in articles if (text := plant(article, chance))]
        found = sum(any(issue.rule.endswith(f"/{kind}") for issue in report.issues) for report in run.run(planted))
        print(f"{kind}: {found} of {len(planted)} planted errors found")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
