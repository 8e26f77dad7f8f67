"""Inputs that mean harm: each costs itself, in bounded time and memory, and is named."""

from __future__ import annotations

import io
import time
from email.message import EmailMessage
from pathlib import Path

import pytest

from mtaudit.errors import InputError
from mtaudit.model import Article
from mtaudit.readers import Reading, read_paths
from tests.readers import incoming
from tests.readers.incoming import INCOMING, STORY

_LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
BOMB = f'<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY l0 "ha">{_LAUGHS}]>'


def read(data: bytes, **options: object) -> list[Article | InputError]:
    start = time.monotonic()
    found = list(read_paths(["-"], stdin=lambda: io.BytesIO(data), reading=Reading(**options)))  # type: ignore[arg-type]
    assert time.monotonic() - start < 20
    assert all(isinstance(one, Article) or str(one).isprintable() for one in found)
    return found


def refused(data: bytes, **options: object) -> str:
    (found,) = read(data, **options)
    assert isinstance(found, InputError)
    return found.reason


@pytest.mark.parametrize("codec", ["utf-8", "utf-16"])
def test_entity_bombs_are_not_lit(codec: str) -> None:
    feed = incoming.RSS.partition("?>")[2]
    for where in ("<title>Une brève", "<link>https://courrier.example/breve"):
        data = (BOMB + feed.replace(where, where + "&l11;")).encode(codec)
        assert "defines XML entities" in refused(data, input_format="rss")
    attribute = BOMB + feed.replace('isPermaLink="false"', 'isPermaLink="&l11;"')
    assert "defines XML entities" in refused(attribute.encode(codec))


def test_nothing_outside_the_file_is_read(tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("le mot de passe", encoding="utf-8")
    secret = (tmp_path / "secret.txt").as_uri()
    feed = incoming.RSS.partition("?>")[2].replace("Une brève", "Une brève&x;")
    outside = [
        f'<!DOCTYPE rss [<!ENTITY x SYSTEM "{secret}">]>',
        f'<!DOCTYPE rss [<!ENTITY % p SYSTEM "{secret}"> %p;]>',
        f'<!DOCTYPE rss SYSTEM "{secret}">',
    ]
    for doctype in outside:
        for one in read((doctype + feed).encode()):
            assert "mot de passe" not in str(one)
    include = incoming.newsml(
        f'<inlineXML><xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="{secret}" parse="text"/></inlineXML>'
    )
    assert "mot de passe" not in str(read(include.encode()))


@pytest.mark.parametrize(
    "data",
    [
        b"<rss><channel>" + b"<item>" * 200_000,
        b"<html><body>" + b"<div>" * 200_000 + b"texte",
        b"<newsItem><contentSet><inlineXML><nitf><body><body.content>" + b"<p>" * 100_000,
        b'{"version": "https://jsonfeed.org/version/1", "items": ' + b"[" * 200_000,
        b'{"text": ' + b"[" * 200_000,
        b'{"text": ' + b'{"a":' * 200_000,
        b'{"text": "a", "n": ' + b"9" * 100_000 + b"}",
        b"<!--" * 100_000,
        b"<!DOCTYPE " + b"[" * 100_000,
        b"<?xml " * 100_000,
        b"From: a\nSubject: b\n" + b"X-Y: z\n" * 100_000 + b"\n",
        b"text;date\n" + b'"' * 200_001,
        b"text;date\n" + b";" * 200_000,
        b"PAR1" + b"\xff" * 100_000 + b"PAR1",
        b"\x1f\x8b" + b"\x00" * 100,
    ],
    ids=lambda data: repr(data[:24]),
)
def test_depth_and_length_break_nothing(data: bytes) -> None:
    assert read(data)


def test_a_message_of_parts_in_parts() -> None:
    head = b"From: a@b.example\nSubject: x\nMIME-Version: 1.0\n"
    parts = b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (depth, depth) for depth in range(3_000)
    )
    assert read(head + parts + b"\ntexte")
    message = EmailMessage()
    message["From"], message["Subject"] = "a@b.example", "Pièce jointe"
    message.set_content("Le préfet a dit non.")
    message.add_attachment("Un secret.", filename="../../etc/passwd")
    (article,) = read(message.as_bytes())
    assert isinstance(article, Article)
    assert article.text == "Le préfet a dit non."


def test_a_feed_of_a_hundred_megabytes_is_refused_and_read_when_asked_for() -> None:
    item = incoming.RSS[incoming.RSS.index("<item>") : incoming.RSS.index("</item>") + 7]
    head, tail = incoming.RSS[: incoming.RSS.index("<item>")], "</channel></rss>"
    feed = (head + item * 120_000 + tail).encode()
    assert len(feed) > 100_000_000
    start = time.monotonic()
    assert "over 20 MB" in refused(feed)
    assert time.monotonic() - start < 5
    smaller = (head + item * 2_000 + tail).encode()
    assert "over 1 MB" in refused(smaller, max_bytes=1_000_000)
    assert len(read(smaller)) == 2_000


def test_scripts_are_no_text() -> None:
    evil = incoming.PAGE.replace("</h1>", "<script>alert(document.cookie)</script></h1>").replace(
        "<title>", "<title>&lt;img src=x onerror=alert(1)&gt;"
    )
    (article,) = read(evil.encode())
    assert isinstance(article, Article)
    assert "alert" not in article.text + (article.title or "")
    for name in ("rss", "atom", "json-feed", "newsml-xhtml", "nitf", "ninjs-1", "ninjs-3"):
        data = INCOMING[name].replace(b"<em>", b"<script>alert(1)</script><style>p{}</style><em>")
        data = data.replace(b"<em>", b"<em onclick='alert(2)'>")
        story = read(data)[0]
        assert isinstance(story, Article)
        assert story.text == STORY


def test_escape_sequences_do_not_reach_titles_and_names() -> None:
    dirty = incoming.JSON_FEED.replace("six semaines", "six \\u001b[2Jsemaines").replace(incoming.ID, "a\\u001b]0;x")
    for one in read(dirty.encode()):
        assert isinstance(one, Article)
        assert "\x1b" not in f"{one.title}{one.id}{one.url}{one.author}"
    rows = b'{"text": "Le pr\xc3\xa9fet a dit non.", "id": "a\\u001b[31mb\\nc", "title": "\\u001b[2J"}\n'
    (article,) = read(rows)
    assert isinstance(article, Article)
    assert article.id.isprintable()
    assert article.title is None or article.title.isprintable()
