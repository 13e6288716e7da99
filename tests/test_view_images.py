"""Pictures agree with the numbers: areas, colours and counts of pixels are measured in the finished PNG."""

from __future__ import annotations

import dataclasses
import io
import math
import zlib
from collections import Counter
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from PIL import Image
from tiny_country import country_file

from sim.core.errors import ProtestorateError, ScenarioError
from sim.mesa.country import outline
from sim.mesa.frames import Figure, Frame, Record, Street
from sim.mesa.model import ProtestModel
from sim.mesa.recording import figures
from sim.models.mobilisation.codes import Role
from sim.page import street_image, threshold_image
from sim.page.canvas import Colour, disc, encoded, font
from sim.page.images import (
    COLOURINGS,
    locality_at,
    map_png,
    map_size,
    neighbourhood_png,
    picture,
    threshold_png,
)
from sim.page.map_image import COLOURINGS as LOOKS
from sim.page.map_image import LAND, geometry, values


@pytest.fixture(scope="module")
def belarus() -> ProtestModel:
    model = ProtestModel("belarus-2020", 1, persons_per_agent=1000, days=17)
    while model.day < 16:
        model.step()
    return model


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> ProtestModel:
    # No war: whom it takes is drawn as gone today, and missed from the day's numbers from tomorrow.
    model = ProtestModel(country_file(tmp_path_factory.mktemp("country")), 1, days=12, overrides={"events.war": None})
    while model.running:
        model.step()
    return model


def opened(png: bytes) -> np.ndarray:
    with Image.open(io.BytesIO(png)) as image:
        assert image.mode == "RGB"
        return np.array(image)


def counted(pixels: np.ndarray) -> Counter[Colour]:
    return Counter(map(tuple, pixels.reshape(-1, 3).tolist()))


def with_places(frame: Frame, **columns: Any) -> Frame:
    places = {name: np.array(values) for name, values in frame.places.items()}
    return dataclasses.replace(frame, places=Record(places | {k: np.asarray(v) for k, v in columns.items()}))


def test_a_png_holds_exactly_the_pixels_drawn():
    pixels = np.random.default_rng(1).integers(0, 256, (31, 57, 3), dtype=np.uint8)
    assert np.array_equal(opened(encoded(Image.fromarray(pixels))), pixels)


@pytest.mark.parametrize("radius", [0.6, 1.5, 7.3, 40.0])
def test_the_area_of_a_disc_is_exact(radius: float):
    pixels = np.full((100, 100, 3), 255, dtype=np.uint8)
    disc(pixels, 50.2, 49.7, radius, (0, 0, 0), (0, 0, 0), 0.0)
    assert (255.0 - pixels[..., 0]).sum() / 255.0 == pytest.approx(math.pi * radius**2, rel=0.03)


def test_a_disc_beyond_the_edge_is_cut():
    pixels = np.full((20, 20, 3), 255, dtype=np.uint8)
    disc(pixels, -3.0, 10.0, 5.0, (0, 0, 0), (0, 0, 0), 1.0)
    disc(pixels, 100.0, 100.0, 5.0, (0, 0, 0), (0, 0, 0), 1.0)
    assert pixels[10, 0].tolist() == [0, 0, 0]
    assert (pixels[:, 4:] == 255).all()


@pytest.mark.parametrize(("width", "scale"), [(720, 1), (720, 2), (380, 2)])
def test_a_map_has_the_size_that_is_promised(belarus: ProtestModel, width: int, scale: int):
    assert belarus.country is not None
    high, wide, _ = opened(map_png(belarus.frame, belarus.country, width=width, scale=scale)).shape
    assert (wide, high) == tuple(scale * side for side in map_size(belarus.country, width))


def test_circles_grow_with_the_crowd_in_area_not_in_diameter(belarus: ProtestModel):
    """Grodno alone: its circle is measured in pixels at two sizes of the crowd."""
    assert belarus.country is not None
    grodno = belarus.country.number("Grodno")

    def area(crowd: int) -> float:
        crowds = np.zeros(len(belarus.country.names), dtype=np.int64)  # type: ignore[union-attr]
        crowds[grodno] = crowd
        frame = with_places(belarus.frame, attending=crowds)
        pixels = opened(map_png(frame, belarus.country, "share", width=1000, scale=1)).astype(int)  # type: ignore[arg-type]
        place = geometry(belarus.country, 1000)  # type: ignore[arg-type]
        x, y = round(place.x[grodno]), round(place.y[grodno])
        window = pixels[y - 60 : y + 60, x - 60 : x + 60]
        orange = np.array(LOOKS["share"].colour(crowd / belarus.country.population[grodno]))  # type: ignore[union-attr]
        blended = orange * 0.9 + np.array(LAND) * 0.1
        return float((np.abs(window - blended).sum(axis=2) < 30).sum())

    assert area(20_000) / area(5_000) == pytest.approx(20_000 / 5_000, rel=0.1)


