# SPDX-License-Identifier: Apache-2.0
import ctypes
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest

from pulsewright.hls_model.reference.dense_layer import DenseLayer
from pulsewright.hls_model.reference.fixed_point import FixedPoint, IntegerArray
from pulsewright.hls_model.reference.input_map import (
    AffineMap,
    Feature,
    InputMap,
    fit_affine,
    fit_log_table,
)
from pulsewright.hls_model.reference.integer_mlp import IntegerMlp
from pulsewright.rtl.package.input_map_header import input_map_header
from tests.models import changed, random_model

INT32 = -(2**31), 2**31 - 1


def input_map(width: int) -> InputMap:
    """A count, a log table, voltages and times, and the extremes of the format."""
    code_format = FixedPoint(width=width, frac=width - 1, signed=True)

    def feature(name: str, unit: str, per_si: int, minimum: int, maximum: int) -> Feature:
        return Feature(name=name, unit=unit, per_si=per_si, minimum=minimum, maximum=maximum)

    whole = feature("whole", "us", 10**6, *INT32)
    return InputMap(
        code_format=code_format,
        features=(
            fit_affine(feature("pulse_number", "pulse", 1, 0, 99), code_format),
            fit_log_table(feature("log N", "pulse", 1, -7, 300), code_format),
            fit_affine(feature("v_set", "mV", 1000, 700, 4000), code_format),
            fit_affine(feature("V-anti", "mV", 1000, -5000, -1), code_format),
            fit_affine(whole, code_format),
            # Codes past the format, a tie at every odd value, and the largest multiplier.
            AffineMap(
                **feature("steep", "mV", 1000, *INT32).model_dump(),
                multiplier=2**24 - 1,
                offset=-(2**60) + 1,
                shift=0,
            ),
            AffineMap(
                **feature("ties", "mV", 1000, -400, 400).model_dump(),
                multiplier=1,
                offset=0,
                shift=1,
            ),
            AffineMap(**whole.model_dump(), multiplier=1, offset=2**60 - 1, shift=60),
        ),
    )


def model_of(map_: InputMap) -> IntegerMlp:
    inputs = len(map_.features)
    layer = DenseLayer(
        weights=np.ones((1, inputs), dtype=np.int64),
        bias=np.zeros(1, dtype=np.int64),
        input_format=map_.code_format,
        weight_format=FixedPoint(width=2, frac=1, signed=True),
        relu=False,
    )
    return IntegerMlp(name="map", input_map=map_, layers=(layer,))


def expected_codes(map_: InputMap, physical: IntegerArray) -> IntegerArray:
    columns = [feature.codes(physical[:, i]) for i, feature in enumerate(map_.features)]
    code_format = map_.code_format
    return np.clip(np.stack(columns, axis=1), code_format.minimum, code_format.maximum)


def physical_values(map_: InputMap) -> IntegerArray:
    random = np.random.default_rng(5)
    columns = []
    for feature in map_.features:
        ends = [feature.minimum, feature.maximum, 0, *INT32]
        near = [end + step for end in ends for step in (-2, -1, 0, 1, 2)]
        inside = random.integers(feature.minimum, feature.maximum + 1, 4000)
        anywhere = random.integers(INT32[0], INT32[1] + 1, 500)
        columns.append(np.clip(np.concatenate([near, inside, anywhere]), *INT32))
    return np.stack(columns, axis=1).astype(np.int64)


@pytest.mark.parametrize("width", [2, 8, 16])
def test_a_c_compiler_gets_the_same_codes(width: int, tmp_path: Path) -> None:
    compiler = shutil.which("gcc")
    if compiler is None:
        pytest.skip("gcc is not installed")
    map_ = input_map(width)
    (tmp_path / "mine_input_map.h").write_text(input_map_header(model_of(map_), "mine"))
    (tmp_path / "codes.c").write_text(
        '#include "mine_input_map.h"\n'
        "void codes(const int32_t *physical, int16_t *out);\n"
        "void codes(const int32_t *physical, int16_t *out) { mine_codes(physical, out); }\n"
    )
    flags = ["-std=c99", "-ffreestanding", "-Wall", "-Wextra", "-Werror", "-pedantic"]
    flags += ["-O2", "-fsanitize=undefined", "-fno-sanitize-recover", "-shared", "-fPIC"]
    subprocess.run([compiler, *flags, "-o", "codes.so", "codes.c"], cwd=tmp_path, check=True)
    library = ctypes.CDLL(str(tmp_path / "codes.so"))
    physical = np.ascontiguousarray(physical_values(map_), dtype=np.int32)
    got = np.zeros(physical.shape, dtype=np.int16)
    for row, out in zip(physical, got, strict=True):
        library.codes(row.ctypes.data_as(ctypes.c_void_p), out.ctypes.data_as(ctypes.c_void_p))
    assert np.array_equal(got, expected_codes(map_, physical.astype(np.int64)))


def test_the_header_says_units_and_order() -> None:
    text = input_map_header(model_of(input_map(8)), "mine")
    assert "#define MINE_INPUTS 8u" in text
    assert "[3] V-anti in mV" in text
    assert "mine_code_v_anti(int32_t physical)" in text
    assert "double" not in text
    assert "float" not in text


@pytest.mark.parametrize(
    ("fields", "lines"),
    [
        ({}, []),
        (
            {"output_scale": "3/10", "output_offset": "-1/2"},
            [
                "/* Results: accumulators, of which r stands for r * 0.3 - 2^-1. */",
                "#define NET_RESULT_SCALE (0.3)",
                "#define NET_RESULT_OFFSET (-0.5)",
            ],
        ),
        (
            {"output_scale": ["1/4", "1/3"]},
            [
                "/* Results: accumulators, each with a scale and an offset of its own, which the "
                "model holds. */",
                "#define NET_RESULT_0_SCALE (0.25)",
                f"#define NET_RESULT_1_SCALE ({1 / 3!r})",
                "#define NET_RESULT_OFFSET (0.0)",
            ],
        ),
        ({"output": "argmax"}, ["/* Results: index of the largest output. */"]),
    ],
)
def test_what_results_stand_for_is_in_the_header(fields: dict, lines: list[str]) -> None:
    text = input_map_header(changed(random_model((2, 2)), **fields), "net")
    found = [line for line in text.splitlines() if "RESULT" in line or "Results" in line]
    assert found == lines


def test_scales_of_results_are_the_nearest_doubles(tmp_path: Path) -> None:
    if shutil.which("gcc") is None:
        pytest.skip("gcc is not installed (apt-get install gcc)")
    scales = ["1/3", "123456789/1000000007"]
    model = changed(random_model((2, 2)), output_scale=scales, output_offset=["-1/7", "5/1"])
    (tmp_path / "net.h").write_text(input_map_header(model, "net"))
    names = ["0_SCALE", "1_SCALE", "0_OFFSET", "1_OFFSET"]
    values = ", ".join(f"NET_RESULT_{name}" for name in names)
    program = '#include <stdio.h>\n#include "net.h"\nint main(void) { printf("%a %a %a %a", '
    (tmp_path / "main.c").write_text(f"{program}{values}); return 0; }}\n")
    words = ["gcc", "-std=c99", "-Wall", "-Wextra", "-Werror", "-Wno-unused-function", "main.c"]
    subprocess.run([*words, "-o", "main"], cwd=tmp_path, check=True)
    printed = subprocess.run(["./main"], cwd=tmp_path, capture_output=True, text=True, check=True)
    expected = [1 / 3, 123456789 / 1000000007, -1 / 7, 5.0]
    assert [float.fromhex(word) for word in printed.stdout.split()] == expected
