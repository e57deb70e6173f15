# SPDX-License-Identifier: Apache-2.0
"""The coprocessor side of the CORE-V eXtension interface 1.0, as CVE2 and CVA6 have it."""

from typing import Any, ClassVar

from amaranth import Module, Mux, Signal
from amaranth.lib import wiring
from amaranth.lib.wiring import In, Out

from pulsewright.hls_model.words import WORD_BITS
from pulsewright.rtl.attachments.admission import OPERANDS
from pulsewright.rtl.attachments.instruction_attachment import InstructionAttachment
from pulsewright.rtl.attachments.instruction_set import InstructionSet
from pulsewright.rtl.attachments.offloaded_instruction import OffloadedInstruction
from pulsewright.rtl.buses.cv_x_if_v1 import CV_X_IF_V1

HARTID_BITS = 32


class CvXIfV1Signature(wiring.Signature):
    """The signals as the core drives them, named after the members of `core_v_xif`'s structures.

    id_bits: X_ID_WIDTH. X_NUM_RS is 2 (leave further operands of the core unconnected), X_RFR_WIDTH
    and X_RFW_WIDTH are 32, X_DUALREAD, X_DUALWRITE and X_ISSUE_REGISTER_SPLIT 0, X_NUM_HARTS 1.
    X_HARTID_WIDTH is 32; a core with less extends and cuts it. `register_rs` holds rs1 in its lower
    half.
    """

    PORT_COMMENTS: ClassVar[dict[str, str]] = {
        "compressed_valid": "a compressed instruction is presented",
        "compressed_ready": "it is answered in this cycle",
        "compressed_req_instr": "instruction half word",
        "compressed_req_hartid": "hart that it comes from",
        "compressed_resp_instr": "tied to 0: no compressed instruction is known",
        "compressed_resp_accept": "tied to 0",
        "issue_valid": "an instruction is presented",
        "issue_ready": "it is answered in this cycle",
        "issue_req_instr": "instruction word",
        "issue_req_hartid": "hart that it comes from",
        "issue_req_id": "identifier of the instruction",
        "issue_resp_accept": "the instruction is one of the coprocessor",
        "issue_resp_writeback": "it writes a register",
        "issue_resp_register_read": "source registers that it reads",
        "register_valid": "source registers are presented, with the fields down to rs_valid",
        "register_ready": "they are taken in this cycle, with the instruction",
        "register_hartid": "hart that they come from",
        "register_id": "identifier of the instruction",
        "register_rs": "values of its source registers, rs1 in the lower half",
        "register_rs_valid": "which of them are there",
        "commit_valid": "the core decides on an instruction",
        "commit_hartid": "hart of the instruction",
        "commit_id": "its identifier",
        "commit_commit_kill": "high to drop it and all newer, low to let it and all older go on",
        "result_valid": "the result of an instruction is presented",
        "result_ready": "it is taken in this cycle",
        "result_hartid": "hart of the instruction",
        "result_id": "identifier of the instruction",
        "result_data": "value for its destination register",
        "result_rd": "number of its destination register",
        "result_we": "it is to be written",
    }

    def __init__(self, id_bits: int = 4) -> None:
        self.id_bits = id_bits
        super().__init__(
            {
                "compressed_valid": Out(1),
                "compressed_ready": In(1),
                "compressed_req_instr": Out(16),
                "compressed_req_hartid": Out(HARTID_BITS),
                "compressed_resp_instr": In(32),
                "compressed_resp_accept": In(1),
                "issue_valid": Out(1),
                "issue_ready": In(1),
                "issue_req_instr": Out(32),
                "issue_req_hartid": Out(HARTID_BITS),
                "issue_req_id": Out(id_bits),
                "issue_resp_accept": In(1),
                "issue_resp_writeback": In(1),
                "issue_resp_register_read": In(OPERANDS),
                "register_valid": Out(1),
                "register_ready": In(1),
                "register_hartid": Out(HARTID_BITS),
                "register_id": Out(id_bits),
                "register_rs": Out(OPERANDS * WORD_BITS),
                "register_rs_valid": Out(OPERANDS),
                "commit_valid": Out(1),
                "commit_hartid": Out(HARTID_BITS),
                "commit_id": Out(id_bits),
                "commit_commit_kill": Out(1),
                "result_valid": In(1),
                "result_ready": Out(1),
                "result_hartid": In(HARTID_BITS),
                "result_id": In(id_bits),
                "result_data": In(32),
                "result_rd": In(5),
                "result_we": In(1),
            }
        )

    def __eq__(self, other: object) -> bool:
        return isinstance(other, CvXIfV1Signature) and self.id_bits == other.id_bits

    def __repr__(self) -> str:
        return f"CvXIfV1Signature({self.id_bits})"


