"""The command ``new``: a case of one's own from a card of public facts."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from analysis.commands.app import app, examples
from sim.core.errors import ProtestorateError, ScenarioError

NAME = re.compile(r"[^\W_][\w.-]*")


@app.command(
    epilog=examples(
        "protestorate new sudan-2018",
        "protestorate new sudan-2018 --from sudan-2018.card.yaml",
    )
)
def new(
    name: Annotated[str, typer.Argument(help="Name of the case, such as sudan-2018.")],
    card: Annotated[Path | None, typer.Option("--from", metavar="CARD", help="Make the scenario of this card.")] = None,
    out: Annotated[Path | None, typer.Option(help="File to write [default: NAME.card.yaml, or NAME.yaml].")] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace a file that is there.")] = False,
) -> None:
    """Write an empty card for a case of your own, or make a scenario of a card that is filled in."""
    from analysis.report.page import write_text
    from sim.cards import FACTS, new_case, read_card, template
    from sim.cards.base import BASE

    if not NAME.fullmatch(name):
        raise ProtestorateError(f"{name!r}: a case has letters, digits, '-', '_' and '.' in its name")
    if name == BASE:
        raise ProtestorateError(f"{name}: cards build on the scenario of this name; choose another")
    path = out or Path(f"{name}.card.yaml" if card is None else f"{name}.yaml")
    if path.exists() and not force:
        raise ProtestorateError(f"{path}: is there already; --force replaces it")
    if card is None:
        write_text(path, template(name))
        typer.echo(f"{path}: {len(FACTS)} facts to fill in; then protestorate new {name} --from {path}")
        return
    case = new_case(read_card(card), name)
    try:
        case.load(path)
    except ScenarioError as error:  # the scenario is not there yet, so no line of it helps
        raise ScenarioError([replace(one, file=str(card), line=0, column=0) for one in error.problems]) from None
    write_text(path, case.text)
    given, filled = case.card.given, case.card.missing
    typer.echo(f"{path}: {len(given)} facts of the card, {len(filled)} filled (the file's head lists them)")
    typer.echo(f"protestorate run {path}")
