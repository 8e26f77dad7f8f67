"""A run against annotated spans."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from mtaudit.errors import InputError
from mtaudit.evaluation import Gold, Item, evaluate, lift, plain, read_gold
from mtaudit.model import Article, Issue, Report, Score, Severity, Span

TEXT = "Les cessions de pourparlers se réchauffent à Genève."


def report(article: Article, *issues: tuple[int, int, str], words: int = 8) -> Report:
    return Report(
        article=article,
        sentences=(),
        issues=tuple(
            Issue("fr/a/b", Span(start, end), "", category, Severity.MAJOR) for start, end, category in issues
        ),
        score=Score(words, 0.0, 0.0, (0.0, 0.0), {}, "edit", "s"),
    )


def item(*gold: Gold, annotated: bool = True) -> Item:
    return Item(Article("one", TEXT), gold, "set", annotated)


def test_partial_overlap_earns_partial_credit() -> None:
    marked = item(Gold(Span(4, 27), "accuracy/wrong-word", "must"))
    result = evaluate(
        [marked], [report(marked.article, (4, 12, "accuracy/wrong-word"), (28, 42, "accuracy/contradiction"))]
    )
    assert result.spans.precision == pytest.approx(0.5), "one issue wholly inside the mark, one beside it"
    assert result.spans.recall == pytest.approx(8 / 23)
    assert result.levels["must"].found == 1
    assert [text for _, text, _ in result.alarms] == ["Les cessions de pourparlers [[se réchauffent]] à Genève."]


def test_one_issue_pays_for_one_mark_only() -> None:
    marked = item(Gold(Span(4, 12), "accuracy/wrong-word", ""), Gold(Span(16, 27), "accuracy/wrong-word", ""))
    result = evaluate([marked], [report(marked.article, (4, 27, "accuracy/wrong-word"))])
    assert result.spans.recall == pytest.approx(0.5)
    assert result.spans.precision == pytest.approx(11 / 23), "the larger overlap counts"
    assert result.overlapped == 2, "by overlap alone, it finds both"


def test_a_mark_of_another_dimension_is_missed() -> None:
    marked = item(Gold(Span(4, 12), "accuracy/wrong-word", "must"))
    result = evaluate([marked], [report(marked.article, (4, 12, "style/calque"))])
    assert result.levels["must"].found == 0
    assert result.missed[0][1] == "cessions"
    assert result.spans.found == result.overlapped == 1, "seen all the same, under another name"
    assert result.categories["accuracy"].recall == 0
    assert result.categories["style"].precision == 0


def test_clean_text_counts_false_alarms_by_side() -> None:
    clean = item(annotated=False)
    result = evaluate([clean], [report(clean.article, (0, 3, "style/calque"))])
    assert result.words["set"] == 8
    assert result.issues["set"][Severity.MAJOR] == 1
    assert len(result.alarms) == 1


def test_gold_beside_its_articles(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(TEXT, encoding="utf-8")
    (tmp_path / "clean.txt").write_text("Rien à signaler.", encoding="utf-8")
    row = {
        "file": "a.txt",
        "level": "must",
        "start": 4,
        "end": 12,
        "category": "accuracy/wrong-word",
        "text": "cessions",
    }
    gold = tmp_path / "gold.jsonl"
    gold.write_text(json.dumps(row) + "\n", encoding="utf-8")
    read = list(read_gold(gold))
    assert [(one.article.id, len(one.gold)) for one in read] == [("a.txt", 1), ("clean.txt", 0)]


def test_annotated_sentences_and_whole_chunks_gzipped(tmp_path: Path) -> None:
    rows = [
        {"id": "1", "text": TEXT, "label": "error", "errors": [{"start": 4, "end": 12}]},
        {"id": "2", "sentences": ["Bonjour.", "Au revoir."], "is_mt": True, "system": "google", "set": "wmt"},
    ]
    path = tmp_path / "gold.jsonl.gz"
    path.write_bytes(gzip.compress("\n".join(map(json.dumps, rows)).encode()))
    annotated, chunk = read_gold(path)
    assert annotated.gold[0].span == Span(4, 12)
    assert annotated.annotated
    assert (chunk.group, chunk.article.text, chunk.annotated) == ("wmt/google", "Bonjour.\nAu revoir.", False)


def test_minimal_pairs_are_two_sides_and_only_the_last_sentence_counts(tmp_path: Path) -> None:
    rows = [
        {
            "id": "1",
            "set": "pairs",
            "context": ["La mairie a fait sens."],
            "correct": "Il l'a dit.",
            "incorrect": "Elle",
        },
        {"id": "2", "fr_f": "Elle est partie.", "fr_m": "Il est parti.", "spans_f": []},
    ]
    path = tmp_path / "pairs.jsonl"
    path.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    items = list(read_gold(path))
    assert [item.group for item in items] == ["pairs/right", "pairs/wrong", "pairs/feminine", "pairs/masculine"]
    right, wrong, *_ = items
    assert right.judged
    assert wrong.judged
    assert right.article.text[slice(*right.judged)] == "Il l'a dit."
    calque = (10, 19, "style/calque")
    reports = [
        report(right.article, calque),
        report(wrong.article, calque, (*wrong.judged, "linguistic/agreement")),
    ]
    result = evaluate(items[:2], reports)
    assert (result.flagged["pairs/right"], result.flagged["pairs/wrong"]) == (0, 1)
    assert sum(result.issues["pairs/wrong"].values()) == 1


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("", "no rows"),
        ("{", "not JSON Lines"),
        ("[1]", "a row is a JSON object"),
        ('{"text": "sans marques"}', "neither file"),
        ('{"file": "absent.txt", "start": 0, "end": 1, "category": "style/calque"}', "cannot be read"),
        ('{"file": "here.txt"}', "a row lacks a value"),
        ('{"file": "here.txt", "start": 2, "end": 90, "category": "style/calque"}', "no stretch of a text"),
        ('{"text": null, "errors": []}', "does not fit"),
        ('{"text": "abc", "errors": null}', "does not fit"),
        ('{"text": "abc", "errors": [{}]}', "a row lacks a value"),
        ('{"text": "abc", "errors": [{"start": 5, "end": 99}]}', "no stretch of a text"),
    ],
)
def test_a_file_of_another_shape_is_refused_in_one_line(tmp_path: Path, content: str, reason: str) -> None:
    path = tmp_path / "gold.jsonl"
    path.write_text(content, encoding="utf-8")
    (tmp_path / "here.txt").write_text("Rien.", encoding="utf-8")
    with pytest.raises(InputError, match=reason) as caught:
        list(read_gold(path))
    assert "\n" not in str(caught.value)


def test_further_places_of_counted_words_are_no_false_alarms(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("russie\n\nrussie\n\nLe reste.", encoding="utf-8")
    row = {"file": "a.txt", "level": "must", "start": 0, "end": 6, "category": "content/metadata", "count": 2}
    (tmp_path / "gold.jsonl").write_text(json.dumps(row), encoding="utf-8")
    (read,) = read_gold(tmp_path / "gold.jsonl")
    assert read.gold[0].repeats == (Span(8, 14),)
    result = evaluate([read], [report(read.article, (0, 6, "content/metadata"), (8, 14, "content/metadata"))])
    assert result.alarms == []
    assert result.spans.predicted == 1
    assert result.spans.precision == 1.0


def chunk(system: str, text: str) -> Item:
    return Item(Article(system, text), (), f"wmt08/{system}", False)


def test_lift_is_the_rate_over_that_of_the_human_side() -> None:
    items = [chunk("human", "a"), chunk("google", "b"), chunk("microsoft", "c")]
    items.append(Item(Article("x", ""), (), "new/x", False))
    reports = [
        report(items[0].article, (0, 1, "style/calque"), words=1000),
        report(items[1].article, *[(0, 1, "style/calque")] * 3, words=2000),
        report(items[2].article, words=500),
        report(items[3].article, words=100),
    ]
    assert lift(evaluate(items, reports)) == {"google": (1.5, 1.5), "microsoft": (0.0, 0.0)}


def test_plain_typography_is_the_same_on_every_side() -> None:
    human = plain(chunk("human", "« L’accord\u00a0», dit-il –\u202fenfin\u00a0!\nFin…"))
    machine = plain(chunk("google", '"L\'accord", dit-il - enfin!\nFin...'))
    assert human.article.text == machine.article.text


def test_marked_text_keeps_its_typography() -> None:
    with pytest.raises(InputError, match="annotated"):
        plain(Item(Article("1", "« Oui »"), (Gold(Span(2, 5), "", ""),), "x", True))
