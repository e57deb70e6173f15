# SPDX-License-Identifier: Apache-2.0
"""Accesses as Verilog statements of a test bench, with the ports' own names."""

from collections.abc import Sequence
from typing import NamedTuple

from pulsewright.rtl.buses.bus import Access, Handshake, IdWidth, Phase, Source
from pulsewright.rtl.buses.instruction_interface import Execution

# PicoRV32 waits for 16 cycles; a foreign instruction that is taken would be so in the first.
OFFERED_CYCLES = 2


class AccessStatements(NamedTuple):
    """request: until it is taken. answer: the rest, where the next request may come before it."""

    request: list[str]
    answer: list[str]


def access_lines(access: Access) -> list[str]:
    """The statements of one access of a bus, which is answered at once.

    They take `address`, `data`, `byte_enable` and `identifier`, and give `read_data` and `refused`.
    """
    return _lines(access.phases, _looks(access))


def checked_access(access: Access, id_width: IdWidth | None) -> AccessStatements:
    """The same for a bench that looks closer.

    What is free after a handshake changes. An answer is left there for `held` clock cycles and has
    to stay, with the identifier `awaited`; `expect_answer` is told whether it does.
    """
    *earlier, last = access.phases
    if not earlier or last.drives:
        return AccessStatements(_lines(access.phases, _looks(access), frees=True), [])
    same = [f"({_refusal(access)}) === refused"]
    same += [f"{access.data} === read_data"] if access.data else []
    answer = _lines([last], _looks(access), kept=_kept(last, same, id_width))
    return AccessStatements(_lines(earlier, [], frees=True), answer)


def checked_execution(execution: Execution, id_width: IdWidth | None) -> list[str]:
    """An instruction likewise; `read_data` is the value of rd."""
    looks = [f"read_data = {execution.data};"]
    if id_width is None:
        return _lines(execution.phases, looks, frees=True)
    kept = _kept(execution.phases[-1], [f"{execution.data} === read_data"], id_width)
    return _lines(execution.phases, looks, kept=kept, frees=True)


def declined_execution(execution: Execution, accepted: str) -> list[str]:
    """The statements that hand over an instruction of others, and look whether it is left alone.

    `declined` is told. accepted: in Verilog, whether it is taken.
    """
    request = execution.phases[0]
    (handshake,) = request.handshakes
    return [
        *(f"{port} = {_level(level)};" for port, level in request.drives.items()),
        f"repeat ({OFFERED_CYCLES}) begin",
        "    @(posedge clk_i);",
        f"    declined = declined && !({accepted});",
        "end",
        "#1;",
        *(f"{port} = 0;" for port in handshake.lowers),
    ]


def _kept(phase: Phase, same: list[str], id_width: IdWidth | None) -> str:
    """That the answer of the phase is there, and the same."""
    (handshake,) = phase.handshakes
    identifier = [f"{id_width.answer} === awaited"] if id_width else []
    return " && ".join([_done(handshake), *same, *identifier])


def _lines(
    phases: Sequence[Phase], looks: list[str], *, kept: str = "", frees: bool = False
) -> list[str]:
    """The statements; each port changes a little after a clock edge.

    looks: at the answer, on the last edge. kept: what then has to be true for `held` cycles. frees:
    inputs change that may.

    Non-blocking assignments would do on Icarus, but Verilator takes those of an initial block for
    blocking ones.
    """
    lines = []
    addresses = {
        port for phase in phases for port, level in phase.drives.items() if level is Source.ADDRESS
    }
    for phase in phases:
        lines += [f"{port} = {_level(level)};" for port, level in phase.drives.items()]
        last = phase is phases[-1]
        waits = [
            _wait(handshake, looks if last else [], kept if last else "", addresses, frees=frees)
            for handshake in phase.handshakes
        ]
        if not waits:
            lines += ["@(posedge clk_i);", *(looks if last else []), "#1;"]
        elif len(waits) == 1:
            lines += waits[0]
        else:
            lines.append("fork")
            for wait in waits:
                lines += ["    begin", *(f"        {line}" for line in wait), "    end"]
            lines.append("join")
    return lines


def _wait(
    handshake: Handshake, looks: list[str], kept: str, addresses: set[str], *, frees: bool
) -> list[str]:
    takes = handshake.taken_by if kept else None
    return [
        *([f"{takes} = held == 0;"] if takes else []),
        "@(posedge clk_i);",
        f"while (!({_done(handshake)})) @(posedge clk_i);",
        *looks,
        *([f"expect_answer({kept});"] if kept else []),
        *(_hold(takes, kept) if takes else []),
        "#1;",
        *(f"{port} = 0;" for port in handshake.lowers),
        # A free address is one of another word, which would be read or written.
        *(
            f"{port} = ~{port}{' & ~3' if port in addresses else ''};"
            for port in handshake.frees
            if frees
        ),
    ]


def _hold(takes: str, kept: str) -> list[str]:
    return [
        "for (hold = 0; hold < held; hold = hold + 1) begin",
        f"    #1 {takes} = hold == held - 1;",
        "    @(posedge clk_i);",
        f"    expect_answer({kept});",
        "end",
    ]


def _looks(access: Access) -> list[str]:
    lines = [f"read_data = {access.data};"] if access.data else []
    return [*lines, f"refused = {_refusal(access)};"]


def _refusal(access: Access) -> str:
    refusal = access.refusal
    if refusal.mask == 1:
        return f"{refusal.output} === 1'b{refusal.value}"
    bits = refusal.mask.bit_length()
    return f"({refusal.output} & {bits}'h{refusal.mask:X}) === {bits}'h{refusal.value:X}"


def _level(level: int | Source) -> str:
    return level.value if isinstance(level, Source) else str(level)


def _done(handshake: Handshake) -> str:
    return " || ".join(f"{output} === 1'b1" for output in handshake.outputs)
