"""The page as it is written; what it does in a browser is tested in test_page.py."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import re
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from mtaudit.checks import MESSAGE_FIELDS
from mtaudit.errors import InputError
from mtaudit.glosses import GLOSS_EVIDENCE
from mtaudit.model import Clue, Detection, Region, RegionKind, Report, Rule, Severity, Span, Verdict
from mtaudit.reports.html_report import CODES, EVIDENCE_LABELS, REGION_LABELS, write
from tests.reports.newsdesk import STRIKE, STRIKE_FINDS, Find, N, clue, desk, judged_desk, report

NOW = datetime(2026, 3, 16, 18, 5, tzinfo=UTC)
WHY = "Le verbe « faire » ne se construit pas ainsi."
RULES = {
    find.rule: Rule(find.rule, "phrase", "A title", "m", WHY, find.category, find.severity, references=("Grevisse",))
    for find in STRIKE_FINDS
}


def page(reports: list[Report], **options: Any) -> str:
    stream = io.StringIO()
    write(iter(reports), stream, **{"now": NOW, "rules": RULES, **options})
    return stream.getvalue()


def element(html: str, opening: str, closing: str) -> str:
    found = re.findall(f"{re.escape(opening)}(.*?){re.escape(closing)}", html, re.DOTALL)
    assert len(found) == 1
    return str(found[0])


def data(html: str) -> dict[str, Any]:
    parsed: dict[str, Any] = json.loads(element(html, '<script type="application/json" id="report">', "</script>"))
    return parsed


def test_the_page_holds_every_article_and_its_marks_land_on_their_words() -> None:
    text = "La tour 🗼 de 東京, a-t-il precisé 🗼🗼, a été ré-ouverte ; precisé."
    tower = report("tour.txt", text, (STRIKE_FINDS[2],))
    found = data(page([*desk(), tower]))
    assert [article["id"] for article in found["articles"]] == [*(made.article.id for made in desk()), "tour.txt"]
    for made, article in zip([*desk(), tower], found["articles"], strict=True):
        units = article["text"].encode("utf-16-le")
        assert article["text"] == made.article.text
        words = [units[2 * issue["start"] : 2 * issue["end"]].decode("utf-16-le") for issue in article["issues"]]
        spans = sorted(issue.span for issue in made.issues)
        assert words == [made.article.text[slice(*span)] for span in spans]


def test_only_our_script_and_our_style_may_run() -> None:
    html = page(desk())
    policy = element(html, '<meta http-equiv="Content-Security-Policy" content="', '">')
    assert policy.startswith("default-src 'none';")
    for kind, opening, closing in (("script", "<script>", "</script>"), ("style", "<style>", "</style>")):
        inside = element(html, opening, closing)
        digest = base64.b64encode(hashlib.sha256(inside.encode()).digest()).decode()
        assert f"{kind}-src 'sha256-{digest}'" in policy
    assert "unsafe" not in policy
    assert "http" not in policy


def test_the_page_names_no_other_place() -> None:
    html = page(desk())
    shell = html.replace(element(html, '<script type="application/json" id="report">', "</script>"), "")
    assert not re.search(r"(?:src|href)=[\"']?(?!#|data:,)\w|url\(|@import|fetch\(|XMLHttp|WebSocket|sendBeacon", shell)
    assert not re.search(r"\bon\w+=[\"']|javascript:|innerHTML|outerHTML|insertAdjacent|document\.write|eval\(", shell)


@pytest.mark.parametrize(
    "hostile", ["</script><script>alert(1)</script>", "<!--<script>", "]]>", "\u2028\u2029", "{{script}}"]
)
def test_no_text_can_leave_the_data(hostile: str) -> None:
    find = Find(hostile, "fr/a/b", "style/calque", Severity.MAJOR, hostile, (hostile,))
    made = report("a.txt", f"Il a dit {hostile} hier.", (find,))
    article = replace(made.article, id=hostile, title=hostile, outlet=hostile, url=f"javascript:{hostile}")
    issues = tuple(replace(issue, evidence={"note": hostile, hostile: [hostile]}) for issue in made.issues)
    html = page([replace(made, article=article, issues=issues)], unreadable=[InputError(hostile, hostile)])
    inside = element(html, '<script type="application/json" id="report">', "</script>\n<script>")
    assert "<" not in inside
    (found,) = json.loads(inside)["articles"]
    assert found["title"] == found["issues"][0]["message"] == found["issues"][0]["evidence"]["note"] == hostile
    assert html.count("<script") == 2


def test_half_a_surrogate_pair_does_not_break_the_page() -> None:
    find = Find("mal\ud800", "fr/a/b", "style/calque", Severity.MINOR, "Calque.")
    html = page([report("a.txt", "Un mal\ud800 dit.", (find,))])
    assert data(html)["articles"][0]["text"] == "Un mal\ufffd dit."
    html.encode()


def test_an_issue_inside_a_quotation_is_filed_there_and_the_rest_with_its_sentence() -> None:
    start = STRIKE.index("cessions")
    made = replace(desk()[0], regions=(Region(RegionKind.QUOTE, Span(start - 2, start + 30)),))
    headline = replace(made.sentences[0], region=RegionKind.HEADLINE)
    find = Find("éboueurs", "fr/a/b", "style/calque", Severity.MINOR, "Calque.")
    first = report("a", STRIKE, (find,)).issues[0]
    made = replace(made, sentences=(headline, *made.sentences[1:]), issues=(first, *made.issues))
    (article,) = data(page([made]))["articles"]
    regions = {issue["rule"]: issue["region"] for issue in article["issues"]}
    assert regions["fr/confusion/cession-session"] == "quote"
    assert regions["fr/a/b"] == "headline"
    assert regions["fr/words/unknown"] == "body"
    assert article["regions"] == [[*made.sentences[0].span, "headline"]]


def test_what_was_left_out_and_who_made_the_page_are_told() -> None:
    found = data(page(desk(), unreadable=[InputError("copie/vide.txt", "the file is empty")]))
    assert found["skipped"] == [["parser", "fr_core_news_md is not installed", 37]]
    assert found["unreadable"] == [["copie/vide.txt", "the file is empty"]]
    assert found["made"] == f"16 mars 2026, 18{N}h{N}05"
    assert len(found["signatures"]) == 1
    assert found["rules"]["fr/calques/make-sense"] == {"why": WHY, "references": ["Grevisse"]}
    assert (
        set(found["labels"]["region"]) == {kind.value for kind in RegionKind} == {kind.value for kind in REGION_LABELS}
    )


def test_the_page_of_no_article() -> None:
    assert data(page([]))["articles"] == []


def test_evidence_is_named_in_french() -> None:
    given = {name for names in MESSAGE_FIELDS.values() for name in names}
    assert (given | GLOSS_EVIDENCE) - CODES == set(EVIDENCE_LABELS)
    find = Find("precisé", "fr/a/b", "style/calque", Severity.MINOR, "Mot.")
    made = report("a.txt", "Il a precisé.", (find,))
    issues = tuple(
        replace(issue, evidence={"language": "pt", "language_name": "portugais", "script": "latin"})
        for issue in made.issues
    )
    (article,) = data(page([replace(made, issues=issues)]))["articles"]
    # The code goes where its name stands beside it, and stays where it is all there is.
    assert article["issues"][0]["evidence"] == {"language_name": "portugais", "script": "latin"}


def test_a_round_trip_that_confirms_an_issue_is_shown_as_what_it_is() -> None:
    find = Find("precisé", "fr/a/b", "style/calque", Severity.MINOR, "Mot.")
    made = report("a.txt", "Il a precisé.", (find,))
    told = {
        "rule": "fr/roundtrip/nonword",
        "pivot": "He specified.",
        "round_trip": "Il a précisé.",
        "suggestions": ["x"],
    }
    issues = tuple(replace(issue, evidence={"note": "n", "roundtrip": told}) for issue in made.issues)
    (article,) = data(page([replace(made, issues=issues)]))["articles"]
    assert article["issues"][0]["evidence"] == {"note": "n", "pivot": "He specified.", "round_trip": "Il a précisé."}


def test_clues_land_on_their_words_and_the_heaviest_are_kept() -> None:
    text = "La tour 🗼 de 東京, en tant que telle 🗼, ferme ; en tant que telle."
    clues = [clue(text, "en tant que", 2.0), Clue("phrasing", "« absent »", -3.0, ())]
    clues += [Clue("phrasing", f"« {number} »", 0.1 + number / 100, ()) for number in range(30)]
    signals = {"phrasing": 1.234, "own-signal": 0.2, "lexical-richness": 0.001}
    made = replace(
        report("tour.txt", text), detection=Detection(0.97, Verdict.LIKELY, "", signals, tuple(clues), origin=None)
    )
    found = data(page([made, *judged_desk(), *desk()]))
    first, _, _, short, _, last, *_ = found["articles"]
    assert first["machine"]["said"] == f"Traduction automatique{N}: probable (97{N}%)"
    assert first["machine"]["signals"] == [["phrasing", 1.23], ["own-signal", 0.2]]
    assert [weight for _, weight, _ in first["machine"]["clues"]][:3] == [2.0, 0.39, 0.38]
    assert [weight > 0 for _, weight, _ in first["machine"]["clues"]] == [True] * 10 + [False]
    units = text.encode("utf-16-le")
    flat = first["machine"]["clues"][0][2]
    words = [units[2 * start : 2 * end].decode("utf-16-le") for start, end in zip(flat[::2], flat[1::2], strict=True)]
    assert words == ["en tant que", "en tant que"]
    assert short["machine"]["said"] == f"Traduction automatique non jugée{N}: texte trop court (25{N}mots)"
    assert (short["machine"]["verdict"], last["machine"]) == (None, None)
    assert set(found["labels"]["verdict"]) == {*Verdict, "unjudged"}
