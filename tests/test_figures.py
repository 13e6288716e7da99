"""Figures: each is drawn from the run's data, readable, complete and the same every time."""

from __future__ import annotations

import dataclasses
import json
import math
import re
from pathlib import Path

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.text import Annotation
from picture_runs import DAYS, attendance, mobilisation_run, threshold_run

from analysis.report.figures import available, pictures, save_all
from analysis.report.figures.events import APART, MOST_MARKS, Shock, joined, key_columns, shocks
from analysis.report.figures.files import drawn, inline_svg, save
from analysis.report.figures.places import outline, peak_table, round_number
from analysis.report.figures.power import class_shares, police_shares
from analysis.report.figures.style import OTHERS, Picture, in_categories, shorten, weekly
from sim.core.errors import ProtestorateError
from sim.core.share import share_dir
from sim.figures.overview import overview
from sim.figures.plot import COLOURS, SETTINGS

NAMES = {picture.name: picture for picture in pictures()}
FLAGSHIP = [
    "turnout", "timeline", "roles", "crossings", "emotions", "power", "contest", "disloyalty", "composition",
    "breadth", "coalition", "map", "spread", "strikes", "strike-places", "tactics", "world", "economy", "media",
    "movement",
]  # fmt: skip


def picture(name: str) -> Picture:
    return NAMES[name]


def texts(figure: Figure) -> list[str]:
    found = figure.findobj(lambda item: hasattr(item, "get_text"), include_self=False)
    return [item.get_text() for item in found if item.get_visible()]


def test_a_full_run_has_all_pictures_but_those_of_war_and_the_plain_one() -> None:
    assert [picture.name for picture in available(mobilisation_run())] == FLAGSHIP


def test_a_model_without_dates_gets_the_plain_picture_alone() -> None:
    run = threshold_run()
    assert [picture.name for picture in available(run)] == ["lines"]
    axis = drawn(picture("lines"), run).axes[0]
    assert axis.lines[0].get_ydata().tolist() == [1, 2, 4, 8, 16, 100]
    assert picture("lines").caption(run) == "Over 6 steps: persons who act from 1 to 100."


def test_a_number_that_never_moves_is_said_to_stay() -> None:
    run = threshold_run()
    (name,) = run.days.select_dtypes("number").columns.drop("step", errors="ignore")
    still = dataclasses.replace(run, days=run.days.assign(**{name: 64}))
    assert picture("lines").caption(still) == "Over 6 steps: persons who act 64 throughout."


def test_a_picture_without_its_columns_is_left_out() -> None:
    run = mobilisation_run()
    without = dataclasses.replace(run, days=run.days.drop(columns=["elite_private", "legitimacy"]))
    assert [picture.name for picture in available(without)] == [
        name for name in FLAGSHIP if name not in ("power", "emotions")
    ]


def test_turnout_draws_the_attendance_and_dots_the_sundays() -> None:
    upper, lower = drawn(picture("turnout"), mobilisation_run()).axes[:2]
    line, sundays = upper.lines[:2]
    assert line.get_ydata().tolist() == attendance().tolist()
    assert sundays.get_ydata().tolist() == [50_000, 80_000, 50_000, 50_000]
    assert [bar.get_height() for bar in lower.patches if bar.get_facecolor()[:3] == orange()][2] == 3_000


def orange() -> tuple[float, float, float]:
    return to_rgb(COLOURS["detained"])


def test_turnout_says_what_is_seen() -> None:
    caption = picture("turnout").caption(mobilisation_run())
    assert "peaks on 16 August 2020 at 80,000 persons, 3.4% of the population" in caption
    assert "the largest day has 50,000" in caption
    assert "3,270 detentions in all, most in one day on 5 August 2020 (3,000)" in caption


def test_events_outside_the_run_are_left_out_and_long_ones_clipped() -> None:
    run = mobilisation_run()
    assert [shock.title for shock in shocks(run)] == ["The epidemic", "The election"]
    assert shocks(run)[0].start == run.days["date"].iloc[0]
    assert shocks(run)[0].end == run.days["date"].iloc[-1]


