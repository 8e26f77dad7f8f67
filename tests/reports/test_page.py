"""The page in a browser."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from mtaudit.model import Severity
from mtaudit.reports.html_report import write
from tests.reports.archive import archive
from tests.reports.conftest import DESKTOP, Opener
from tests.reports.newsdesk import STRIKE, Find, N, abroad, desk, judged_desk, report
from tests.reports.test_html_report import NOW, RULES, WHY

pytestmark = pytest.mark.browser
PHONE = {"width": 360, "height": 740}


def marks(page: Page) -> list[str]:
    return page.locator("main .mark").all_inner_texts()


def strike(page: Page) -> Page:
    page.get_by_role("link", name="copie/greve-des-eboueurs.txt").click()
    page.wait_for_selector("main .article")
    return page


def test_articles_stand_by_lane_and_the_worst_first(opened: Opener) -> None:
    page = opened(desk())
    lanes = page.locator("#list section")
    assert [lane.get_attribute("data-lane") for lane in lanes.all()] == ["retranslate", "edit", "clean"]
    assert page.locator("#headline").inner_text() == f"4{N}articles · 1 à retraduire · 1 à corriger · 2 bons à publier"
    worst = opened(list(archive(20))).locator("#list section[data-lane=edit] .under").all_inner_texts()
    assert len(worst) == 6


def test_a_click_on_a_mark_gives_reason_suggestion_and_evidence(opened: Opener) -> None:
    made = desk()[0]
    issues = tuple(replace(issue, evidence={"context": ["CGT", "prime"], "score": 0.5}) for issue in made.issues)
    page = opened([replace(made, issues=issues)])
    assert marks(page) == ["fait sens", "cessions de pourparlers", "precisé", "fait sens", "3.5 billion"]
    page.get_by_role("button", name="cessions de pourparlers", exact=True).click()
    note = page.locator(".note.open")
    expect(note).to_have_count(1)
    assert "majeure" in note.locator(".kind").inner_text()
    assert note.locator(".message").inner_text().startswith(f"«{N}cession{N}» est l’acte de céder")
    assert note.locator(".fix").all_inner_texts() == ["sessions de pourparlers"]
    assert note.locator(".why").inner_text() == WHY
    assert (
        note.locator(".facts").inner_text().split("\n\n") == [] or "CGT, prime" in note.locator(".facts").inner_text()
    )
    assert "Grevisse" in note.locator(".facts").inner_text()
    assert page.locator(".mark.active").all_inner_texts() == ["cessions de pourparlers"]
    page.locator(".note h3 button").nth(4).click()
    assert page.locator(".mark.active").all_inner_texts() == ["3.5 billion"]


def test_the_text_is_the_article(opened: Opener) -> None:
    page = strike(opened(desk()))
    lines = [line for line in STRIKE.splitlines() if line.strip()]
    assert page.locator("main .text p").evaluate_all("all => all.map(one => one.textContent)") == lines


def test_the_keyboard_goes_from_issue_to_issue_and_on_to_the_next_article(opened: Opener) -> None:
    page = opened(desk())
    for words in ("fait sens", "cessions de pourparlers", "precisé", "fait sens", "3.5 billion", "60 miles par heure"):
        page.keyboard.press("j")
        expect(page.locator(".mark.active")).to_have_text(words)
        assert page.evaluate("document.activeElement.textContent") == words
    page.keyboard.press("k")
    expect(page.locator(".mark.active")).to_have_text("3.5 billion")
    page.keyboard.press("ArrowLeft")
    expect(page.locator(".mark.active")).to_have_text("fait sens")
    page.keyboard.press("Shift+J")
    expect(page.locator(".mark.active")).to_have_text("60 miles par heure")
    page.keyboard.press("v")
    expect(page.get_by_role("heading", name="Vue d’ensemble")).to_be_visible()


def test_a_mark_is_reached_and_opened_by_tab_and_enter(opened: Opener) -> None:
    page = strike(opened(desk()))
    page.get_by_role("button", name="precisé", exact=True).focus()
    page.keyboard.press("Enter")
    assert page.locator(".note.open .words").inner_text() == f"«{N}precisé{N}»"
    assert page.evaluate("document.activeElement.getAttribute('aria-expanded')") == "true"
    page.keyboard.press("Escape")
    expect(page.locator(".note.open")).to_have_count(0)


def test_filters_by_severity_category_and_region(opened: Opener) -> None:
    page = strike(opened(desk()))
    page.get_by_text("Filtres").click()
    page.get_by_label("Mineures").uncheck()
    assert marks(page) == ["cessions de pourparlers", "precisé", "3.5 billion"]
    expect(page.locator("#list a:visible")).to_have_count(1)
    expect(page.locator("#count")).to_have_text(f"3{N}signalements, 1{N}article")
    page.get_by_label("Mot inexistant").uncheck()
    assert marks(page) == ["cessions de pourparlers", "3.5 billion"]
    page.get_by_role("button", name="Tout cocher").click()
    expect(page.locator("main .mark")).to_have_count(5)
    expect(page.locator("#list a:visible")).to_have_count(4)
    page.get_by_label("Corps").uncheck()
    expect(page.locator("main .mark")).to_have_count(0)
    expect(page.locator("#count")).to_have_text("Aucun article ne répond à ces critères.")


def test_a_search_needs_no_accents(opened: Opener) -> None:
    page = opened(desk())
    page.get_by_role("searchbox").fill("greve des eboueurs")
    expect(page.locator("#list a:visible")).to_have_count(1)
    page.get_by_role("searchbox").fill("l'introuvable")
    expect(page.locator("#list a:visible")).to_have_count(0)


def test_charts_show_the_whole_run_and_follow_the_filters(opened: Opener) -> None:
    page = opened(desk())
    rows = page.get_by_role("table", name="Signalements par catégorie").locator("tbody tr")
    assert rows.nth(0).locator("th, .n").all_inner_texts() == ["calque", "0", "0", "2"]
    assert rows.nth(0).locator("rect.minor").count() == 1
    outlets = page.get_by_role("table", name="Score par source").locator("tbody tr")
    assert outlets.nth(0).locator("th, .n").all_inner_texts() == ["copie", "4", "18,6"]
    page.get_by_text("Filtres").click()
    page.get_by_label("Mineures").uncheck()
    expect(rows).to_have_count(3)


def test_the_way_back_leads_back(opened: Opener) -> None:
    page = strike(opened(desk()))
    page.go_back()
    expect(page.get_by_role("heading", name="Vue d’ensemble")).to_be_visible()
    page.go_forward()
    expect(page.locator("main .mark")).to_have_count(5)
    page.reload()
    expect(page.locator("main .mark")).to_have_count(5)


def test_marks_that_overlap_are_each_within_reach(opened: Opener) -> None:
    text = "Le ministre 🗼 a fait sens commun, dit-on."
    finds = tuple(
        Find(words, f"fr/a/{n}", "style/calque", severity, f"Message {n}.")
        for n, (words, severity) in enumerate(
            [("fait sens commun", Severity.MINOR), ("sens", Severity.CRITICAL), ("commun, dit", Severity.MAJOR)]
        )
    )
    page = opened([report("a.txt", text, finds)])
    assert page.locator("main .text p").evaluate("one => one.textContent") == text
    assert marks(page) == ["fait ", "sens", " ", "commun", ", dit"]
    for number in range(3):
        page.locator(".note h3 button").nth(number).click()
        assert page.locator(".mark.active").count() >= 1
    page.locator(".mark", has_text="sens").last.click()
    assert page.locator(".note.open .message").inner_text() == "Message 1."


def test_an_article_in_another_language_stands_apart(opened: Opener) -> None:
    page = opened([*desk(), abroad()])
    assert page.locator("#list section").last.locator("h2").inner_text().split() == ["Laissé", "de", "côté", "1"]
    page.get_by_role("link", name="copie/market.txt").click()
    expect(page.locator(".verdict p")).to_have_text("laissé de côté, en anglais")
    expect(page.locator("main .text")).to_have_attribute("lang", "en")
    assert page.locator("#notes").inner_text() == f"Cet article n’est pas en français{N}: il n’a pas été audité."


def test_articles_of_the_same_name_are_told_apart(opened: Opener) -> None:
    first, second, *_ = desk()
    page = opened([first, replace(second, article=replace(second.article, id=first.article.id))])
    page.locator("#list a").last.click()
    expect(page.locator("main .text")).to_contain_text("marché couvert")
    page.locator("#list a").first.click()
    expect(page.locator("main .text")).to_contain_text("éboueurs")


HOSTILE = '<img src=x onerror="alert(1)"><script>alert(2)</script></script><svg onload=alert(3)>{{data}}'


def test_no_script_from_an_article_runs_and_no_markup_is_made(opened: Opener) -> None:
    find = Find(HOSTILE, "fr/a/b", "style/calque", Severity.MAJOR, HOSTILE, (HOSTILE,))
    made = report("a.txt", f"Il a dit {HOSTILE} hier.", (find,))
    article = replace(made.article, id=HOSTILE, path=HOSTILE, title=HOSTILE, outlet=HOSTILE, url="javascript:alert(4)")
    issues = tuple(replace(issue, evidence={HOSTILE: HOSTILE}) for issue in made.issues)
    hostile = replace(made, article=article, issues=issues)
    page = opened([hostile, *desk()])
    page.keyboard.press("j")
    page.keyboard.press("v")
    page.locator("#list a[data-article='0']").click()
    page.keyboard.press("j")
    assert page.locator("main h2").inner_text() == HOSTILE
    assert HOSTILE in page.locator(".note.open .message").inner_text()
    assert page.locator("img, svg[onload], body script:not([type]):not(:last-of-type), [href^=javascript]").count() == 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_axe_finds_nothing(opened: Opener, scheme: str, viewport: dict[str, int]) -> None:
    page = opened([*judged_desk(), abroad()], color_scheme=scheme, viewport=viewport, reduced_motion="reduce")
    views: dict[str, Callable[[], object]] = {
        "overview": lambda: None,
        "list": lambda: page.evaluate("location.hash = '#liste'"),
        "filters": lambda: page.locator("#filters summary").click(),
        "article": page.locator("#list a").first.click,
        "clue": lambda: page.get_by_role("button", name="que la").click(),
        "note": lambda: page.locator("main .mark").nth(1).click(),
        "help": lambda: page.evaluate("document.getElementById('help').showModal()"),
    }
    axe: Any = Axe()
    for name, go in views.items():
        go()
        page.wait_for_timeout(50)
        found = axe.run(page)
        assert found.violations_count == 0, f"{name}: {found.generate_report()}"


@pytest.mark.parametrize("width", [320, 360, 768, 1100])
def test_nothing_is_wider_than_the_screen(opened: Opener, width: int) -> None:
    page = opened(judged_desk(), viewport={"width": width, "height": 700})
    for address in ("#ensemble", "#liste", "#article=copie%2Fgreve-des-eboueurs.txt"):
        page.evaluate("address => { location.hash = address; }", address)
        page.wait_for_timeout(50)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        main = page.locator("main")
        if main.is_visible():
            assert main.evaluate("one => one.scrollWidth - one.clientWidth") <= 0, address


def test_on_a_phone_one_note_lies_under_the_text(opened: Opener) -> None:
    page = opened(desk(), viewport=PHONE, has_touch=True)
    page.get_by_role("button", name="← Articles").tap()
    page.locator("#list a").first.tap()
    page.locator("main .mark").nth(2).tap()
    expect(page.locator(".note:visible")).to_have_count(1)
    mark, note = page.locator(".mark.active").bounding_box(), page.locator(".note.open .words").bounding_box()
    assert mark is not None
    assert note is not None
    assert 0 < mark["y"] < note["y"] < PHONE["height"]
    page.get_by_role("button", name="Suivant →").tap()
    expect(page.locator(".mark.active")).to_have_text("fait sens")


def test_in_print_every_reason_is_told_and_the_tools_are_gone(opened: Opener) -> None:
    page = strike(opened(desk(), color_scheme="dark"))
    page.emulate_media(media="print")
    expect(page.locator(".note .message:visible")).to_have_count(5)
    for tool in ("nav", ".bar", ".pager", ".fixes button >> nth=0"):
        expect(page.locator(tool)).to_be_hidden()
    background = page.locator("body").evaluate("one => getComputedStyle(one).color")
    assert background == "rgb(23, 27, 31)"


def test_the_whole_run_can_be_printed(opened: Opener) -> None:
    page = opened(desk())
    page.evaluate("window.print = () => { window.asked = true; }")
    page.get_by_role("button", name=f"Imprimer 4{N}articles").click()
    page.emulate_media(media="print")
    assert page.evaluate("window.asked")
    expect(page.locator(".printed article:visible")).to_have_count(4)
    expect(page.locator(".printed .message:visible")).to_have_count(6)
    expect(page.get_by_role("heading", name="Vue d’ensemble")).to_be_hidden()
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    expect(page.locator(".printed")).to_have_count(0)
    expect(page.get_by_role("heading", name="Vue d’ensemble")).to_be_visible()


def test_the_theme_can_be_turned(opened: Opener) -> None:
    page = opened(desk(), color_scheme="light")
    colour = "getComputedStyle(document.querySelector('main')).backgroundColor"
    assert page.evaluate(colour) == "rgb(255, 255, 255)"
    page.locator("#theme").click()
    assert page.evaluate(colour) == "rgb(27, 31, 34)"


def test_one_article_needs_no_list(opened: Opener) -> None:
    page = opened(desk()[:1])
    expect(page.locator("nav")).to_be_hidden()
    expect(page.locator("main .mark")).to_have_count(5)


def test_no_article_at_all(opened: Opener) -> None:
    expect(opened([]).get_by_role("heading", name="Vue d’ensemble")).to_be_visible()


def test_five_hundred_articles_open_and_filter_in_a_second(browser: Browser, tmp_path: Path) -> None:
    path = tmp_path / "archive.html"
    with path.open("w", encoding="utf-8") as file:
        write(archive(500), file, now=NOW, rules=RULES)
    assert path.stat().st_size < 5_000_000
    page = browser.new_page(viewport=DESKTOP)  # type: ignore[arg-type]
    spent = _clock(page)
    page.goto(path.as_uri())
    page.wait_for_selector("html[data-ready]")
    page.wait_for_selector("#list a >> nth=499", state="attached")
    opening, by_the_clock = spent(), page.evaluate("performance.now() / 1000")
    page.locator("#list a").first.click()
    page.locator("#filters summary").click()
    page.wait_for_selector("main .mark.minor")
    before = spent()
    page.get_by_label("Mineures").uncheck()
    page.wait_for_selector("main .mark.minor", state="detached")
    page.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
    filtering = spent() - before
    before = spent()
    page.get_by_role("searchbox").fill("incendie maitrise")
    expect(page.locator("#count")).to_contain_text(f"50{N}articles")
    searching = spent() - before
    assert page.locator("main .mark").count() > 5
    page.close()
    print(
        f"\n{path.stat().st_size} bytes; opens in {opening:.2f} s ({by_the_clock:.2f} by the clock), "
        f"filters in {filtering:.2f}, finds in {searching:.2f}"
    )
    assert 0 < opening < 1
    assert 0 < filtering < 1
    assert 0 < searching < 1


def _clock(page: Page) -> Callable[[], float]:
    """Seconds of processor time that the page has taken: those of the clock depend on what else the machine does."""
    session = page.context.new_cdp_session(page)
    session.send("Performance.enable", {"timeDomain": "threadTicks"})

    def spent() -> float:
        metrics = session.send("Performance.getMetrics")["metrics"]
        return float(next(metric["value"] for metric in metrics if metric["name"] == "TaskDuration"))

    return spent
