"""What is kept of the texts of rules between runs."""

from __future__ import annotations

import pytest

from mtaudit import facts
from mtaudit.alternatives import literals_of
from mtaudit.facts import Facts
from mtaudit.regexes import best_trigger, openings_of


def test_what_an_earlier_run_kept_is_read_when_asked_for_and_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(facts, "_FACTS", Facts({}, {}, {}, {}, {}))
    monkeypatch.setattr(facts, "_UNREAD", [])
    reads = []

    def read() -> Facts:
        reads.append(1)
        return Facts({"en .* année": ((" année",), -1, -1)}, {}, {"en": ("en",)}, {}, {"{a|ont} tenu": ["kept"]})

    facts.learn_later(read)
    assert reads == []
    assert literals_of("{a|ont} tenu") == ["kept"]
    assert best_trigger("en .* année").literals == (" année",)
    assert openings_of("en") == {"en"}
    assert reads == [1]
    assert literals_of("{a|ont} pris") == ["a pris", "ont pris"]


def test_a_copy_that_cannot_be_read_costs_only_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(facts, "_FACTS", Facts({}, {}, {}, {}, {}))
    monkeypatch.setattr(facts, "_UNREAD", [lambda: None])
    assert literals_of("{a|ont} pris") == ["a pris", "ont pris"]