def test_events_are_numbered_on_the_turnout_and_named_in_its_key() -> None:
    words = texts(drawn(picture("turnout"), mobilisation_run()))
    assert {"1", "2"} <= set(words)
    assert "1  The epidemic (3 Aug)" in words
    assert "2  The election (9 Aug)" in words


def test_events_that_are_close_share_a_mark_and_no_two_marks_touch() -> None:
    day = pd.Timestamp("2020-08-09")
    places = [0.0, 50.0, 51.0, 52.0, 60.0, 88.0, 300.0]
    found = joined([Shock("", day, day)] * len(places), places, APART)
    assert found == [(0.0, "1"), (55.0, "2–5"), (88.0, "6"), (300.0, "7")]
    crowd = [float(place) for place in range(0, 400, 3)]
    middles = [place for place, _ in joined([Shock("", day, day)] * len(crowd), crowd, APART)]
    assert min(np.diff(middles)) >= APART


def test_nobody_detained_leaves_no_empty_panel() -> None:
    run = mobilisation_run()
    none = dataclasses.replace(run, days=run.days.assign(detained_today=0))
    assert len(drawn(picture("turnout"), none).axes) == len(drawn(picture("turnout"), run).axes) - 1
    assert "0 detentions in all" in picture("turnout").caption(none)


def test_more_events_than_can_be_told_apart_are_left_to_the_timeline() -> None:
    one = mobilisation_run().scenario.events["election"]
    run = mobilisation_run(events={f"event {i}": one for i in range(MOST_MARKS + 1)})
    assert key_columns(shocks(run)) == []
    assert not [text for text in texts(drawn(picture("turnout"), run)) if text == "1"]
    assert "41 events given" in picture("timeline").caption(run)
    assert "numbers are events" not in picture("turnout").caption(run)


def test_a_force_of_which_nobody_wavers_is_said_to_have_nobody() -> None:
    run = mobilisation_run()
    forces = [axis for axis in drawn(picture("power"), run).axes if axis.get_title(loc="left") in ("riot", "regular")]
    wavers = {name.replace("_", " "): bool(table.to_numpy().any()) for name, table in police_shares(run).items()}
    told = {axis.get_title(loc="left"): "nobody" in [text.get_text() for text in axis.texts] for axis in forces}
    assert told == {name: not wavers[name] for name in told}
    quiet = run.days.assign(**{name: 0 for name in run.days if "_shirking_riot" in name or "_defected_riot" in name})
    axes = drawn(picture("power"), dataclasses.replace(run, days=quiet)).axes
    (riot,) = [axis for axis in axes if axis.get_title(loc="left") == "riot"]
    assert [text.get_text() for text in riot.texts] == ["nobody"]


def test_no_legend_covers_the_bars_of_those_who_crossed_over() -> None:
    figure = drawn(picture("crossings"), mobilisation_run())
    assert figure.legends
    assert not figure.axes[0].get_legend()


def test_seats_that_stay_together_are_all_seen() -> None:
    run = mobilisation_run()
    days = run.days.assign(shield_court=1.0, shield_parliament=1.0, shield_general_staff=1.0)
    figure = drawn(picture("contest"), dataclasses.replace(run, days=days))
    (axis,) = [one for one in figure.axes if one.get_title(loc="left").startswith("Seats")]
    widths = [line.get_linewidth() for line in axis.lines if line.get_marker() == "None"]
    assert len(widths) >= 3
    assert widths == sorted(set(widths), reverse=True)


def test_a_ruler_who_would_have_fled_is_not_said_to_have_fled_where_others_were_faster() -> None:
    run = mobilisation_run()
    days = run.days.assign(ruler_choice=["wait"] * (len(run.days) - 1) + ["flee"])
    told = {}
    for road in ("fled", "ousted by the army"):
        outcome = dataclasses.replace(run.outcome, road=road)
        told[road] = picture("contest").caption(dataclasses.replace(run, days=days, outcome=outcome))
    assert told["fled"].endswith(" and flees.")
    assert told["ousted by the army"].endswith(" and would give up, had others not acted on that day.")


