"""Verdicts are kept, version after version, and what moved is told."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from analysis.claims.history import Said, added, beside, read, shown, write
from analysis.claims.verdict import VERDICTS
from sim.core.errors import ProtestorateError

KEPT = Path(__file__).parents[1] / "docs" / "claims-history.csv"


def found(**verdicts: str) -> Any:
    return [SimpleNamespace(trial=SimpleNamespace(claim=SimpleNamespace(id=k)), verdict=v) for k, v in verdicts.items()]


def test_what_is_kept_of_this_project_can_be_read_and_names_verdicts() -> None:
    history = read(KEPT)
    assert len({one.claim for one in history if one.model_version == "0.1.0+73fa6f3ee816471c"}) == 72
    assert {one.verdict for one in history} <= set(VERDICTS)


def test_a_verdict_that_moved_is_told_with_its_days(tmp_path: Path) -> None:
    file = beside(tmp_path / "claims.md")
    first = added(read(file), "2026-01-01", "1+a", found(x="supported", y="contradicted", z="supported"))
    assert "none to compare with" in shown(first)
    write(file, first)
    second = added(read(file), "2026-02-01", "1+b", found(x="supported", y="supported", new="sensitive"))
    write(file, second)
    assert read(file) == second
    said = shown(second)
    assert "From `1+a` to `1+b`: 1 of 2 experiments changed their verdict." in said
    assert "| `y` | contradicted (2026-01-01) → supported (2026-02-01) |" in said
    assert "`x`" not in said
    assert "`z`" not in said


def test_a_version_made_again_is_replaced() -> None:
    first = added([], "2026-01-01", "1+a", found(x="supported"))
    assert added(first, "2026-01-02", "1+a", found(x="sensitive")) == [Said("2026-01-02", "1+a", "x", "sensitive")]


@pytest.mark.parametrize(("text", "line"), [("", 0), ("a,b\n", 1), ("made,model_version,claim,verdict\n1,2,3\n", 2)])
def test_another_file_is_refused(text: str, line: int, tmp_path: Path) -> None:
    file = tmp_path / "claims-history.csv"
    file.write_text(text, encoding="utf-8")
    if not line:
        assert read(file) == []
        return
    with pytest.raises(ProtestorateError, match=f"claims-history.csv:{line}: must be made, model_version"):
        read(file)
