"""What the page shows in a browser of whether a machine translated the article."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.reports.conftest import Opener
from tests.reports.newsdesk import STRIKE, N, abroad, desk, judged_desk
from tests.reports.test_page import strike

pytestmark = pytest.mark.browser


def test_a_clue_leads_to_its_places_one_after_the_other(opened: Opener) -> None:
    page = strike(opened(judged_desk()))
    assert page.locator(".machine p").first.inner_text() == (
        f"Traduction automatique{N}: probable (94{N}%){N}· traduit, semble-t-il, de l’anglais"
    )
    assert page.locator(".clues h3").all_inner_texts() == ["Indices", "Indices contraires"]
    assert f"mots et tournures{N}×{N}8,2{N}· fréquence des fautes{N}×{N}2,8" in page.locator(".signals").inner_text()
    assert f"richesse du vocabulaire{N}÷{N}1,4" in page.locator(".signals").inner_text()
    assert page.locator(".trait").all_inner_texts() == ["richesse du vocabulaire"]
    page.keyboard.press("j")
    clue = page.get_by_role("button", name="que la")
    for shown in (f"1{N}sur{N}2", f"2{N}sur{N}2"):
        clue.click()
        expect(clue).to_have_attribute("aria-pressed", "true")
        assert clue.inner_text() == f"«{N}que la{N}»{N}{shown}"
        assert page.locator("mark.place").all_inner_texts() == ["que la", "que la"]
        assert page.locator("mark.here").get_attribute("data-place") == str(int(shown[0]) - 1)
        assert page.locator(".mark.active").all_inner_texts() == ["fait sens"]
    clue.click()
    expect(page.locator("mark.place")).to_have_count(0)
    assert clue.inner_text() == f"«{N}que la{N}»{N}2{N}fois"
    page.get_by_role("button", name="nombre à l’anglaise", exact=True).press("Enter")
    assert page.locator("mark.place").all_inner_texts() == ["3.5 billion"]
    assert page.locator("main .text p").evaluate_all("all => all.map(one => one.textContent)") == [
        line for line in STRIKE.splitlines() if line.strip()
    ]
    page.keyboard.press("Escape")
    expect(page.locator("mark.place")).to_have_count(0)
    expect(page.locator("[aria-pressed=true]")).to_have_count(0)
    page.locator("main .mark").nth(4).click()
    assert "anglais est un milliard" in page.locator(".note.open .message").inner_text()


def test_articles_are_counted_and_chosen_by_verdict(opened: Opener) -> None:
    page = opened([*judged_desk(), abroad()])
    legend = page.locator(".overview section", has_text="Probabilité qu’une machine").locator(".legend li")
    assert legend.all_inner_texts() == ["2 probables", "1 incertaine", "2 non jugées"]
    outlets = page.get_by_role("table", name="Score par source").locator("tbody tr")
    assert outlets.nth(0).locator("th, .n").all_inner_texts() == ["copie", "4", "2", "18,6"]
    assert page.locator("#list .likely").count() == 2
    page.get_by_text("Filtres").click()
    page.get_by_label("Incertaine").uncheck()
    page.get_by_label("Non jugée").uncheck()
    expect(page.locator("#list a:visible")).to_have_count(2)
    expect(page.locator("#filtered")).to_have_text("(actifs)")
    page.get_by_role("button", name="Tout cocher").click()
    expect(page.locator("#list a:visible")).to_have_count(5)
    expect(opened(desk()).locator("#filter-form")).not_to_contain_text("Traduction automatique")
