# SPDX-License-Identifier: Apache-2.0
"""CORE-V eXtension interface (CV-X-IF) 0.2, of CV32E40X."""

from pulsewright.rtl.buses.bus import Handshake, Source
from pulsewright.rtl.buses.core_v_x_if import core_v_x_if
from pulsewright.rtl.buses.wrapper import Wrapper

CV_X_IF = core_v_x_if(
    name="cv_x_if",
    version="0.2",
    component="CvXIf",
    operand_ports="x_issue_req",
    issue={"x_issue_req_rs_i": Source.OPERANDS, "x_issue_req_rs_valid_i": 0b11},
    issued=Handshake(
        ("x_issue_ready_o",),
        ("x_issue_valid_i",),
        ("x_issue_req_instr_i", "x_issue_req_id_i", "x_issue_req_rs_i", "x_issue_req_rs_valid_i"),
    ),
    wrapper=Wrapper(name="if_xif", template="if_xif.sv", title="CV32E40X: interface `if_xif`"),
)
