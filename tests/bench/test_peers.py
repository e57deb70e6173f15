# SPDX-License-Identifier: Apache-2.0
"""The peers compute what the reference does, where their packages are installed."""

import io
from pathlib import Path

import pytest
from rich.console import Console

from bench.da4ml_peer import da4ml_design
from bench.hls4ml_peer import ap_type, hls4ml_emulator
from bench.lut_estimate import Area, area_of, has_yosys, lut_estimate
from bench.peers import Row, different, main, rounded, table_of
from pulsewright.flow.report.table_layout import print_table
from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.reference.fixed_point import FixedPoint, Rounding
from tests.models import random_codes, random_model


def test_formats_as_hls4ml_writes_them() -> None:
    assert ap_type(FixedPoint(width=8, frac=7, signed=True)) == "fixed<8,1>"
    assert ap_type(FixedPoint(width=8, frac=6, signed=False)) == "ufixed<8,2>"


def test_rows_that_differ_are_counted() -> None:
    model = random_model((2, 3, 1))
    codes = random_codes(model, 10)
    outputs = model.infer(codes)
    outputs[3] += 1
    assert different(outputs, model, codes) == 1


def test_the_table_has_ratios_to_its_first_row() -> None:
    rows = [
        Row("reference", "half even", 10, 0, 0.0, rate=1000.0),
        Row("other", "half up", 10, 2, 1.5, 3.0, 250.0, (1, 6), 77.4),
    ]
    text = io.StringIO()
    print_table(Console(file=text), table_of(rows, random_model((2, 3, 1))))
    words = text.getvalue().split()
    assert {"0.25", "1.50", "3.0", "250", "77", "2", "6"} <= set(words)


def test_without_a_model_the_remedy_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([str(tmp_path / "model.json")]) == 2
    assert "call make bench-peers" in capsys.readouterr().err


@pytest.mark.parametrize("rounding", [Rounding.HALF_UP, Rounding.FLOOR])
def test_da4ml_is_exact(tmp_path: Path, rounding: Rounding) -> None:
    pytest.importorskip("da4ml")
    model = random_model((4, 6, 2), rounding=rounding)
    design = da4ml_design(model, tmp_path)
    codes = random_codes(model, 500)
    assert different(design.infer(codes), model, codes) == 0
    assert design.luts > 0
    assert design.stages > 0
    assert any(path.stem == model.name for path in design.verilog)
    with pytest.raises(PulsewrightError, match="da4ml rounds half up or down"):
        da4ml_design(rounded(model, Rounding.HALF_EVEN), tmp_path)


@pytest.mark.regression
@pytest.mark.parametrize("rounding", [Rounding.HALF_EVEN, Rounding.FLOOR])
def test_hls4ml_is_exact(tmp_path: Path, rounding: Rounding) -> None:
    pytest.importorskip("hls4ml")
    model = random_model((4, 6, 2), rounding=rounding)
    *_, infer = hls4ml_emulator(model, tmp_path)
    codes = random_codes(model, 500)
    assert different(infer(codes), model, codes) == 0


def test_cells_of_series_7() -> None:
    cells = {"LUT6": 10, "LUT2": 3, "RAM32M": 2, "SRL16E": 1, "CARRY4": 9, "FDRE": 7, "FDCE": 1}
    blocks = {"DSP48E1": 4, "RAMB18E1": 1, "RAMB36E1": 2, "BUFG": 1, "IBUF": 2}
    assert area_of(cells | blocks) == Area(22, 8, 4, 5)


@pytest.mark.regression
@pytest.mark.skipif(not has_yosys(), reason="no Yosys")
def test_an_adder_has_a_lut_a_bit(tmp_path: Path) -> None:
    path = tmp_path / "sum.v"
    path.write_text(
        "module sum(input clk, input [7:0] a, b, output reg [7:0] y);\n"
        "always @(posedge clk) y <= a + b;\nendmodule\n"
    )
    area = lut_estimate([path], "sum")
    assert area is not None
    assert area.flip_flops == 8
    assert 7 <= area.luts <= 9
