# SPDX-License-Identifier: Apache-2.0
"""Writes the value of a net without a name of its own where the net was used.

Yosys gives every operator a net. One that the design does not name is a part of an expression, and
people read expressions more easily than numbered nets.
"""

from collections import Counter

from pulsewright.rtl.verilog.expressions import (
    CHAINED,
    COMPARISONS,
    SAME_WIDTH,
    SHIFTS,
    Expression,
    Operation,
)
from pulsewright.rtl.verilog.names import is_unnamed
from pulsewright.rtl.verilog.parsed_module import (
    Assign,
    Instance,
    ParsedModule,
    Register,
    Statement,
    names_in,
    read_names,
    width_of,
)

# Characters of a part of an expression; what is longer stays a net. A choice among many and a row
# of one operator are easy to read at any length.
_LONGEST_PART = 120
_LONGEST_CONNECTION = 60
_DEEPEST = 40


def inline_nets(module: ParsedModule) -> None:
    """Replace nets of `module` that have no name by their values, where that changes nothing.

    Verilog extends operands to the width of what is around them, so a value stands only where a
    net of its own width stood among operands of that width.
    """
    nets = _Nets(module)
    for statement in module.statements:
        if nets.defined_by(statement) is None:
            nets.expand(statement)
    expanded: set[str] = set()
    while waiting := nets.kept - expanded:
        for net in sorted(waiting):
            nets.expand(nets.values[net])
        expanded |= waiting
    defined = ((statement, nets.defined_by(statement)) for statement in module.statements)
    module.statements = [s for s, net in defined if net is None or net in nets.kept]
    for net in nets.values.keys() - nets.kept:
        del module.widths[net]


class _Nets:
    """The nets that may be replaced, and the assignments that give them their values.

    kept: those of them that are read as nets all the same.
    """

    def __init__(self, module: ParsedModule) -> None:
        self.widths = module.widths
        self.kept: set[str] = set()
        uses = Counter(read_names(module.statements))
        self.values = {
            statement.target: statement
            for statement in module.statements
            if isinstance(statement, Assign)
            and is_unnamed(statement.target)
            and statement.target not in module.ports
            and (uses[statement.target] == 1 or _is_complement(statement.value, uses))
            and self._keeps_its_width(statement)
        }

    def defined_by(self, statement: Statement) -> str | None:
        """The net that may be replaced and whose assignment this is, if it is one."""
        if isinstance(statement, Assign) and self.values.get(statement.target) is statement:
            return statement.target
        return None

    def expand(self, statement: Statement) -> None:
        """Replace the nets that the statement reads."""
        if isinstance(statement, Assign | Register):
            width = width_of(_target(statement.target), self.widths)
            in_register = isinstance(statement, Register)
            statement.value, _ = self._expanded(
                statement.value, width, whole=True, in_register=in_register
            )
        elif isinstance(statement, Instance):
            for port, value in statement.connections.items():
                statement.connections[port] = self._connected(value)
        else:
            self.kept.update(name for name in read_names([statement]) if name in self.values)

    def _keeps_its_width(self, statement: Assign) -> bool:
        """True if nothing around the value would change it."""
        width = self.widths.get(statement.target)
        if isinstance(statement.value, str):
            return False
        operator, operands = statement.value
        if operator in SHIFTS:
            # The net has one of its bits alone, or more than the operand has.
            return width == width_of(operands[0], self.widths) == 1
        if operator == "?:":
            operands = operands[1:]
        elif operator not in (*SAME_WIDTH, "~", "*"):
            return operator == "{}" or width == 1
        return operator == "*" or all(width_of(one, self.widths) == width for one in operands)

    def _connected(self, value: Expression) -> Expression:
        found, size = self._expanded(value, width_of(value, self.widths), whole=True)
        if size <= _LONGEST_CONNECTION or found == value:
            return found
        self.kept.update(name for name in names_in(value) if name in self.values)
        return value

    def _expanded(
        self,
        value: Expression,
        width: int | None,
        whole: bool = False,
        depth: int = 0,
        in_register: bool = False,
    ) -> tuple[Expression, int]:
        """`value` with its nets replaced, and its characters.

        width: of the operands around it. whole: it is a right-hand side of its own.
        """
        if isinstance(value, str):
            return self._net_or_value(value, width, "", depth, whole=whole, in_register=in_register)
        operator, operands = value
        found: list[Expression] = []
        size = 0
        for number, operand in enumerate(operands):
            own = width_of(operand, self.widths)
            around = own
            if operator in (*SAME_WIDTH, "~") or (operator == "?:" and number):
                around = width
            elif operator in COMPARISONS:
                around = width_of(operands[1 - number], self.widths)
            elif operator in ("*", *SHIFTS):
                around = None
            # A branch of a register's choice is assigned by itself.
            alone = whole and in_register and operator == "?:" and number > 0
            if isinstance(operand, str):
                one, length = self._net_or_value(
                    operand, around, operator, depth + 1, whole=alone, in_register=alone
                )
            else:
                one, length = self._expanded(operand, around, depth=depth + 1)
            found.append(one)
            # What repeats in a concatenation is counted, not repeated.
            if operator != "{}" or number == 0 or operand != operands[number - 1]:
                size += length + len(operator) + 2
        return Operation(operator, tuple(found)), size

    def _net_or_value(
        self,
        name: str,
        width: int | None,
        operator: str,
        depth: int,
        *,
        whole: bool,
        in_register: bool = False,
    ) -> tuple[Expression, int]:
        assignment = self.values.get(name)
        if assignment is None:
            if not name.isidentifier():
                self.kept.update(one for one in names_in(name) if one in self.values)
            return name, len(name)
        value = assignment.value
        assert isinstance(value, Operation)
        signed = value.operator == "*"
        if self.widths[name] == width and depth < _DEEPEST and (whole or not signed):
            replaced, size = self._expanded(
                value, width, whole=whole, depth=depth, in_register=in_register
            )
            in_a_row = operator == value.operator and operator in (*CHAINED, "?:")
            if whole or in_a_row or size <= _LONGEST_PART:
                return replaced, size
        self.kept.add(name)
        return name, len(name)


def _is_complement(value: Expression, uses: Counter[str]) -> bool:
    """True of the complement of what stays a net, which is as short as a name."""
    if isinstance(value, str) or value.operator != "~" or not isinstance(value.operands[0], str):
        return False
    operand = value.operands[0]
    return not (is_unnamed(operand) and uses[operand] == 1)


def _target(target: str) -> Expression:
    if target.startswith("{"):
        return Operation("{}", tuple(target[1:-1].strip().split(", ")))
    return target
