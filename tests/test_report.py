"""The report: one file that is complete, safe, and needs nothing from outside."""

from __future__ import annotations

import dataclasses
import datetime as dt
import re
from collections import Counter
from html.parser import HTMLParser
from pathlib import Path

import pytest
from picture_runs import HandMadeRun, mobilisation_run, threshold_run

import sim
from analysis.report.run import (
    answer,
    command,
    grouped,
    key_numbers,
    main_numbers,
    meanings,
    places,
    python_call,
    recorded,
    write_report,
)
from sim.core.formats import share
from sim.evidence.sources import SourceRow
from sim.models.mobilisation.results import NUMBERS

FLAGSHIP = [
    "turnout", "timeline", "roles", "crossings", "emotions", "power", "contest", "disloyalty", "composition",
    "breadth", "coalition", "map", "spread", "strikes", "strike-places", "tactics", "world", "economy", "media",
    "movement",
]  # fmt: skip
VOID = {"meta", "link", "br", "img", "hr", "input"}


class Page(HTMLParser):
    """Tags, attributes and text of a page; fails on tags that are not closed in order."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str, str]] = []
        self.text = ""
        self.open: list[str] = []
        self.source = path.read_text(encoding="utf-8")
        self.feed(self.source)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_startendtag(tag, attrs)
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(tag, name, value or "") for name, value in attrs]

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag, (tag, self.getpos())

    def handle_data(self, data: str) -> None:
        self.text += data

    def values(self, attribute: str) -> list[str]:
        return [value for _, name, value in self.attributes if name == attribute]


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Page:
    return Page(write_report(mobilisation_run(), tmp_path_factory.mktemp("report")))


def assert_self_contained(page: Page) -> None:
    """Fail if the page runs anything, or loads anything from elsewhere."""
    assert "script" not in page.tags
    assert not {"link", "iframe", "object", "embed", "base", "form"} & set(page.tags)
    for _, name, value in page.attributes:
        assert not name.startswith("on"), (name, value)
        if name in ("src", "href", "xlink:href", "srcset", "data", "poster", "action"):
            assert value.startswith(("#", "data:image/png;base64,")), (name, value)
    assert all(target.startswith("#") for target in re.findall(r"url\(\s*['\"]?([^)]*)\)", page.source))
    assert "@import" not in page.source


def test_the_page_is_whole_and_needs_nothing_from_outside(page: Page) -> None:
    assert page.open == []
    assert page.source.startswith("<!DOCTYPE html>")
    assert_self_contained(page)


def test_the_check_itself_finds_loads_and_scripts(tmp_path: Path) -> None:
    for bad in (
        "<script>1</script>", '<img src="https://example.org/a.png">', '<p onclick="x()">a</p>',
        "<style>p { background: url(https://example.org) }</style>",
    ):  # fmt: skip
        path = tmp_path / "bad.html"
        path.write_text(f"<html>{bad}</html>", encoding="utf-8")
        with pytest.raises(AssertionError):
            assert_self_contained(Page(path))


def test_all_pictures_stand_in_it_with_captions_and_words_for_the_blind(page: Page) -> None:
    assert [name for name in page.values("id") if name.startswith("figure-")] == [f"figure-{name}" for name in FLAGSHIP]
    assert page.tags.count("figcaption") == page.tags.count("figure") == len(FLAGSHIP)
    named = [value for tag, name, value in page.attributes if (tag, name) == ("svg", "aria-labelledby")]
    assert named == [f"{name}-words" for name in FLAGSHIP]
    assert set(named) <= set(page.values("id"))


def test_ids_are_unique_and_every_reference_has_its_target(page: Page) -> None:
    ids = Counter(page.values("id"))
    assert [name for name, count in ids.items() if count > 1] == []
    targets = {value[1:] for value in page.values("href") + page.values("xlink:href") if value[0] == "#"}
    assert targets | set(re.findall(r"url\(#([^)]*)\)", page.source)) <= set(ids)


def test_it_says_what_happened_and_how_to_repeat_it(page: Page) -> None:
    for words in (
        "Outcome: holds transformed", "it lost 40% of its legitimacy",
        "Turnout peaks on 16 August 2020 at 80,000 persons",
        "protestorate run a-case --seed 7 --set time.days=28",
        "sim.simulate('a-case', seed=7, overrides={'time.days': 28})",
        "Limits and responsible use", "The election", "16 August 2020", "versions numpy",
    ):  # fmt: skip
        assert words in page.text, words


def test_it_opens_with_the_answer_three_numbers_and_a_picture_and_the_rest_is_folded(page: Page) -> None:
    opening, _, rest = page.source.partition('<nav class="contents"')
    assert "Outcome: holds transformed" in opening
    assert "<dd>80,000 persons</dd>" in opening
    assert "This is one run with one sequence of random numbers" in opening
    assert re.findall(r'<figure id="figure-(\w+)"', opening) == [FLAGSHIP[0]]
    unfolded = re.sub(
        r'<details class="part">.*?\n</details>\n(?=\n|<details class="part">)', "", rest, flags=re.DOTALL
    )
    assert "<figure" not in unfolded
    assert "<table" not in unfolded
    listed = re.findall(r'<a href="#([^"]+)">', rest.partition("</nav>")[0])
    assert [name for name in listed if name.startswith("part-")] == [f"part-{name}" for name in FLAGSHIP[1:]]
    assert listed[-1] == "limits"


def test_the_numbers_at_the_top_are_the_main_ones_of_the_model() -> None:
    numbers = mobilisation_run().summary | {"person_days_of_protest": 5, "detained": 7, "ever_protested": 6}
    assert [value for _, value in main_numbers(numbers, NUMBERS)] == ["80,000 persons", "5 person-days", "6 persons"]
    assert main_numbers({"own_entry": 1}, NUMBERS) == []


def test_text_of_a_scenario_is_escaped_wherever_it_stands(tmp_path: Path) -> None:
    evil = "<script>alert(\"1\")</script> & 'quotes'"
    run = mobilisation_run(title=evil)
    run.scenario.about.summary = evil
    run.scenario.events["election"].title = evil
    run.scenario.places.localities[evil] = run.scenario.places.localities.pop("Minsk")
    run.scenario.places.localities[evil].region = evil
    localities = run.localities.assign(locality=run.localities["locality"].replace("Minsk", evil))
    run = HandMadeRun(run.days, localities, run.scenario, run.outcome, {evil: evil}, run.provenance | {evil: evil})
    page = Page(write_report(run, tmp_path))
    assert_self_contained(page)
    assert page.text.count(evil) >= 7
    assert page.open == []


def test_the_same_run_gives_the_same_page(tmp_path: Path) -> None:
    pages = []
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        pages.append(write_report(mobilisation_run(), tmp_path / name).read_bytes())
    assert pages[0] == pages[1]


def test_another_model_gets_what_it_has_data_for(tmp_path: Path) -> None:
    page = Page(write_report(threshold_run(), tmp_path))
    assert [name for name in page.values("id") if name.startswith("figure-")] == ["figure-lines"]
    assert "persons who act from 1 to 100" in page.text
    assert "Where the values come from" not in page.text
    assert_self_contained(page)


def test_pictures_are_saved_as_files_when_asked_for(tmp_path: Path) -> None:
    write_report(threshold_run(), tmp_path, ("svg", "png"))
    assert sorted(path.name for path in (tmp_path / "figures").iterdir()) == ["lines.png", "lines.svg"]


def test_key_numbers_have_names_and_units() -> None:
    rows = dict(key_numbers(mobilisation_run().summary | {"own_entry": 1234}, NUMBERS))
    assert rows == {
        "largest turnout on one day": "80,000 persons",
        "largest turnout on one day, of the population": "3.4%",
        "day of the largest turnout": "16 August 2020",
        "own entry": "1,234",
    }


def test_key_numbers_are_shares_only_where_they_are() -> None:
    rows = dict(key_numbers({"peak_effective_localities": 1.0, "peak_coverage": 1.0, "coalition_days": -1}, NUMBERS))
    assert list(rows.values()) == ["1 locality", "100%", "no mass protest"]
    assert list(dict(key_numbers({"coalition_days": 0}, NUMBERS)).values()) == ["0 days"]


def test_every_daily_column_that_is_a_number_is_listed() -> None:
    run = sim.simulate("belarus-2020", days=2, persons_per_agent=5000)
    rows = {name: (label, whole, last) for name, label, whole, last in recorded(run)}
    assert list(rows) == [one.name for one in run.declared.columns if one.is_number]
    assert rows["detained_today"][:2] == ("detentions", f"total {int(run.days['detained_today'].sum()):,} persons")
    assert rows["elite_public"][2] == share(run.days["elite_public"].iloc[-1])


def test_the_answer_names_outcome_reasons_and_criterion() -> None:
    text = answer(mobilisation_run())
    assert text.startswith("The run ends with the outcome “holds transformed”: it lost 40% of its legitimacy. ")
    assert "criterion" not in text, "it is a screen and no essay"
    assert "by this criterion: there was a movement" in meanings(mobilisation_run())[0]


def test_an_outcome_is_explained_without_the_list_of_the_others() -> None:
    run = mobilisation_run()
    contested = dataclasses.replace(run, outcome=dataclasses.replace(run.outcome, name="contested", road="undecided"))
    assert "none of these" not in meanings(contested)[0]
    assert "none of the other outcomes" in meanings(contested)[0]


def test_places_without_a_crowd_are_not_among_the_largest_crowds() -> None:
    run = mobilisation_run()
    crowds = run.localities.assign(
        attending=run.localities["attending"].where(run.localities["locality"] == "Minsk", 0)
    )
    assert [row["locality"] for row in places(dataclasses.replace(run, localities=crowds))] == ["Minsk"]


def test_the_command_is_quoted_for_the_shell() -> None:
    run = mobilisation_run()
    run.provenance.update(
        scenario_file="my case.yaml",
        overrides={"about.title": "it's", "time.start": dt.date(2020, 8, 1), "a.b": True, "c.d": None, "e.f": 1e-05},
    )
    assert command(run) == (
        "protestorate run 'my case.yaml' --seed 7 --set 'about.title='\"'\"'it'\"'\"'s'\"'\"'' "
        "--set time.start=2020-08-01 --set a.b=true --set c.d=null --set e.f=1.0e-05"
    )
    assert python_call(run).startswith("import datetime\n\nsim.simulate('my case.yaml', seed=7, overrides={")
    run.provenance.update(overrides={"about.authors": ["a"]}, days=5)
    assert command(run) == "protestorate run 'my case.yaml' --seed 7 --days 5 --set 'about.authors=[a]'"
    assert python_call(run) == "sim.simulate('my case.yaml', seed=7, days=5, overrides={'about.authors': ['a']})"


def test_neighbouring_values_with_one_source_share_its_text() -> None:
    def row(path: str, ids: tuple[str, ...]) -> SourceRow:
        return SourceRow(path, 1, ids, "documented", "what it says", "")

    rows = [row("time.a", ("x",)), row("time.b", ("x",)), row("time.c", ("y",)), row("run.d", ("y",))]
    assert [[path for path, _ in values] for _, values in grouped(rows)] == [
        ["time.a", "time.b"], ["time.c"], ["run.d"],
    ]  # fmt: skip


def test_the_report_of_a_real_run(tmp_path: Path) -> None:
    run = sim.simulate("belarus-2020", days=20, persons_per_agent=2000)
    path = write_report(run, tmp_path)
    page = Page(path)
    assert page.open == []
    assert_self_contained(page)
    assert [name for name in page.values("id") if name.startswith("figure-")] == [f"figure-{name}" for name in FLAGSHIP]
    assert "Where the values come from" in page.text
    assert "people.motive.threshold_mean" in page.text
    assert f"{run.summary['peak_turnout']:,}" in page.text
    assert run.provenance["scenario_hash"] in page.text
    assert path.stat().st_size < 2_000_000
    assert run.plot().get_suptitle() == run.scenario.about.title
