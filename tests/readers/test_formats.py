"""One story in every format: the same words, in the same order, with what the record says of it."""

from __future__ import annotations

import gzip
import io
import json
from pathlib import Path
from typing import Any, BinaryIO, cast

import pytest

from mtaudit.errors import InputError, UsageError
from mtaudit.model import Article, RegionKind
from mtaudit.readers import READERS, Reading, read_paths
from mtaudit.readers.columns import mapping
from mtaudit.readers.detection import SUFFIXES, detect
from tests.readers import incoming
from tests.readers.incoming import BODY, INCOMING, OUTLET, PARAGRAPHS, PUBLISHED, STORY, TITLE

#: Formats of records, whose text is the column's and stays as it is.
RECORDS = {"json", "jsonl", "csv", "tsv", "parquet"}


def read(data: bytes, **options: object) -> list[Article | InputError]:
    return list(read_paths(["-"], stdin=lambda: io.BytesIO(data), reading=Reading(**options)))  # type: ignore[arg-type]


def articles(data: bytes, **options: object) -> list[Article]:
    found = read(data, **options)
    assert all(isinstance(one, Article) for one in found), found
    return [one for one in found if isinstance(one, Article)]


def failures(data: bytes, **options: object) -> list[str]:
    return [str(one) for one in read(data, **options) if isinstance(one, InputError)]


@pytest.mark.parametrize("name", INCOMING)
def test_the_story_comes_out_whole_and_by_its_content_alone(name: str) -> None:
    article = articles(INCOMING[name])[0]
    if name == "eml":
        assert article.text == f"{BODY}\n\n-- \nLa rédaction"
    else:
        assert article.text == (BODY if name in RECORDS else STORY)
    assert article.title == TITLE
    assert article.lang == "fr"
    # Every paragraph is where a reader of the report would look for it, no-break spaces and all.
    for paragraph in PARAGRAPHS:
        assert article.text.count(paragraph) == 1
    headlines = [article.text[slice(*one.span)] for one in article.regions if one.kind is RegionKind.HEADLINE]
    assert headlines == ([] if name in RECORDS | {"eml"} else [TITLE])


@pytest.mark.parametrize("name", sorted(INCOMING.keys() - {"eml", "html", "nitf"}))
def test_what_the_record_says_of_the_story(name: str) -> None:
    article = articles(INCOMING[name])[0]
    assert article.id == incoming.ID
    assert article.published == PUBLISHED
    assert article.author == incoming.AUTHOR
    assert article.outlet == OUTLET
    if not name.startswith(("newsml", "ninjs")):
        assert article.url == incoming.URL


def test_what_a_page_and_a_message_say_of_themselves() -> None:
    page = articles(INCOMING["html"])[0]
    assert (page.url, page.outlet, page.author) == (incoming.URL, OUTLET, incoming.AUTHOR)
    assert page.published == "2026-03-12"
    message = articles(INCOMING["eml"])[0]
    assert (message.outlet, message.published) == (OUTLET, PUBLISHED)
    (signature,) = message.regions
    assert signature.kind is RegionKind.BOILERPLATE
    assert message.text[slice(*signature.span)] == "-- \nLa rédaction"


@pytest.mark.parametrize("name", sorted(INCOMING))
def test_a_misleading_suffix_changes_nothing(name: str, tmp_path: Path) -> None:
    wanted = articles(INCOMING[name])[0].text
    for suffix in (".html", ".json", ".xml", ".bin", ""):
        if name in {"csv", "tsv", "eml"} and suffix in {".html", ".json", ".xml"}:
            continue
        path = tmp_path / f"copie{suffix}"
        path.write_bytes(INCOMING[name])
        first = next(iter(read_paths([path])))
        assert isinstance(first, Article), (suffix, first)
        assert first.text == wanted


