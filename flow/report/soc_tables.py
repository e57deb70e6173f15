# SPDX-License-Identifier: Apache-2.0
"""What a simulated system showed, as tables."""

from pulsewright.flow.report.result_table import Column, ResultTable, decimals, words
from pulsewright.flow.steps.soc_result import SocResult
from pulsewright.hls_model.energy.table import EnergyTable
from pulsewright.sim.soc.cycle_table import (
    CURVE,
    MethodCycles,
    best_curve_software,
    best_software,
    has_software,
)

TITLES = {
    "hardware_packed": "coprocessor, packed codes",
    "hardware_streamed": "coprocessor, packed codes, stored while the row before is computed",
    "hardware_codes": "coprocessor, pulsewright_infer",
    "hardware_physical": "the same from mV, µs, pulses",
    "hardware_physical_packed": "from mV, µs, pulses, packed",
    "hardware_units": "from mV, µs, pulses, map in hardware",
    "scaling": "scaling to codes alone",
    "software_plain": "software, plain C",
    "software_fused": "software, fused",
    "software_unrolled": "software, fused, unrolled",
    "software_swar": "software, paired products",
    "software_swar_unrolled": "software, paired, unrolled",
    "software_dot4": "software, dot products",
    "windowed_single": "coprocessor, pulsewright_windowed_infer",
    "windowed_streamed": "coprocessor, pulsewright_windowed_stream",
    "windowed_packed": "the same of packed codes",
    "windowed_words": "packing alone",
    "windowed_polled": "coprocessor, by looks at STATUS",
    "windowed_asleep": "coprocessor, asleep until a job ends",
    "curve_job": "coprocessor, curve job",
    "curve_calls": "coprocessor, an inference a pulse",
    "curve_steps": "coprocessor, a step a pulse",
    "curve_units": "coprocessor, a pulse number a pulse",
    "curve_software_incremental": "software, incremental",
}
# What is measured beside inferences.
NO_INFERENCE = ("scaling", "windowed_words")


def proof_line(result: SocResult) -> str:
    """Mismatches and faults in a sentence."""
    return (
        f"{result.core} with {result.attachment} on {result.simulator}: {result.test_rows} test "
        f"rows, {result.rows} results in all ways to ask for them, {result.mismatches} mismatches; "
        f"{len(result.faults)} faults noticed; driver {result.driver_bytes['all']} bytes of code, "
        f"probe and infer {result.driver_bytes['probe and infer']}"
    )


def energy_line(result: SocResult) -> str:
    """Energy of one inference of the whole system, with and without the coprocessor."""
    prices = EnergyTable.load()
    hardware, software = result.hardware_energy, result.software_energy
    found = (
        f"tier 2, {prices.operating_point} ({prices.name}), of one inference: "
        f"{hardware.total / 1000:.3f} nJ with the coprocessor ({hardware.memory / 1000:.3f} for "
        "RAM accesses of the core)"
    )
    if software is None:
        return f"{found}; a lower bound, see docs/soc.md"
    return (
        f"{found}, {software.total / 1000:.3f} nJ in the best software "
        f"({software.memory / 1000:.3f} for RAM accesses); both lower bounds, see docs/soc.md"
    )


def proof_figures(result: SocResult) -> ResultTable:
    """Mismatches and faults as values."""
    return ResultTable(
        "proof",
        "Firmware beside the integer reference",
        (
            words("core", "core"),
            words("attachment", "attachment"),
            words("simulator", "simulator"),
            Column("test_rows", "test rows"),
            Column("rows", "results"),
            Column("mismatches", "mismatches"),
            Column("faults", "faults noticed"),
            Column("driver_bytes", "driver, bytes of code"),
        ),
        [
            (
                result.core,
                result.attachment,
                result.simulator,
                result.test_rows,
                result.rows,
                result.mismatches,
                result.faults,
                result.driver_bytes,
            )
        ],
    )


def energy_figures(result: SocResult) -> ResultTable:
    """Energy of one inference of the whole system as values."""
    prices = EnergyTable.load()
    return ResultTable(
        "energy",
        f"Tier 2, {prices.operating_point} ({prices.name}), of one inference; lower bounds",
        (
            words("by", "by"),
            Column("total_nanojoule", "total", decimals(3)),
            Column("memory_nanojoule", "RAM accesses", decimals(3)),
        ),
        [
            (by, one.total / 1000, one.memory / 1000)
            for by, one in (
                ("coprocessor", result.hardware_energy),
                ("best software", result.software_energy),
            )
            if one is not None
        ],
    )


def cycle_tables(result: SocResult) -> list[ResultTable]:
    """Cycles of one inference, and of a pulse of a curve, beside the best software."""
    methods = result.methods
    tables = [
        _table(
            "inference_cycles",
            f"Cycles of one inference on {result.core}, driver and loop included",
            {name: one for name, one in methods.items() if not name.startswith(CURVE)},
            best_software(methods).cycles if has_software(methods) else None,
            1,
        )
    ]
    software = best_curve_software(methods)
    if software is not None:
        curves = {name: one for name, one in methods.items() if name.startswith(CURVE)}
        known = {name: one for name, one in curves.items() if name in TITLES}
        title = f"Cycles of a curve of 100 pulses on {result.core}"
        tables.append(_table("curve_cycles", title, known, software.cycles * 100, 100))
    return tables


def _table(
    name: str, title: str, methods: dict[str, MethodCycles], best: float | None, scale: int
) -> ResultTable:
    return ResultTable(
        name,
        title,
        (
            Column("method", "method", lambda method: TITLES.get(method, method), is_number=False),
            Column("cycles", "cycles", decimals(1)),
            Column("software_to_this", "software / this", decimals(1)),
            words("compiler", "compiler"),
        ),
        [
            (
                method,
                one.cycles * scale,
                None if best is None or method in NO_INFERENCE else best / (one.cycles * scale),
                one.optimisation,
            )
            for method, one in methods.items()
        ],
    )
