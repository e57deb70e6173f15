# SPDX-License-Identifier: Apache-2.0
import sys
import types

import numpy as np
import pytest

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.quant.datasets import measured


def rows(curves: int = 2) -> tuple[np.ndarray, np.ndarray]:
    generator = np.random.default_rng(0)
    parameters = np.repeat(generator.uniform(0.1, 1, (curves, 5)), measured.PULSES, axis=0)
    number = np.tile(np.arange(100.0), curves)
    return np.column_stack([number, parameters]), generator.uniform(size=100 * curves)


def test_layout() -> None:
    x, y = rows()
    curves = measured.curves_from_rows(x, y)
    assert np.array_equal(curves.inputs, x)
    assert np.array_equal(curves.currents.reshape(-1), y)


def test_wrong_shapes() -> None:
    x, y = rows()
    for bad_x, bad_y in ((x[:, :5], y), (x, y[:-1]), (x[:150], y[:150]), (x, y[:, None])):
        with pytest.raises(PulsewrightError, match="with rows a multiple of 100"):
            measured.curves_from_rows(bad_x, bad_y)


def test_pulse_numbers_out_of_order() -> None:
    x, y = rows()
    x[103, 0] = 4
    with pytest.raises(PulsewrightError, match=r"row 103 of x has pulse number 4\.0, expected 3"):
        measured.curves_from_rows(x, y)


def test_parameter_changes_along_a_curve() -> None:
    x, y = rows()
    x[150, 2] += 1
    with pytest.raises(PulsewrightError, match="row 150 of x changes a pulse parameter"):
        measured.curves_from_rows(x, y)


def test_missing_files(tmp_path) -> None:
    with pytest.raises(PulsewrightError, match=r"x\.pck: No such file.*PULSEWRIGHT_DATA or --data"):
        measured.load(tmp_path)


def test_wrong_checksum_names_both(tmp_path) -> None:
    (tmp_path / "x.pck").write_bytes(b"abc")
    found = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    expected = measured.SHA256["x.pck"]
    with pytest.raises(PulsewrightError, match=f"has SHA-256 {found}, expected {expected}"):
        measured.load(tmp_path)


def test_the_published_curves(measured_curves) -> None:
    assert measured_curves.currents.shape == (266, 100)
    assert np.bincount(measured_curves.parameter_set).max() == 148
    assert measured_curves.parameter_set.max() + 1 == 89


def test_download_asks_for_the_pinned_commit(tmp_path, monkeypatch) -> None:
    calls = []
    fake = types.SimpleNamespace(retrieve=lambda **call: calls.append(call))
    monkeypatch.setitem(sys.modules, "pooch", fake)
    measured.download(tmp_path)
    assert [call["fname"] for call in calls] == ["x.pck", "y.pck"]
    assert all(call["url"].startswith(measured.SOURCE) for call in calls)
    assert calls[0]["known_hash"] == "sha256:" + measured.SHA256["x.pck"]


@pytest.mark.parametrize("error", [ConnectionError("no route"), ValueError("hash differs")])
def test_download_fails(tmp_path, monkeypatch, error: Exception) -> None:
    def retrieve(**_: object) -> None:
        raise error

    monkeypatch.setitem(sys.modules, "pooch", types.SimpleNamespace(retrieve=retrieve))
    with pytest.raises(PulsewrightError, match=rf"cannot download .*x\.pck: {error}; check the"):
        measured.download(tmp_path)


def test_download_without_pooch(tmp_path, monkeypatch) -> None:
    monkeypatch.setitem(sys.modules, "pooch", None)
    with pytest.raises(PulsewrightError, match=r"bring x\.pck .* -m pip install .*pooch>="):
        measured.download(tmp_path)
