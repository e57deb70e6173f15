# SPDX-License-Identifier: Apache-2.0
"""What the versions of the CORE-V eXtension interface (CV-X-IF) have in common."""

from pulsewright.rtl.buses.bus import Handshake, IdWidth, Phase, Source
from pulsewright.rtl.buses.instruction_interface import Execution, InstructionInterface
from pulsewright.rtl.buses.wrapper import Wrapper


def core_v_x_if(
    name: str,
    version: str,
    component: str,
    operand_ports: str,
    issue: dict[str, int | Source],
    issued: Handshake,
    wrapper: Wrapper,
) -> InstructionInterface:
    """The interface of one version.

    operand_ports: see `InstructionInterface`. issue: inputs that hand over an instruction with its
    operands, beside those of every version. issued: when it is taken.
    """
    return InstructionInterface(
        name=name,
        title=f"CORE-V eXtension interface {version}",
        component=component,
        prefix="x",
        # The commit comes in the cycle after the issue.
        execution=Execution(
            (
                Phase(
                    {
                        "x_issue_valid_i": 1,
                        "x_issue_req_instr_i": Source.INSTRUCTION,
                        "x_issue_req_id_i": Source.IDENTIFIER,
                        **issue,
                    },
                    (issued,),
                ),
                Phase({"x_commit_valid_i": 1, "x_commit_id_i": Source.IDENTIFIER}),
                Phase(
                    {"x_commit_valid_i": 0},
                    (Handshake(("x_result_valid_o",), taken_by="x_result_ready_i"),),
                ),
            ),
            "x_result_data_o",
        ),
        accepted="x_issue_resp_accept_o",
        operand_ports=operand_ports,
        idle={"x_result_ready_i": 1},
        # X_ID_WIDTH.
        id_width=IdWidth(3, 32, 4, "x_result_id_o"),
        wrappers=(wrapper,),
    )