@pytest.mark.parametrize("colour", COLOURINGS)
def test_circles_have_the_colour_of_their_class(belarus: ProtestModel, colour: str):
    assert belarus.country is not None
    frame, country = belarus.frame, belarus.country
    pixels = opened(map_png(frame, country, colour, width=720, scale=2)).astype(int)
    place, look = geometry(country, 720), LOOKS[colour]
    shown = values(frame, country, colour)
    checked = 0
    for name in ("Minsk", "Grodno", "Gomel", "Vitebsk", "Baranovichi", "Mogilev", "Bobruisk"):
        i = country.number(name)
        if frame.places["attending"][i] == 0:
            continue
        radii = [place.radius(float(crowd), float(country.population.sum())) for crowd in frame.places["attending"]]
        point = (place.x[i], place.y[i] + 0.8 * radii[i])  # in the lower half
        others = [n for n in range(len(radii)) if n != i and radii[n] > 0]
        if any(math.dist(point, (place.x[n], place.y[n])) < radii[n] + 3 for n in others):
            continue  # a neighbour's circle lies over it
        found = pixels[round(point[1] * 2), round(point[0] * 2)]
        wanted = np.array(look.colour(float(shown[i]))) * 0.9 + np.array(LAND) * 0.1
        assert np.abs(found - wanted).max() <= 2, name
        checked += 1
    assert checked >= 4


def test_what_colours_show(belarus: ProtestModel):
    assert belarus.country is not None
    run = belarus.run()
    today = run.localities[run.localities["date"] == run.localities["date"].max()].set_index("locality")
    minsk = belarus.country.number("Minsk")
    row = today.loc["Minsk"]
    assert values(belarus.frame, belarus.country, "share")[minsk] == row["attending"] / 2_018_281
    assert values(belarus.frame, belarus.country, "detained")[minsk] == row["detained"] / row["attending"]
    police = row["police_loyal"] + row["police_shirking"] + row["police_defected"]
    assert values(belarus.frame, belarus.country, "loyalty")[minsk] == row["police_loyal"] / police


def test_classes_of_colours_are_told_apart_without_colour():
    """Printed in grey, more is clearly darker; loyalty goes from orange to blue, which all eyes tell apart."""
    for name in ("share", "detained"):
        grey = [0.2126 * r + 0.7152 * g + 0.0722 * b for r, g, b in LOOKS[name].colours]
        assert np.diff(grey).max() < -25, name
    bluer = [b - r for r, _, b in LOOKS["loyalty"].colours]
    assert bluer[0] < bluer[2] < -50
    assert 50 < bluer[3] < bluer[4]
    assert all(len(look.colours) == len(look.bounds) + 1 for look in LOOKS.values())


def test_a_click_finds_the_locality(belarus: ProtestModel):
    assert belarus.country is not None
    frame, country = belarus.frame, belarus.country
    place = geometry(country, 720)
    for name in ("Brest", "Gomel", "Grodno"):
        i = country.number(name)
        assert locality_at(frame, country, place.x[i] + 1, place.y[i] - 1) == name
    minsk = country.number("Minsk")
    radius = place.radius(float(frame.places["attending"][minsk]), float(country.population.sum()))
    assert locality_at(frame, country, place.x[minsk], place.y[minsk] + 0.9 * radius) == "Minsk"
    assert locality_at(frame, country, 5, 5) is None


def test_a_selected_locality_is_marked_and_a_strange_one_is_not(belarus: ProtestModel):
    assert belarus.country is not None
    plain = map_png(belarus.frame, belarus.country)
    assert map_png(belarus.frame, belarus.country, selected="Brest") != plain
    assert map_png(belarus.frame, belarus.country, selected="Atlantis") == plain


def test_an_unknown_colour_is_a_mistake_in_words(belarus: ProtestModel):
    assert belarus.country is not None
    with pytest.raises(ScenarioError, match="must be one of share, detained, loyalty"):
        map_png(belarus.frame, belarus.country, "shares")


