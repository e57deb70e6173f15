# SPDX-License-Identifier: Apache-2.0
"""C header from physical integers to input codes, bit for bit those of `reference.input_map`.

It also has what results stand for, where that is more than a power of two.
"""

from collections.abc import Sequence
from typing import NamedTuple

from pulsewright.hls_model.escape.identifiers import checked_identifier, identifier_parts
from pulsewright.hls_model.reference.fixed_point import FixedPoint
from pulsewright.hls_model.reference.input_map import AffineMap, FeatureMap
from pulsewright.hls_model.reference.integer_mlp import IntegerMlp
from pulsewright.hls_model.reference.network_output import OutputKind
from pulsewright.rtl.package.templates import render


class _CFeature(NamedTuple):
    """A feature and what its function is called in C."""

    feature: FeatureMap
    identifier: str

    def table(self, code_format: FixedPoint) -> list[int]:
        """Codes of a table, saturated, which they are in the end: so they fit int32_t."""
        assert not isinstance(self.feature, AffineMap)
        low, high = code_format.minimum, code_format.maximum
        return [min(max(code, low), high) for code in self.feature.table]

    @property
    def is_affine(self) -> bool:
        """True for an affine map, False for a table."""
        return isinstance(self.feature, AffineMap)


def input_map_header(model: IntegerMlp, name: str) -> str:
    """C99 for freestanding use, without floating point.

    A physical value is an integer of its feature's unit. Values outside the feature's range
    saturate, and so do codes outside the input format, as in `InputMap.codes`. Scales and offsets
    of results are macros of the nearest doubles: who does not use them needs no floating point.

    Raises:
        PulsewrightError: `name` is no identifier.
    """
    features = _c_features(model.input_map.features)
    return render(
        "input_map.h.j2",
        name=checked_identifier(name),
        features=features,
        code_format=model.input_map.code_format,
        has_affine=any(f.is_affine for f in features),
        meaning=model.output_meaning if _has_scales(model) else None,
        result_macros=_result_macros(model) if _has_scales(model) else [],
    )


def _has_scales(model: IntegerMlp) -> bool:
    """True if the register RESULT_CAPABILITY does not say what results stand for."""
    plain = model.output is OutputKind.ACCUMULATOR
    return not plain or model.output_scale is not None or model.output_offset is not None


def _result_macros(model: IntegerMlp) -> list[tuple[str, float]]:
    """Ends of names, and values: one scale and offset, or one for each result."""
    if model.output is OutputKind.ARGMAX:
        return []
    macros: list[tuple[str, float]] = []
    for end, values in (("SCALE", model.scales), ("OFFSET", model.offsets)):
        if len(values) == 1:
            macros.append((f"RESULT_{end}", float(values[0])))
        else:
            macros += [(f"RESULT_{i}_{end}", float(one)) for i, one in enumerate(values)]
    return macros


def _c_features(features: Sequence[FeatureMap]) -> list[_CFeature]:
    parts = identifier_parts(feature.name for feature in features)
    return [_CFeature(feature, part) for feature, part in zip(features, parts, strict=True)]
