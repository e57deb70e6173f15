# SPDX-License-Identifier: Apache-2.0
import pickle

import pytest
import torch

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.quant.checkpoints import load_float, load_quantised, save_float, save_quantised
from pulsewright.quant.curve_sources import fit_input_map
from pulsewright.quant.pipeline import (
    TrainedFloat,
    TrainedQuantised,
    integer_model,
    train_float,
    train_quantised,
)
from pulsewright.quant.settings import BitWidths, FloatTraining, QuantisedTraining
from pulsewright.quant.splits import COMMON_KINDS, SplitKind, split


@pytest.fixture(scope="module")
def trained(small) -> tuple[TrainedFloat, TrainedQuantised]:
    widths = BitWidths(weights=4, activations=5, inputs=6)
    input_map = fit_input_map(small, widths.code_format)
    parts = split(small, SplitKind.ROWS, 0)
    start = train_float(small, input_map, parts, (6, 4, 1), FloatTraining(epochs=1), 0)
    tuned = train_quantised(small, input_map, parts, start, widths, QuantisedTraining(epochs=1), 0)
    return start, tuned


def test_float_round_trip(tmp_path, trained) -> None:
    start, _ = trained
    path = tmp_path / "build" / "float.pt"
    save_float(path, dict.fromkeys(COMMON_KINDS, start))
    loaded = load_float(path)
    assert list(loaded) == list(COMMON_KINDS)
    one = loaded[SplitKind.CURVES]
    assert (one.sizes, one.accuracy) == (start.sizes, start.accuracy)
    assert all(torch.equal(one.state[name], value) for name, value in start.state.items())


def test_quantised_round_trip_gives_the_same_integers(tmp_path, trained, small) -> None:
    _, tuned = trained
    path = tmp_path / "qat.pt"
    save_quantised(path, dict.fromkeys(COMMON_KINDS, tuned))
    one = load_quantised(path)[SplitKind.PARAMETER_SETS]
    assert (one.sizes, one.widths, one.code_format, one.accuracy) == (
        tuned.sizes,
        tuned.widths,
        tuned.code_format,
        tuned.accuracy,
    )
    input_map = fit_input_map(small, one.code_format)
    assert (
        integer_model(one, input_map, "a").to_json()
        == integer_model(tuned, input_map, "a").to_json()
    )


@pytest.mark.parametrize("kind", COMMON_KINDS)
def test_a_split_that_is_missing_is_named(tmp_path, trained, kind: SplitKind) -> None:
    path = tmp_path / "any.pt"
    for one, save, load in zip(
        trained, (save_float, save_quantised), (load_float, load_quantised), strict=True
    ):
        save(path, {other: one for other in COMMON_KINDS if other is not kind})
        sentence = rf"any\.pt: it lacks the networks of {kind.value}; remove it and run"
        with pytest.raises(PulsewrightError, match=sentence):
            load(path)


def test_same_networks_same_bytes(tmp_path, trained) -> None:
    start, _ = trained
    for name in ("one.pt", "two.pt"):
        save_float(tmp_path / name, dict.fromkeys(COMMON_KINDS, start))
    assert (tmp_path / "one.pt").read_bytes() == (tmp_path / "two.pt").read_bytes()


def test_missing(tmp_path) -> None:
    with pytest.raises(PulsewrightError, match=r"no checkpoint .*float\.pt; run the training step"):
        load_float(tmp_path / "float.pt")


def test_damaged(tmp_path, trained) -> None:
    start, _ = trained
    path = tmp_path / "float.pt"
    save_float(path, dict.fromkeys(COMMON_KINDS, start))
    whole = path.read_bytes()
    for content in (b"", b"nonsense", whole[: len(whole) // 2]):
        path.write_bytes(content)
        with pytest.raises(PulsewrightError, match="cannot read checkpoint"):
            load_float(path)


def test_one_for_the_other(tmp_path, trained) -> None:
    start, _ = trained
    path = tmp_path / "float.pt"
    save_float(path, dict.fromkeys(COMMON_KINDS, start))
    with pytest.raises(PulsewrightError, match=r"\[2, 'float'\], expected \[2, 'quantised'\]"):
        load_quantised(path)


@pytest.mark.parametrize(
    "splits", [{"columns": {}}, {"rows": {}}, {"rows": 3}, [], {"rows": {"sizes": 4, "state": {}}}]
)
def test_other_content(tmp_path, splits: object) -> None:
    path = tmp_path / "float.pt"
    torch.save({"format_version": 2, "content": "float", "splits": splits}, path)
    with pytest.raises(PulsewrightError, match="cannot read checkpoint"):
        load_float(path)


def test_a_pickle_is_not_run(tmp_path, capfd) -> None:
    class Attack:
        def __reduce__(self):
            return print, ("attacked",)

    path = tmp_path / "float.pt"
    path.write_bytes(pickle.dumps(Attack()))
    with pytest.raises(PulsewrightError, match="cannot read checkpoint"):
        load_float(path)
    torch.save(Attack(), path)
    with pytest.raises(PulsewrightError, match="cannot read checkpoint"):
        load_float(path)
    assert "attacked" not in capfd.readouterr().out


@pytest.mark.parametrize(
    "entry",
    [
        {"sizes": [6, 10**9, 1]},
        {"sizes": ["6", 1]},
        {"sizes": [6]},
        {"state": {"a": torch.zeros(1).expand(10**9)}},
        {"state": {"a": "text"}},
        {"accuracy": {"validation_mse": "small"}},
    ],
)
def test_an_entry_that_cannot_be_a_network(tmp_path, trained, entry: dict[str, object]) -> None:
    start, _ = trained
    path = tmp_path / "float.pt"
    save_float(path, dict.fromkeys(COMMON_KINDS, start))
    document = torch.load(path, weights_only=True)
    document["splits"]["rows"] |= entry
    torch.save(document, path)
    with pytest.raises(PulsewrightError, match=r"cannot read checkpoint .*; remove it and run"):
        load_float(path)
