"""`mtaudit fix`: puts in what is safe, in place or as a difference."""

from __future__ import annotations

import difflib
import io
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from mtaudit.console import counted, faults
from mtaudit.errors import InputError, UsageError
from mtaudit.exits import Exit
from mtaudit.options import Ignore, Paths, RuleFolders, Select, job_of, tell

MARKDOWN = (".md", ".markdown")

if TYPE_CHECKING:
    from mtaudit.fixing import Fixed
    from mtaudit.model import Article
    from mtaudit.pipeline import Audit


def fix(  # noqa: PLR0913 - one parameter an option
    context: typer.Context,
    paths: Paths,
    diff: Annotated[bool, typer.Option("--diff", help="Write what would change, and change nothing.")] = False,
    quotations: Annotated[
        bool, typer.Option("--quotations", help="Inside quotations too, which are else left as they were said.")
    ] = False,
    select: Select = None,
    ignore: Ignore = None,
    rules: RuleFolders = None,
) -> None:
    """Put in the suggestions that are safe: typography, blanks, dates, doubled words."""
    with faults():
        job = job_of(context, rules, select, ignore)
        if not any(rule.safe for rule in job.rules):
            raise UsageError("--select and --ignore leave no rule whose suggestions are safe; `mtaudit fix` needs one")
        run = job.prepare()
        unread: list[InputError] = []
        changed = count = 0
        for article, encoding in _texts(paths, unread):
            fixed = _fixed(article, run, quotations)
            if fixed.text != article.text:
                changed += 1
                count += len(fixed.edits)
            try:
                _put(article, fixed.text, encoding, diff)
            except InputError as error:
                unread.append(error)
        done = "would be put in" if diff else "put in"
        tell(unread, [f"{counted(count, 'suggestion')} {done}, in {counted(changed, 'article')}"])
    if unread:
        raise typer.Exit(Exit.INCOMPLETE)
    raise typer.Exit(Exit.ISSUES if diff and changed else Exit.CLEAN)


def _texts(paths: list[str], unread: list[InputError]) -> Iterator[tuple[Article, str]]:
    """The articles that are a whole file of text, or standard input, each with its encoding."""
    from mtaudit.readers import read_paths

    codecs: dict[str, str] = {}
    for found in read_paths(paths, on_encoding=codecs.__setitem__):
        if isinstance(found, InputError):
            unread.append(found)
        elif found.path is not None and not _is_whole(found, codecs.get(found.id, "utf-8")):
            unread.append(InputError(found.path, "is no plain text nor Markdown; only these can be fixed"))
        else:
            yield found, codecs.get(found.id, "utf-8")


def _is_whole(article: Article, encoding: str) -> bool:
    try:
        return Path(article.path or "").read_bytes().decode(encoding) == article.text
    except (OSError, UnicodeDecodeError, LookupError):
        return False


def _fixed(article: Article, run: Audit, quotations: bool) -> Fixed:
    from mtaudit.fixing import fix as fix_article
    from mtaudit.readers.markdown import markup_regions

    is_markdown = Path(article.path or "").suffix.lower() in MARKDOWN

    def reread(text: str) -> Article:
        return replace(article, text=text, regions=markup_regions(text) if is_markdown else ())

    return fix_article(article, run, reread, quotations=quotations)


def _put(article: Article, text: str, encoding: str, diff: bool) -> None:
    """Writes the difference, or the text where it came from. Raises InputError when it cannot be written."""
    if diff:
        sys.stdout.writelines(
            line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"
            for line in difflib.unified_diff(_lines(article.text), _lines(text), article.id, article.id)
        )
    elif article.path is None:
        sys.stdout.write(text)
    elif text != article.text:
        _write(Path(article.path), text, encoding)


def _lines(text: str) -> list[str]:
    return list(io.StringIO(text, newline="\n"))


def _write(path: Path, text: str, encoding: str) -> None:
    """The file as it was, with the new text: same encoding, same rights, whole or not at all."""
    try:
        content = text.encode(encoding)
    except UnicodeEncodeError as error:
        character = text[error.start]
        raise InputError(
            str(path), f"{encoding} has no {character!r}, which a suggestion needs; convert the file to UTF-8"
        ) from error
    try:
        # Beside the file itself, to which a link may lead.
        target = path.resolve()
        handle, temporary = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
            shutil.copymode(target, temporary)
            Path(temporary).replace(target)
        finally:
            Path(temporary).unlink(missing_ok=True)
    except OSError as error:
        raise InputError(str(path), f"cannot be written ({error.strerror})") from error
