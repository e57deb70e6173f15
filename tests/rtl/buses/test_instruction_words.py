# SPDX-License-Identifier: Apache-2.0
from pulsewright.rtl.buses.instruction_words import Operation, encode, neighbours


def test_neighbours_are_one_decoded_bit_away_from_an_instruction_and_are_none() -> None:
    own = [encode(one, 1, 2, 3) for one in Operation]
    found = neighbours(list(Operation))
    for word in found:
        assert 1 in {(word ^ one).bit_count() for one in own}
        fields = (word & 0x7F, word >> 12 & 7, word >> 25)
        assert fields not in [(0x0B, operation, 0) for operation in Operation]
        # rd, rs1 and rs2
        assert word & 0x01FF_8F80 == own[0] & 0x01FF_8F80
    # Funct3 of 0 and 1, of 0 and 2, of 1 and 3, of 2 and 3, and of 0 and 4 differ in one bit.
    assert len(found) == len(set(found))
    assert len(neighbours([Operation.INFER])) == 17
    assert len(neighbours([Operation.INFER, Operation.STEP])) == 32
