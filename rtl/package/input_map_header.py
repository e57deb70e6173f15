# SPDX-License-Identifier: Apache-2.0
"""C header from physical integers to input codes, bit for bit those of `reference.input_map`."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from pulsewright.hls_model.reference.input_map import AffineMap, FeatureMap
from pulsewright.hls_model.reference.integer_mlp import IntegerMlp
from pulsewright.rtl.package.templates import render


class _CFeature(NamedTuple):
    """A feature and what its function is called in C."""

    feature: FeatureMap
    identifier: str

    @property
    def is_affine(self) -> bool:
        """True for an affine map, False for a table."""
        return isinstance(self.feature, AffineMap)


def input_map_header(model: IntegerMlp, name: str) -> str:
    """C99 for freestanding use, without floating point.

    A physical value is an integer of its feature's unit. Values outside the feature's range
    saturate, and so do codes outside the input format, as in `InputMap.codes`.
    """
    features = _c_features(model.input_map.features)
    return render(
        "input_map.h.j2",
        name=name,
        features=features,
        code_format=model.input_map.code_format,
        has_affine=any(f.is_affine for f in features),
    )


def _c_features(features: Sequence[FeatureMap]) -> list[_CFeature]:
    """Features whose names differ only in what C does not allow get their number as well."""
    names = [re.sub(r"\W", "_", feature.name, flags=re.ASCII).lower() for feature in features]
    return [
        _CFeature(feature, f"{name}_{i}" if names.count(name) > 1 else name)
        for i, (feature, name) in enumerate(zip(features, names, strict=True))
    ]