def body(model: ProtestModel, frame: Frame, locality: str, width: int, scale: int) -> tuple[np.ndarray, Street, int]:
    """The part of the picture that shows citizens, what it should show, and the side of a citizen's square."""
    assert model.country is not None
    street = frame.street(model.country.number(locality))
    police = round(width * (0.25 if width < street_image.NARROW else 0.17))
    room = width - 3 * street_image.SIDE - police
    tallest = street_image.TALLEST_NARROW if width < street_image.NARROW else street_image.TALLEST
    layout = street_image.blocks(street.sizes, room * scale, round(room * tallest) * scale, scale)
    pixels = opened(neighbourhood_png(frame, model.country, locality, width, scale))
    left, top = street_image.SIDE * scale, street_image.HEADER * scale
    assert pixels.shape[1] == width * scale
    return pixels[top : top + layout.height, left : left + layout.width], street, layout.cell


def test_every_role_is_drawn_as_what_it_is():
    roles = np.array([role for role in Role for _ in range(2)], dtype=np.uint8)
    attending = np.tile([0, 1], len(Role)).astype(np.uint8)
    world = SimpleNamespace(citizens=SimpleNamespace(role=roles, attending=attending))
    drawn = {role: [Figure(code) for code in figures(world)[2 * role : 2 * role + 2]] for role in Role}
    assert drawn == {
        Role.BYSTANDER: [Figure.BYSTANDER] * 2,
        Role.ENGAGED: [Figure.ENGAGED] * 2,
        Role.PROTESTER: [Figure.WILLING, Figure.IN_ACTION],
        Role.DETAINED: [Figure.DETAINED] * 2,
        Role.EXILED: [Figure.GONE] * 2,
        Role.DEAD: [Figure.GONE] * 2,
        Role.VOLUNTEER: [Figure.GONE] * 2,
    }


@pytest.mark.parametrize(("width", "scale"), [(720, 2), (720, 1), (380, 2)])
@pytest.mark.parametrize("locality", ["Minsk", "Brest", "Lyasny", "Minsk region rest"])
def test_every_citizen_is_a_square_of_the_colour_of_his_role(
    belarus: ProtestModel, locality: str, width: int, scale: int
):
    pixels, street, cell = body(belarus, belarus.frame, locality, width, scale)
    found = counted(pixels)
    counts = np.bincount(street.figures, minlength=len(Figure))
    for figure, colour in zip(Figure, street_image.COLOURS, strict=True):
        assert found[colour] == counts[figure] * cell**2, figure.name
    citizens = belarus.citizens(locality=locality)
    roles = citizens["role"].value_counts()
    assert counts[Figure.BYSTANDER] == roles["bystander"]
    assert counts[Figure.ENGAGED] == roles["engaged"]
    assert counts[Figure.DETAINED] == roles["detained"]
    assert counts[Figure.GONE] == roles["exiled"] + roles["dead"] + roles["volunteer"]
    protesters = citizens[citizens["role"] == "protester"]
    assert counts[Figure.IN_ACTION] == protesters["tactic"].notna().sum()
    assert counts[Figure.WILLING] == protesters["tactic"].isna().sum()


def test_a_community_has_a_green_rim(tiny: ProtestModel):
    pixels, street, cell = body(tiny, tiny.frame, "Capital", 720, 2)
    assert 0 < street.community.sum() < street.community.size
    assert cell > 2
    layout = street_image.blocks(street.sizes, pixels.shape[1], 10_000, 2)
    one = 2 * 2 * (layout.across * cell + layout.down * cell + 4)  # a line of two pixels all round, to the corners
    rim = street_image.COMMUNITY
    rims = counted(pixels)[rim]
    assert rims >= street.community.sum() * one * 0.9
    nowhere = zlib.compress(bytes(len(zlib.decompress(tiny.frame.communities))))
    none = dataclasses.replace(tiny.frame, communities=nowhere)
    assert not none.street(0).community.any()
    assert counted(body(tiny, none, "Capital", 720, 2)[0])[rim] == 0


