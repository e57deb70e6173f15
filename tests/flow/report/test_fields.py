# SPDX-License-Identifier: Apache-2.0
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pulsewright.flow.report.fields import FIELDS, described
from pulsewright.flow.report.synthesis_figures import synthesis_figures
from pulsewright.flow.steps.results import HistoryResult
from pulsewright.flow.steps.synthesis_result import CellsShown, FpgaShown, SynthesisShown
from pulsewright.quant.quantised.row_comparison import UndecidedRow
from tests.flow.synthesis_results import cell_result, fpga_mapping, fpga_routing, gate_energy

LEAVES = {name.replace("[]", "") for name in FIELDS}


def names_of(value: Any, name: str) -> Iterator[str]:
    """Names of all that a report holds, as far down as fields are described."""
    if name:
        yield name
    if isinstance(value, list):
        for one in value:
            yield from names_of(one, name)
    if isinstance(value, dict) and any(_has_below(field, name) for field in LEAVES):
        for key, one in value.items():
            yield from names_of(one, f"{name}.{key}".lstrip("."))


def _has_below(field: str, name: str) -> bool:
    parts, outer = field.split("."), name.split(".") if name else []
    return len(parts) > len(outer) and all(
        one.startswith("<") or one == part for one, part in zip(parts, outer, strict=False)
    )


def undescribed(report: dict[str, Any]) -> list[str]:
    return [
        name
        for name in dict.fromkeys(names_of(report, ""))
        if not any(described(name)) and not any(_has_below(field, name) for field in LEAVES)
    ]


def test_every_field_of_a_report_is_described_and_the_other_way_round(finished: Path) -> None:
    report = json.loads((finished / "build" / "tiny" / "report.json").read_text())
    assert undescribed(report) == []
    there = {name for one in names_of(report, "") for name in described(one)}
    missing = {
        name
        for name in FIELDS
        if name not in there and not name.startswith(("quantiles.", "float32_", "synthesis[]"))
    }
    assert missing == set()


def test_every_figure_of_synthesis_is_described() -> None:
    shown = SynthesisShown(
        fpgas=[FpgaShown(mapping=fpga_mapping(), routing=fpga_routing())],
        cells=[CellsShown(cells=cell_result(), energy=gate_energy())],
    )
    report = {"synthesis": synthesis_figures(shown)}
    assert undescribed(report) == []
    there = {name for one in names_of(report, "") for name in described(one)}
    assert {name for name in FIELDS if name.startswith("synthesis")} == there


def test_what_other_tasks_report_is_described() -> None:
    fields = {f"quantiles.{name}" for name in HistoryResult.model_fields}
    assert {name for name in FIELDS if name.startswith("quantiles.")} == fields
    rows = {f"float32_undecided.<split>[].{name}" for name in UndecidedRow.__dataclass_fields__}
    assert {name for name in FIELDS if name.startswith("float32_undecided.")} == rows


def test_an_unknown_field_is_not_described() -> None:
    assert list(described("accuracy.rows.flaot")) == []
    assert undescribed({"cycles": {"new": 1}}) == ["cycles.new"]
