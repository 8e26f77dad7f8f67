from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
import xmlschema

from mtaudit.errors import InputError
from mtaudit.model import Report, Rule, Severity
from mtaudit.reports.junit import write
from tests.reports.newsdesk import Find, N, abroad, desk, judged_desk, report

SCHEMA = xmlschema.XMLSchema(Path(__file__).parent.parent / "data" / "junit.xsd")


def suites(reports: list[Report], **options: Any) -> list[ElementTree.Element]:
    """The suites of a document, whose structure and figures are checked."""
    stream = io.StringIO()
    write(iter(reports), stream, **options)
    SCHEMA.validate(stream.getvalue())
    found = list(ElementTree.fromstring(stream.getvalue()))
    for suite in found:
        cases = suite.findall("testcase")
        assert int(suite.attrib["tests"]) == len(cases)
        assert int(suite.attrib["failures"]) == len(suite.findall("testcase/failure"))
        assert int(suite.attrib["skipped"]) == len(suite.findall("testcase/skipped"))
        assert len({case.attrib["name"] for case in cases}) == len(cases)
    assert [suite.attrib["id"] for suite in found] == [str(number) for number in range(len(found))]
    return found


def failed(suite: ElementTree.Element) -> dict[str, ElementTree.Element]:
    cases = ((case.attrib["name"], case.find("failure")) for case in suite.findall("testcase"))
    return {name: failure for name, failure in cases if failure is not None}


def test_a_suite_an_article_and_a_test_a_rule() -> None:
    strike, clean, *_ = found = suites(desk())
    assert [suite.attrib["name"] for suite in found] == [made.article.id for made in desk()]
    assert failed(strike).keys() == {"fr/confusion/cession-session", "fr/words/unknown", "fr/locale/billion"}
    failure = failed(strike)["fr/locale/billion"]
    assert failure.attrib["type"] == "critical: locale/number-format"
    assert (
        failure.text == f"4:78 [critical] 3.5 billion — Le «{N}billion{N}» anglais est un milliard. → 3,5{N}milliards"
    )
    assert [case.attrib["name"] for case in clean.findall("testcase")] == ["no issue"]


def test_whether_a_machine_translated_it_is_a_property_and_fails_nothing() -> None:
    found = suites([*judged_desk(), abroad()])
    told = [{one.attrib["name"]: one.attrib["value"] for one in suite.iter("property")} for suite in found]
    assert told == [
        {"probability": "0.9437", "verdict": "likely"},
        {"probability": "0.87", "verdict": "likely"},
        {},
        {"probability": "0.41", "verdict": "unclear"},
        {},
    ]
    assert [failed(suite).keys() for suite in found] == [failed(suite).keys() for suite in suites([*desk(), abroad()])]


def test_what_is_under_the_bar_passes_and_is_still_told() -> None:
    strike = suites(desk())[0]
    assert "fr/calques/make-sense" not in failed(strike)
    said = strike.findtext("system-out")
    assert said is not None
    assert said.count("[minor] fait sens") == 2
    assert "fr/calques/make-sense" in failed(suites(desk(), fail_on=Severity.MINOR)[0])
    assert failed(suites(desk(), fail_on=Severity.CRITICAL)[0]).keys() == {"fr/locale/billion"}
    assert not failed(suites(desk(), fail_on=None)[0])


def test_the_title_of_a_rule_says_why_it_failed() -> None:
    rule = Rule("fr/calques/make-sense", "phrase", "Calque of make sense", "m", "w", "style/calque", Severity.MINOR)
    (strike, *_) = suites(desk(), rules={rule.id: rule}, fail_on=Severity.MINOR)
    assert failed(strike)[rule.id].attrib["message"] == "Calque of make sense (2 times)"


def test_an_engine_that_could_not_run_is_a_skipped_test() -> None:
    skipped = suites(desk())[0].find("testcase/skipped")
    assert skipped is not None
    assert skipped.attrib["message"] == "fr_core_news_md is not installed (37 rules went without)"


def test_inputs_that_could_not_be_read_fail() -> None:
    *_, last = suites(desk(), unreadable=[InputError("copie/vide.txt", "the file is empty")])
    assert failed(last)["copie/vide.txt"].attrib["message"] == "the file is empty"


@pytest.mark.parametrize("hostile", ["a]]>b & <c> \"d\" 'e'", "\x00\x1b[2J\ufffe", "\ud800", "x\r\n\ty", "<!--"])
def test_any_text_makes_valid_xml(hostile: str) -> None:
    find = Find(hostile, "fr/a/b", "style/calque", Severity.MAJOR, hostile, (hostile,))
    made = report("a.txt", f"Vu : {hostile} hier.", (find,))
    made = replace(made, article=replace(made.article, id=f"nom {hostile}"))
    error = InputError(hostile, hostile)
    (suite, last) = suites([made], unreadable=[error])
    (failure,) = failed(suite).values()
    shown = "".join(char if char.isprintable() or char in "\r\n\t" else "\ufffd" for char in hostile)
    assert shown in failure.attrib["message"]
    assert last.findtext("testcase/failure") == error.reason


def test_no_article_at_all() -> None:
    assert suites([]) == []


def test_an_article_in_another_language_is_no_success() -> None:
    (suite,) = suites([abroad()])
    skipped = suite.find("testcase/skipped")
    assert skipped is not None
    assert skipped.attrib["message"] == "the article is in another language (en)"
