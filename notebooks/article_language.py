"""How many articles are told to be in which language, and whether French ones with a foreign part stay French.

    python notebooks/article_language.py FILE…

Each FILE holds one sentence a line (the news tests of WMT, say) and its suffix names the language. Chunks of ten lines
stand for articles. For French files, a second count mixes each chunk with foreign lines from the first file that is not
French, up to four lines in five. VERNACULAR's constants come from the tables that this prints.
"""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path

from mtaudit.engines.langid import load_language_identifier
from mtaudit.vernacular import language_of

LINES = 10
FRENCH = (".fr", ".fra")


def chunks(path: Path) -> list[list[str]]:
    lines = path.read_text(encoding="utf-8").splitlines()
    return [lines[at : at + LINES] for at in range(0, len(lines) - LINES + 1, LINES)]


def main(paths: list[Path]) -> None:
    foreign = next((chunks(path) for path in paths if path.suffix not in FRENCH), [])
    for path in paths:
        own = chunks(path)
        told = Counter(language_of("\n".join(chunk), load_language_identifier) for chunk in own)
        print(path.name, told.most_common(4))
        if path.suffix in FRENCH and foreign:
            for kept in (8, 5, 3, 2):
                mixed = [a[:kept] + b[kept:] for a, b in zip(own, foreign, strict=False)]
                told = Counter(language_of("\n".join(chunk), load_language_identifier) for chunk in mixed)
                print(f"  {kept} lines of {LINES} in French", told.most_common(4))


if __name__ == "__main__":
    main([Path(name) for name in sys.argv[1:]])
