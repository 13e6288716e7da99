"""Named lists of random seeds, which studies and comparisons share."""

from __future__ import annotations

from sim.core.errors import Problem, ScenarioError, nearest, shown
from sim.core.share import share_dir
from sim.evidence.page import Page
from sim.scenario.yaml import read

LARGEST_SEED = 2**31 - 1


def replicate_seeds(name: str) -> tuple[int, ...]:
    """Return a named list of random seeds, such as ``quick-20``.

    Returns
    -------
    tuple of int
        Without repeats, each 0..2**31 - 1.

    Raises
    ------
    ProtestorateError
        If there is no such list, or its file is faulty.
    """
    files = {file.stem: file for file in sorted((share_dir("seeds") / "replicates").glob("*.yaml"))}
    if name not in files:
        near = nearest(name, files)
        message = "there is no such list of seeds" + ("" if near else f"; there are {', '.join(files)}")
        raise ScenarioError(Problem(message, given=shown(name), nearest=near))
    page = Page(read(files[name]))
    page.keys((), ("name", "purpose", "made", "seeds"))
    seeds = page.items(("seeds",))
    if len(set(map(repr, seeds))) < len(seeds):
        page.add(("seeds",), "a seed stands here twice")
    for place, seed in enumerate(seeds):
        if type(seed) is not int or not 0 <= seed <= LARGEST_SEED:
            page.add(("seeds", place), "a seed is a whole number of 0 to 2147483647", seed)
    if page.problems:
        raise ScenarioError(page.problems)
    return tuple(seeds)