def test_the_timeline_shows_what_was_given_and_what_followed() -> None:
    words = texts(drawn(picture("timeline"), mobilisation_run()))
    assert {"The election", "The epidemic", "largest turnout: 80,000 persons"} <= set(words)
    assert "After the run" not in words


def test_police_shares_are_of_each_force() -> None:
    shares = police_shares(mobilisation_run())
    assert shares["riot"].iloc[0].to_dict() == pytest.approx({"shirking": 0.08, "defected": 0.02})
    assert shares["army"].to_numpy().max() == 0.0
    assert "in the force “riot”, where at the worst 8% shirk and 2% have defected" in picture("power").caption(
        mobilisation_run()
    )


def test_class_shares_add_to_one_and_are_blank_without_a_crowd() -> None:
    run = mobilisation_run()
    days = run.days.copy()
    classes = [name for name in days if str(name).startswith("attending_class_")]
    days.loc[:9, classes] = 0
    shares = class_shares(dataclasses.replace(run, days=days))
    assert shares.iloc[:7].isna().all(axis=None)
    assert shares.iloc[10:].sum(axis=1).to_numpy() == pytest.approx(1.0)


def test_more_columns_than_colours_become_all_others() -> None:
    table = pd.DataFrame({f"column {i}": [1.0] for i in range(12)})
    kept, colours = in_categories(table)
    assert kept.columns[-1] == OTHERS
    assert kept[OTHERS].iloc[0] == 5.0
    assert len(set(colours)) == len(colours) == kept.shape[1]
    assert in_categories(table.iloc[:, :7])[0].shape[1] == 7


def test_weeks_run_from_monday_to_sunday() -> None:
    run = mobilisation_run()
    weeks = weekly(run.days[["attending"]], run.days["date"])
    assert weeks["attending"].tolist() == [56_000, 86_000, 56_000, 56_000]
    assert all(monday.weekday() == 0 for monday in weeks.index)


def test_tactics_are_shares_of_the_week() -> None:
    axis = drawn(picture("tactics"), mobilisation_run()).axes[0]
    assert [bar.get_height() for bar in axis.patches] == pytest.approx([0.75] * 4 + [0.25] * 4)
    assert "mass march 75%, picket 25%" in picture("tactics").caption(mobilisation_run())


def test_the_map_shows_the_day_of_the_largest_turnout() -> None:
    run = mobilisation_run()
    table = peak_table(run)
    assert table["locality"].tolist() == ["Minsk", "Brest", "Hlybokaye"]
    assert table["attending"].tolist() == [48_000, 16_000, 16_000]
    assert table["share"].iloc[2] == 0.8
    circles = drawn(picture("map"), run).axes[0].collections[0]
    sizes = circles.get_sizes()
    assert sizes[0] / sizes[1] == pytest.approx(3.0)  # area, not diameter, is the number of persons
    assert circles.get_array().tolist() == pytest.approx(table["share"].tolist())
    assert "48,000 of them (60%) in Minsk" in picture("map").caption(run)


def test_a_kilometre_is_as_long_northward_as_eastward() -> None:
    axis = drawn(picture("map"), mobilisation_run()).axes[0]
    rings = outline("belarus")
    middle = float(np.concatenate([ring[:, 1] for ring in rings] + [peak_table(mobilisation_run())["lat"]]).mean())
    assert axis.get_aspect() == pytest.approx(1 / math.cos(math.radians(middle)))


def test_a_scenario_without_an_outline_gets_circles() -> None:
    run = mobilisation_run()
    run.scenario.places.outline = None
    axis = drawn(picture("map"), run).axes[0]
    assert not axis.patches
    assert len(axis.collections[0].get_offsets()) == 3
    assert outline("atlantis") == ()
    assert outline("../belarus-2020") == ()


