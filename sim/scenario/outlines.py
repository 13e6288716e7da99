"""Outlines of countries for maps: those that come with the project, and GeoJSON files of a user's own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from sim.core.errors import nearest
from sim.core.files import json_of
from sim.core.share import share_dir

Ring = tuple[tuple[float, float], ...]
"""Points of longitude and latitude [degrees]."""
ENDING = ".geojson"
LARGEST_FILE = 16 * 2**20


def is_file(name: str) -> bool:
    """Return whether an outline is a file of the user's own."""
    return name.lower().endswith(ENDING)


@cache
def names() -> tuple[str, ...]:
    """Return the outlines that come with the project: finer ones by name, all countries by ISO code."""
    finer = sorted(path.stem for path in _folder().glob(f"*{ENDING}"))
    return (*finer, *_countries())


@cache
def rings(name: str | None) -> tuple[Ring, ...]:
    """Return the rings of an outline; none if there is no name, or no such outline any more."""
    if not name:
        return ()
    if is_file(name):
        return tuple(_rings(_read(Path(name)))) if Path(name).is_file() else ()
    if name in _countries():
        return tuple(tuple((x, y) for x, y in ring) for ring in _countries()[name]["rings"])
    path = _folder() / f"{Path(name).name}{ENDING}"
    return tuple(_rings(_read(path))) if path.is_file() else ()


def fault(name: str) -> tuple[str, str]:
    """Return what is wrong with an outline, and the name most like it; both empty if nothing is."""
    if not is_file(name):
        if name in names():
            return "", ""
        by_country = {one["name"]: code for code, one in _countries().items()}
        near = by_country.get(nearest(name, by_country), "") or nearest(name, names())
        finer = [one for one in names() if one not in _countries()]
        message = (
            f"there is no such outline; there are {', '.join(finer)}, countries by ISO code (SDN), "
            f"a file of your own that ends with {ENDING}, and null for none"
        )
        return message, near
    try:
        found = tuple(_rings(_read(Path(name))))
    except OSError as error:
        return f"cannot be read: {error.strerror or error}", ""
    except (ValueError, KeyError, TypeError, IndexError, RecursionError):
        return "is no GeoJSON of polygons in degrees (longitude, latitude)", ""
    return ("", "") if found else ("holds no polygon", "")


def _folder() -> Path:
    return share_dir("scenarios") / "outlines"


@cache
def _countries() -> dict[str, Any]:
    path = _folder() / "countries.json"
    found: dict[str, Any] = json_of(path)
    return found


def _read(path: Path) -> Mapping[str, Any]:
    if path.stat().st_size > LARGEST_FILE:
        raise ValueError("too large")
    found: Mapping[str, Any] = json_of(path)
    return found


def _rings(data: Mapping[str, Any]) -> Iterator[Ring]:
    """Yield the rings of a feature collection, a feature or a geometry."""
    kind = data["type"]
    if kind == "FeatureCollection":
        for feature in data["features"]:
            yield from _rings(feature)
    elif kind == "Feature":
        yield from _rings(data["geometry"])
    elif kind in ("Polygon", "MultiPolygon"):
        polygons = data["coordinates"] if kind == "MultiPolygon" else [data["coordinates"]]
        for ring in (ring for polygon in polygons for ring in polygon):
            points = tuple((float(point[0]), float(point[1])) for point in ring)
            if len(points) < 3 or not all(abs(x) <= 540.0 and abs(y) <= 90.0 for x, y in points):
                raise ValueError("no ring in degrees")
            yield points