def test_the_format_that_the_user_names_decides() -> None:
    (article,) = articles(INCOMING["rss"], input_format="text")
    assert article.text == incoming.RSS
    assert "this is no feed" in failures(INCOMING["newsml-nitf"], input_format="rss")[0]
    with pytest.raises(UsageError, match="no input format 'rtf'"):
        Reading(input_format="rtf")
    assert {"rss", "atom", "html", "eml", "parquet", "newsml", "ninjs"} <= READERS.keys()


def test_prose_is_not_taken_for_a_format() -> None:
    prose = {
        "De : la rédaction\nÀ : tous\n\nLe texte suit.": ".txt",
        "[Mise à jour] Le préfet a dit non.": ".txt",
        "{Note} Le préfet a dit non.": "",
        "<p>Un paragraphe en HTML dans une page de notes.</p>\n\nLa suite en Markdown.": ".md",
        "Le maire, le préfet, le texte et la date\nont été rendus publics.": "",
        "Texte; date\nvoilà": ".txt",
    }
    assert [detect(text.encode(), suffix) for text, suffix in prose.items()] == [
        "text",
        "text",
        "text",
        "markdown",
        "text",
        "text",
    ]


def test_a_feed_gives_one_article_an_entry_its_content_before_its_summary() -> None:
    story, brief = articles(INCOMING["rss"])
    assert "Le port a rouvert." not in story.text
    assert brief.text == "Une brève\n\nLa bibliothèque ferme «\u00a0pour travaux\u00a0»."
    assert brief.id == "https://courrier.example/breve"
    _, second = articles(INCOMING["json-feed"])
    assert second.text == "La bibliothèque ferme."


def test_an_entry_without_text_is_named_and_the_others_are_read() -> None:
    broken = incoming.RSS.replace("<item><title>Une brève", "<item></item><item><title>Une brève")
    found = read(broken.encode())
    assert [isinstance(one, InputError) for one in found] == [False, False, True]
    assert str(found[2]) == "-, entry 2: it has neither title nor text"


def test_feeds_with_the_usual_faults_are_read_whole() -> None:
    sloppy = incoming.RSS.replace("Une brève", "Pêche & chasse&nbsp;: l&#146;&eacute;t&eacute;")
    assert articles(sloppy.encode())[1].title == "Pêche & chasse\u00a0: l’été"
    latin = incoming.RSS.replace('encoding="UTF-8"', 'encoding="ISO-8859-1"').replace("\u202f", "&#8239;")
    assert articles(latin.encode("latin-1"))[0].title == TITLE
    lying = incoming.RSS.replace("\u202f", " ").encode("cp1252")
    assert articles(lying)[0].title == TITLE


@pytest.mark.parametrize("codec", ["utf-16", "utf-8-sig", "utf-16-be"])
def test_feeds_in_other_encodings(codec: str) -> None:
    text = incoming.RSS.replace('encoding="UTF-8"', f'encoding="{"UTF-8" if "8" in codec else "UTF-16"}"')
    data = ("\ufeff" + text).encode(codec) if codec == "utf-16-be" else text.encode(codec)
    assert articles(data)[0].text == STORY


def test_a_truncated_feed_gives_its_whole_entries_and_is_named() -> None:
    cut = incoming.RSS[: incoming.RSS.index("La bibliothèque") + 10]
    found = read(cut.encode())
    assert [one.title for one in found if isinstance(one, Article)] == [TITLE]
    assert "the feed is damaged" in str(found[-1])
    assert "1 whole entries" in str(found[-1])


def test_titles_of_feeds_lose_markup_and_keep_words() -> None:
    titles = {
        "&lt;script&gt;alert(1)&lt;/script&gt;Le &lt;b&gt;maire&lt;/b&gt;": "Le maire",
        "<![CDATA[L&rsquo;été &amp; l’hiver]]>": "L’été & l’hiver",
        "Moins de 3 &amp;lt; 4": "Moins de 3 < 4",
    }
    for written, meant in titles.items():
        assert articles(incoming.RSS.replace("Une brève", written).encode())[1].title == meant


