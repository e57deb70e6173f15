# SPDX-License-Identifier: Apache-2.0
"""What LibreLane needs to lay a design out in IHP SG13G2: configuration, Verilog, constraints."""

import json
import math

from pulsewright.synth.fpga.harness import CLOCK, RESET

CONFIGURATION = "config.json"
PDK = "ihp-sg13g2"
CORE_UTILISATION_PERCENT = 60
# Wires, the tree of the clock, and what the kit takes off for uncertainty come on top of a path
# that was measured without them.
MARGIN = 1.25


def clock_period(longest_path: float) -> float:
    """The period to lay out for, in tenths of a ns: MARGIN above the longest path, in ns."""
    return math.ceil(round(longest_path * MARGIN * 10, 6)) / 10


def librelane_files(top: str, verilog: str, period: float) -> dict[str, str]:
    """Contents by name of a folder that LibreLane takes: `librelane config.json`.

    verilog: of the module `top`, whose clock is `clk_i` and whose reset is `rst_ni`. period: of
    the clock, in ns.
    """
    return {
        CONFIGURATION: json.dumps(_configuration(top, period), indent=1) + "\n",
        f"{top}.v": verilog,
        f"{top}.sdc": _constraints(),
    }


def _configuration(top: str, period: float) -> dict[str, object]:
    constraints = f"dir::{top}.sdc"
    return {
        "meta": {"version": 2, "flow": "Classic"},
        "PDK": PDK,
        "DESIGN_NAME": top,
        "VERILOG_FILES": [f"dir::{top}.v"],
        "CLOCK_PORT": CLOCK,
        "CLOCK_PERIOD": period,
        "PNR_SDC_FILE": constraints,
        "SIGNOFF_SDC_FILE": constraints,
        "FP_CORE_UTIL": CORE_UTILISATION_PERCENT,
        "SYNTH_MUL_BOOTH": True,
    }


def _constraints() -> str:
    """As a path is measured: inputs come with the edge, outputs are taken with it.

    The kit's figures are in the environment, where LibreLane puts them; whether the clock has a
    tree yet LibreLane knows. The reset may come at any time; a SoC releases it in time with the
    clock.
    """
    return f"""\
create_clock -name {CLOCK} -period $::env(CLOCK_PERIOD) [get_ports {CLOCK}]
set_clock_uncertainty $::env(CLOCK_UNCERTAINTY_CONSTRAINT) [get_clocks {CLOCK}]
set_clock_transition $::env(CLOCK_TRANSITION_CONSTRAINT) [get_clocks {CLOCK}]
set data_inputs {{}}
foreach port [all_inputs] {{
    if {{[get_property $port full_name] ne "{CLOCK}"}} {{ lappend data_inputs $port }}
}}
set_input_delay 0 -clock {CLOCK} $data_inputs
set_output_delay 0 -clock {CLOCK} [all_outputs]
set_false_path -from [get_ports {RESET}]
set driver [split $::env(SYNTH_DRIVING_CELL) "/"]
set_driving_cell -lib_cell [lindex $driver 0] -pin [lindex $driver 1] [all_inputs]
set_load [expr $::env(OUTPUT_CAP_LOAD) / 1000.0] [all_outputs]
set_max_fanout $::env(MAX_FANOUT_CONSTRAINT) [current_design]
set_timing_derate -early [expr 1 - $::env(TIME_DERATING_CONSTRAINT) / 100.0]
set_timing_derate -late [expr 1 + $::env(TIME_DERATING_CONSTRAINT) / 100.0]
"""
