# SPDX-License-Identifier: Apache-2.0
"""A core on the CORE-V eXtension interface 1.0."""

from pulsewright.sim.instructions.cv_x_if_driver import CvXIfDriver
from pulsewright.sim.instructions.cv_x_if_rules import CvXIfRules
from pulsewright.sim.instructions.cv_x_if_v1_rules import CvXIfV1Rules
from pulsewright.sim.instructions.reference import Instruction

HART = 0x8000_0005
# Of a decision that is for other instructions too; narrow identifiers have half of 8 to spare.
MOST_BEHIND = 3


class CvXIfV1Driver(CvXIfDriver):
    """One instruction after the other, as of version 0.2.

    A commit may bear the identifier of a newer instruction, and a kill that of an older one, which
    other coprocessors have: either decides on ours as well.
    """

    ATTACHMENT = "cv_x_if_v1"

    def new_rules(self) -> CvXIfRules:
        """The checker of this version."""
        return CvXIfV1Rules(self.id_bits)

    def request(
        self, instruction: Instruction, rs1: int, rs2: int, rs_valid: int
    ) -> dict[str, int]:
        """Inputs that present an instruction with the present number."""
        return {
            "issue_valid": 1,
            "issue_req_instr": instruction.word,
            "issue_req_hartid": HART,
            "issue_req_id": self.number,
            "register_valid": 1,
            "register_hartid": HART,
            "register_id": self.number,
            "register_rs": rs2 << 32 | rs1,
            "register_rs_valid": rs_valid,
        }

    def numbers_beside(self, bit: int) -> int:
        """Go on to the next identifier; the one behind it, since a commit is for older ones too."""
        self.number = (self.newest + 1) % (1 << self.id_bits)
        self.newest = (self.number + 1) % (1 << self.id_bits)
        return self.newest

    def commit(self, killed: bool) -> dict[str, int]:
        """Inputs that decide on the instruction with the present number."""
        behind = self.draw.randrange(MOST_BEHIND)
        number = (self.number - behind if killed else self.number + behind) % (1 << self.id_bits)
        if not killed:
            self.newest = number
        return {
            "commit_valid": 1,
            "commit_hartid": HART,
            "commit_id": number,
            "commit_commit_kill": int(killed),
        }
