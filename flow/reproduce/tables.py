# SPDX-License-Identifier: Apache-2.0
"""What a reproduction found, beside the paper's figures, as grids.

Squared errors are in units of 1e-3, as the paper prints them.
"""

from collections.abc import Mapping, Sequence

import numpy as np

from pulsewright.flow.report.energy_tables import three_digits
from pulsewright.flow.report.result_table import Column, JsonValue, ResultTable, decimals, words
from pulsewright.flow.reproduce.results import FloatArray, Results, fraction_name, share_at_or_below
from pulsewright.flow.reproduce.squared_errors import (
    milli,
    over_seeds,
    seeds_text,
    thousandths,
    with_error,
)
from pulsewright.flow.reproduce.tasks import RIDGE_NAME, Point, Protocol
from pulsewright.hls_model.energy.figures import floating_point_operations, tier1
from pulsewright.hls_model.presets import PRESETS
from pulsewright.quant.paper.published import (
    CURVE_MSE,
    FULL_DATA_MSE,
    SCRIPT_CURVES,
    SMALL_FRACTION,
    SMALL_FRACTION_MSE,
    TABLE_2,
)
from pulsewright.quant.paper.targets import Target
from pulsewright.quant.splits import COMMON_KINDS, SplitKind

SHOWN_FRACTIONS = (0.001, 0.01, 0.05, 0.1, 0.2, 1.0)
WHOLE = 1.0


def summary_grids(results: Results) -> list[ResultTable]:
    """What is printed at the end."""
    return [
        table_2_grid(),
        fraction_grid(results),
        split_grid(results),
        curve_grid(results),
        increment_grid(results),
    ]


def table_2_grid() -> ResultTable:
    """Table II from the layer sizes."""
    rows = [
        (
            name,
            "-".join(map(str, sizes)),
            floating_point_operations(sizes),
            TABLE_2[name].flop,
            tier1(sizes).picojoule / 1000,
            float(TABLE_2[name].nanojoule),
        )
        for name, sizes in PRESETS.items()
    ]
    return ResultTable(
        "table_2",
        "Table II: one inference",
        (
            words("network", "network"),
            Column("layers", "layers"),
            Column("flop", "FLOP"),
            Column("paper_flop", "paper"),
            Column("nanojoule", "nJ", three_digits),
            Column("paper_nanojoule", "paper", three_digits),
        ),
        rows,
    )


def fraction_grid(results: Results) -> ResultTable:
    """Fig. 4(b): test MSE by fraction of the training rows, published protocol, split by rows."""
    networks = results.settings.networks
    rows: list[Sequence[JsonValue]] = []
    for fraction in results.settings.level_rows:
        if fraction not in SHOWN_FRACTIONS:
            continue
        cells = [
            over_seeds(results.column(_level(Protocol.PUBLISHED, name, fraction), "test_mse"))
            for name in networks
        ]
        ridge = results.column(_level(Protocol.RIDGE, RIDGE_NAME, fraction), "test_mse")
        rows.append((fraction, *cells, float(ridge.mean()), _paper(fraction)))
    return ResultTable(
        "fig_4b",
        "Fig. 4(b): test MSE, 1e-3, mean (least-most) of the seeds; split by rows",
        (
            Column("fraction", "data", fraction_name, is_number=False),
            *(Column(name, name, seeds_text) for name in networks),
            Column("ridge", "ridge", milli),
            Column("paper", "paper", _paper_text),
        ),
        rows,
    )


def split_grid(results: Results) -> ResultTable:
    """Test MSE at full data for every split and training."""
    rows = []
    for kind in COMMON_KINDS:
        for protocol, names in (
            (Protocol.PUBLISHED, results.settings.networks),
            (Protocol.OWN, results.settings.own_networks),
            (Protocol.RIDGE, (RIDGE_NAME,)),
        ):
            for name in names:
                point = Point(protocol, kind, Target.LEVEL, name, WHOLE)
                if not results.has(point):
                    continue
                columns = ("test_mse", "test_se", "median_curve_mse")
                mse, error, median = (results.column(point, column) for column in columns)
                rows.append(
                    (
                        f"{kind.value}, {protocol.value}, {name}"
                        if protocol is not Protocol.RIDGE
                        else f"{kind.value}, ridge",
                        over_seeds(mse),
                        float(error.mean()),
                        float(median.mean()),
                    )
                )
    return ResultTable(
        "full_data",
        "Full data: test MSE of the scaled read current, 1e-3, mean (least-most)",
        (
            words("split_training_model", "split, training, model"),
            Column("test_mse", "test MSE", seeds_text),
            Column("standard_error_by_curve", "SE by curve", milli),
            Column("median_curve_mse", "median", milli),
        ),
        rows,
    )


