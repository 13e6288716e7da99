"""The tables of a calibration, for the terminal and for the marked places of a document."""

from __future__ import annotations

from typing import Any

from analysis.calibration.record import Record

CHECK_COLUMNS = ("target", "unit", "observed", "median run", "90 % of runs", "met", "residual")
PLACES = ("targets", "search", "ranges", "fights")


def number(value: float | None) -> str:
    """Return a number to three digits, thousands apart, as a reader wants it."""
    if value is None:
        return "none"
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"


def target_table(checked: Record) -> str:
    """Return the target table as Markdown."""
    lines = [
        "| target | unit | observed | median run | 90 % of runs | met | source | why this range |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for row in checked["rows"]:
        observed = f"{number(row['value'])} ({number(row['low'])} to {number(row['high'])})"
        spread = f"{number(row['run_low'])} to {number(row['run_high'])}"
        verdict = "yes" if row["met"] else "**no**"
        cells = (
            row["target"],
            row["unit"],
            observed,
            number(row["found"]),
            spread,
            verdict,
            row["source"],
            row["note"],
        )
        lines.append(f"| {' | '.join(cells)} |")
    rows = checked["rows"]
    missed = [row["target"] for row in rows if not row["met"]]
    said = f"Not met: {'; '.join(missed)}." if missed else "None is missed."
    lines += [
        "",
        f"{checked['met']} of {len(rows)} targets are met by the median of {checked['runs']} runs "
        f"(seeds {checked['seeds']}, {checked['persons_per_agent']} persons per agent); "
        f"distance {number(checked['distance'])}; {checked['date']}, version {checked['model_version']}. {said}",
    ]
    return "\n".join(lines)


def range_table(record: Record) -> str:
    """Return the accepted ranges as Markdown."""
    accepted = record["accepted"]
    lines = [
        "| parameter | limits of the search | written | accepted, 5 to 95 % | drawn, 5 to 95 % | accepted of limits | of drawn |",
        "|---|---|---|---|---|---|---|",
    ]
    for path, found in accepted["ranges"].items():
        span = record["searched"][path]
        lines.append(
            f"| `{path}` | {number(span['low'])} to {number(span['high'])} | {number(found['best'])} "
            f"| {number(found['low'])} to {number(found['high'])} "
            f"| {number(found['drawn_low'])} to {number(found['drawn_high'])} "
            f"| {100 * found['share_of_limits']:.0f} % | {100 * found['share_of_drawn']:.0f} % |"
        )
    lines += [
        "",
        f"{accepted['sets']} of {accepted['drawn']} sets that were drawn came within the tolerance of "
        f"{number(accepted['tolerance'])}, at {accepted['persons_per_agent']} persons per agent.",
    ]
    return "\n".join(lines)


def fight_table(record: Record) -> str:
    """Return the targets that fight each other as Markdown."""
    found = record["accepted"]["fights"]
    if not found:
        return "No two targets oppose each other over the accepted sets."
    lines = [
        "| target | against | opposed in | correlation of residuals |",
        "|---|---|---|---|",
    ]
    lines += [
        f"| {fight['first']} | {fight['second']} | {100 * fight['opposed']:.0f} % | {fight['correlation']:.2f} |"
        for fight in found
    ]
    return "\n".join(lines)


def search_table(record: Record) -> str:
    """Return the stages of the search as Markdown."""
    lines = [
        "| stage | method | persons per agent | runs a set | sets | distance before | distance found |",
        "|---|---|---|---|---|---|---|",
    ]
    lines += [
        f"| {place} | {stage['method']} | {stage['persons_per_agent']} | {stage['runs']} | {stage['evaluations']:,} "
        f"| {number(stage['before'])} | {number(stage['distance'])} |"
        for place, stage in enumerate(record["stages"], start=1)
    ]
    lines += ["", f"`{record['command']}`, {record['date']}, version {record['model_version']}."]
    return "\n".join(lines)


def tables(record: Record) -> dict[str, str]:
    """Return every table that the record can give, by the name of its place in a document (one of `PLACES`)."""
    found: dict[str, str] = {}
    if "check" in record:
        found["targets"] = target_table(record["check"])
    if record.get("stages"):
        found["search"] = search_table(record)
    if "accepted" in record:
        found["ranges"] = range_table(record)
        found["fights"] = fight_table(record)
    return found


def plain_rows(checked: Record) -> list[tuple[Any, ...]]:
    """Return the target table's cells for the terminal."""
    return [
        (
            row["target"],
            row["unit"],
            f"{number(row['low'])} to {number(row['high'])}",
            number(row["found"]),
            f"{number(row['run_low'])} to {number(row['run_high'])}",
            "yes" if row["met"] else "no",
            f"{row['residual']:+.2f}",
        )
        for row in checked["rows"]
    ]
