"""`mtaudit languagetool`: get it, see what there is, keep one running."""

from __future__ import annotations

import sys
from enum import StrEnum
from typing import Annotated

import typer

from mtaudit.console import faults
from mtaudit.errors import EngineError
from mtaudit.exits import Exit

app = typer.Typer(no_args_is_help=True, help="Install LanguageTool, see where it is, run its server.")


class Source(StrEnum):
    """Where LanguageTool comes from."""

    LANGUAGETOOL = "languagetool.org"
    MAVEN = "maven"


@app.command()
def install(
    source: Annotated[
        Source, typer.Option("--from", help="Its own site (250 MB), or Maven Central (67 MB, French only).")
    ] = Source.LANGUAGETOOL,
    repository: Annotated[
        str | None, typer.Option(metavar="URL", help="With --from maven: a mirror of Maven Central.")
    ] = None,
) -> None:
    """Download LanguageTool into your data folder; the only command that does."""
    from mtaudit.engines.languagetool import maven, places

    with faults():
        if source is Source.MAVEN:
            folder = maven.install(repository=repository or maven.REPOSITORY, progress=_show_progress)
        else:
            folder = places.download()
        typer.echo(f"LanguageTool is in {folder}")
        place = next(places.places())
        places.check_java(place.version)


@app.command()
def status() -> None:
    """Say which Java and which LanguageTool an audit would use; exit code 3 when it would go without."""
    from mtaudit.engines.languagetool import places

    typer.echo(f"Java: {places.java() or 'none on the PATH'}")
    found = []
    try:
        found = list(places.places())
        for number, place in enumerate(found):
            version = f"LanguageTool {place.version or 'of unknown version'}"
            typer.echo(f"{'used' if number == 0 else 'also'}: {version}, {place.folder} ({place.origin})")
        places.find()
    except EngineError as error:
        typer.echo(f"mtaudit: {error}", err=True)
        raise typer.Exit(Exit.INCOMPLETE) from None


@app.command()
def serve(
    port: Annotated[int, typer.Option(min=1, max=65535, help="The port to listen on.")] = 8081,
    where: Annotated[
        str | None, typer.Option("--languagetool", metavar="DIR", help="The folder of LanguageTool's jars.")
    ] = None,
) -> None:
    """Run a server on this machine's loopback interface until it is interrupted."""
    from mtaudit.engines.languagetool import Limits, LocalServer, places

    with faults():
        limits = Limits()
        server = LocalServer(places.find(where), limits.start, limits.request, port)
        try:
            address = server.listen()
            typer.echo(f"LanguageTool {server.version} listens on {address}; use it with --languagetool {address}")
            code = server.wait()
        except KeyboardInterrupt:
            code = 0
        finally:
            server.close()
        if code:
            raise EngineError("languagetool", f"the server ended with code {code}")


def _show_progress(done: int, total: int) -> None:
    if sys.stderr.isatty():
        typer.echo(f"\r{done / 2**20:.0f} of {total / 2**20:.0f} MB", nl=done == total, err=True)
