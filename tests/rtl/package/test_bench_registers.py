# SPDX-License-Identifier: Apache-2.0
import pytest

from pulsewright.rtl.package.bench_registers import (
    descriptions,
    empty_addresses,
    stored_registers,
    widest_register,
)
from pulsewright.rtl.package.bench_sweep import bench_sweep
from pulsewright.rtl.package.bench_vectors import vector_codes
from tests.rtl.package.packages import design


@pytest.mark.parametrize("which", ["plain", "pulses", "windowed", "reloadable"])
def test_an_empty_address_is_one_bit_from_a_register(which: str) -> None:
    found = design("obi", which)
    taken = {register.address for register in found.register_map.registers}
    empty = empty_addresses(found)
    assert len(empty) > 10
    for address in empty:
        assert address not in taken
        assert address % 4 == 0
        assert any((address ^ other).bit_count() == 1 for other in taken)
    # Each bit above those of a block is the only one that tells such an address from a register.
    for bit in range(6, 12):
        assert any(address ^ 1 << bit in taken for address in empty)


@pytest.mark.parametrize("which", ["plain", "windowed"])
def test_what_is_stored_starts_no_job_before_the_end(which: str) -> None:
    found = design("obi", which)
    names = [register.name for register in stored_registers(found)]
    assert names[-1] == "AUTOTRIGGER"
    assert len(names) == len(set(names))
    most = widest_register(found).storage.bit_count()
    assert most == max(r.storage.bit_count() for r in found.register_map.registers)


def test_a_store_changes_what_the_job_that_waits_depends_on() -> None:
    found = design("obi", "pulses")
    codes = vector_codes(found.model)
    sweep = bench_sweep(found.model, codes)
    words = [0x11111111, 0x22222222]
    stores = descriptions(found, sweep, words)
    names = {r.address: r.name for r in found.register_map.registers}
    assert [names[address] for address, _, _ in stores] == [
        *("JOB", "N0", "N1", "TARGET"),
        *("INPUT[0]", "INPUT[1]"),
    ]
    assert sweep is not None
    assert [word for _, word, _ in stores[:4]] == [1, sweep.last, sweep.first, sweep.farthest]
    assert all(word not in words for _, word, _ in stores[4:])
    assert all(kept == found.register_map[names[address]].storage for address, _, kept in stores)
    assert [names[address] for address, _, _ in descriptions(design(), None, words)] == [
        *("JOB", "INPUT[0]", "INPUT[1]"),
    ]
    assert descriptions(design("obi", "windowed"), None, []) == []
