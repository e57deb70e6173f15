# SPDX-License-Identifier: Apache-2.0
"""Writes a design and runs a bench on it."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pulsewright.hls_model.reference.fixed_point import IntegerArray
from pulsewright.hls_model.reference.integer_mlp import IntegerMlp
from pulsewright.hls_model.schedule.folded_engine import FoldedEngine
from pulsewright.hls_model.schedule.folding import fold_piecewise_linear, fold_shared_multiplier
from pulsewright.hls_model.schedule.requantiser_stages import with_requantisers
from pulsewright.rtl.axi_stream.chosen_shape import chosen_shape
from pulsewright.rtl.axi_stream_top import AxiStreamTop
from pulsewright.rtl.buses.options import AttachmentOptions
from pulsewright.rtl.top import StreamTop, Top
from pulsewright.rtl.tops import coprocessor_top
from pulsewright.rtl.verilog.writer import to_verilog
from pulsewright.sim.bench_files import BenchInputs
from pulsewright.sim.runner import BenchRun, VerilogModule, run_bench
from pulsewright.sim.simulators import Simulator
from tests.models import fold_model, random_codes

Foldings = list[tuple[int, int]]
NAME = "pulse"
INSTRUCTIONS = {"cv_x_if_bench": "cv_x_if", "pcpi_bench": "pcpi"}


def run_design(
    simulator: Simulator,
    bench: str | Sequence[str],
    folder: Path,
    model: IntegerMlp,
    foldings: Foldings,
    rows: int,
    reference: IntegerMlp | None = None,
    codes: IntegerArray | None = None,
    attachment: str | None = None,
    incremental: bool = False,
    reloadable: bool = False,
    shallow: bool = False,
    attachment_options: AttachmentOptions | None = None,
    piecewise_linear: bool = False,
    shared_multiplier: bool = False,
    fault: tuple[str, str] | None = None,
    **options: Any,
) -> BenchRun:
    """Simulate `model`; the bench compares with `reference`, which is the same unless given.

    foldings: of a chain of layers; not looked at of other engines. fault: a pattern of the Verilog,
    and what stands there instead.
    """
    folder.mkdir(parents=True, exist_ok=True)
    verilog = folder / f"{NAME}.v"
    attachment = attachment or INSTRUCTIONS.get(str(bench), "obi")
    if piecewise_linear:
        folded: FoldedEngine = with_requantisers(fold_piecewise_linear(model.sizes), model)
    elif shared_multiplier:
        folded = with_requantisers(fold_shared_multiplier(model.sizes), model)
    else:
        folded = fold_model(model, foldings, incremental, reloadable, shallow)
    if bench == "stream_bench":
        top: Top = StreamTop(model, folded)
    elif bench == "axi_stream_bench":
        shape = chosen_shape(model, folded, attachment_options or AttachmentOptions())
        top = AxiStreamTop(model, folded, shape)
    else:
        top = coprocessor_top(attachment, model, folded, attachment_options)
    text, planted = to_verilog(top, NAME), 1
    if fault is not None:
        text, planted = re.subn(*fault, text)
    assert planted, fault
    verilog.write_text(text)
    stimulus = random_codes(model, rows) if codes is None else codes
    inputs = BenchInputs(reference or model, folded, stimulus, attachment, attachment_options)
    top_module = VerilogModule(verilog, NAME)
    return run_bench(simulator, top_module, bench, folder / "run", inputs, **options)
