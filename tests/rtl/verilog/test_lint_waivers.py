# SPDX-License-Identifier: Apache-2.0
"""Whether they suffice is tested with the texts, in test_verilog.py; here, that they are few."""

import re

from pulsewright.rtl.verilog.lint_waivers import lint_waivers


def test_is_a_verilator_configuration_for_one_file() -> None:
    lines = lint_waivers("pulse").splitlines()
    assert lines[0] == "`verilator_config"
    waivers = [line for line in lines if line.startswith("lint_off")]
    assert [re.findall(r"-rule (\w+)", line) for line in waivers] == [
        ["DECLFILENAME"],
        ["UNUSEDSIGNAL"],
        ["UNUSEDSIGNAL"],
        ["UNUSEDSIGNAL"],
        ["UNUSEDSIGNAL"],
        ["UNUSEDSIGNAL"],
        ["UNOPTFLAT"],
    ]
    assert all('-file "*pulse.v"' in line for line in waivers)


def test_every_waiver_is_explained() -> None:
    for paragraph in lint_waivers("pulse").split("\n\n")[1:]:
        assert paragraph.startswith("//")
        assert paragraph.count("lint_off") >= 1
