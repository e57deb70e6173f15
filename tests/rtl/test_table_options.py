# SPDX-License-Identifier: Apache-2.0
import pytest

from pulsewright.rtl.table_options import LARGE_TABLE_BITS, SMALLEST_BLOCK_BITS, TableOptions


@pytest.mark.parametrize(
    ("options", "least"),
    [
        (TableOptions(), LARGE_TABLE_BITS),
        (TableOptions(memory="logic"), LARGE_TABLE_BITS),
        (TableOptions(memory="block_ram"), SMALLEST_BLOCK_BITS),
    ],
)
def test_large_tables_have_their_register(options: TableOptions, least: int) -> None:
    assert options.has_register(least // 8, 8)
    assert not options.has_register(least // 8 - 1, 8)
    assert not options.has_register(1, least)


def test_every_table_may_be_a_file_but_no_small_one_a_block() -> None:
    options = TableOptions(memory="block_ram", files=True)
    assert options.has_register(2, 1)
    assert options.memory_of(2, 1) == "auto"
    assert options.memory_of(SMALLEST_BLOCK_BITS, 1) == "block_ram"
