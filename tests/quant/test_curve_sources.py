# SPDX-License-Identifier: Apache-2.0
import numpy as np
import pytest

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.reference.input_map import TableMap
from pulsewright.quant.curve_sources import CurveSource, fit_input_map, load_curves
from pulsewright.quant.datasets import measured
from pulsewright.quant.settings import BitWidths


def test_synthetic_needs_no_path() -> None:
    assert load_curves(CurveSource.SYNTHETIC, seed=3).curves == 266


@pytest.mark.parametrize(
    ("source", "remedy"),
    [(CurveSource.MEASURED, "PULSEWRIGHT_DATA or --data"), (CurveSource.CSV, "path of the table")],
)
def test_others_do(source: CurveSource, remedy: str) -> None:
    with pytest.raises(
        PulsewrightError, match=f"the {source.value} data set has no path.*{remedy}"
    ):
        load_curves(source)


def test_download_comes_first(tmp_path, monkeypatch) -> None:
    asked = []
    monkeypatch.setattr(measured, "download", asked.append)
    with pytest.raises(PulsewrightError, match=r"x\.pck"):
        load_curves(CurveSource.MEASURED, tmp_path, download=True)
    assert asked == [tmp_path]


def test_csv(tmp_path, small) -> None:
    path = tmp_path / "table.csv"
    values = np.column_stack([small.inputs, small.currents.reshape(-1)])
    header = "pulse_number,v_set,v_anti,t_set,t_off,t_read,current"
    np.savetxt(path, values, delimiter=",", header=header, comments="", fmt="%.17g")
    assert load_curves(CurveSource.CSV, path).curves == small.curves


def test_affine_pulse_number_has_a_constant_step(synthetic) -> None:
    codes = fit_input_map(synthetic, BitWidths().code_format).codes(synthetic.inputs[:100])
    assert codes[:, 0].tolist() == list(range(-99, 101, 2))


@pytest.mark.parametrize("bits", [2, 3, 8, 12, 16])
@pytest.mark.parametrize("choice", ["affine", "log"])
def test_codes_use_the_narrow_range(synthetic, bits: int, choice) -> None:
    code_format = BitWidths(inputs=bits).code_format
    codes = fit_input_map(synthetic, code_format, choice).codes(synthetic.inputs)
    assert codes.min() == code_format.narrow_minimum
    assert codes.max() == code_format.maximum


def test_log_changes_the_pulse_number_alone(synthetic) -> None:
    kinds = [
        isinstance(feature, TableMap)
        for feature in fit_input_map(synthetic, BitWidths().code_format, "log").features
    ]
    assert kinds == [True] + [False] * 5


def test_unknown_map(synthetic) -> None:
    with pytest.raises(PulsewrightError, match="pulse_number map is 'square'; choose 'affine'"):
        fit_input_map(synthetic, BitWidths().code_format, "square")
