# SPDX-License-Identifier: Apache-2.0
"""How fast a design is on an FPGA: placed and routed by nextpnr from several seeds."""

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median

from pydantic import BaseModel, ConfigDict

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.files.plain_file import read_plain_text
from pulsewright.synth.fpga.harness import HARNESS, ports_of, serial_harness
from pulsewright.synth.fpga.mapping import run_mapping
from pulsewright.synth.fpga.targets import Device, FpgaTarget
from pulsewright.synth.tools.logged_run import ToolError
from pulsewright.synth.tools.yosys import READ_VERILOG, read_netlist
from pulsewright.synth.tools.yowasp import YowaspTool

MOST_REPORT_BYTES = 1 << 28


class RoutedDesign(BaseModel):
    """How fast a design is.

    megahertz: highest clock frequency by seed; empty if it could not be placed or routed, which
    `remark` tells.
    """

    model_config = ConfigDict(extra="forbid")

    design: str
    megahertz: dict[int, float]
    remark: str = ""

    @property
    def median_megahertz(self) -> float | None:
        """Over the seeds."""
        return median(self.megahertz.values()) if self.megahertz else None


def route_design(
    top: str,
    label: str,
    target: FpgaTarget,
    device: Device,
    seeds: Sequence[int],
    folder: Path,
    advance: Callable[[], None] = lambda: None,
    reading: str = READ_VERILOG,
) -> RoutedDesign:
    """Place and route the module `top`, which `map_design` mapped in `folder`.

    The design is in a serial harness, whose flip-flops are at all its ports. advance: called after
    each seed. reading: Yosys' command that reads it.

    Raises:
        MissingPackageError: Yosys or nextpnr is not installed.
        PulsewrightError: nothing routes this family.
        ToolError: Yosys refuses the design.
    """
    router = target.router
    if router is None:
        raise PulsewrightError(f"no open tool routes {target.title}; give --seeds 0")
    ports = ports_of(read_netlist(folder / f"{top}.json", top))
    (folder / f"{HARNESS}.v").write_text(serial_harness(top, ports), encoding="utf-8")
    run_mapping([f"{top}.v", f"{HARNESS}.v"], HARNESS, target, device, folder, reading)
    reached: dict[int, float] = {}
    for seed in seeds:
        try:
            reached[seed] = _megahertz(router, target, device, seed, folder)
        except ToolError as failure:
            return RoutedDesign(design=label, megahertz=reached, remark=failure.last_lines)
        advance()
    return RoutedDesign(design=label, megahertz=reached)


def _megahertz(
    router: YowaspTool, target: FpgaTarget, device: Device, seed: int, folder: Path
) -> float:
    """Highest clock frequency of the harness from one seed."""
    report = f"seed_{seed}.report.json"
    arguments = [
        *device.placing,
        *target.router_arguments,
        *("--json", f"{HARNESS}.json", "--report", report, "--seed", str(seed)),
        # What is asked for steers the placement; to miss it is no error.
        *("--freq", str(target.megahertz), "--timing-allow-fail", "--quiet"),
    ]
    router.run(arguments, folder / f"seed_{seed}.log")
    document = json.loads(read_plain_text(folder / report, MOST_REPORT_BYTES))
    (clock,) = document["fmax"].values()
    return float(clock["achieved"])
