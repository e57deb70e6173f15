# SPDX-License-Identifier: Apache-2.0
"""The Verilog of the engine with one multiplier, as tools that only read it see it."""

from pathlib import Path

import pytest

from pulsewright.rtl.buses.options import AttachmentOptions
from pulsewright.rtl.tops import coprocessor_top
from pulsewright.rtl.verilog.writer import to_verilog
from tests.models import shared_multiplier_case
from tests.rtl.lint import check_lint

NAME = "pulse"


@pytest.mark.parametrize("jobs", ["all", "infer"])
def test_both_simulators_read_it_without_a_warning(jobs: str, tmp_path: Path) -> None:
    model, folded = shared_multiplier_case((6, 16, 1), pulses=100)
    options = AttachmentOptions.model_validate({"jobs": jobs})
    text = to_verilog(coprocessor_top("obi", model, folded, options), NAME)
    check_lint(text, NAME, tmp_path)


def test_its_comment_says_how_fast_it_is() -> None:
    model, folded = shared_multiplier_case((6, 16, 1))
    text = to_verilog(coprocessor_top("obi", model, folded, None), NAME)
    assert "// One multiplier for both layers, one product a cycle." in text
    assert "// II        123 cycles = latency + 1: one vector is in the engine at a time" in text
    assert "// latency   122 cycles = (neurons + 1) * (max(inputs, 2) + outputs) + 3" in text
