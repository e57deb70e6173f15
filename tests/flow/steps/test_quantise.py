# SPDX-License-Identifier: Apache-2.0
from dataclasses import replace
from pathlib import Path

import pytest

from pulsewright.quant.checkpoints import load_float, save_float
from pulsewright.quant.quantised import brevitas_comparison
from pulsewright.quant.splits import COMMON_KINDS, SplitKind
from tests.flow.conftest import invoke, stamp_again


def test_an_export_that_differs_from_brevitas_is_not_delivered(
    recipe: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    exact = brevitas_comparison.brevitas_outputs

    def one_row_off(network: object, codes: object) -> object:
        outputs = exact(network, codes).copy()
        outputs[3] += 1
        return outputs

    monkeypatch.setattr(brevitas_comparison, "brevitas_outputs", one_row_off)
    build = recipe.parent / "build"
    result = invoke("quantise", recipe, "--build", build)
    assert result.exit_code == 1, result.output
    # One row in each of the three splits' networks.
    assert "differ on 3 rows" in " ".join(result.output.split())
    assert not (build / "tiny" / "model.json").exists()
    assert not (build / "tiny" / "qat.pt").exists()


def test_float_networks_of_another_s_folder_are_refused_in_a_sentence(finished_copy: Path) -> None:
    """Its stamp says that they are what the step left."""
    build = finished_copy / "build" / "tiny"
    path = build / "float.pt"
    whole = load_float(path)
    one = whole[SplitKind.ROWS]
    first = next(iter(one.state))
    cut = {**one.state, first: one.state[first][:3].repeat(9, 1)}
    for networks, sentence in (
        (
            {kind: whole[kind] for kind in list(COMMON_KINDS)[:2]},
            "lacks the networks of",
        ),
        (
            dict.fromkeys(COMMON_KINDS, replace(one, sizes=(6, 4, 1))),
            "of '6-4-1', the recipe of '6-5-1'",
        ),
        (dict.fromkeys(COMMON_KINDS, replace(one, state=cut)), "parameters do not fit"),
    ):
        save_float(path, networks)
        stamp_again(build, "float")
        (build / "model.json").unlink(missing_ok=True)
        result = invoke("quantise", finished_copy / "tiny.toml", "--build", finished_copy / "build")
        assert result.exit_code == 2, result.output
        assert sentence in " ".join(result.output.split())
