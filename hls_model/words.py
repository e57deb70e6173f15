# SPDX-License-Identifier: Apache-2.0
"""The words of the register bus."""

WORD_BYTES = 4
WORD_BITS = 32
# Byte enables of an access to a whole word.
WHOLE_WORD = 0b1111
