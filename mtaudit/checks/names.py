"""Names of institutions that the machine left in English, translated word by word, broken apart or glossed twice.

Each rule states what it looks for (`find`) and brings its own list. What French copy keeps in English on purpose is
spared: official names that are part of a longer one, names given in parentheses or glossed in them, quotations.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Literal, NamedTuple

import msgspec

from mtaudit.matching import Hit, Pattern, PatternSet, compile_patterns
from mtaudit.model import Analysis, Issue, Need, Rule, Span

Find = Literal["listed", "built", "literal", "acronym", "repeated-gloss", "split-name", "source-order"]


class Entry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One name: `wrong` as the machine writes it, `right` as the press does, with its `article`; or one `accepted`."""

    wrong: str = ""
    right: str = ""
    article: str = ""
    accepted: str = ""


class Options(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a rule of this kind looks for.

    - `listed`: the names of `entries`, as they are written there; `literal`: the same, in any case.
    - `acronym`: those of `entries`; one of two letters only after an elided article.
    - `built`: a head of `heads` after words of `modifiers`, or before *of*, *for* or *on*.
    - `repeated-gloss`: a name, then the same name in parentheses.
    - `split-name`: one of `heads` ending a sentence, then a dash and one of `tails` alone.
    - `source-order`: a place of `places` followed by one of `heads`.

    `accepted` names what is spared.
    """

    find: Find
    entries: list[Entry] = []
    heads: list[str] = []
    modifiers: list[str] = []
    tails: list[str] = []
    places: list[str] = []
    accepted: list[str] = []

    def __post_init__(self) -> None:
        wanted = {
            "listed": "entries",
            "literal": "entries",
            "acronym": "entries",
            "built": "heads",
            "split-name": "tails",
            "source-order": "places",
        }.get(self.find)
        if wanted and not getattr(self, wanted):
            raise ValueError(f"find: {self.find} needs {wanted}")


class _Item(NamedTuple):
    rule: Rule
    options: Options
    accepted: frozenset[str]
    modifiers: frozenset[str]


class _Aim(NamedTuple):
    """What a pattern stands for: its rule, and its entry if it has one."""

    item: _Item
    entry: Entry | None


class _Compiled(NamedTuple):
    patterns: PatternSet
    aims: tuple[_Aim, ...]
    across: tuple[_Item, ...]


#: Words that may stand capitalised before a name at the start of a sentence without being part of it.
_OPENERS = frozenset(
    [
        "le", "la", "les", "l", "un", "une", "des", "du", "de", "d", "au", "aux", "ce", "cet", "cette", "son", "sa",
        "ses", "leur", "à", "en", "dans", "par", "pour", "avec", "selon", "et", "ou", "mais", "si", "the", "sur",
        "sous", "contre", "chez", "vers", "depuis", "quand", "lorsque", "comme", "ancien", "ancienne",
    ]
)  # fmt: skip
_CONNECTORS = re.compile(r" (?:of|for|on|and|&) | ?& ?")
_COMPLEMENT = re.compile(
    r" (?:of|for|on)(?: the)? [A-Z][\w'-]{0,30}(?:(?:, | and |, and | of the | of | )(?!The )[A-Z][\w'-]{0,30}){0,8}"
)
_NEXT_NAME = re.compile(r" (?:(?:of|for|and|&|on) )?[A-Z][\w'-]|'s\b|-\w|\.\w|@|/\w")
_THE = re.compile(r"\b[Tt]he $")
_PARENTHESIS = re.compile(r"\(([^()]{2,60})\)")
_ARTICLE = re.compile(r"(?:\b(?:[Ll]es?|[Ll]a|[Aa]ux?|[Dd]es|[Dd]u|[Uu]ne?|[Tt]he) |\b[LlDd]')$")
_SAID_ENGLISH = re.compile(r"[ ,]*(?:en anglais|selon (?:l'acronyme|le sigle))")
_LAST_WORD = re.compile(r"([A-Z][\w'.-]*) $")
_BEFORE = re.compile(r"([\w'.-]+)( | & |-)$")
_FRENCH_GLOSS = re.compile(r" ?\(([^()]{3,80})\)")
_ALONE = re.compile(r"\. ?[–—-] ?([A-ZÀ-Þ][\w]*)\s{0,2}\.(?!\w)")
_GIVEN_NAME = re.compile(r",? ?(?:\(|«|\"|“|[A-Z]{2}|[A-Z][a-z])")


def needs(rule: Rule) -> frozenset[Need]:  # noqa: ARG001 - every kind of check answers for a rule
    """None: names are told by their words."""
    return frozenset()


def compile(rules: Sequence[Rule]) -> _Compiled:
    """The lists of all rules in one automaton."""
    patterns: list[Pattern] = []
    aims: list[_Aim] = []
    across: list[_Item] = []
    for rule in rules:
        options = msgspec.convert(rule.options, Options)
        accepted = frozenset([*options.accepted, *(entry.accepted for entry in options.entries if entry.accepted)])
        item = _Item(rule, options, accepted, frozenset(options.modifiers))
        if options.find in ("repeated-gloss", "split-name"):
            across.append(item)
            continue
        for pattern, entry in _patterns(options):
            patterns.append(pattern)
            aims.append(_Aim(item, entry))
    return _Compiled(compile_patterns(patterns), tuple(aims), tuple(across))


def run(analysis: Analysis, compiled: _Compiled) -> Iterable[Issue]:
    """The misnamed institutions of one article."""
    hits, _ = compiled.patterns.scan(analysis.view, analysis.lower, analysis.sentences)
    for hit in hits:
        aim = compiled.aims[hit.pattern]
        issue = _JUDGES[aim.item.options.find](analysis, aim, hit)
        if issue is not None:
            yield issue
    for item in compiled.across:
        yield from (_repeated if item.options.find == "repeated-gloss" else _split)(analysis, item)


def _patterns(options: Options) -> Iterator[tuple[Pattern, Entry | None]]:
    if options.find in ("listed", "acronym"):
        for entry in options.entries:
            if entry.wrong:
                # Two letters (UN, EU) are also a French word in capitals: only after an elided article.
                elided = options.find == "acronym" and len(entry.wrong) == 2
                yield Pattern(f"'{entry.wrong}" if elided else entry.wrong, case=True), entry
    elif options.find == "literal":
        for entry in options.entries:
            if entry.wrong:
                yield Pattern(entry.wrong), entry
    elif options.find == "built":
        for head in options.heads:
            yield Pattern(head, case=True), None
    elif options.find == "source-order":
        heads, places = ("|".join(map(re.escape, listed)) for listed in (options.heads, options.places))
        text = rf"\b(?:[Ll]es? |[Ll]a |[Ll]')(?:{places}) (?:{heads})\b(?! \p{{Lu}}|-)"
        # The English heads are the trigger, since every article names places.
        yield Pattern(text, is_regex=True, case=True, trigger=tuple(options.heads)), None


def _listed(analysis: Analysis, aim: _Aim, hit: Hit) -> Issue | None:
    """A name of the list, with the English article before it, unless it belongs to a longer name."""
    entry, view = aim.entry, analysis.view
    assert entry is not None
    start, end = hit.start, hit.end
    the = _THE.search(view, max(0, start - 4), start)
    first = the.start() if the else start
    if _is_longer(analysis, first, end) or _is_gloss(analysis, start, end):
        return None
    right = entry.right
    if the and entry.article:
        right = entry.article + ("" if entry.article.endswith("'") else " ") + right
    return _issue(analysis, aim.item.rule, Span(first, end), right)


def _acronym(analysis: Analysis, aim: _Aim, hit: Hit) -> Issue | None:
    entry, view = aim.entry, analysis.view
    assert entry is not None
    start, end = hit.end - len(entry.wrong), hit.end
    before, after = view[max(0, start - 1) : start], view[end : end + 1]
    if before in set("-/.@#&") or after in set("-/@&") or _is_longer(analysis, start, end):
        return None
    if before == "(" or _in_capitals(view, start, end) or _SAID_ENGLISH.match(view, end):
        return None
    return _issue(analysis, aim.item.rule, Span(start, end), entry.right)


def _literal(analysis: Analysis, aim: _Aim, hit: Hit) -> Issue | None:
    """A name translated word by word, unless the real one or more of the phrase follows."""
    entry, view = aim.entry, analysis.view
    assert entry is not None
    if _GIVEN_NAME.match(view, hit.end) or view[hit.start - 1 : hit.start] == "(":
        return None
    following = view[hit.end : hit.end + 20].split(" ")
    if len(following) > 1 and following[1].rstrip(".,;") in aim.item.accepted:
        return None
    return _issue(analysis, aim.item.rule, Span(hit.start, hit.end), entry.right)


def _built(analysis: Analysis, aim: _Aim, hit: Hit) -> Issue | None:
    """A name put together from general English words: *National Intelligence Agency*, *Office of the Ombudsman*."""
    view, item = analysis.view, aim.item
    start, end, modifiers = hit.start, hit.end, 0
    while modifiers < 8 and (match := _LAST_WORD.search(view, max(0, start - 25), start)):
        if match[1] not in item.modifiers:
            break
        start, modifiers = match.start(1), modifiers + 1
    complement = _COMPLEMENT.match(view, end)
    if complement:
        end = complement.end()
    if not complement and not modifiers:
        return None
    the = _THE.search(view, max(0, start - 4), start)
    start = the.start() if the else start
    name = view[the.end() if the else start : end]
    if any(name.startswith(known) or name.endswith(f" {known}") for known in item.accepted):
        return None
    if _is_longer(analysis, start, end) or _is_gloss(analysis, start, end) or view[end : end + 2] == " (":
        return None
    return _issue(analysis, item.rule, Span(start, end))


def _as_matched(analysis: Analysis, aim: _Aim, hit: Hit) -> Issue | None:
    return _issue(analysis, aim.item.rule, Span(hit.start, hit.end))


_JUDGES: dict[str, Callable[[Analysis, _Aim, Hit], Issue | None]] = {
    "listed": _listed,
    "acronym": _acronym,
    "literal": _literal,
    "built": _built,
    "source-order": _as_matched,
}


def _repeated(analysis: Analysis, item: _Item) -> Iterator[Issue]:
    """A parenthesis that says again what stands right before it."""
    view = analysis.view
    for match in _PARENTHESIS.finditer(view):
        before = view[max(0, match.start() - len(match[1]) - 8) : match.start()].rstrip()
        # Most parentheses say something else, as their last letter tells.
        ends = before[-1:] + match[1].rstrip()[-1:]
        if ends.isascii() and ends.isalnum() and ends[:1].lower() != ends[-1:].lower():
            continue
        inner = _bare(match[1])
        if not any(character.isalpha() for character in inner) or match[1].strip() in item.accepted:
            continue
        start = _end_match(before, inner)
        if start is None:
            continue
        at = max(0, match.start() - len(match[1]) - 8) + start
        article = _ARTICLE.search(view, max(0, at - 5), at)
        yield _issue(analysis, item.rule, Span(article.start() if article else at, match.end()))


def _split(analysis: Analysis, item: _Item) -> Iterator[Issue]:
    """A head that ends a sentence, and a tail alone after a dash: *l'agence de presse. - Presse.*"""
    view = analysis.view
    for match in _ALONE.finditer(view):
        if match[1] not in item.options.tails:
            continue
        opening = max(0, match.start() - 50)
        clause = re.split(r"[.!?;«»\"()]", view[opening : match.start()])[-1]
        places = [found.start() for head in item.options.heads for found in re.finditer(rf"\b{head}\b", clause)]
        if places:
            yield _issue(analysis, item.rule, Span(match.start() - len(clause) + min(places), match.end()))


def _bare(name: str) -> str:
    """A name without its article, accents, capitals, hyphens."""
    name = re.sub(r"^(?:les?|la|l'|the|une?)\s*(?<=[\s'])", "", name.strip(), flags=re.IGNORECASE)
    return _folded(name)


def _folded(text: str) -> str:
    if text.isascii():
        return text.lower().replace("-", " ").strip()
    plain = "".join(c for c in unicodedata.normalize("NFD", text.lower()) if not unicodedata.combining(c))
    return plain.replace("-", " ").strip()


def _end_match(before: str, inner: str) -> int | None:
    """Where the folded name starts at the end of the text before, in code points, if it stands there whole."""
    if not _folded(before).endswith(inner):
        return None
    for start in range(len(before)):
        if (start == 0 or not before[start - 1].isalnum()) and _folded(before[start:]) == inner:
            return start
    return None


def _is_longer(analysis: Analysis, start: int, end: int) -> bool:
    """True when a capitalised neighbour makes the name part of another one."""
    view = analysis.view
    if _NEXT_NAME.match(view, end):
        return True
    before = _BEFORE.search(view, max(0, start - 30), start)
    if before is None or not before[1][0].isupper():
        return bool(before and before[2] == "-") or bool(_CONNECTORS.search(view, max(0, start - 5), start))
    return before[1].lower().rstrip(".'") not in _OPENERS


def _is_gloss(analysis: Analysis, start: int, end: int) -> bool:
    """True inside parentheses, before a French gloss in them, or when quotation marks enclose little else."""
    view = analysis.view
    if view[start - 1 : start] == "(" or view[end : end + 1] == ")":
        return True
    gloss = _FRENCH_GLOSS.match(view, end)
    if gloss and any(word.islower() for word in gloss[1].split()):
        return True
    span = Span(start, end)
    return any(quote.contains(span) and (quote.end - quote.start) < 2 * (end - start) for quote in analysis.quotes())


def _in_capitals(view: str, start: int, end: int) -> bool:
    """True in a line of capitals, where any word looks like an acronym."""
    around = re.split(r"\W+", f"{view[max(0, start - 25) : start]} {view[end : end + 25]}")
    long = [word for word in around if len(word) > 3]
    return bool(long) and all(word.isupper() for word in long)


def _issue(analysis: Analysis, rule: Rule, span: Span, right: str = "") -> Issue:
    suggestions = (right.replace("'", "’"),) if right else ()
    return rule.issue(span, analysis.text[span.start : span.end], suggestions)