def test_news_items_without_text_are_named_when_asked_for_and_passed_over_in_a_folder(tmp_path: Path) -> None:
    picture = incoming.newsml('<remoteContent href="photo.jpg" contenttype="image/jpeg"/>')
    assert failures(picture.encode()) == ["-: no news item in it has text"]
    (tmp_path / "photo.xml").write_text(picture, encoding="utf-8")
    (tmp_path / "texte.xml").write_text(incoming.NEWSML_NITF, encoding="utf-8")
    (tmp_path / "reglages.json").write_text('{"couleur": "bleu"}', encoding="utf-8")
    found = list(read_paths([tmp_path]))
    assert [one.id for one in found if isinstance(one, Article)] == [incoming.ID]
    assert len(found) == 1
    (tmp_path / "texte.xml").unlink()
    # What is all there is does not pass for a clean folder.
    assert len([one for one in read_paths([tmp_path]) if isinstance(one, InputError)]) == 2


def test_a_message_carries_several_news_items() -> None:
    items = (
        incoming.NEWSML_NITF.partition("?>")[2]
        + incoming.newsml("<inlineData>Une brève en texte simple.</inlineData>").partition("?>")[2]
    )
    found = articles(f"<newsMessage><itemSet>{items}</itemSet></newsMessage>".encode())
    assert [one.text for one in found] == [STORY, f"{TITLE}\n\nUne brève en texte simple."]


def test_columns_by_their_usual_names_and_by_the_names_given() -> None:
    article = articles(INCOMING["jsonl"])[0]
    assert article.source == incoming.RECORD["source_text"]
    assert article.source_lang == "en"
    rows = [{"corps": "Le préfet a dit non.", "chapeau": "Non", "source": "Reuters", "vo": "The prefect said no."}]
    data = "".join(json.dumps(row) + "\n" for row in rows).encode()
    columns = mapping(["text=corps", "title=chapeau", "source=vo"])
    (article,) = articles(data, columns=columns)
    assert (article.text, article.title, article.source) == ("Le préfet a dit non.", "Non", "The prefect said no.")
    assert article.outlet is None
    # `source` is the outlet in half of all archives: nobody's text is compared with "Reuters".
    (article,) = articles(data, columns=mapping(["text=corps"]))
    assert article.source is None


def test_columns_that_are_not_there_are_said_with_those_that_are() -> None:
    data = INCOMING["csv"].replace(b'"text"', b'"texts"')
    assert failures(data, input_format="csv") == [
        "-: no column holds the text; did you mean 'texts'?; name it: --column text=NAME"
    ]
    assert failures(INCOMING["csv"], columns={"text": "txt"})[0] == "-: it has no column 'txt'; did you mean 'text'?"
    for wrong, said in (("texte", "write FIELD=COLUMN"), ("txt=a", "did you mean 'text'?"), ("text=", "write FIELD")):
        with pytest.raises(UsageError, match=said.replace("?", r"\?")):
            mapping([wrong])


def test_the_marks_of_annotators_are_no_articles(tmp_path: Path) -> None:
    mark = {"file": "a.txt", "text": "cessions", "start": 4, "end": 12, "category": "accuracy/wrong-word"}
    (tmp_path / "gold.jsonl").write_text(json.dumps(mark), encoding="utf-8")
    (tmp_path / "a.txt").write_text("Les cessions de pourparlers.", encoding="utf-8")
    [found] = read_paths([tmp_path])
    assert isinstance(found, Article)
    assert found.path == str(tmp_path / "a.txt")
    [fault] = failures(json.dumps(mark).encode(), input_format="jsonl")
    assert "mark places in other texts" in fault
    assert articles(json.dumps(mark).encode(), input_format="jsonl", columns={"text": "text"})