def curve_grid(results: Results) -> ResultTable:
    """Fig. 5: error of whole predicted curves, published protocol, split by rows."""
    rows = []
    for fraction, paper in CURVE_MSE.items():
        for name in results.settings.networks:
            point = _level(Protocol.PUBLISHED, name, fraction)
            if not results.has(point):
                continue
            errors = results.column(point, "curve_mse")
            reference = errors[:, results.reference]
            rows.append(
                (
                    fraction,
                    name,
                    float(errors.mean()),
                    _median(errors),
                    _median(reference),
                    paper,
                    share_at_or_below(reference, paper),
                )
            )
    return ResultTable(
        "fig_5",
        "Fig. 5: MSE of whole curves, 1e-3; reference: the most frequent setting",
        (
            Column("fraction", "data", fraction_name, is_number=False),
            Column("network", "network"),
            Column("mean", "mean", milli),
            Column("median", "median", milli),
            Column("reference_median", "ref. median", milli),
            Column("paper", "paper", thousandths),
            Column(
                "share_at_or_below_paper", "ref. <= paper", lambda share: f"{100 * share:.0f} %"
            ),
        ),
        rows,
    )


def script_grid(results: Results) -> ResultTable:
    """Curves 1 to 9, mean over seeds, compared as the published script compares them."""
    rows: list[Sequence[JsonValue]] = []
    for fraction, paper in CURVE_MSE.items():
        for name in results.settings.networks:
            point = _level(Protocol.PUBLISHED, name, fraction)
            if not results.has(point):
                continue
            errors = results.column(point, "script_curve_mse")
            if errors.size:
                cells = (float(error) for error in errors.mean(axis=0))
                rows.append((fraction, name, *cells, paper))
    return ResultTable(
        "fig_5_script",
        "Fig. 5 as the script draws it: MSE of curves 1 to 9, 1e-3, mean of the seeds",
        (
            Column("fraction", "data", fraction_name, is_number=False),
            Column("network", "network"),
            *(Column(f"curve_{number}", f"{number}", milli) for number in SCRIPT_CURVES),
            Column("paper", "paper", thousandths),
        ),
        rows,
    )


def increment_grid(results: Results) -> ResultTable:
    """The other target: how much of it is explained, and the summed curves."""
    rows = []
    for point in results.points():
        if point.protocol is not Protocol.PUBLISHED or point.target is not Target.INCREMENT:
            continue
        if point.kind is SplitKind.ROWS and point.fraction not in (0.1, WHOLE):
            continue
        columns = ("test_mse", "r_squared", "curve_mse")
        mse, explained, curve = (results.column(point, column) for column in columns)
        level = point._replace(target=Target.LEVEL)
        rows.append(
            (
                f"{point.kind.value}, {fraction_name(point.fraction)}, {point.model}",
                float(mse.mean()),
                float(explained.mean()),
                float(np.nanmean(curve)),
                float(np.nanmean(results.column(level, "curve_mse")))
                if results.has(level)
                else None,
            )
        )
    return ResultTable(
        "increments",
        "Target increment: test MSE; MSE of curves summed from it, and direct; 1e-3",
        (
            words("split_data_network", "split, data, network"),
            Column("test_mse", "test MSE", milli),
            Column("r_squared", "R2", lambda share: f"{100 * share:.1f} %"),
            Column("summed_curve_mse", "summed", milli),
            Column("direct_curve_mse", "direct", milli),
        ),
        rows,
    )


def floor_grid(results: Results) -> ResultTable:
    """The floor of either target."""
    rows = [
        (
            target.value,
            {"mean": floor.any_function, "standard_error": floor.any_function_se},
            floor.read_noise,
            floor.new_curve,
            f"{floor.repeated_curves} of {floor.curves} curves in {floor.repeated_sets} sets",
        )
        for target, floor in results.floors.items()
    ]
    return ResultTable(
        "floor",
        "Irreducible floor of the MSE",
        (
            words("target", "target"),
            Column("any_function", "any function", with_error),
            Column("read_noise", "read noise", decimals(5)),
            Column("new_curve", "new curve", decimals(5)),
            Column("measured_on", "measured on"),
        ),
        rows,
    )


def _level(protocol: Protocol, model: str, fraction: float) -> Point:
    return Point(protocol, SplitKind.ROWS, Target.LEVEL, model, fraction)


def _paper(fraction: float) -> dict[str, float] | None:
    """The paper's errors by network, or their range."""
    if fraction == SMALL_FRACTION:
        return dict(SMALL_FRACTION_MSE)
    return dict(zip(("least", "most"), FULL_DATA_MSE, strict=True)) if fraction == WHOLE else None


def _paper_text(errors: Mapping[str, float] | None) -> str:
    separator = "-" if errors and "least" in errors else "/"
    return separator.join(map(thousandths, (errors or {}).values()))


def _median(errors: FloatArray) -> float:
    """Median over curves, mean over seeds."""
    return float(np.median(errors, axis=1).mean())
