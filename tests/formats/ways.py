# SPDX-License-Identifier: Apache-2.0
"""The ways from a network to results: each gives them, or refuses the network in one sentence."""

import ctypes
import warnings
from collections import Counter
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path

import numpy as np
import pytest
from amaranth.hdl import UnusedElaboratable

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.hls_cpp.emulator import Emulator
from pulsewright.rtl.attachments.admission import check_attachment
from pulsewright.rtl.tops import coprocessor_top
from pulsewright.rtl.verilog.writer import to_verilog
from pulsewright.sim.bench_files import BenchInputs
from pulsewright.sim.runner import VerilogModule, run_bench
from pulsewright.sim.simulators import Simulator
from pulsewright.sim.soc.check_software import check_software
from pulsewright.sim.soc.cores import CORES
from pulsewright.sim.soc.session import SocSession
from tests.firmware.compiled_baselines import Baselines
from tests.firmware.compiled_driver import OK, OUT_OF_RANGE, Driver
from tests.firmware.register_model import Registers
from tests.formats.drawn import DrawnNetwork, drawn_codes, physical_of

NAME = "drawn"
ROWS = 12
BENCHES = {
    "obi": ("bus_bench", "job_bench"),
    "pcpi": ("pcpi_bench",),
    "cv_x_if": ("cv_x_if_bench",),
}


class Counts:
    """What became of the networks that were drawn."""

    def __init__(self) -> None:
        self.drawn = 0
        self.kinds: Counter[str] = Counter()
        self.right: Counter[str] = Counter()
        self.rows: Counter[str] = Counter()
        self.refused: Counter[str] = Counter()

    def draw(self, network: DrawnNetwork) -> None:
        self.drawn += 1
        self.kinds.update(network.kinds)

    def went(self, way: str, rows: int) -> None:
        self.right[way] += 1
        self.rows[way] += rows

    def __str__(self) -> str:
        lines = [f"{self.drawn} networks drawn"]
        lines += [f"  {count} with {kind}" for kind, count in self.kinds.most_common()]
        lines += [
            f"{way}: {count} right, {self.rows[way]} rows, 0 mismatches"
            for way, count in sorted(self.right.items())
        ]
        lines += [f"refused: {count} {reason}" for reason, count in sorted(self.refused.items())]
        return "\n".join(lines)


# Every sentence that refuses begins in one of these ways, and ends with a remedy.
REASONS = {
    "do not fit the 16-bit lanes": "input codes above 16 bits",
    "input words, an instruction has": "inputs past rs1 and rs2",
    "do not fit the 32-bit result word": "results above 32 bits",
    "and the weight window holds": "reloadable weights above 8 bits",
    "reloadable biases of layer": "reloadable biases above 32 bits",
    "reloadable weights of layer": "reloadable accumulators above 62 bits",
    "the software baselines have 32": "software accumulators above 32 bits",
    "the software baselines by at most": "software shifts above 30",
    "the C++ kernel takes": "integers that C++ does not have",
}


def reason_of(sentence: str) -> str:
    found = [reason for part, reason in REASONS.items() if part in sentence]
    assert len(found) == 1, sentence
    said, _, remedy = sentence.partition("; ")
    assert said, sentence
    assert remedy, sentence
    assert "\n" not in sentence
    return found[0]


def admitted(way: str, check: Callable[[], object], counts: Counts) -> bool:
    try:
        check()
    except PulsewrightError as error:
        counts.refused[f"{way}: {reason_of(str(error))}"] += 1
        return False
    return True


def reaches(network: DrawnNetwork, attachment: str, counts: Counts) -> bool:
    """True if the attachment takes the network; making it then cannot fail, and else does."""
    model, folded = network.model, network.folded
    passes = admitted(attachment, lambda: check_attachment(model, folded, attachment), counts)
    with warnings.catch_warnings():
        # It is made to see that it can be, and dropped.
        warnings.simplefilter("ignore", UnusedElaboratable)
        with nullcontext() if passes else pytest.raises(PulsewrightError):
            coprocessor_top(attachment, model, folded)
    return passes


