"""`mtaudit fix` on development text: what it puts in, what it takes back, and whether the result holds.

    python notebooks/fixing.py [TEXTS]

Every text of all sets and sides in which something is safe to mend is fixed and audited again: no issue that was mended
may be there still, and none may be there that was not there before. Reads all texts, which takes 40 minutes of
processor time, or so many of each file, spread over it.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from mtaudit.evaluation import read_gold
from mtaudit.fixing import fix
from mtaudit.model import Article, Report
from mtaudit.pipeline import prepare
from mtaudit.rules import load_rules, packaged_rules
from mtaudit.selection import select_rules

DATA = Path(__file__).resolve().parents[2] / "shared/data"
FILES = (*sorted(DATA.glob("mt_vs_human/*.jsonl.gz")), DATA / "errors/wmt19_docqe_enfr_traindev.jsonl.gz")


def articles(most: int | None) -> Iterator[Article]:
    for path in FILES:
        items = list(read_gold(path))
        yield from (item.article for item in items[:: max(1, len(items) // most) if most else 1])


def issues_of(report: Report) -> Counter[tuple[str, str]]:
    return Counter((issue.rule, report.article.text[slice(*issue.span)]) for issue in report.issues)


def main() -> None:
    if not DATA.is_dir():
        sys.exit(f"{DATA}: the development data is not here")
    ruleset = load_rules([packaged_rules()])
    run = prepare(ruleset, select_rules(ruleset.rules, ignore=["fr/languagetool"]))
    put = Counter[str]()
    texts = mended = taken = new = left = 0
    for before in run.run(articles(int(sys.argv[1]) if len(sys.argv) > 1 else None)):
        texts += 1
        if not any(run.rules[issue.rule].safe for issue in before.issues):
            continue

        def reread(text: str, article: Article = before.article) -> Article:
            return replace(article, text=text)

        fixed = fix(before.article, run, reread)
        after = next(run.run([reread(fixed.text)]))
        mended += fixed.text != before.article.text
        put.update(edit.rule for edit in fixed.edits)
        taken += len(fixed.refused)
        new += sum((issues_of(after) - issues_of(before)).values())
        left += sum(
            count
            for (rule, old), count in issues_of(after).items()
            if any(edit[2:] == (old, rule) for edit in fixed.edits)
        )
    print(f"{texts} texts, {mended} mended: {sum(put.values())} put in, {taken} taken back")
    print(f"{new} new issues, {left} of those mended still there")
    for rule, count in put.most_common():
        print(f"{count:6} {rule}")


if __name__ == "__main__":
    main()
