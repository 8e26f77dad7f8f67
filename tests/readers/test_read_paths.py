from __future__ import annotations

import io
import os
import socket
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mtaudit.errors import InputError
from mtaudit.model import Article, RegionKind
from mtaudit.readers import MAX_BYTES, Reading, read_paths


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of copy, with what lies about in such folders."""
    files = {
        "copie/b.txt": "Le préfet a dit non.",
        "copie/a.md": "# Le maire\n\nIl a dit oui.",
        "copie/sport/match.TXT": "Dole a battu Gray 2 à 1.",
        "copie/sport/notes.markdown": "Un *but*.",
        "copie/.brouillon.txt": "Pas encore.",
        "copie/.git/texte.txt": "Caché.",
        "copie/photo.jpg": "\x00\x01",
        "copie/style.css": "p { }",
    }
    for name, text in files.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def outcome(*paths: str | os.PathLike[str], **options: Any) -> list[str]:
    """Ids of what was read, and `! path: reason` for what was not."""
    return [found.id if isinstance(found, Article) else f"! {found}" for found in read_paths(paths, **options)]


def failure(*paths: str, **options: Any) -> InputError:
    (found,) = read_paths(paths, **options)
    assert isinstance(found, InputError)
    assert "\n" not in str(found)
    return found


IN_ORDER = ["copie/a.md", "copie/b.txt", "copie/sport/match.TXT", "copie/sport/notes.markdown"]


def test_a_folder_is_read_in_order_without_what_is_hidden_or_no_text(desk: Path) -> None:
    assert outcome("copie") == IN_ORDER
    assert outcome("./copie/") == IN_ORDER
    assert outcome(Path("copie")) == IN_ORDER
    assert outcome(desk / "copie" / "b.txt") == [f"{desk.as_posix()}/copie/b.txt"]


@pytest.mark.usefixtures("desk")
def test_an_article_is_read_once_where_it_is_met_first() -> None:
    assert outcome("copie/b.txt", "copie", "./copie/b.txt", "copie/sport/../b.txt", "copie/sport") == [
        "copie/b.txt",
        "copie/a.md",
        *IN_ORDER[2:],
    ]


@pytest.mark.usefixtures("desk")
def test_patterns() -> None:
    assert outcome("copie/*.txt") == ["copie/b.txt"]
    assert outcome("copie/**/*.[Tt][Xx][Tt]") == ["copie/b.txt", "copie/sport/match.TXT"]
    assert outcome("*") == IN_ORDER
    assert outcome("copie/sp?rt") == IN_ORDER[2:]
    assert outcome("copie/.b*") == ["copie/.brouillon.txt"]


def test_an_absolute_pattern(desk: Path) -> None:
    assert outcome(f"{desk}/copie/*.md") == [f"{desk.as_posix()}/copie/a.md"]


def test_a_name_with_brackets_is_a_name_first(desk: Path) -> None:
    (desk / "a[1].txt").write_text("Un texte.", encoding="utf-8")
    assert outcome("a[1].txt") == ["a[1].txt"]


@pytest.mark.usefixtures("desk")
def test_markdown_is_read_as_markdown_and_the_rest_as_text() -> None:
    article, *_ = read_paths(["copie/a.md"])
    assert isinstance(article, Article)
    assert {region.kind for region in article.regions} == {RegionKind.HEADLINE, RegionKind.MARKUP}
    article, *_ = read_paths(["copie/b.txt"])
    assert isinstance(article, Article)
    assert (article.regions, article.path, article.title) == ((), "copie/b.txt", None)


def test_standard_input_once() -> None:
    stream = io.BytesIO("\ufeffLe préfet\r\n".encode())
    found = list(read_paths(["-", "-"], stdin=lambda: stream))
    assert found == [Article(id="-", text="Le préfet\r\n", path=None)]


def test_the_encoding_is_told(desk: Path) -> None:
    (desk / "vieux.txt").write_bytes("Été à Besançon".encode("cp1252"))
    told: list[tuple[str, str]] = []
    found = list(read_paths(["vieux.txt", "copie/b.txt"], on_encoding=lambda *pair: told.append(pair)))
    assert [one.text for one in found if isinstance(one, Article)] == ["Été à Besançon", "Le préfet a dit non."]
    assert told == [("vieux.txt", "cp1252"), ("copie/b.txt", "utf-8")]


def test_a_bad_input_costs_itself(desk: Path) -> None:
    (desk / "copie" / "bad.txt").write_bytes(b"\x00\x01\x02")
    (desk / "copie" / "empty.txt").write_bytes(b"")
    found = outcome("nulle-part.txt", "copie", "copie/photo.jpg")
    assert [line for line in found if not line.startswith("!")] == IN_ORDER
    bad = [line for line in found if line.startswith("!")]
    assert [line.split(":")[0] for line in bad] == [
        "! nulle-part.txt",
        "! copie/bad.txt",
        "! copie/empty.txt",
        "! copie/photo.jpg",
    ]


def test_what_names_nothing_readable(desk: Path) -> None:
    (desk / "vide").mkdir()
    assert "check the path" in failure("nulle-part.txt").reason
    assert "check the path" in failure("copie/b.txt/c.txt").reason
    assert "nothing to read" in failure("vide").reason
    assert "matches no file" in failure("*.rtf").reason
    assert "name is too long" in failure("x" * 300 + ".txt").reason
    assert failure("").reason
    assert failure("a\x00b").reason


def test_sizes(desk: Path) -> None:
    path = desk / "gros.txt"
    with path.open("wb") as file:
        file.truncate(50_000_000)
    assert "over 20 MB" in failure("gros.txt").reason
    small = Reading(max_bytes=10_000)
    assert "over 0.01 MB" in failure("-", stdin=lambda: io.BytesIO(b"a" * 10_001), reading=small).reason
    assert outcome("-", stdin=lambda: io.BytesIO(b"a" * 10_000), reading=small) == ["-"]
    assert MAX_BYTES == 20_000_000


def test_a_line_of_a_megabyte(desk: Path) -> None:
    text = "Le préfet a dit non. " * 50_000
    (desk / "long.txt").write_text(text, encoding="utf-8")
    (found,) = read_paths(["long.txt"])
    assert isinstance(found, Article)
    assert found.text == text


def test_no_right_to_read(desk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real_open, real_scan = Path.open, os.scandir

    def refused(path: Path, *arguments: Any, **options: Any) -> Any:
        if path.name == "b.txt":
            raise PermissionError(13, "Permission denied")
        return real_open(path, *arguments, **options)

    def closed(path: Any) -> Any:
        if Path(path).name == "sport":
            raise PermissionError(13, "Permission denied")
        return real_scan(path)

    monkeypatch.setattr(Path, "open", refused)
    monkeypatch.setattr(os, "scandir", closed)
    assert desk.exists()
    reason = "it may not be read; ask for the right to read it"
    assert outcome("copie") == ["copie/a.md", f"! copie/b.txt: {reason}", f"! copie/sport: {reason}"]


def test_links_that_go_in_circles(desk: Path) -> None:
    (desk / "copie" / "sport" / "retour").symlink_to(desk / "copie")
    (desk / "copie" / "sport" / "encore").symlink_to(desk / "copie" / "sport")
    assert outcome("copie") == IN_ORDER
    (desk / "rond").symlink_to("rond")
    assert "circle" in failure("rond").reason
    (desk / "copie" / "c.txt").symlink_to("c.txt")
    assert outcome("copie")[2].startswith("! copie/c.txt: its symbolic links go round in a circle")


def test_links_that_lead_nowhere(desk: Path) -> None:
    (desk / "copie" / "c.txt").symlink_to("parti.txt")
    (desk / "copie" / "d").symlink_to("parti")
    found = outcome("copie")
    assert found[2].startswith("! copie/c.txt: the symbolic link leads nowhere")
    assert len(found) == len(IN_ORDER) + 1


def test_a_linked_article_is_the_same_article(desk: Path) -> None:
    (desk / "copie" / "z.txt").symlink_to("b.txt")
    assert outcome("copie") == IN_ORDER


def test_a_link_out_of_the_folder_is_named_and_not_followed(desk: Path) -> None:
    (desk / "autre").mkdir()
    (desk / "autre" / "secret.txt").write_text("Le code est le 4512.", encoding="utf-8")
    (desk / "copie" / "lien.txt").symlink_to(desk / "autre" / "secret.txt")
    (desk / "copie" / "tout").symlink_to("../autre")
    (desk / "copie" / "image.png").symlink_to("../autre/photo.png")
    refused = [
        f"! copie/{name}: this link leads out of the folder; name what it leads to" for name in ("lien.txt", "tout")
    ]
    assert sorted(outcome("copie")) == sorted([*IN_ORDER, *refused])
    assert outcome("copie/l*.txt") == refused[:1]
    # Who names a link means what it leads to.
    assert outcome("copie/lien.txt") == ["copie/lien.txt"]
    assert outcome("copie/tout") == ["copie/tout/secret.txt"]


def test_pipes_and_devices_are_never_opened(desk: Path) -> None:
    os.mkfifo(desk / "copie" / "tube.txt")
    assert "device or a pipe" in failure("copie/tube.txt").reason
    assert "device or a pipe" in failure("/dev/null").reason
    assert next(line for line in outcome("copie") if "tube" in line).startswith("! copie/tube.txt")
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("prise.txt")
        assert "device or a pipe" in failure("prise.txt").reason


def test_a_tree_deeper_than_the_stack(desk: Path) -> None:
    path = desk / "profond"
    path.mkdir()
    os.chdir(path)
    depth = 1200
    for _ in range(depth):
        Path("d").mkdir()
        os.chdir("d")
    article = Path("fond.txt")
    article.write_text("Au fond.", encoding="utf-8")
    os.chdir(desk)
    found = outcome("profond")
    # Taken down here, since shutil.rmtree, by which pytest clears its folders, recurses.
    os.chdir(path / Path(*["d"] * depth))
    article.unlink()
    for _ in range(depth):
        os.chdir("..")
        Path("d").rmdir()
    assert found == ["/".join(["profond", *["d"] * depth, "fond.txt"])]


def test_odd_names_are_shown_in_one_line(desk: Path) -> None:
    (desk / "un\nnom\x1b.txt").write_text("Un texte.", encoding="utf-8")
    Path(os.fsdecode(os.fsencode(desk) + b"/\xe9t\xe9.txt")).write_text("Un texte.", encoding="utf-8")
    assert outcome("un\nnom\x1b.txt") == ["un\\nnom\\x1b.txt"]
    assert outcome("*t?.txt") == ["\ufffdt\ufffd.txt"]
    (found,) = read_paths([os.fsdecode(b"\xe9t\xe9.txt")])
    assert isinstance(found, Article)
    found.id.encode("utf-8")


@given(data=st.binary(max_size=200), suffix=st.sampled_from([".md", ".txt"]))
def test_any_bytes_give_an_article_or_an_error(
    data: bytes, suffix: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.getbasetemp() / f"octets{suffix}"
    path.write_bytes(data)
    (found,) = read_paths([path])
    if isinstance(found, Article):
        assert found.text.strip()
        assert all(region.span.end <= len(found.text) for region in found.regions)
    else:
        assert found.reason