def test_bad_records_are_named_and_the_good_ones_are_read() -> None:
    lines = INCOMING["jsonl"].splitlines(keepends=True)
    bad = [b"{pas du json\n", b"[1]\n", b'{"text": null}\n', b'{"text": 3}\n', b"\n"]
    found = read(b"".join([lines[0], *bad, lines[1]]))
    assert len([one for one in found if isinstance(one, Article)]) == 2
    assert [str(one).partition(": ")[0] for one in found if isinstance(one, InputError)] == [
        "-, line 2",
        "-, line 3",
        "-, line 4",
        "-, line 5",
    ]


def test_a_thousand_bad_records_are_counted() -> None:
    found = failures(INCOMING["jsonl"] + b"{}\n" * 1000)
    assert len(found) == 21
    assert found[-1] == "-: 980 more lines could not be read"


def test_a_spreadsheet_as_french_offices_save_it() -> None:
    data = table = incoming.table(";").replace("\u202f", " ").encode("cp1252")
    assert articles(table)[0].text == BODY.replace("\u202f", " ")
    assert articles(b"\xef\xbb\xbf" + incoming.table(",").encode())[0].text == BODY
    assert len(articles(data)) == 2


def test_a_quotation_mark_that_is_never_closed_ends_the_table_there() -> None:
    text = incoming.table(";") + 'x;"' + "Le préfet a dit non. " * 10_000
    found = read(text.encode(), max_bytes=100_000)
    assert len([one for one in found if isinstance(one, Article)]) == 2
    assert "a quotation mark is never closed" in str(found[-1])


class _Endless(io.RawIOBase):
    """Records without end, of which nothing is kept; `given` counts the bytes that were taken."""

    def __init__(self) -> None:
        super().__init__()
        self.given = 0
        self.line = json.dumps({"text": "Le préfet a dit non. " * 40}).encode() + b"\n"
        self.rest = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray) -> int:  # type: ignore[override]
        while len(self.rest) < len(buffer):
            self.rest += self.line * 100
        piece, self.rest = self.rest[: len(buffer)], self.rest[len(buffer) :]
        buffer[: len(piece)] = piece
        self.given += len(piece)
        return len(piece)


def test_records_are_read_one_by_one() -> None:
    stream = _Endless()
    found = read_paths(["-"], stdin=lambda: cast(BinaryIO, io.BufferedReader(cast(Any, stream))))
    for _ in range(1000):
        assert isinstance(next(found), Article)
    # A thousand records are some 900 kB: no more than what lies in the buffers was read beyond them.
    assert stream.given < 1_500_000


def test_a_compressed_archive_is_read_and_a_bomb_is_not(tmp_path: Path) -> None:
    path = tmp_path / "archive.jsonl.gz"
    path.write_bytes(gzip.compress(INCOMING["jsonl"]))
    assert [one.text for one in read_paths([tmp_path]) if isinstance(one, Article)] == [BODY, "La bibliothèque ferme."]
    path.write_bytes(gzip.compress(INCOMING["jsonl"])[:-20])
    assert any("cannot be read to its end" in str(one) for one in read_paths([path]))
    bomb = gzip.compress(b'{"text": "' + b"a" * 30_000_000)
    assert len(bomb) < 40_000
    small = Reading(max_bytes=1_000_000)
    for suffix in ("jsonl", "txt", "html", "csv", "xml"):
        path = tmp_path / f"bombe.{suffix}.gz"
        path.write_bytes(bomb)
        (found,) = read_paths([path], reading=small)
        assert isinstance(found, InputError)


def test_parquet_is_said_to_need_its_library(monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    monkeypatch.setitem(sys.modules, "pyarrow", None)
    (said,) = failures(INCOMING["parquet"])
    assert "pip install 'mtaudit[parquet]'" in said


def test_every_suffix_leads_to_a_reader() -> None:
    assert set(SUFFIXES.values()) - {"xml"} <= READERS.keys()
