# SPDX-License-Identifier: Apache-2.0
"""CORE-V eXtension interface (CV-X-IF) 0.2, of CV32E40X."""

from pulsewright.rtl.buses.bus import Handshake, IdWidth, Phase, Source
from pulsewright.rtl.buses.instruction_interface import Execution, InstructionInterface
from pulsewright.rtl.buses.wrapper import Wrapper

_ISSUE: dict[str, int | Source] = {
    "x_issue_valid_i": 1,
    "x_issue_req_instr_i": Source.INSTRUCTION,
    "x_issue_req_rs_i": Source.OPERANDS,
    "x_issue_req_rs_valid_i": 0b11,
}
CV_X_IF = InstructionInterface(
    name="cv_x_if",
    title="CORE-V eXtension interface 0.2",
    component="CvXIf",
    prefix="x",
    # The commit comes in the cycle after the issue.
    execution=Execution(
        (
            Phase(_ISSUE, (Handshake(("x_issue_ready_o",), ("x_issue_valid_i",)),)),
            Phase({"x_commit_valid_i": 1}),
            Phase({"x_commit_valid_i": 0}, (Handshake(("x_result_valid_o",)),)),
        ),
        "x_result_data_o",
    ),
    idle={"x_result_ready_i": 1},
    # X_ID_WIDTH.
    id_width=IdWidth(3, 32, 4),
    wrappers=(Wrapper(name="if_xif", template="if_xif.sv", title="CV32E40X: interface `if_xif`"),),
)
