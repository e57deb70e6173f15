# SPDX-License-Identifier: Apache-2.0
import json
from pathlib import Path

import pytest

from tests.flow.conftest import invoke


@pytest.mark.regression
def test_what_the_streams_take_is_told(finished_copy: Path) -> None:
    recipe, build = finished_copy / "tiny.toml", finished_copy / "build"
    with recipe.open("a", encoding="utf-8") as file:
        file.write('\n[attachment]\nstream = "axi_stream"\nstream_width = 8\n')
    result = invoke("run", recipe, "--build", build)
    assert result.exit_code == 0, result.output
    cycles = json.loads((build / "tiny" / "report.json").read_text())["cycles"]
    # Six codes of 8 bits, one a transfer.
    assert cycles["stream_ii"] == {"icarus": 6}
    assert cycles["stream_latency"]["icarus"] > cycles["latency_formula"]
    page = (build / "tiny" / "report.html").read_text(encoding="utf-8")
    assert "through the streams, icarus" in page
