# SPDX-License-Identifier: Apache-2.0
"""Verilog-2005 text of a top level."""

import gc
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

from amaranth.back import rtlil
from amaranth.hdl import Fragment

from pulsewright.hls_model.escape.identifiers import checked_module_name
from pulsewright.rtl.table_options import TableOptions
from pulsewright.rtl.top import Top
from pulsewright.rtl.verilog.aliases import without_aliases
from pulsewright.rtl.verilog.design_interfaces import design_interfaces
from pulsewright.rtl.verilog.header import header
from pulsewright.rtl.verilog.inline_nets import inline_nets
from pulsewright.rtl.verilog.instance_names import with_instance_names
from pulsewright.rtl.verilog.interface import ModuleInterface
from pulsewright.rtl.verilog.join_parts import join_parts
from pulsewright.rtl.verilog.memory_reads import name_memory_reads
from pulsewright.rtl.verilog.module_text import comment_lines, module_text
from pulsewright.rtl.verilog.names import plain_names
from pulsewright.rtl.verilog.narrow_sums import narrow_sums
from pulsewright.rtl.verilog.operand_widths import explicit_widths
from pulsewright.rtl.verilog.parsed_module import parsed_modules
from pulsewright.rtl.verilog.table_modules import with_table_modules
from pulsewright.rtl.verilog.unread_nets import drop_unread_nets
from pulsewright.rtl.verilog.unused_ports import without_unused_inputs
from pulsewright.rtl.verilog.yosys import YosysProcess
from pulsewright.rtl.verilog_platform import VerilogPlatform

# amaranth.back.verilog keeps processes as `always @*`, which Icarus does not run at time zero: what
# depends only on constants and registers would stay X until one of them moves. (`always_comb` would
# run at once, but Icarus 11 loops forever on some.) As multiplexers they become continuous
# assignments, which are evaluated from the start everywhere.
# (A switch with many cases would become a function whose `$` name Icarus 11 takes for a system
# function, so the design uses none; a test looks.)
# opt_expr is kept off comparisons, of which it makes `!address` and the like, and lint complains.
# Memories are filled by software: initial contents would be lost in an ASIC.
_SCRIPT = (
    "delete t:$meminit_v2",
    "proc -norom -noopt",
    "memory_collect",
    "opt_merge",
    "opt_expr t:$and t:$or t:$mux",
    "opt_clean -purge",
    "write_verilog -norename -noattr",
)
# Every register that needs a value gets it from the reset, so an initial value could only hide a
# missing one in simulation.
_INITIAL_VALUE = re.compile(r"^ *attribute \\init .*\n", re.MULTILINE)


class VerilogFiles(NamedTuple):
    """A design as files: its text, and what it reads from the folder HEX_FOLDER, by name."""

    text: str
    hex_files: dict[str, str]


def to_verilog(top: Top, name: str, recipe: str = "") -> str:
    """Synthesizable Verilog-2005 of `top` as module `name`; the same design gives the same text.

    Submodules are named after `name`, so that several coprocessors fit one SoC. Registers have no
    initial values: hold `rst_ni` low first.

    recipe: name of the recipe, for the comment on top.

    Raises:
        PulsewrightError: Yosys is not installed, or `name` cannot be that of a module.
    """
    return verilog_files(top, name, recipe).text


def verilog_files(
    top: Top, name: str, recipe: str = "", tables: TableOptions | None = None
) -> VerilogFiles:
    """The same with tables of constants as `tables` says, which may be files of their own.

    Raises:
        PulsewrightError: as `to_verilog`.
    """
    checked_module_name(name)
    platform = VerilogPlatform(tables)
    with YosysProcess() as yosys, _collector_paused():
        fragment = Fragment.get(top, platform)
        design = rtlil.convert(
            fragment,
            name=name,
            ports=[getattr(top, port) for port in top.signature.members],
            emit_src=False,
        )
        design = explicit_widths(without_aliases(_INITIAL_VALUE.sub("", design)))
        text = yosys.run("\n".join((f"read_rtlil <<rtlil\n{design}\nrtlil", *_SCRIPT, "")))
        _, _, text = text.partition("\n")
        text = with_instance_names(without_unused_inputs(plain_names(text), name))
        interfaces = design_interfaces(fragment, name)
        body, hex_files = with_table_modules("\n".join(_reviewable(text, interfaces)), platform)
    comment = comment_lines(header(top.model, top.folded, name, recipe))
    return VerilogFiles("\n".join((*comment, "", body)), hex_files)


def _reviewable(text: str, interfaces: dict[str, ModuleInterface]) -> Iterator[str]:
    """The modules of `text`, each as a person would write it."""
    for module in parsed_modules(text):
        name_memory_reads(module)
        join_parts(module)
        narrow_sums(module)
        inline_nets(module)
        drop_unread_nets(module)
        yield module_text(module, interfaces)


@contextmanager
def _collector_paused() -> Iterator[None]:
    """Nothing of a netlist of half a million small objects can be freed before it is written.

    To look through them again and again took a third of the time, and once more as soon as the
    collector was on again.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()
