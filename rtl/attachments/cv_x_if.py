# SPDX-License-Identifier: Apache-2.0
"""The coprocessor side of the CORE-V eXtension interface 0.2, as CV32E40X has it."""

from typing import Any, ClassVar

from amaranth import Module, Signal
from amaranth.lib import wiring
from amaranth.lib.wiring import In, Out

from pulsewright.hls_model.words import WORD_BITS
from pulsewright.rtl.attachments.admission import OPERANDS
from pulsewright.rtl.attachments.instruction_attachment import InstructionAttachment
from pulsewright.rtl.attachments.instruction_set import InstructionSet
from pulsewright.rtl.attachments.offloaded_instruction import OffloadedInstruction
from pulsewright.rtl.buses.cv_x_if import CV_X_IF


def _issue_members(id_bits: int) -> dict[str, Any]:
    """Of the compressed, the issue and the commit interface."""
    return {
        "compressed_valid": Out(1),
        "compressed_ready": In(1),
        "compressed_req_instr": Out(16),
        "compressed_req_mode": Out(2),
        "compressed_req_id": Out(id_bits),
        "compressed_resp_instr": In(32),
        "compressed_resp_accept": In(1),
        "issue_valid": Out(1),
        "issue_ready": In(1),
        "issue_req_instr": Out(32),
        "issue_req_mode": Out(2),
        "issue_req_id": Out(id_bits),
        "issue_req_rs": Out(OPERANDS * WORD_BITS),
        "issue_req_rs_valid": Out(OPERANDS),
        "issue_req_ecs": Out(6),
        "issue_req_ecs_valid": Out(1),
        "issue_resp_accept": In(1),
        "issue_resp_writeback": In(1),
        "issue_resp_dualwrite": In(1),
        "issue_resp_dualread": In(3),
        "issue_resp_loadstore": In(1),
        "issue_resp_ecswrite": In(1),
        "issue_resp_exc": In(1),
        "commit_valid": Out(1),
        "commit_id": Out(id_bits),
        "commit_commit_kill": Out(1),
    }


def _memory_members(id_bits: int) -> dict[str, Any]:
    """Of the memory and the memory result interface."""
    return {
        "mem_valid": In(1),
        "mem_ready": Out(1),
        "mem_req_id": In(id_bits),
        "mem_req_addr": In(32),
        "mem_req_mode": In(2),
        "mem_req_we": In(1),
        "mem_req_size": In(3),
        "mem_req_be": In(4),
        "mem_req_attr": In(2),
        "mem_req_wdata": In(32),
        "mem_req_last": In(1),
        "mem_req_spec": In(1),
        "mem_resp_exc": Out(1),
        "mem_resp_exccode": Out(6),
        "mem_resp_dbg": Out(1),
        "mem_result_valid": Out(1),
        "mem_result_id": Out(id_bits),
        "mem_result_rdata": Out(32),
        "mem_result_err": Out(1),
        "mem_result_dbg": Out(1),
    }


def _result_members(id_bits: int) -> dict[str, Any]:
    """Of the result interface."""
    return {
        "result_valid": In(1),
        "result_ready": Out(1),
        "result_id": In(id_bits),
        "result_data": In(32),
        "result_rd": In(5),
        "result_we": In(1),
        "result_ecsdata": In(6),
        "result_ecswe": In(3),
        "result_exc": In(1),
        "result_exccode": In(6),
        "result_err": In(1),
        "result_dbg": In(1),
    }


