# SPDX-License-Identifier: Apache-2.0
"""Names for the registers behind the read ports of memories."""

import re

from pulsewright.rtl.verilog.names import is_unnamed
from pulsewright.rtl.verilog.parsed_module import Assign, Block, ParsedModule


def name_memory_reads(module: ParsedModule) -> None:
    """Give a register that Yosys made for a read port the name of the signal that it drives."""
    for statement in list(module.statements):
        if not isinstance(statement, Assign) or not isinstance(statement.value, str):
            continue
        register, name = statement.value, statement.target
        if register in module.registers and is_unnamed(register) and name in module.widths:
            module.statements.remove(statement)
            module.registers.remove(register)
            module.registers.add(name)
            del module.widths[register]
            for block in module.statements:
                if isinstance(block, Block):
                    block.lines = [re.sub(rf"\b{register}\b", name, one) for one in block.lines]
