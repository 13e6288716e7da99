"""Measure speed and memory: ``python -m benchmarks`` or ``make bench``. Prints a Markdown table.

Beside each row a small loop, which knows nothing of the model, is timed on the same machine at the same time. A row is
held against the committed baseline (``benchmarks/baseline.json``) as the ratio of the two, so that a slower machine is
no regression, and so are the values that a row must have. ``--country`` measures whole countries person by person,
which takes minutes and up to 16 GB; ``--quick`` measures everything once; ``--part`` one part.

Exit code 1 if a row is slower than the baseline by more than the spread of the two and a tenth. What an idle machine
gave is kept as a line of ``benchmarks/history.jsonl``. ``--write-baseline`` writes the baseline anew: on an idle
machine, and in the commit that says why.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import statistics
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from benchmarks.machine import BUSY, bandwidth, described, load, reference
from benchmarks.measures import COUNTRY_PARTS, COUNTRY_ROWS, PARTS, ROWS, Row, bytes_of_an_agent

HERE = Path(__file__).parent
BASELINE, HISTORY = HERE / "baseline.json", HERE / "history.jsonl"
TOLERANCE = 0.1
"""By how much a row may be slower than the baseline before it is a regression, beside the spread of both."""


def measured(chosen: Mapping[str, Any], times: int | None) -> dict[str, dict[str, Any]]:
    """Return the samples of each row, and the reference loop's time around them."""
    found: dict[str, dict[str, Any]] = {}
    for part, (measure, usual) in chosen.items():
        print(f"measuring: {part}", file=sys.stderr)
        before = reference()
        for name, value in measure(times or usual):
            found.setdefault(name, {"samples": []})["samples"].append(value)
            found[name]["before"] = before
        after = reference()
        for row in found.values():
            if "reference" not in row:
                row["reference"] = (row.pop("before") + after) / 2
    return found


def entry_of(row: Row, found: Mapping[str, Any]) -> dict[str, Any]:
    """Return a row's values as baseline and history keep them: in its unit, and as ratios to the reference loop."""
    samples, unit = sorted(found["samples"]), 1.0 if row.fixed else found["reference"]
    return {
        "unit": row.unit,
        "median": round(row.shown(statistics.median(samples)), 4),
        "low": round(min(row.shown(value) for value in samples), 4),
        "high": round(max(row.shown(value) for value in samples), 4),
        "samples": len(samples),
        "ratio": statistics.median(samples) / unit,
        "ratio_low": samples[0] / unit,
        "ratio_high": samples[-1] / unit,
        "reference_ms": round(found["reference"] * 1e3, 3),
    }


def against(row: Row, entry: Mapping[str, Any], before: Mapping[str, Any] | None) -> tuple[str, bool]:
    """Return in words how a row compares with the baseline, and whether it is slower than both spreads allow."""
    if before is None:
        return "", False
    change = entry["ratio"] / before["ratio"]
    worse = entry["ratio_low"] > before["ratio_high"] and change > 1.0 + TOLERANCE
    return f"×{change:.2f}" + (" slower" if worse else ""), worse


def must_of(row: Row, entry: Mapping[str, Any], before: Mapping[str, Any] | None) -> str:
    """Return whether a row has the value that it must have, on this machine as slow as it is now."""
    if row.must is None:
        return ""
    slowness = 1.0 if before is None or row.fixed else entry["reference_ms"] / before["reference_ms"]
    wanted = row.must / slowness if row.rate else row.must * slowness
    met = entry["median"] >= wanted if row.rate else entry["median"] <= wanted
    return f"{_number(row.must)}: {'met' if met else 'not met'}"


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def table(rows: tuple[Row, ...], entries: Mapping[str, Any], baseline: Mapping[str, Any]) -> tuple[list[str], bool]:
    """Return the lines of the table of what was measured, and whether something has become slower."""
    lines = [
        "| measure | median | lowest to highest | must | aim | against the baseline |",
        "|---|---|---|---|---|---|",
    ]
    slower = False
    for row in rows:
        if row.name not in entries:
            continue
        entry, before = entries[row.name], baseline.get("rows", {}).get(row.name)
        words, worse = against(row, entry, before)
        slower = slower or worse
        aim = "" if row.aim is None else _number(row.aim)
        spread = f"{_number(entry['low'])} to {_number(entry['high'])}" if entry["samples"] > 1 else ""
        median = f"{_number(entry['median'])} {row.unit}"
        lines.append(f"| {row.title} | {median} | {spread} | {must_of(row, entry, before)} | {aim} | {words} |")
    return lines, slower


def _written(head: Mapping[str, Any]) -> str:
    machine, versions = head["machine"], head["versions"]
    return (
        f"{machine['processor'] or machine['architecture']}, {machine['cores']} cores, {machine['memory_gb']:.0f} GB; "
        f"protestorate {versions['model']}, Python {versions['python']}, numba {versions['numba']}, "
        f"numpy {versions['numpy']}; {head['date'][:10]}"
    )


def main() -> None:
    """Measure, and print a Markdown table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--country", action="store_true", help="whole countries, person by person")
    parser.add_argument("--quick", action="store_true", help="everything once")
    parser.add_argument("--part", action="append", choices=[*PARTS], help="only this; may be repeated")
    parser.add_argument("--write-baseline", action="store_true", help="write the rows measured into the baseline")
    options = parser.parse_args()
    busy = load()
    rows, parts = (COUNTRY_ROWS, COUNTRY_PARTS) if options.country else (ROWS, PARTS)
    chosen = {name: part for name, part in parts.items() if options.country or name in (options.part or parts)}
    found = measured(chosen, 1 if options.quick else None)
    entries = {row.name: entry_of(row, found[row.name]) for row in rows if row.name in found}
    baseline = json.loads(BASELINE.read_text(encoding="utf-8")) if BASELINE.exists() else {}
    head = {"date": dt.datetime.now(dt.UTC).isoformat(timespec="seconds"), "load": round(busy, 2), **described()}
    print(f"{_written(head)}\n")
    lines, slower = table(rows, entries, baseline)
    print("\n".join(lines))
    if not options.country and not options.part:
        own, ties, rest = bytes_of_an_agent()
        print(
            f"\nBytes per agent, 94,134 agents: {own:.0f} state + {ties:.0f} ties + {rest:.1f} shared. "
            f"Memory bandwidth (triad): {bandwidth(1) / 1e9:.1f} GB/s on one thread, {bandwidth(2) / 1e9:.1f} on two."
        )
    if baseline:
        hurried = ", of a busy machine, to be measured anew" if baseline["load"] > BUSY else ""
        print(f"\nThe baseline{hurried}: {_written(baseline)}. What must be is scaled by the reference loop.")
    if busy > BUSY:
        print(f"\nThe machine was busy when this began ({busy:.1f} processes per core): do not quote these numbers.")
    elif not options.quick:
        with HISTORY.open("a", encoding="utf-8") as history:
            history.write(json.dumps({**head, "rows": entries}) + "\n")
    if options.write_baseline:
        kept = {**baseline.get("rows", {}), **entries}
        BASELINE.write_text(json.dumps({**head, "rows": kept}, indent=1) + "\n", encoding="utf-8")
        print(f"\nwritten: {BASELINE.name}")
    elif slower:
        sys.exit(1)


if __name__ == "__main__":
    main()