class CvXIfV1(InstructionAttachment):
    """Joins the interface to the instruction sequencer.

    An instruction that is ours is taken, with its operands, when these are valid and none is here:
    it waits for its commit, is carried out, and leaves with its result; a kill drops it. Others are
    refused at once. Issue and register interface are one transaction (X_ISSUE_REGISTER_SPLIT = 0).

    A commit lets go all instructions up to its identifier, and a kill drops all from it on. Which
    of two identifiers is newer is told by their difference, so that those in flight have to be
    within half of their range. Commits of another hart are not looked at.

    The sequencer begins in the cycle of the commit, or in the next one if the commit comes with the
    issue, and a result is valid as many cycles later as the sequencer takes. The next instruction
    may be issued in the cycle after the result was taken.

    The ready signals and the response depend on the request alone, besides registers;
    `result_valid` and the result on registers alone. The compressed interface is tied off.
    """

    SIGNATURE = CvXIfV1Signature
    INTERFACE = CV_X_IF_V1

    def __init__(self, instructions: InstructionSet, id_bits: int = 4) -> None:
        super().__init__(instructions, CvXIfV1Signature(id_bits))

    @property
    def comment(self) -> str:
        """See `ModuleComponent`."""
        return (
            "Joins the CORE-V eXtension interface 1.0 to the instruction sequencer.\n"
            "The sequencer begins in the cycle of the commit, or in the next one if that "
            "comes with the issue."
        )

    def elaborate(self, platform: object) -> Module:
        """Build the logic."""
        m = self.module()
        port: Any = self.port
        request = port.issue_req_instr
        taken = Signal()
        missing = Signal(OPERANDS)
        accepted = Signal()
        here = OffloadedInstruction(m, port.issue_req_id, taken)
        reads = self.instructions.operands(request)
        arrived = port.register_valid & (port.register_id == port.issue_req_id)
        m.d.comb += [
            missing.eq(reads & ~Mux(arrived, port.register_rs_valid, 0)),
            accepted.eq(self.instructions.accepts(request)),
            port.issue_ready.eq(~accepted | (~here.occupied & ~missing.any())),
            port.register_ready.eq(port.issue_ready),
            port.issue_resp_accept.eq(accepted),
            port.issue_resp_writeback.eq(accepted),
            port.issue_resp_register_read.eq(Mux(accepted, reads, 0)),
            taken.eq(port.issue_valid & port.issue_ready & accepted),
            port.compressed_ready.eq(1),
            self.active.eq(port.issue_valid | here.occupied),
        ]
        hartid = Signal.like(port.issue_req_hartid, name="hartid")
        with m.If(taken):
            m.d.sync += hartid.eq(port.issue_req_hartid)

        distance = Signal.like(port.commit_id, name="distance")
        decides = Signal()
        same = Signal()
        older = Signal()
        committed = Signal(name="commits")
        killed = Signal(name="kills")
        m.d.comb += [
            decides.eq(
                port.commit_valid
                & (port.commit_hartid == Mux(taken, port.issue_req_hartid, hartid))
            ),
            distance.eq(port.commit_id - here.subject),
            same.eq(distance == 0),
            older.eq(distance[-1]),
            committed.eq(decides & ~port.commit_commit_kill & ~older),
            killed.eq(decides & port.commit_commit_kill & (same | older)),
            port.result_hartid.eq(hartid),
        ]
        here.carry_out(m, self, request, port.register_rs, committed, killed)
        return m
