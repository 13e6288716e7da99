"""What a run was, and what came of it; its tables, pictures and report are asked for here."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.metadata import entry_points
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.core.errors import ProtestorateError
from sim.models.declarations import Declarations, Declared
from sim.models.interface import Outcome, Report, declared

if TYPE_CHECKING:
    import pandas as pd

    from sim.figures.overview import Picture

REPORTS = "protestorate.reports"
"""Entry points of what writes the report of a run: (run, folder, name=...) -> page."""


@dataclass(frozen=True)
class Run:
    """What a run was, and what came of it.

    Attributes
    ----------
    scenario : BaseModel
        The checked, immutable configuration.
    data : dict
        The same as plain data, with overrides and sources.
    seed : int
        Random seed.
    tables : Report
        What the model reports; its tables are `days` and `localities`, made when they are first asked for.
    outcome : Outcome
        How it ended, and why.
    provenance : dict
        What is needed to run it again: scenario, overrides, hashes, versions, timing.
    """

    scenario: Any
    data: dict[str, Any]
    seed: int
    tables: Report
    outcome: Outcome
    provenance: dict[str, Any]

    @property
    def days(self) -> pd.DataFrame:
        """A row a step."""
        return self.tables.days

    @property
    def localities(self) -> pd.DataFrame:
        """A row a step and locality; empty for models without places."""
        return self.tables.localities

    @property
    def summary(self) -> dict[str, Any]:
        """The numbers to quote."""
        return self.tables.summary

    @property
    def declared(self) -> Declared:
        """What its columns and numbers are called and mean."""
        return declared(self.scenario)

    def __repr__(self) -> str:
        steps = "days" if hasattr(self.scenario.time, "days") else "steps"
        return (
            f"Run({self.provenance['scenario']!r}, seed={self.seed}, {steps}={self.provenance['steps']}, "
            f"outcome={self.outcome.name!r})"
        )

    def _repr_html_(self) -> str:
        """Return what a notebook shows: outcome and reasons, the overview, the numbers to quote."""
        from sim.run.shown import html_of

        return html_of(self)

    def plot(self) -> Picture:
        """Return an overview of the run as a matplotlib figure, which a notebook shows by itself."""
        from sim.figures.overview import overview

        known = Declarations(self.declared.columns)
        labels = {one.name: one.brief for one in (*known.values(), *known.families)}
        units = {one.name: one.axis for one in known.values()}
        return overview(self.days, self.scenario.about.title, labels, units)

    def save(self, folder: str | Path, force: bool = False) -> Path:
        """Write the run's folder, as ``protestorate run`` does: tables, ``run.json`` and ``report.html``.

        Parameters
        ----------
        folder : str or Path
            Created with its parents. ``sim.read_run`` reads it back.
        force : bool
            Whether an earlier result there may be replaced.

        Returns
        -------
        Path
            The folder.

        Raises
        ------
        ProtestorateError
            If the folder holds a result and `force` is off, or anything that is not a result, or if the disk refuses.
        UnfinishedError
            If the report cannot be made; the tables are kept.
        """
        from sim.run.store import write_run

        return write_run(self, Path(folder), force, lambda unfinished: _write_report(self, unfinished))

    def report(self, path: str | Path | None = None) -> Path:
        """Write the report alone: one page that needs no network.

        Parameters
        ----------
        path : str or Path, optional
            A file that ends in ``.html``, or a folder for ``report.html``; an earlier page is replaced. If left out,
            the page is named after scenario and seed and stands in the current folder.

        Returns
        -------
        Path
            The page.

        Raises
        ------
        ProtestorateError
            If the path is neither, or the disk refuses.
        """
        chosen = Path(f"{self.provenance['scenario']}-seed-{self.seed}.html" if path is None else path)
        if chosen.suffix == ".html" and not chosen.is_dir():
            return _write_report(self, chosen.parent, chosen.name)
        if chosen.suffix and not chosen.is_dir():
            raise ProtestorateError(f"{chosen}: a report is a page: give a folder, or a file that ends in .html")
        return _write_report(self, chosen)


def _write_report(run: Run, folder: Path, name: str = "report.html") -> Path:
    for point in entry_points(group=REPORTS):
        page: Path = point.load()(run, folder, name=name)
        return page
    raise ProtestorateError("no report is installed; install protestorate once more (in a clone: pip install -e .)")