def test_the_key_of_the_map_covers_no_country() -> None:
    figure = drawn(picture("map"), mobilisation_run())
    figure.draw_without_rendering()
    land, bar = figure.axes
    assert land.get_legend() is None
    key = bar.get_legend().get_window_extent()
    assert key.y1 < land.get_window_extent().y0
    assert key.x0 > bar.get_window_extent().x1
    assert key.x1 < figure.bbox.x1


def test_names_on_the_map_do_not_cover_each_other() -> None:
    figure = drawn(picture("map"), mobilisation_run())
    figure.draw_without_rendering()
    boxes = [item.get_window_extent() for item in figure.axes[0].texts if isinstance(item, Annotation)]
    assert len(boxes) == 3
    assert not any(a.overlaps(b) for i, a in enumerate(boxes) for b in boxes[:i])


def test_the_outline_is_the_country_and_names_its_source() -> None:
    path = Path(share_dir("scenarios")) / "outlines" / "belarus.geojson"
    assert path.stat().st_size <= 15_000
    feature = json.loads(path.read_text(encoding="utf-8"))["features"][0]
    assert "Natural Earth" in feature["properties"]["source"]
    (ring,) = outline("belarus")
    assert ring[0].tolist() == ring[-1].tolist()
    assert ring.min(axis=0).tolist() == pytest.approx([23.18, 51.25], abs=0.1)
    assert ring.max(axis=0).tolist() == pytest.approx([32.76, 56.16], abs=0.1)
    x, y = np.radians(ring - ring.mean(axis=0)).T * 6371
    x = x * math.cos(math.radians(53.7))
    area = abs(np.sum(x[:-1] * y[1:] - x[1:] * y[:-1])) / 2
    assert area == pytest.approx(207_600, rel=0.02)  # square kilometres


@pytest.mark.parametrize("name", FLAGSHIP)
def test_nothing_is_drawn_outside_the_picture_or_too_small_to_read(name: str) -> None:
    figure = drawn(picture(name), mobilisation_run())
    figure.draw_without_rendering()
    room = figure.bbox
    for text in figure.findobj(mpl.text.Text):
        if text.get_visible() and text.get_text().strip() and text.axes is not None:
            box = text.get_window_extent()
            if text in axis_labels(text.axes) or isinstance(text, Annotation):
                assert box.x0 >= -2, text
                assert box.x1 <= room.width + 2, text
            assert text.get_fontsize() >= 7.5, text


def axis_labels(axis: mpl.axes.Axes) -> list[mpl.text.Text]:
    return [axis.xaxis.label, axis.yaxis.label, axis.title]


def test_a_run_in_which_nobody_acts_is_drawn_and_described() -> None:
    run = mobilisation_run()
    days = run.days.copy()
    counts = days.select_dtypes("integer").columns
    days[counts] = 0
    quiet = dataclasses.replace(run, days=days, localities=run.localities.assign(attending=0, striking=0))
    needs_action = {"crossings", "disloyalty", "composition", "map", "strikes", "strike-places"}
    assert [picture.name for picture in available(quiet)] == [name for name in FLAGSHIP if name not in needs_action]
    for one in available(quiet):
        drawn(one, quiet).draw_without_rendering()
        assert one.caption(quiet)


def test_a_run_of_one_day_is_drawn() -> None:
    run = mobilisation_run()
    first = run.days["date"].iloc[0]
    short = dataclasses.replace(run, days=run.days.head(1), localities=run.localities[run.localities["date"] == first])
    for one in available(short):
        drawn(one, short).draw_without_rendering()
        assert one.caption(short)


def test_the_same_run_gives_the_same_bytes(tmp_path: Path) -> None:
    """Every picture as SVG, where ids could differ, and one as PNG, where only the file's head could."""
    run = mobilisation_run()
    first = save_all(run, tmp_path / "a")
    assert [path.name for path in first] == [f"{name}.{kind}" for name in FLAGSHIP for kind in ("svg", "png")]
    second = save_all(run, tmp_path / "b", ("svg",)) + save(drawn(picture("map"), run), "map", tmp_path / "b", ("png",))
    for other in second:
        assert (tmp_path / "a" / other.name).read_bytes() == other.read_bytes(), other.name
    assert "<dc:date>" not in first[0].read_text(encoding="utf-8")


