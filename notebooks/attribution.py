"""How far apart two attributions by the same verb may stand to be reported: counts on the human and machine sides.

    python notebooks/attribution.py

Reads the development data of 2008 to 2011 from beside the repository. `within` was set to 5: up to there each
system repeats the verb three times as often as the human translators of the same articles.
"""

from __future__ import annotations

import sys
from collections import Counter, defaultdict
from pathlib import Path

import msgspec

from mtaudit.checks import attribution
from mtaudit.evaluation import plain, read_gold
from mtaudit.lang import LANGUAGES
from mtaudit.model import Analysis
from mtaudit.rules import load_rules, packaged_rules
from mtaudit.segmentation import fold_view, lower_view, words

DATA = Path(__file__).resolve().parents[2] / "shared/data/mt_vs_human/wmt08-13_chunks.jsonl.gz"
TUNED_ON = {"wmt08", "wmt09", "wmt10", "wmt11"}
DISTANCES = (1, 2, 3, 4, 5, 10)


def main() -> None:
    if not DATA.exists():
        sys.exit(f"{DATA}: the development data is not here")
    rule = next(rule for rule in load_rules([packaged_rules()]).rules if rule.check == "attribution")
    compiled = {
        within: attribution.compile([msgspec.structs.replace(rule, options={**rule.options, "within": within})])
        for within in DISTANCES
    }
    found: dict[str, Counter[int]] = defaultdict(Counter)
    for item in map(plain, read_gold(DATA)):
        name, _, system = item.group.partition("/")
        if name not in TUNED_ON:
            continue
        text = item.article.text
        sentences, regions = LANGUAGES["fr"].segment(text)
        view = fold_view(text)
        analysis = Analysis(item.article, sentences, regions, view, lower_view(view), words(view, sentences))
        for within in DISTANCES:
            found[system][within] += len(list(attribution.run(analysis, compiled[within])))
    print(f"{'within':24}" + "".join(f"{within:>8}" for within in DISTANCES))
    for system, counts in sorted(found.items()):
        print(f"{system:24}" + "".join(f"{counts[within]:>8}" for within in DISTANCES))


if __name__ == "__main__":
    main()
