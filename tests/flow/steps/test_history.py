# SPDX-License-Identifier: Apache-2.0
import json
from pathlib import Path

import numpy as np
import pytest
from rich.console import Console

from pulsewright.flow.recipe import load_recipe
from pulsewright.flow.steps.history_demonstrator import programmed_devices
from pulsewright.flow.steps.stimulus import physical_stimulus, stimulus
from pulsewright.flow.workspace import Options, Workspace
from pulsewright.hls_model.closed_loop.rule import check_history_network
from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.reference.integer_mlp import IntegerMlp
from pulsewright.quant.closed_loop.trials import MeasuredDevices
from pulsewright.quant.quantised import brevitas_comparison
from pulsewright.quant.splits import SplitKind
from tests.flow.conftest import invoke

RECIPE = """
name = "pulses"
task = "pulses_to_target"

[data]
split = "curves"
test_fraction = 0.2

[network]
hidden = [4]

[training]
tuples = 20

[training.float]
epochs = 2
batch_size = 512
growth = 1.0

[training.quantised]
epochs = 1
refinement = "none"

[engine]
multipliers = 6
incremental = true

[simulation]
icarus = "test"
verilator = "off"
"""


def written(folder: Path, text: str = RECIPE) -> Path:
    path = folder / "pulses.toml"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a recipe whose integer model is there."""
    folder = tmp_path_factory.mktemp("history")
    result = invoke("quantise", written(folder), "--build", folder / "build")
    assert result.exit_code == 0, result.output
    assert "share of the histories below each quantile" in " ".join(result.output.split())
    return folder


def workspace_of(folder: Path) -> Workspace:
    recipe = load_recipe(folder / "pulses.toml")
    return Workspace(recipe, folder / "build", Options(folder), Console())


def test_the_model_is_a_history_network(made: Path) -> None:
    model = IntegerMlp.load(made / "build" / "pulses" / "model.json")
    check_history_network(model)
    assert (model.name, model.sizes) == ("pulses", (13, 4, 2))


def test_every_history_agrees_with_brevitas_and_is_covered(made: Path) -> None:
    result = json.loads((made / "build" / "pulses" / "history.json").read_text("utf-8"))
    assert result["brevitas_mismatches"] == 0
    assert result["brevitas_rows"] == len(stimulus(workspace_of(made)))
    assert set(result["coverage"]) == {"0.05", "0.5"}
    assert result["coverage"]["0.05"] < result["coverage"]["0.5"]
    # Synthetic curves are of one session.
    assert result["coverage_by_session"] == {"0": result["coverage"]}


def test_implementations_are_compared_on_histories(made: Path) -> None:
    workspace = workspace_of(made)
    physical, codes = physical_stimulus(workspace), stimulus(workspace)
    features = workspace.model.input_map.features
    columns = [feature.codes(physical[:, i]) for i, feature in enumerate(features)]
    assert np.array_equal(np.stack(columns, axis=1), codes)
    test = stimulus(workspace, "test")
    assert 0 < len(test) < len(codes) / 3
    assert len(np.unique(codes, axis=0)) > len(codes) / 2


def test_firmware_gets_the_decisions_of_python(made: Path) -> None:
    workspace = workspace_of(made)
    programmed = programmed_devices(workspace)
    devices = MeasuredDevices(workspace.curves)
    test = np.unique(workspace.curves.curve_index[workspace.split(SplitKind.CURVES).test])
    reads = programmed.reads.tolist()
    assert len(programmed.trials) > len(reads) > 10
    assert all(row in devices.reads[test].tolist() for row in reads)
    for trial in programmed.trials:
        place = 0
        for burst in trial.bursts:
            assert reads[trial.device][place] < trial.level - trial.tolerance
            place = min(place + burst, len(reads[0]) - 1)
        done = reads[trial.device][place] >= trial.level - trial.tolerance
        assert done or place == len(reads[0]) - 1


def with_controller(folder: Path, made: Path, lines: str) -> Workspace:
    """The workspace of a recipe with another [controller], on the model that is there."""
    recipe = load_recipe(written(folder, f"{RECIPE}\n[controller]\n{lines}\n"))
    return Workspace(recipe, made / "build", Options(folder), Console())


def test_a_device_is_programmed_in_turn_when_it_is_remembered(made: Path, tmp_path: Path) -> None:
    """Synthetic curves are of one session: three passes through it, each a device of its own."""
    first = programmed_devices(workspace_of(made))
    found = programmed_devices(with_controller(tmp_path, made, "memory = true"))
    assert found.remember
    assert not first.remember
    assert sorted({trial.memory for trial in found.trials}) == [0, 1, 2]
    for memory in range(3):
        numbers = [trial.device for trial in found.trials if trial.memory == memory]
        assert numbers == sorted(set(numbers))
    assert {trial[:3] for trial in found.trials} == {trial[:3] for trial in first.trials}
    bursts = {trial[:3]: trial.bursts for trial in first.trials}
    assert any(bursts[trial[:3]] != trial.bursts for trial in found.trials)


def test_all_curves_may_be_programmed(made: Path, tmp_path: Path) -> None:
    tested = programmed_devices(workspace_of(made))
    found = programmed_devices(with_controller(tmp_path, made, 'trials = "all"'))
    assert len(found.reads) > 3 * len(tested.reads)


def test_a_second_run_trains_nothing(made: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("trained again")

    monkeypatch.setattr("pulsewright.quant.closed_loop.network.train_history_network", refuse)
    result = invoke("quantise", made / "pulses.toml", "--build", made / "build")
    assert result.exit_code == 0, result.output


def test_float_training_alone_is_refused(made: Path) -> None:
    result = invoke("train", made / "pulses.toml", "--build", made / "build")
    assert result.exit_code == 2
    assert "whose trainings are one step; use quantise" in " ".join(result.output.split())


@pytest.mark.regression
def test_an_export_that_differs_from_brevitas_is_not_delivered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    exact = brevitas_comparison.brevitas_outputs

    def one_row_off(network: object, codes: object) -> object:
        outputs = exact(network, codes).copy()
        outputs[3] += 1
        return outputs

    monkeypatch.setattr(brevitas_comparison, "brevitas_outputs", one_row_off)
    result = invoke("quantise", written(tmp_path), "--build", tmp_path / "build")
    assert result.exit_code == 1, result.output
    assert "differ on 1 rows" in " ".join(result.output.split())
    assert not (tmp_path / "build" / "pulses" / "model.json").exists()


@pytest.mark.regression
def test_it_goes_through_all_rooms(made: Path) -> None:
    result = invoke("run", made / "pulses.toml", "--build", made / "build")
    assert result.exit_code == 0, result.output
    report = json.loads((made / "build" / "pulses" / "report.json").read_text("utf-8"))
    assert report["quantiles"]["brevitas_mismatches"] == 0
    for implementation in ("brevitas", "icarus", "hls_cpp"):
        assert report["mismatches"][implementation]["mismatches"] == 0, implementation
        assert report["mismatches"][implementation]["rows"] > 1000, implementation


@pytest.mark.parametrize(
    ("line", "other", "sentence"),
    [
        ('split = "curves"', 'split = "rows"', "histories are of whole curves; choose"),
        ("hidden = [4]", 'preset = "A1"', "takes [network] with hidden sizes alone"),
        ("hidden = [4]", 'hidden = [4]\npulse_number = "log"', "with hidden sizes alone"),
        ('task = "pulses_to_target"', "", 'training.tuples = 20 is for task = "pulses_to_target"'),
        (
            'task = "pulses_to_target"\n',
            "[controller]\nmemory = true\n",
            '[controller] is for task = "pulses_to_target"',
        ),
        ("pulses_to_target", "pulses", "task"),
    ],
)
def test_recipes_that_do_not_fit_are_refused(
    tmp_path: Path, line: str, other: str, sentence: str
) -> None:
    with pytest.raises(PulsewrightError) as error:
        load_recipe(written(tmp_path, RECIPE.replace(line, other)))
    assert sentence in str(error.value)
