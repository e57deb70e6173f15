# SPDX-License-Identifier: Apache-2.0
"""Points of a study as recipes, ready for `pulsewright run`."""

import hashlib
import re
from contextlib import suppress
from pathlib import Path
from typing import Any

import tomli_w

from pulsewright.flow.study.study_file import StudyFile
from pulsewright.flow.study.summary import words
from pulsewright.hls_model.escape.terminal import visible
from pulsewright.hls_model.schedule.folding_search import cheapest_folding
from pulsewright.quant.curve_sources import CurveSource
from pulsewright.quant.settings import BitWidths, QuantisedTraining
from pulsewright.quant.studies.points import Point


def recipe_name(point: Point) -> str:
    """Name by network and widths, and a digest of the whole configuration that makes it unique."""
    label = f"net{point['network'].lower()}_w{point['weight_bits']}_a{point['activation_bits']}"
    digest = hashlib.sha256(visible(words(point)).encode()).hexdigest()[:6]
    return f"{re.sub('[^a-z0-9]', '_', label)[:33]}_{digest}"


def recipe_text(name: str, study: StudyFile, point: Point, data: Path | None) -> str:
    """A recipe that trains `point` with its first seed: the very network of the study.

    data: the CSV table; measured curves are named by the user of the recipe.
    """
    sizes = tuple(int(size) for size in point["layers"].split("-"))
    seed = point.seeds[0]
    folding = cheapest_folding(sizes, study.initiation_interval)
    section: dict[str, Any] = {
        "source": study.data.source.value,
        "split": point["split"],
        "test_fraction": study.data.test_fraction,
        "validation_fraction": study.data.validation_fraction,
    }
    if study.data.source is CurveSource.CSV and data is not None:
        with suppress(UnicodeEncodeError):  # A name that is no UTF-8 is left to --data.
            section["path"] = str(data.resolve()).encode().decode()
    recipe: dict[str, Any] = {
        "name": name,
        "seed": seed,
        "data": section,
        "network": {"hidden": list(sizes[1:-1]), "pulse_number": point["pulse_number"]},
        "bits": _bits(point),
        "training": {
            "float": study.training.float_training.model_dump(mode="json"),
            "float_unseen": study.training.float_unseen.model_dump(mode="json"),
            "quantised": {field: point[field] for field in QuantisedTraining.model_fields},
        },
        "folding": [{"pe": layer.pe, "simd": layer.simd} for layer in folding.layers],
    }
    ratio = f"{point['ratio']:.3f} times the float error over {len(point.seeds)} seeds"
    heading = (
        "# SPDX-License-Identifier: Apache-2.0\n"
        f"# {visible(words(point))}\n"
        f"# {ratio}; found by the study {study.name}, by its test error.\n"
    )
    return heading + tomli_w.dumps(recipe)


def _bits(point: Point) -> dict[str, Any]:
    widths = {
        "weights": _widths(point["weight_bits"]),
        "activations": _widths(point["activation_bits"]),
        "inputs": point["input_bits"],
        "weight_scales": point["weight_scales"],
        "activation_scales": point["activation_scales"],
    }
    return {name: widths[name] for name in BitWidths.model_fields}


def _widths(text: str) -> int | list[int]:
    widths = [int(width) for width in text.split("-")]
    return widths if "-" in text else widths[0]
