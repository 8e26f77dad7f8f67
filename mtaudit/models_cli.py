"""`mtaudit models`: which translation models there are; getting more."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from mtaudit.console import faults
from mtaudit.errors import EngineError, UsageError
from mtaudit.exits import Exit

if TYPE_CHECKING:
    from mtaudit.engines.translator.choice import Place

app = typer.Typer(no_args_is_help=True, help="List, fetch and convert the models that translate.")

#: As CTranslate2 rounds weights, which is loaded only when something is converted.
QUANTIZATIONS = ("int8", "int16", "float16", "float32")


@app.command("list")
def list_models() -> None:
    """One line a model, in tab-separated columns: name, MB, directions, backend, where from, folder."""
    from mtaudit.engines.translator.choice import places

    with faults():
        for place in places():
            typer.echo("\t".join(_columns(place)))


@app.command()
def pull(name: Annotated[str, typer.Argument(metavar="ID", help="Of the Hugging Face hub: OWNER/NAME.")]) -> None:
    """Download a Marian, M2M-100 or NLLB model into your data folder; the only command that does."""
    from mtaudit.engines.translator.pulling import pull as fetch

    with faults():
        folder = fetch(name, lambda line: typer.echo(line, err=True))
        typer.echo(f"{name} is in {folder.path}; use it with --mt-model {name}")


@app.command()
def convert(
    source: Annotated[
        str, typer.Argument(metavar="DIR|NAME", help="A folder that transformers reads, or a model's name.")
    ],
    quantization: Annotated[
        str, typer.Option(metavar="|".join(QUANTIZATIONS), help="How the weights are rounded.")
    ] = "int8",
    name: Annotated[
        str | None,
        typer.Option(help="What it is to be called; otherwise as the model, and -int8 or the like after it."),
    ] = None,
) -> None:
    """Convert a model of transformers for CTranslate2, which is faster and takes less memory."""
    from mtaudit.engines.translator.choice import find, place_of

    if quantization not in QUANTIZATIONS:
        raise typer.BadParameter(
            f"{quantization!r} is not one of {', '.join(QUANTIZATIONS)}", param_hint="--quantization"
        )
    with faults():
        found = find(source)
        if len(found) != 1:
            raise UsageError("one model is converted at a time")
        wanted = name or f"{found[0].name.rpartition('/')[2]}-{quantization}"
        target = place_of(wanted)
        if target.exists():
            raise UsageError(f"there is a model {wanted} already, in {target}: remove it, or choose another --name")
        from mtaudit.engines.translator.conversion import Quantization
        from mtaudit.engines.translator.conversion import convert as write

        write(found[0], target, wanted, Quantization(quantization))
        typer.echo(f"{found[0].name} is converted into {target}; use it with --mt-model {wanted}")


@app.command()
def where(
    name: Annotated[
        str | None,
        typer.Argument(
            metavar="[NAME]", envvar="MTAUDIT_MT_MODEL", help="As for --mt-model; otherwise the packaged one."
        ),
    ] = None,
) -> None:
    """Print the folder of the model that would be used; exit code 3 when it is not there."""
    from mtaudit.engines.translator.choice import find

    try:
        for place in find(name):
            typer.echo(str(place.path))
    except EngineError as error:
        typer.echo(f"mtaudit: {error}", err=True)
        raise typer.Exit(Exit.INCOMPLETE) from None


def _columns(place: Place) -> list[str]:
    try:
        size, ways = f"{place.size() / 1e6:.1f}", ",".join(sorted(place.manifest().directions))
    except EngineError as error:
        # One that is damaged does not hide the others.
        size, ways = "?", error.reason
    except OSError as error:
        size, ways = "?", f"cannot be read ({error.strerror})"
    return [place.name, size, ways, place.kind.value, place.origin.value, str(place.path)]
