# SPDX-License-Identifier: Apache-2.0
"""Recipes that start from a finished model."""

import json
import shutil
import tomllib
from pathlib import Path

import pytest
from rich.console import Console

from pulsewright.flow.recipe import Recipe, load_recipe
from pulsewright.flow.steps.model import model_files, read_model
from pulsewright.flow.steps.stimulus import drawn_codes
from pulsewright.flow.workspace import Options, Workspace
from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.exact.report import ImportReport
from pulsewright.hls_model.qonnx.exporter import export_qonnx
from pulsewright.hls_model.reference.integer_mlp import IntegerMlp
from pulsewright.hls_model.reference.network_output import OutputKind
from tests.flow.absent_packages import without
from tests.flow.conftest import invoke
from tests.hls_model.tflite.files import chain
from tests.models import random_model

# A plain Torch network 16-8-8-5 after Brevitas' post-training quantisation with 6 bits and
# power-of-two scales by channel, and as Brevitas exports it (tests/quant/brevitas_models.py).
BREVITAS_FILE = Path(__file__).parent / "brevitas_ptq.onnx"

RECIPE = """
name = "foreign"
seed = 5

[model]
path = "net.onnx"
rows = 40

[[folding]]
pe = 2
simd = 3
[[folding]]
pe = 1
simd = 2

[simulation]
verilator = "off"
"""

BREVITAS_RECIPE = """
name = "jets"

[model]
path = "brevitas_ptq.onnx"
output_quantiser = "drop"
rows = 100

[[folding]]
pe = 4
simd = 4
[[folding]]
pe = 2
simd = 4
[[folding]]
pe = 5
simd = 2

[simulation]
verilator = "off"
"""


@pytest.fixture
def foreign(tmp_path: Path) -> Path:
    path = tmp_path / "foreign.toml"
    path.write_text(RECIPE, encoding="utf-8")
    export_qonnx(random_model((6, 5, 1), pulses=8), tmp_path / "net.onnx")
    return path


@pytest.mark.regression
def test_a_file_of_brevitas_runs_through_to_rtl_with_no_torch_installed(tmp_path: Path) -> None:
    shutil.copy(BREVITAS_FILE, tmp_path)
    recipe, build = tmp_path / "jets.toml", tmp_path / "build"
    recipe.write_text(BREVITAS_RECIPE, encoding="utf-8")
    done = without("torch,brevitas,pooch,qonnx,onnxruntime", "run", recipe, "--build", build)
    assert done.returncode == 0, done.stdout + done.stderr
    report = json.loads((build / "jets" / "report.json").read_text())
    assert report["model"]["sizes"] == [16, 8, 8, 5]
    shown = {"rows": 100, "mismatches": 0}
    # The rows and the corners of the input format.
    bench = {"rows": 102, "mismatches": 0}
    assert report["mismatches"] == {"icarus": shown, "hls_cpp": shown, "hls_bench": bench}
    assert report["accuracy"] == {}
    assert report["cycles"]["ii"] == report["cycles"]["ii_formula"]
    assert report["cycles"]["curve_formula"] is None
    assert report["energy"]
    assert (build / "jets" / "rtl" / "package" / "SHA256SUMS").exists()
    assert not (build / "jets" / "curves.png").exists()
    again = without("torch,brevitas,pooch,qonnx,onnxruntime", "run", recipe, "--build", build)
    assert again.returncode == 0
    assert not any(line.startswith(("model ", "rtl ", "sim ")) for line in again.stdout.split("\n"))


def test_training_without_torch_says_what_to_install(recipe: Path) -> None:
    done = without("torch,brevitas", "train", recipe, "--build", recipe.parent / "build")
    assert done.returncode == 2
    assert "torch and brevitas are not installed; install them with" in done.stderr


def test_a_model_of_ours_keeps_its_input_map_and_its_curves(foreign: Path) -> None:
    build = foreign.parent / "build"
    result = invoke("rtl", foreign, "--build", build)
    assert result.exit_code == 0, result.output
    model = IntegerMlp.load(build / "foreign" / "model.json")
    assert model.digest == random_model((6, 5, 1), pulses=8).digest
    header = (build / "foreign" / "rtl" / "foreign_registers.h").read_text()
    assert "SWEEP" in header


def test_a_model_json_is_as_good(foreign: Path) -> None:
    model = random_model((6, 5, 1))
    model.save(foreign.parent / "net.json")
    text = foreign.read_text().replace("net.onnx", "net.json")
    foreign.write_text(text, encoding="utf-8")
    assert load_recipe(foreign).sizes == (6, 5, 1)
    assert invoke("energy", foreign, "--build", foreign.parent / "build").exit_code == 0
    kept = foreign.parent / "build" / "foreign" / "model.json"
    assert IntegerMlp.load(kept).digest == model.digest


