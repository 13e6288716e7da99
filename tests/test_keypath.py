"""Key paths are split and joined in one place: whatever the names are, what is joined is split into the same again."""

from __future__ import annotations

import random

import pytest

from sim.core.formats import readable
from sim.core.keypath import around, covers, dotted, fits, proper, undotted
from sim.study.parameters import short_names

WRITTEN = {
    "regime.aggression_gain": ("regime", "aggression_gain"),
    "people": ("people",),
    'places.localities."St. Petersburg".population': ("places", "localities", "St. Petersburg", "population"),
    'places.localities."Frankfurt a.M."': ("places", "localities", "Frankfurt a.M."),
    'people.camps.the "third" party.duty': ("people", "camps", 'the "third" party', "duty"),
    r'people.camps."\"A\" and \\ B."': ("people", "camps", '"A" and \\ B.'),
    r'people.camps."\"A\"".duty': ("people", "camps", '"A"', "duty"),
    'events.".".date': ("events", ".", "date"),
}


@pytest.mark.parametrize("text", WRITTEN)
def test_how_key_paths_are_written(text: str) -> None:
    assert undotted(text) == WRITTEN[text]
    assert dotted(WRITTEN[text]) == text == proper(text)


def test_any_names_can_be_told_apart() -> None:
    """Ten thousand paths of names made of the letters that matter: there and back, and no two alike."""
    draw, seen = random.Random(18), {}
    for _ in range(10_000):
        names = tuple("".join(draw.choices('ab."\\ ', k=draw.randint(1, 4))) for _ in range(draw.randint(1, 4)))
        text = dotted(names)
        assert undotted(text) == names
        assert seen.setdefault(text, names) == names
        assert around(text) == [dotted(names[:length]) for length in range(1, len(names))]
        assert all(covers(above, text) for above in around(text))
    assert len(seen) > 5000


def test_any_text_is_a_key_path_and_has_one_proper_form() -> None:
    draw = random.Random(1)
    for _ in range(10_000):
        text = "".join(draw.choices('a."\\ ', k=draw.randint(1, 12)))
        assert dotted(undotted(text)) == proper(text) == proper(proper(text))


def test_a_path_is_not_within_another_whose_name_begins_alike() -> None:
    assert not covers(proper('places."St'), 'places."St. Petersburg"')
    assert not covers("places.A", "places.AB")
    assert covers("places", "places")
    assert fits(("a", "b.c", "d"), ("a", "*", "d"))
    assert not fits(("a", "b", "c", "d"), ("a", "*", "d"))


def test_marks_that_enclose_no_whole_name_are_letters() -> None:
    assert undotted('a."b.c') == ("a", '"b', "c")
    assert undotted('a."b"c.d') == ("a", '"b"c', "d")
    assert proper('places."localities".A') == "places.localities.A"


def test_in_files_key_paths_stand_as_they_are_written() -> None:
    key = 'places.localities."St. P.".lat'
    for above in (("sources",), ("set",), ("design", "parameters"), ("design", "points", 3, "set")):
        assert dotted((*above, key)) == ".".join([*map(str, above), key])
    assert dotted(("claims", "mt-01", "test", "change", "a.b")) == "claims.mt-01.test.change.a.b"


def test_short_names_and_words() -> None:
    paths = ['a."x. y".b', 'a."z. y".b', "c"]
    assert short_names(paths) == {paths[0]: '"x. y".b', paths[1]: '"z. y".b', "c": "c"}
    for path in ('places.localities."St. P_b".population', "people.classes.state workers.read_iness"):
        assert readable(path) == path
    assert readable("mass_march") == "mass march"
