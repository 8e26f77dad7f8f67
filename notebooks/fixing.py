"""`mtaudit fix` on development text: what it puts in, what it takes back, and whether the result holds.

    python notebooks/fixing.py [TEXTS]

Every text is fixed and audited again: no issue of a safe rule that was mended may be there still, and none may be there
that was not there before. Reads so many texts, spread over all sets and sides.
"""

from __future__ import annotations

import sys
from collections import Counter
from dataclasses import replace
from pathlib import Path

from mtaudit.evaluation import read_gold
from mtaudit.fixing import fix
from mtaudit.model import Article, Report
from mtaudit.pipeline import prepare
from mtaudit.rules import load_rules, packaged_rules
from mtaudit.selection import select_rules

DATA = Path(__file__).resolve().parents[2] / "shared/data/mt_vs_human/wmt08-13_chunks.jsonl.gz"


def issues_of(report: Report) -> Counter[tuple[str, str]]:
    return Counter((issue.rule, report.article.text[slice(*issue.span)]) for issue in report.issues)


def main() -> None:
    if not DATA.exists():
        sys.exit(f"{DATA}: the development data is not here")
    items = list(read_gold(DATA))
    items = items[:: max(1, len(items) // int(sys.argv[1]))] if len(sys.argv) > 1 else items
    ruleset = load_rules([packaged_rules()])
    run = prepare(ruleset, select_rules(ruleset.rules, ignore=["fr/languagetool"]))
    put, taken, new, left = Counter[str](), 0, 0, 0
    for item in items:
        article = item.article
        before = next(run.run([article]))

        def reread(text: str, article: Article = article) -> Article:
            return replace(article, text=text)

        fixed = fix(article, run, reread)
        after = next(run.run([reread(fixed.text)]))
        put.update(edit.rule for edit in fixed.edits)
        taken += len(fixed.refused)
        new += sum((issues_of(after) - issues_of(before)).values())
        left += sum(
            count
            for (rule, old), count in issues_of(after).items()
            if any(edit[2:] == (old, rule) for edit in fixed.edits)
        )
    print(f"{len(items)} texts: {sum(put.values())} put in, {taken} taken back, {new} new issues, {left} still there")
    for rule, count in put.most_common():
        print(f"{count:6} {rule}")


if __name__ == "__main__":
    main()
