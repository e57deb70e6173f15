# SPDX-License-Identifier: Apache-2.0
from pathlib import Path

import pytest

from pulsewright.quant.quantised import export
from tests.flow.conftest import invoke


def test_an_export_that_differs_from_brevitas_is_not_delivered(
    recipe: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    exact = export.brevitas_outputs

    def one_row_off(network: object, codes: object) -> object:
        outputs = exact(network, codes).copy()
        outputs[3] += 1
        return outputs

    monkeypatch.setattr(export, "brevitas_outputs", one_row_off)
    build = recipe.parent / "build"
    result = invoke("quantise", recipe, "--build", build)
    assert result.exit_code == 1, result.output
    # One row in each of the three splits' networks.
    assert "differ on 3 rows" in " ".join(result.output.split())
    assert not (build / "tiny" / "model.json").exists()
    assert not (build / "tiny" / "qat.pt").exists()
