# SPDX-License-Identifier: Apache-2.0
"""CORE-V eXtension interface (CV-X-IF) 1.0, of CVE2 and CVA6."""

from pulsewright.rtl.buses.bus import Handshake, Source
from pulsewright.rtl.buses.core_v_x_if import core_v_x_if
from pulsewright.rtl.buses.wrapper import Wrapper

CV_X_IF_V1 = core_v_x_if(
    name="cv_x_if_v1",
    version="1.0",
    component="CvXIfV1",
    operand_ports="x_register",
    issue={
        "x_register_valid_i": 1,
        "x_register_id_i": Source.IDENTIFIER,
        "x_register_rs_i": Source.OPERANDS,
        "x_register_rs_valid_i": 0b11,
    },
    issued=Handshake(
        ("x_issue_ready_o",),
        ("x_issue_valid_i", "x_register_valid_i"),
        (
            *("x_issue_req_instr_i", "x_issue_req_id_i"),
            *("x_register_id_i", "x_register_rs_i", "x_register_rs_valid_i"),
        ),
    ),
    wrapper=Wrapper(
        name="x_structs",
        template="x_structs.sv",
        title="CVE2 and CVA6: structures `x_issue_req_t`, `x_issue_resp_t` and so on",
    ),
)
