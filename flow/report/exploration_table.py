# SPDX-License-Identifier: Apache-2.0
"""Variants of an exploration beside each other, and those that are not possible with the reason."""

from pulsewright.flow.report.result_table import Column, JsonValue, ResultTable, decimals, words
from pulsewright.flow.report.synthesis_figures import SIZE_COLUMNS
from pulsewright.flow.steps.exploration_result import (
    Exploration,
    ExploredDesign,
    ExploredVariant,
)

_MEASURED = (
    "luts_with_carries",
    "flip_flops",
    "dsps",
    "block_rams",
    "kilo_gate_equivalents",
    "megahertz",
    "million_a_second",
    "latency_nanosecond",
    "curve_nanosecond",
    "picojoule",
    "curve_picojoule",
)


def exploration_table(found: Exploration) -> ResultTable:
    """A row for each design of each variant that was measured."""
    return ResultTable(
        "foldings",
        f"{found.recipe} on {found.title}: {_count(found)}",
        (
            words("network", "network"),
            Column("multipliers", "multipliers"),
            words("pipeline", "pipeline"),
            words("weights", "weights"),
            words("engine", "computes"),
            words("design", "design"),
            Column("ii", "II"),
            Column("latency", "latency"),
            *SIZE_COLUMNS,
            Column("megahertz", "MHz", decimals(0)),
            Column("million_a_second", "million/s", decimals(2)),
            Column("latency_nanosecond", "latency, ns", decimals(0)),
            Column("curve_nanosecond", "curve, ns", decimals(0)),
            Column("picojoule", "pJ", decimals(0)),
            Column("curve_picojoule", "pJ on a curve", decimals(0)),
            Column("error", "error", decimals(6)),
            Column("on_front", "front", lambda is_on: {True: "*", False: "", None: ""}[is_on]),
        ),
        [_row(found, variant, design) for variant in found.variants for design in variant.designs],
        _note(found),
    )


def _count(found: Exploration) -> str:
    measured = sum(one.state == "measured" for one in found.variants)
    return f"{measured} of {len(found.variants)} variants measured"


def _note(found: Exploration) -> str:
    measures = {one.measure for one in found.networks.values()}
    error = (
        "Error: pinball loss in octaves on the validation curves. "
        if "validation_pinball_loss_octave" in measures
        else "Error: of the integer model on the test rows, mean squared. "
        if "test_mse" in measures
        else ""
    )
    return (
        "million/s: inferences a second at that MHz, of an engine between its streams; curve: a "
        "curve job over all pulse numbers; pJ an inference on random rows, and pulse after pulse "
        f"along a curve, without wires and leakage. {error}Front: no other of its kind is as good "
        f"in {', '.join(_words(one) for one in found.objectives)}, as far as they are known."
    )


def _words(objective: str) -> str:
    return {
        "area": "area",
        "interval_nanosecond": "rate",
        "latency_nanosecond": "latency",
        "curve_nanosecond": "time of a curve",
        "picojoule": "pJ",
        "curve_picojoule": "pJ on a curve",
        "error": "error",
    }[objective]


def _row(
    found: Exploration, variant: ExploredVariant, design: ExploredDesign
) -> tuple[JsonValue, ...]:
    figures = design.model_dump()
    computes = "incremental" if variant.incremental else variant.curve.replace("_", "-")
    return (
        variant.network,
        variant.multipliers,
        variant.pipeline,
        variant.weights,
        computes,
        design.design,
        variant.initiation_interval,
        variant.latency,
        *(figures[name] for name in _MEASURED),
        found.networks[variant.network].error,
        design.on_front,
    )


def unmeasured_table(found: Exploration) -> ResultTable | None:
    """Variants that are not possible, or that a tool refused; None if there are none."""
    rows = [
        (one.name, one.network, one.state, one.reason)
        for one in found.variants
        if one.state in ("impossible", "failed")
    ]
    if not rows:
        return None
    return ResultTable(
        "not_measured",
        "Variants that were not measured",
        (
            words("variant", "variant"),
            words("network", "network"),
            words("state", "state"),
            words("reason", "why"),
        ),
        rows,
    )


def shown_sentence(variant: ExploredVariant) -> str:
    """What a variant takes, in a few words."""
    if not variant.designs:
        return f"{variant.name}: {variant.state}, {variant.reason}"
    design = variant.designs[0]
    area = (
        f"{design.luts_with_carries} LUT"
        if design.kilo_gate_equivalents is None
        else f"{design.kilo_gate_equivalents:.2f} kGE"
    )
    reached = "" if design.megahertz is None else f", {design.megahertz:.0f} MHz"
    energy = "" if design.picojoule is None else f", {design.picojoule:.0f} pJ"
    return f"{variant.name}: {area}{reached}{energy}"
