# SPDX-License-Identifier: Apache-2.0
"""A good file of every format that is read, and its reader."""

import json
import pickle
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnx

from pulsewright.flow.build_folder import BuildFolder
from pulsewright.flow.inputs.energy_table import named_table
from pulsewright.flow.recipe import load_recipe
from pulsewright.flow.results_file import load_result
from pulsewright.flow.steps.simulation import SimulationResult
from pulsewright.flow.study.study_file import load_study
from pulsewright.hls_model.importer import import_model
from pulsewright.hls_model.qonnx.importer import import_qonnx
from pulsewright.hls_model.reference.integer_mlp import IntegerMlp
from pulsewright.quant.datasets import csv_table
from pulsewright.quant.datasets.array_unpickler import read_array
from pulsewright.quant.datasets.pulse_curves import PulseCurves
from pulsewright.quant.datasets.synthetic import synthetic_curves
from pulsewright.quant.studies.journal import Journal
from tests.hls_model.qonnx.graphs import GraphBuilder, small_model
from tests.hls_model.quantised_onnx.test_operators import by_batch_normalisation
from tests.hls_model.tflite.files import chain
from tests.models import random_model

REPOSITORY = Path(__file__).parents[2]


@dataclass(frozen=True)
class Format:
    """suffix: of the file's name. seed: makes a good file's bytes. read: what reads it."""

    suffix: str
    seed: Callable[[Path], bytes]
    read: Callable[[Path], object]


def _text(path: str) -> Callable[[Path], bytes]:
    return lambda _: (REPOSITORY / path).read_bytes()


def _saved(save: Callable[[Path], None]) -> Callable[[Path], bytes]:
    def seed(folder: Path) -> bytes:
        save(folder / "seed")
        return (folder / "seed").read_bytes()

    return seed


def _curves() -> PulseCurves:
    curves = synthetic_curves(0)
    return PulseCurves(parameters=curves.parameters[::16], currents=curves.currents[::16, :12])


def _any_scales() -> onnx.ModelProto:
    """Batch normalisation and scales that are no powers of two."""
    return by_batch_normalisation(GraphBuilder((1, 4)))


def _save_csv(path: Path) -> None:
    curves = _curves()
    values = np.column_stack([curves.inputs, curves.currents.reshape(-1)])
    header = ",".join(csv_table.COLUMNS)
    np.savetxt(path, values, delimiter=",", header=header, comments="", fmt="%.6g")


def _read_curves(path: Path) -> object:
    return csv_table.load(path).features()


def _read_data_set(path: Path) -> object:
    return PulseCurves.load(path).features()


def _read_stamp(path: Path) -> object:
    folder = BuildFolder(path.parent, "build")
    stamp = folder / ".stamps" / "step.json"
    stamp.write_bytes(path.read_bytes())
    output = folder / "out.txt"
    return folder.run_step("step", {"a": 1}, [output], lambda: output.write_text("made") and None)


def _read_journal(path: Path) -> object:
    with Journal.open(path.parent / "rows", {}) as journal:
        place = journal.path
    place.write_bytes(path.read_bytes())
    try:
        with Journal.open(path.parent / "rows", {}) as journal:
            return journal.rows
    finally:
        place.unlink()


def _float_checkpoint(path: Path) -> None:
    from pulsewright.quant.checkpoints import save_float
    from pulsewright.quant.curve_sources import FLOAT_CODE_FORMAT, fit_input_map
    from pulsewright.quant.float_network.network import FloatMlp
    from pulsewright.quant.pipeline import Accuracy, TrainedFloat
    from pulsewright.quant.splits import SplitKind

    sizes = (6, 4, 1)
    trained = TrainedFloat(
        sizes,
        fit_input_map(_curves(), FLOAT_CODE_FORMAT),
        dict(FloatMlp(sizes).state_dict()),
        Accuracy(0.01, 0.02, 0.01, 3),
    )
    save_float(path, dict.fromkeys(SplitKind, trained))


def _quantised_checkpoint(path: Path) -> None:
    from pulsewright.quant.checkpoints import load_float, save_quantised
    from pulsewright.quant.curve_sources import fit_input_map
    from pulsewright.quant.pipeline import train_quantised
    from pulsewright.quant.settings import BitWidths, QuantisedTraining, Refinement
    from pulsewright.quant.splits import SplitKind, split

    _float_checkpoint(path)
    curves, widths = _curves(), BitWidths(weights=4)
    trained = train_quantised(
        curves,
        fit_input_map(curves, widths.code_format),
        split(curves, SplitKind.ROWS, 0),
        load_float(path)[SplitKind.ROWS],
        widths,
        QuantisedTraining(epochs=0, refinement=Refinement.NONE),
        0,
    )
    save_quantised(path, dict.fromkeys(SplitKind, trained))


def _read_float(path: Path) -> object:
    from pulsewright.quant.checkpoints import load_float

    return [one.network() for one in load_float(path).values()]


def _read_quantised(path: Path) -> object:
    from pulsewright.quant.checkpoints import load_quantised

    return [one.network() for one in load_quantised(path).values()]


def _summary(_: Path) -> bytes:
    numbers = dict.fromkeys(SimulationResult.model_fields, 3)
    busy = {"layer 1: multiply": [0, 1, 2]}
    return json.dumps(numbers | {"first_mismatch": None, "busy": busy}).encode()


def _stamp(_: Path) -> bytes:
    return json.dumps({"made_from": "0" * 64, "outputs": {"out.txt": "1" * 64}}).encode()


def _journal(_: Path) -> bytes:
    rows = [{"key": f"a{n}", "row": {"mse": 0.1 * n, "grids": ["a"], "n": n}} for n in range(4)]
    lines = [json.dumps(line) for line in ({"format_version": 1}, *rows)]
    return ("\n".join(lines) + "\n").encode()


FORMATS = {
    "recipe": Format(".toml", _text("recipes/a1_int8.toml"), load_recipe),
    "study": Format(".toml", _text("recipes/study_tiny.toml"), load_study),
    "energy": Format(
        ".toml",
        _text("hls_model/energy/tables/aladdin_40nm.toml"),
        lambda path: named_table(str(path)),
    ),
    "model": Format(".json", _saved(random_model((6, 4, 1), pulses=12).save), IntegerMlp.load),
    "csv": Format(".csv", _saved(_save_csv), _read_curves),
    "npz": Format(".npz", _saved(lambda path: _curves().save(path)), _read_data_set),
    "pck": Format(".pck", lambda _: pickle.dumps(_curves().inputs), read_array),
    "onnx": Format(".onnx", lambda _: small_model().SerializeToString(), import_qonnx),
    "scales": Format(".onnx", lambda _: _any_scales().SerializeToString(), import_model),
    "tflite": Format(".tflite", lambda _: chain((6, 5, 3), 1), import_model),
    "stamp": Format(".json", _stamp, _read_stamp),
    "summary": Format(".json", _summary, lambda path: load_result(path, SimulationResult)),
    "journal": Format(".jsonl", _journal, _read_journal),
    "float": Format(".pt", _saved(_float_checkpoint), _read_float),
    "quantised": Format(".pt", _saved(_quantised_checkpoint), _read_quantised),
}