def through_rtl(
    network: DrawnNetwork, attachment: str, simulator: Simulator, folder: Path, counts: Counts
) -> None:
    """The whole coprocessor by its test benches."""
    model, folded = network.model, network.folded
    way = f"{attachment}, {'reloadable' if folded.reloadable else 'constant'}"
    if not admitted(way, lambda: check_attachment(model, folded, attachment), counts):
        return
    folder.mkdir(parents=True, exist_ok=True)
    verilog = folder / f"{NAME}.v"
    verilog.write_text(to_verilog(coprocessor_top(attachment, model, folded), NAME))
    codes = drawn_codes(model, ROWS)
    run = run_bench(
        simulator,
        VerilogModule(verilog, NAME),
        BENCHES[attachment],
        folder / "run",
        BenchInputs(model, folded, codes, attachment),
    )
    assert run.tests > 0
    assert run.failures == 0, run.log.read_text()[-4000:]
    every_row = run.outcomes["every_row"]
    assert (every_row.rows, every_row.mismatches) == (ROWS, 0)
    counts.went(f"{way}, {simulator.value}", ROWS)


def through_hls(network: DrawnNetwork, folder: Path, counts: Counts) -> None:
    """The C++ kernel."""
    model = network.model
    codes = drawn_codes(model, 200)

    def build() -> None:
        emulator = Emulator.build(NAME, model, network.folded, folder)
        assert np.array_equal(emulator.infer(codes), model.infer(codes))
        counts.went("HLS C++", len(codes))

    admitted("HLS C++", build, counts)


def through_driver(network: DrawnNetwork, compiled: ctypes.CDLL, counts: Counts) -> None:
    """The driver on a model of the registers, and what it makes of codes out of range."""
    model, folded = network.model, network.folded
    if not admitted("driver", lambda: check_attachment(model, folded, "obi"), counts):
        return
    driver = Driver(compiled, Registers(model, folded))
    assert driver.probe() == OK
    codes = drawn_codes(model, 40)
    for row, expected in zip(codes, model.infer(codes).tolist(), strict=True):
        assert driver.infer(row) == (OK, expected)
    for code in outside(network):
        row = codes[3].copy()
        row[-1] = code
        assert driver.infer(row)[0] == OUT_OF_RANGE, code
    counts.went("driver", len(codes))


def outside(network: DrawnNetwork) -> list[int]:
    """Codes of an int16_t that are none of the network; of 16 bits all are some."""
    code = network.model.input_format
    values = (code.minimum - 1, code.maximum + 1, -(1 << 15), (1 << 15) - 1)
    held = code.width == 16
    return [v for v in values if not held and not code.minimum <= v <= code.maximum]


def through_software(network: DrawnNetwork, folder: Path, counts: Counts) -> None:
    """Every software baseline that the network has."""
    model = network.model
    if not admitted("software", lambda: check_software(model), counts):
        return
    baselines = Baselines(model, folder)
    codes = drawn_codes(model, 60)
    expected = model.infer(codes)
    for name in set(baselines.names) - {"mlp_incremental"}:
        assert np.array_equal(baselines.infer(name, codes), expected), name
        counts.went(f"software, {name}", len(codes))


def through_firmware(
    network: DrawnNetwork, attachment: str, simulator: Simulator, folder: Path, counts: Counts
) -> None:
    """Firmware on PicoRV32: every row in every way that the driver has."""
    model, folded = network.model, network.folded
    way = f"PicoRV32 by {attachment}"

    def check() -> None:
        check_attachment(model, folded, attachment)
        check_software(model)

    if not admitted(way, check, counts):
        return
    session = SocSession.build(model, folded, CORES["picorv32"], attachment, simulator, folder)
    physical = physical_of(model, ROWS)
    for run in [*session.check_rows(physical, []), session.check_faults(physical)]:
        assert run.exit_code == 0, run.log.read_text()[-3000:]
        for fields in run.measures.values():
            assert fields.get("mismatches", 0) == 0, run.log.read_text()[-3000:]
    counts.went(f"{way}, {simulator.value}", ROWS)