def test_police_beside_are_counted_in_squares(tiny: ProtestModel):
    assert tiny.country is not None
    frame = tiny.frame
    street = frame.street(0)
    table = tiny.run().localities.iloc[-3]
    assert table["locality"] == "Capital"
    agents = [int(table[f"police_{name}"]) // 10 for name in street_image.POLICE_NAMES]
    assert list(street.police) == agents
    assert sum(agents) > 50
    pixels = opened(neighbourhood_png(frame, tiny.country, "Capital", 720, 2))
    left = 2 * (720 - street_image.SIDE - round(720 * 0.17))
    column = pixels[2 * street_image.HEADER :, left:]
    empty = (column == 255).all(axis=(1, 2))
    end = next(row for row in range(len(empty)) if empty[row : row + 8].all())  # the legend stands below
    found = counted(column[:end])
    some = next(kind for kind, count in enumerate(agents) if count)
    side = math.isqrt(found[street_image.POLICE_COLOURS[some]] // agents[some])
    assert side > 1
    assert [found[colour] for colour in street_image.POLICE_COLOURS] == [count * side**2 for count in agents]


def test_a_frame_of_the_past_shows_the_past(tiny: ProtestModel):
    assert tiny.country is not None
    early, late = tiny.history[1], tiny.history[9]
    for frame in (early, late):
        pixels, street, cell = body(tiny, frame, "Capital", 720, 2)
        acting = int((street.figures == Figure.IN_ACTION).sum())
        assert counted(pixels)[street_image.COLOURS[Figure.IN_ACTION]] == acting * cell**2
        engaged = sum(int((frame.street(i).figures == Figure.ENGAGED).sum()) for i in range(3))
        assert engaged * 100 == frame.national["engaged"]
    assert neighbourhood_png(early, tiny.country, "Capital") != neighbourhood_png(late, tiny.country, "Capital")


def test_before_the_first_day_there_are_pictures_too(tmp_path: Path):
    model = ProtestModel(country_file(tmp_path), 1)
    assert model.country is not None
    found = counted(opened(neighbourhood_png(model.frame, model.country, "Capital")))
    assert found[street_image.COLOURS[Figure.BYSTANDER]] > 0
    assert len(map_png(model.frame, model.country)) > 1000


def test_a_strange_locality_is_a_mistake_in_words(tiny: ProtestModel):
    assert tiny.country is not None
    with pytest.raises(ScenarioError, match=r"no such locality.*did you mean 'Capital'"):
        neighbourhood_png(tiny.frame, tiny.country, "Kapital")


@pytest.mark.parametrize("homes", [1, 3, 40, 2000])
@pytest.mark.parametrize("residents", [1, 7, 20])
def test_neighbourhoods_fit_and_none_is_lost(homes: int, residents: int):
    sizes = np.full(homes, residents, dtype=np.int64)
    layout = street_image.blocks(sizes, 900, 900, 1)
    assert layout.columns * layout.rows >= homes
    assert layout.width <= 900
    assert layout.across * layout.down >= residents
    street = Street(
        np.full(homes * residents, Figure.DETAINED, dtype=np.uint8), sizes, np.zeros(homes, dtype=bool), (1, 0, 0)
    )
    pixels = np.array(street_image.painted(street, layout))
    assert counted(pixels)[street_image.COLOURS[Figure.DETAINED]] == homes * residents * layout.cell**2


def test_thresholds_are_drawn_in_their_numbers():
    model = ProtestModel("granovetter-1978", 1)
    for _ in range(40):
        model.step()
    pixels = opened(threshold_png(model.frame, 720, 1))
    side = (720 - 3 * threshold_image.SIDE) // 2
    top, left = threshold_image.HEADER, threshold_image.SIDE
    found = counted(pixels[top : top + side, left : left + side])
    square = found[threshold_image.NEXT]
    assert found[threshold_image.ACTING] == 40 * square > 0
    assert found[threshold_image.WAITING] == 59 * square
    assert picture(model.frame, None, width=720, scale=1) == threshold_png(model.frame, 720, 1)


def test_a_map_model_has_no_thresholds(tiny: ProtestModel):
    with pytest.raises(ProtestorateError, match="threshold model"):
        threshold_png(tiny.frame)
    assert picture(tiny.frame, tiny.country, "loyalty", "Port") == map_png(
        tiny.frame, tiny.country, "loyalty", "Port"  # type: ignore[arg-type]
    )  # fmt: skip


def test_the_letters_know_cyrillic_and_greek():
    letters = font(20)
    missing = letters.getmask("\uffff").getbbox()
    assert all(letters.getmask(letter).getbbox() != missing for letter in "МінскЎαβž")


def test_an_outline_cannot_be_changed_by_who_draws_it():
    ring = outline("belarus")[0]
    with pytest.raises(ValueError, match="read-only"):
        ring[0] = 0.0