class CvXIfSignature(wiring.Signature):
    """The signals as the core drives them, named after the members of `if_xif`'s structures.

    id_bits: X_ID_WIDTH. X_NUM_RS is 2 (leave further operands of the core unconnected),
    X_RFR_WIDTH, X_RFW_WIDTH and X_MEM_WIDTH are 32. `issue_req_rs` holds rs1 in its lower half.
    """

    PORT_COMMENTS: ClassVar[dict[str, str]] = {
        "compressed_valid": "a compressed instruction is presented",
        "compressed_ready": "it is answered in this cycle",
        "compressed_req_instr": "instruction half word",
        "compressed_req_mode": "privilege of the core",
        "compressed_req_id": "identifier of the instruction",
        "compressed_resp_instr": "tied to 0: no compressed instruction is known",
        "compressed_resp_accept": "tied to 0",
        "issue_valid": "an instruction is presented",
        "issue_ready": "it is answered in this cycle",
        "issue_req_instr": "instruction word",
        "issue_req_mode": "privilege of the core",
        "issue_req_id": "identifier of the instruction",
        "issue_req_rs": "values of its source registers, rs1 in the lower half",
        "issue_req_rs_valid": "which of them are there",
        "issue_req_ecs": "extension context status",
        "issue_req_ecs_valid": "it is there",
        "issue_resp_accept": "the instruction is one of the coprocessor",
        "issue_resp_writeback": "it writes a register",
        "issue_resp_dualwrite": "tied to 0: it writes one register only",
        "issue_resp_dualread": "tied to 0: it reads no register pairs",
        "issue_resp_loadstore": "tied to 0: it does not use the memory",
        "issue_resp_ecswrite": "tied to 0: it leaves the context status alone",
        "issue_resp_exc": "tied to 0: it raises no exception",
        "commit_valid": "the core decides on an instruction",
        "commit_id": "its identifier",
        "commit_commit_kill": "high to drop it, low to let it go on",
        "mem_valid": "tied to 0: no access to the memory",
        "mem_ready": "not looked at",
        "mem_req_id": "tied to 0",
        "mem_req_addr": "tied to 0",
        "mem_req_mode": "tied to 0",
        "mem_req_we": "tied to 0",
        "mem_req_size": "tied to 0",
        "mem_req_be": "tied to 0",
        "mem_req_attr": "tied to 0",
        "mem_req_wdata": "tied to 0",
        "mem_req_last": "tied to 0",
        "mem_req_spec": "tied to 0",
        "mem_resp_exc": "not looked at",
        "mem_resp_exccode": "not looked at",
        "mem_resp_dbg": "not looked at",
        "mem_result_valid": "not looked at",
        "mem_result_id": "not looked at",
        "mem_result_rdata": "not looked at",
        "mem_result_err": "not looked at",
        "mem_result_dbg": "not looked at",
        "result_valid": "the result of an instruction is presented",
        "result_ready": "it is taken in this cycle",
        "result_id": "identifier of the instruction",
        "result_data": "value for its destination register",
        "result_rd": "number of its destination register",
        "result_we": "it is to be written",
        "result_ecsdata": "tied to 0",
        "result_ecswe": "tied to 0",
        "result_exc": "tied to 0",
        "result_exccode": "tied to 0",
        "result_err": "tied to 0",
        "result_dbg": "tied to 0",
    }

    def __init__(self, id_bits: int = 4) -> None:
        self.id_bits = id_bits
        super().__init__(
            {**_issue_members(id_bits), **_memory_members(id_bits), **_result_members(id_bits)}
        )

    def __eq__(self, other: object) -> bool:
        return isinstance(other, CvXIfSignature) and self.id_bits == other.id_bits

    def __repr__(self) -> str:
        return f"CvXIfSignature({self.id_bits})"


class CvXIf(InstructionAttachment):
    """Joins the interface to the instruction sequencer.

    An instruction that is ours is taken when its operands are valid and none is here: it waits
    for its commit, is carried out, and leaves with its result; a kill drops it. Others are
    refused at once. CV32E40X can take the next instruction into its own pipeline only when the
    result is there, so a second place would bring nothing.

    The sequencer begins in the cycle of the commit, or in the next one if the commit comes with the
    issue, and a result is valid as many cycles later as the sequencer takes. The next instruction
    may be issued in the cycle after the result was taken.

    `issue_ready` and the response depend on the request alone, besides registers; `result_valid`
    and the result on registers alone. Compressed and memory interfaces are tied off.
    """

    SIGNATURE = CvXIfSignature
    INTERFACE = CV_X_IF

    def __init__(self, instructions: InstructionSet, id_bits: int = 4) -> None:
        super().__init__(instructions, CvXIfSignature(id_bits))

    @property
    def comment(self) -> str:
        """See `ModuleComponent`."""
        return (
            "Joins the CORE-V eXtension interface to the instruction sequencer.\n"
            "The sequencer begins in the cycle of the commit, or in the next one if that "
            "comes with the issue."
        )

    def elaborate(self, platform: object) -> Module:
        """Build the logic."""
        m = self.module()
        port: Any = self.port
        request = port.issue_req_instr
        # An id that is issued again belongs to a new instruction: the one that waits here under it
        # was flushed from the core's decoder, for which CV32E40X sends no kill.
        abandoned = Signal()
        missing = Signal(OPERANDS)
        accepted = Signal()
        taken = Signal()
        here = OffloadedInstruction(m, port.issue_req_id, taken)
        m.d.comb += [
            missing.eq(self.instructions.operands(request) & ~port.issue_req_rs_valid),
            abandoned.eq(here.undecided & (here.number == port.issue_req_id)),
            accepted.eq(self.instructions.accepts(request)),
            port.issue_ready.eq(~accepted | ((~here.occupied | abandoned) & ~missing.any())),
            port.issue_resp_accept.eq(accepted),
            port.issue_resp_writeback.eq(accepted),
            taken.eq(port.issue_valid & port.issue_ready & accepted),
            port.compressed_ready.eq(1),
            self.active.eq(port.issue_valid | here.occupied),
        ]
        decided = Signal()
        m.d.comb += decided.eq(port.commit_valid & (port.commit_id == here.subject))
        here.carry_out(
            m,
            self,
            request,
            port.issue_req_rs,
            committed=decided & ~port.commit_commit_kill,
            killed=decided & port.commit_commit_kill,
        )
        return m