def test_a_tflite_file_is_read_with_its_report(foreign: Path) -> None:
    (foreign.parent / "net.tflite").write_bytes(chain((6, 5, 3), 1))
    text = foreign.read_text().replace("net.onnx", "net.tflite")
    foreign.write_text(text.replace("rows = 40", 'rows = 40\noutput = "code"'), encoding="utf-8")
    recipe = Recipe.model_validate(tomllib.loads(foreign.read_text(encoding="utf-8")))
    console = Console(quiet=True)
    workspace = Workspace(recipe, foreign.parent / "build", Options(foreign.parent), console)
    assert model_files(workspace) == [workspace.model_file, workspace.import_file]
    read_model(workspace)
    model = IntegerMlp.load(workspace.model_file)
    assert model.output is OutputKind.CODE
    report = ImportReport.model_validate_json(workspace.import_file.read_text())
    assert report.source == "TFLite"
    assert report.layers[0].requantiser.multiplier_bits > 1


@pytest.mark.regression
def test_a_tflite_file_runs_through_to_hls(foreign: Path) -> None:
    (foreign.parent / "net.tflite").write_bytes(chain((6, 5, 3), 1))
    text = foreign.read_text().replace("net.onnx", "net.tflite")
    foreign.write_text(text.replace("rows = 40", 'rows = 40\noutput = "code"'), encoding="utf-8")
    result = invoke("hls", foreign, "--build", foreign.parent / "build")
    assert result.exit_code == 0, result.output
    assert "40 rows, 0 mismatches" in " ".join(result.output.split())


def test_a_model_of_ours_takes_no_choices(foreign: Path) -> None:
    random_model((6, 5, 1)).save(foreign.parent / "net.json")
    text = foreign.read_text().replace("net.onnx", "net.json")
    foreign.write_text(text.replace("rows = 40", 'rows = 40\noutput = "argmax"'), encoding="utf-8")
    with pytest.raises(PulsewrightError, match=r"is one of ours .* leave input, output and"):
        load_recipe(foreign)


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ('path = "net.onnx"', 'path = "none.onnx"', "cannot read it: No such file"),
        ('path = "net.onnx"', 'path = "net.bin"', "is neither .onnx nor .tflite nor .json"),
        ("rows = 40", "rows = 40\nsizes = [6, 5, 2]", "model.sizes = [6, 5, 2], and"),
        ("rows = 40", "rows = 1", "model.rows = 1"),
        ("rows = 40", "row = 40", "unknown key 'model.row'; did you mean 'rows'?"),
        ("rows = 40", 'output_quantiser = "keep"', "model.output_quantiser = 'keep'"),
        ("rows = 40", 'input = "s17.0"', "model.input = 's17.0'; give s or u, up to 16 bits"),
        ("rows = 40", 'output = "softmax"', "model.output = 'softmax'"),
        ("rows = 40", 'output = "code"', 'output = "code" is for files that quantise their output'),
        ("[model]", "[data]\n[model]", "[data] is for networks that are trained"),
        ("[model]", "[bits]\nweights = 4\n[model]", "[bits] is for networks that are trained"),
        ("[model]", "[network]\nhidden = [5]\n[model]", "give either [network], which is trained"),
        ('[model]\npath = "net.onnx"\nrows = 40', "", "give either [network], which is trained"),
        ("simd = 3", "simd = 7", "folding of layer 1: simd = 7 exceeds its 6 inputs"),
    ],
)
def test_a_bad_recipe_is_refused_in_one_sentence(
    foreign: Path, old: str, new: str, sentence: str
) -> None:
    text = foreign.read_text(encoding="utf-8")
    assert old in text
    foreign.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(PulsewrightError) as caught:
        load_recipe(foreign)
    assert sentence in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_bad_file_exits_with_2_and_names_itself(foreign: Path) -> None:
    (foreign.parent / "net.onnx").write_bytes(b"\x00garbage")
    result = invoke("run", foreign, "--build", foreign.parent / "build")
    assert result.exit_code == 2
    assert "net.onnx: the file is not ONNX" in " ".join(result.output.split())


@pytest.mark.parametrize("command", ["train", "quantise"])
def test_there_is_nothing_to_train(command: str, foreign: Path) -> None:
    result = invoke(command, foreign, "--build", foreign.parent / "build")
    assert result.exit_code == 2
    assert "starts from a finished model, so nothing is trained" in " ".join(result.output.split())


def test_curves_would_not_be_read(foreign: Path) -> None:
    result = invoke("rtl", foreign, "--data", foreign, "--build", foreign.parent / "build")
    assert result.exit_code == 2
    assert "reads no curves; leave --data" in " ".join(result.output.split())


def test_without_onnx_a_qonnx_file_is_refused(foreign: Path) -> None:
    done = without("onnx", "rtl", foreign, "--build", foreign.parent / "build")
    assert done.returncode == 2
    assert done.stderr.startswith("pulsewright: onnx is not installed; install it with ")
    assert done.stderr.endswith(" -m pip install 'onnx>=1.17'\n")


def test_rows_are_drawn_from_the_whole_format_by_the_seed() -> None:
    model = random_model((3, 2, 1), input_width=4)
    codes = drawn_codes(model, 200, seed=1)
    assert (codes[0] == -8).all()
    assert (codes[1] == 7).all()
    assert set(codes[2:].ravel().tolist()) == set(range(-8, 8))
    assert (codes == drawn_codes(model, 200, seed=1)).all()
    assert (codes != drawn_codes(model, 200, seed=2)).any()
