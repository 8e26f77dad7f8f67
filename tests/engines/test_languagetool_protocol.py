"""What goes to a LanguageTool server and what comes back: addresses, offsets, line ends, surrogates."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mtaudit.engines.languagetool.protocol import Address, Garbled, Sent
from mtaudit.errors import EngineError
from tests.engines import standin


@given(st.text(st.one_of(st.characters(), st.sampled_from("\n\r🙂𝒞e\u0301"))), st.text(st.characters()))
def test_a_match_lands_on_its_word_whatever_stands_before(before: str, after: str) -> None:
    text = f"{before} faux {after}".replace("fauxfaux", "")
    sent = Sent.of(text)
    found = sent.matches(standin.matches(sent.text))
    assert [text[match.start : match.end] for match in found] == ["faux"] * text.count("faux")


def test_a_line_end_is_sent_twice_so_that_a_headline_ends() -> None:
    text = "Un titre\nUn faux.\r\nUn autre faux."
    sent = Sent.of(text)
    assert sent.text == "Un titre\n\nUn faux.\r\n\nUn autre faux."
    assert [match.start for match in sent.matches(standin.matches(sent.text))] == [12, 28]


def test_a_lone_surrogate_can_be_sent() -> None:
    text = "\ud83d faux \ude42"
    sent = Sent.of(text)
    assert b"faux" in sent.body("fr")
    assert [tuple(match[3:5]) for match in sent.matches(standin.matches(sent.text))] == [(2, 6)]


def test_half_a_character_is_not_marked() -> None:
    answer = json.loads(standin.matches("🙂 faux"))
    answer["matches"][0]["offset"] = 1
    assert Sent.of("🙂 faux").matches(json.dumps(answer).encode()) == ()


@pytest.mark.parametrize("url", ["http://h:1", "http://h:1/", "http://h:1/v2", "http://h:1/v2/check", "http://h:1/v2/"])
def test_a_url_may_end_as_it_likes(url: str) -> None:
    assert Address.of(url) == Address("http", "h", 1, "/v2")


@pytest.mark.parametrize("url", ["ftp://h", "http://", "http://h:port", "file:///etc/passwd", "h:8081"])
def test_what_is_no_url_of_a_server_is_refused(url: str) -> None:
    with pytest.raises(EngineError):
        Address.of(url)


def test_an_unreadable_answer_is_named() -> None:
    with pytest.raises(Garbled, match="not LanguageTool's"):
        Sent.of("a").matches(b"\x00")