def test_another_run_gives_another_picture() -> None:
    run = mobilisation_run()
    more = dataclasses.replace(run, days=run.days.assign(attending=2 * run.days["attending"]))
    one, other = (inline_svg(drawn(picture("turnout"), each), "turnout", "words") for each in (run, more))
    assert one != other


def test_a_dollar_sign_in_a_name_is_no_formula() -> None:
    name = r"costs $5 \frac to $x^$"
    run = mobilisation_run()
    run.scenario.events["election"].title = name
    run.scenario.places.localities[name] = run.scenario.places.localities.pop("Minsk")
    localities = run.localities.assign(locality=run.localities["locality"].replace("Minsk", name))
    run = dataclasses.replace(run, localities=localities)
    for one in ("turnout", "timeline", "map"):
        figure = drawn(picture(one), run)
        figure.draw_without_rendering()
        assert [text for text in texts(figure) if name in text], one


def test_an_unknown_format_is_refused_before_anything_is_written(tmp_path: Path) -> None:
    with pytest.raises(ProtestorateError, match="'bmp' is none of svg, png, pdf"):
        save_all(mobilisation_run(), tmp_path / "a", ("svg", "bmp"))
    assert not (tmp_path / "a").exists()


def test_ids_inside_an_inline_picture_carry_its_name() -> None:
    text = inline_svg(drawn(picture("map"), mobilisation_run()), "map", "words")
    ids = re.findall(r'\bid="([^"]*)"', text)
    assert ids
    assert all(name.startswith("map-") for name in ids)
    used = set(re.findall(r'href="#([^"]*)"', text)) | set(re.findall(r"url\(#([^)]*)\)", text))
    assert used
    assert used <= set(ids)
    assert "<style" not in text
    assert '<title id="map-words">words</title>' in text


def test_drawing_leaves_the_settings_of_matplotlib_alone() -> None:
    before = {name: mpl.rcParams[name] for name in SETTINGS}
    drawn(picture("roles"), mobilisation_run())
    overview(mobilisation_run().days, "A case")
    assert {name: mpl.rcParams[name] for name in SETTINGS} == before


@pytest.mark.parametrize(("value", "rounded"), [(1, 1), (0.3, 1), (7, 5), (99, 50), (236_500, 200_000)])
def test_the_sizes_of_the_map_key_are_round(value: float, rounded: int) -> None:
    assert round_number(value) == rounded


def test_weekends_and_the_big_day_are_those_of_the_country() -> None:
    run = mobilisation_run()
    run.scenario.time = type("Time", (), {"weekend": ["friday", "saturday"], "big_day": "friday"})
    figure = drawn(picture("turnout"), run)
    fridays = figure.axes[0].lines[1]
    assert {day.day_of_week for day in pd.to_datetime(fridays.get_xdata())} == {4}
    assert "dots are Fridays" in picture("turnout").caption(run)
    assert sum(patch.get_facecolor()[:3] == to_rgb("#F3F3F3") for patch in figure.axes[0].patches) == 8


def test_an_axis_of_weeks_has_few_ticks() -> None:
    figure = drawn(picture("tactics"), mobilisation_run())
    figure.draw_without_rendering()
    assert 2 <= len(figure.axes[0].get_xticks()) <= 8


def test_days_of_the_hand_made_run_end_on_a_sunday() -> None:
    assert mobilisation_run().days["date"].iloc[DAYS - 1].day_of_week == 6


@pytest.mark.parametrize(
    ("text", "words"), [("short", "short"), ("one two three four", "one two …"), ("x" * 20, "xxxxxxxxxx …")]
)
def test_long_titles_are_cut_at_a_word(text: str, words: str) -> None:
    assert shorten(text, 12) == words
