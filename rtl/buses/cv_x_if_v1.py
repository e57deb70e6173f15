# SPDX-License-Identifier: Apache-2.0
"""CORE-V eXtension interface (CV-X-IF) 1.0, of CVE2 and CVA6."""

from pulsewright.rtl.buses.bus import Handshake, IdWidth, Phase, Source
from pulsewright.rtl.buses.instruction_interface import Execution, InstructionInterface
from pulsewright.rtl.buses.wrapper import Wrapper

_ISSUE: dict[str, int | Source] = {
    "x_issue_valid_i": 1,
    "x_issue_req_instr_i": Source.INSTRUCTION,
    "x_register_valid_i": 1,
    "x_register_rs_i": Source.OPERANDS,
    "x_register_rs_valid_i": 0b11,
}
_ISSUED = Handshake(("x_issue_ready_o",), ("x_issue_valid_i", "x_register_valid_i"))
CV_X_IF_V1 = InstructionInterface(
    name="cv_x_if_v1",
    title="CORE-V eXtension interface 1.0",
    component="CvXIfV1",
    prefix="x",
    # The commit comes in the cycle after the issue.
    execution=Execution(
        (
            Phase(_ISSUE, (_ISSUED,)),
            Phase({"x_commit_valid_i": 1}),
            Phase({"x_commit_valid_i": 0}, (Handshake(("x_result_valid_o",)),)),
        ),
        "x_result_data_o",
    ),
    idle={"x_result_ready_i": 1},
    # X_ID_WIDTH.
    id_width=IdWidth(3, 32, 4),
    wrappers=(
        Wrapper(
            name="x_structs",
            template="x_structs.sv",
            title="CVE2 and CVA6: structures `x_issue_req_t`, `x_issue_resp_t` and so on",
        ),
    ),
)
