# SPDX-License-Identifier: Apache-2.0
from importlib.resources import files
from typing import Any

import pytest
from systemrdl.compiler import RDLCompiler
from systemrdl.messages import RDLCompileError

from pulsewright.rtl.registers import register_source
from pulsewright.rtl.registers.register import Register
from pulsewright.rtl.registers.register_source import elaborated_source, registers_of

SOURCE = files("pulsewright.rtl.registers") / "pulsewright.rdl"
PLAIN: frozenset[str] = frozenset()
WINDOWED = frozenset({"WINDOWS"})
COPROCESSORS: list[tuple[frozenset[str], dict[str, int | bool]]] = [
    (PLAIN, {"INPUT_WORDS": 1, "RESULT_WORDS": 3, "PULSE_SWEEP": True}),
    (WINDOWED, {"INPUT_BASE": 0x2000, "LAYERS": 4}),
    (PLAIN, {}),
    (frozenset({"RELOADABLE"}), {"WINDOW_WORDS": 32, "AUTOTRIGGER_RESET": 1}),
    (WINDOWED, {"RESULT_BASE": 0x4000, "RESULT_WIDTH": 9}),
    (PLAIN, {"INPUT_WORDS": 32, "BOUNDED_WAITS": True}),
]


def compiled_alone(configuration: frozenset[str], parameters: dict[str, Any]) -> list[Register]:
    compiler = RDLCompiler()
    compiler.compile_file(str(SOURCE), defines=dict.fromkeys(configuration, ""))
    return registers_of(compiler.elaborate("pulsewright", parameters=parameters).top)


def test_one_compiled_source_gives_every_coprocessor_what_one_of_its_own_does() -> None:
    maps = [elaborated_source(*coprocessor) for coprocessor in COPROCESSORS]
    again = [elaborated_source(*coprocessor) for coprocessor in reversed(COPROCESSORS)][::-1]
    alone = [compiled_alone(*coprocessor) for coprocessor in COPROCESSORS]
    assert len({tuple(registers) for registers in alone}) == len(alone)
    # Those that came first are read last.
    assert [registers_of(node) for node in again] == alone
    assert [registers_of(node) for node in maps] == alone


def test_the_source_is_compiled_once_for_a_configuration(monkeypatch: pytest.MonkeyPatch) -> None:
    elaborated_source(PLAIN, {})

    def no_more() -> None:
        raise AssertionError

    monkeypatch.setattr(register_source, "RDLCompiler", no_more)
    elaborated_source(PLAIN, {"INPUTS": 3})
    with pytest.raises(AssertionError):
        elaborated_source(frozenset({"ANOTHER"}), {})


def test_what_cannot_be_elaborated_leaves_nothing_behind() -> None:
    with pytest.raises(RDLCompileError):
        elaborated_source(PLAIN, {"NO_SUCH_PARAMETER": 1})
    with pytest.raises(RDLCompileError):
        elaborated_source(PLAIN, {"INPUTS": "many"})  # type: ignore[dict-item]
    assert registers_of(elaborated_source(PLAIN, {})) == compiled_alone(PLAIN, {})
