# SPDX-License-Identifier: Apache-2.0
"""The SystemRDL source of the registers: compiled once, elaborated for each coprocessor."""

from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import as_file, files

from systemrdl.compiler import RDLCompiler
from systemrdl.messages import RDLCompileError
from systemrdl.node import AddrmapNode, FieldNode, RegfileNode, RegNode

from pulsewright.rtl.registers.register import Register

SOURCE_NAME = "pulsewright"


def elaborated_source(
    configuration: frozenset[str], parameters: Mapping[str, int | bool]
) -> AddrmapNode:
    """The address map with these parameters; those that are not given have their defaults.

    configuration: names that the source is compiled with.

    Raises:
        RDLCompileError: there is no such parameter, or not with such a value.
    """
    # Elaboration works on a copy of what was compiled.
    try:
        root = _compiled(configuration).elaborate(SOURCE_NAME, parameters=dict(parameters))
    except RDLCompileError:
        # A compiler keeps the errors that it has met.
        _compiled.cache_clear()
        raise
    return root.top


@cache
def _compiled(configuration: frozenset[str]) -> RDLCompiler:
    compiler = RDLCompiler()
    with as_file(files("pulsewright.rtl.registers") / f"{SOURCE_NAME}.rdl") as source:
        compiler.compile_file(str(source), defines=dict.fromkeys(configuration, ""))
    return compiler


def registers_of(top: AddrmapNode) -> list[Register]:
    """The registers of an address map, in the order of their addresses; arrays one by one."""
    return [_register(top, register) for register in _register_nodes(top)]


def _register_nodes(node: AddrmapNode | RegfileNode) -> Iterator[RegNode]:
    for child in node.children(unroll=True):
        if isinstance(child, RegNode):
            yield child
        elif isinstance(child, RegfileNode):
            yield from _register_nodes(child)


def _register(top: AddrmapNode, node: RegNode) -> Register:
    fields = list(node.fields())
    return Register(
        name=node.get_rel_path(top),
        address=node.absolute_address,
        reset=sum(_reset(f) << f.low for f in fields),
        readable=sum(_mask(f) for f in fields if f.is_sw_readable),
        writable=sum(_mask(f) for f in fields if f.is_sw_writable),
        storage=sum(_mask(f) for f in fields if _keeps_what_is_written(f)),
        from_hardware=sum(
            _mask(f) for f in fields if f.is_hw_writable and not f.get_property("we")
        ),
        write_strobe=any(f.get_property("swmod") for f in fields),
        read_strobe=any(f.get_property("swacc") for f in fields),
        depends_on_jobs=bool(node.get_property("depends_on_jobs")),
        hardware_stores=any(f.get_property("we") for f in fields),
    )


def _keeps_what_is_written(field: FieldNode) -> bool:
    return field.is_sw_writable and field.is_sw_readable and field.get_property("onwrite") is None


def _reset(field: FieldNode) -> int:
    reset = field.get_property("reset")
    return reset if isinstance(reset, int) else 0


def _mask(field: FieldNode) -> int:
    return ((1 << field.width) - 1) << field.low
