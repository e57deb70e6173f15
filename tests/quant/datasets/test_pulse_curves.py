# SPDX-License-Identifier: Apache-2.0
import numpy as np
import pytest

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.quant.datasets.pulse_curves import PulseCurves

PARAMETERS = np.array([[2.0, 0.0, 0.1, 0.1, 0.1], [2.2, -0.9, 0.5, 0.05, 0.01]])
CURRENTS = np.array([[1e-6, 3e-6, 2e-6], [5e-6, 4e-6, 8e-6]])


def test_rows_come_curve_by_curve() -> None:
    curves = PulseCurves(PARAMETERS, CURRENTS)
    assert (curves.curves, curves.pulses, curves.rows) == (2, 3, 6)
    assert curves.inputs[:, 0].tolist() == [0, 1, 2, 0, 1, 2]
    assert curves.inputs[4, 1:].tolist() == PARAMETERS[1].tolist()
    assert curves.curve_index.tolist() == [0, 0, 0, 1, 1, 1]


def test_targets_are_scaled_per_curve() -> None:
    assert PulseCurves(PARAMETERS, CURRENTS).targets == pytest.approx([0, 1, 0.5, 0.25, 0, 1])


def test_parameter_sets_are_compared_in_integer_units() -> None:
    parameters = PARAMETERS[[0, 1, 0]].copy()
    parameters[0, 2], parameters[2, 2] = 0.3, 0.1 + 0.2
    curves = PulseCurves(parameters, CURRENTS[[0, 1, 0]])
    assert curves.parameter_set[0] == curves.parameter_set[2] != curves.parameter_set[1]
    assert len(curves.parameter_set_index) == curves.rows


def test_features_span_the_data_in_integer_units() -> None:
    features = PulseCurves(PARAMETERS, CURRENTS).features()
    found = [(f.name, f.unit, f.per_si, f.minimum, f.maximum) for f in features]
    assert found == [
        ("pulse_number", "pulse", 1, 0, 2),
        ("v_set", "mV", 1000, 2000, 2200),
        ("v_anti", "mV", 1000, -900, 0),
        ("t_set", "us", 1_000_000, 100_000, 500_000),
        ("t_off", "us", 1_000_000, 50_000, 100_000),
        ("t_read", "us", 1_000_000, 10_000, 100_000),
    ]


def test_arrays_cannot_be_changed() -> None:
    with pytest.raises(ValueError, match="read-only"):
        PulseCurves(PARAMETERS, CURRENTS).currents[0, 0] = 1


def test_constant_feature_is_refused_by_name() -> None:
    parameters = PARAMETERS.copy()
    parameters[:, 3] = 0.1
    with pytest.raises(PulsewrightError, match=r"^t_off is 100000 us on every row.*; add curves"):
        PulseCurves(parameters, CURRENTS).features()


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_current_that_is_not_finite(value: float) -> None:
    currents = CURRENTS.copy()
    currents[1, 2] = value
    with pytest.raises(PulsewrightError, match=r"curve 1, pulse 2 \(row 5\) has current = "):
        PulseCurves(PARAMETERS, currents)


@pytest.mark.parametrize(
    ("column", "value", "message"),
    [
        (0, np.nan, r"curve 1 has v_set = nan V; give a finite number"),
        (3, np.inf, r"curve 1 has t_off = inf s; give a finite number"),
        (2, 1e9, r"curve 1 has t_set = 1000000000.0 s; give at most 2147 s"),
        (4, -0.1, r"curve 1 has t_read = -0.1 s; give a time of 0 s or more"),
    ],
)
def test_bad_parameter(column: int, value: float, message: str) -> None:
    parameters = PARAMETERS.copy()
    parameters[1, column] = value
    with pytest.raises(PulsewrightError, match=message):
        PulseCurves(parameters, CURRENTS)


def test_constant_curve() -> None:
    currents = CURRENTS.copy()
    currents[1] = 2e-6
    with pytest.raises(PulsewrightError, match="curve 1 has the same current, 2e-06 A"):
        PulseCurves(PARAMETERS, currents)


@pytest.mark.parametrize(
    ("parameters", "currents", "message"),
    [
        (PARAMETERS[:, :4], CURRENTS, r"must be \(curves, 5\), got \(2, 4\)"),
        (PARAMETERS, CURRENTS[:1], r"must be \(2, pulses\), got \(1, 3\)"),
        (PARAMETERS, CURRENTS[0], r"must be \(2, pulses\), got \(3,\)"),
        (PARAMETERS[:0], CURRENTS[:0], "has 0 curves of 3 pulses"),
        (PARAMETERS, CURRENTS[:, :0], "has 2 curves of 0 pulses"),
    ],
)
def test_bad_shapes(parameters: np.ndarray, currents: np.ndarray, message: str) -> None:
    with pytest.raises(PulsewrightError, match=message):
        PulseCurves(parameters, currents)


def test_save_and_load(tmp_path) -> None:
    path = tmp_path / "dataset.npz"
    curves = PulseCurves(PARAMETERS, CURRENTS)
    curves.save(path)
    first = path.read_bytes()
    again = PulseCurves.load(path)
    assert np.array_equal(again.currents, CURRENTS)
    assert np.array_equal(again.parameters, PARAMETERS)
    again.save(path)
    assert path.read_bytes() == first


def test_load_of_a_missing_or_damaged_file(tmp_path) -> None:
    path = tmp_path / "dataset.npz"
    with pytest.raises(PulsewrightError, match="no data set"):
        PulseCurves.load(path)
    PulseCurves(PARAMETERS, CURRENTS).save(path)
    whole = path.read_bytes()
    for content in (b"", b"nonsense", whole[: len(whole) // 2]):
        path.write_bytes(content)
        with pytest.raises(PulsewrightError, match="cannot read data set"):
            PulseCurves.load(path)


def test_settings_finer_than_the_integer_units_are_refused() -> None:
    parameters = np.tile([2.0, 0.0, 0.1, 0.1, 0.1], (3, 1))
    currents = np.tile(np.arange(4.0), (3, 1))
    for column, values, unit in ((2, (3e-7, 1.0, 2.0), "us"), (0, (2.0, 2.0002, 2.1), "mV")):
        fine = parameters.copy()
        fine[:, column] = values
        with pytest.raises(PulsewrightError, match=f"finer than the 1 {unit}"):
            PulseCurves(fine, currents)
    same = parameters.copy()
    same[0, 2] = 0.1 + 1e-17
    PulseCurves(same, currents)


def test_currents_whose_span_overflows_are_refused() -> None:
    currents = np.array([[1.7e308, -1.7e308, 0.0]])
    with pytest.raises(PulsewrightError, match="more than can be scaled"):
        PulseCurves(np.array([[2.0, 0.0, 0.1, 0.1, 0.1]]), currents)


def test_the_digest_names_the_curves(small) -> None:
    same = PulseCurves(small.parameters.copy(), small.currents.copy())
    other = small.currents.copy()
    other[0, 1] *= 1.01
    assert same.digest == small.digest
    assert PulseCurves(small.parameters, other).digest != small.digest
