# SPDX-License-Identifier: Apache-2.0
from collections.abc import Callable
from itertools import product
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.hls_cpp.compiler import shared_library
from pulsewright.hls_model.hls_cpp.emulator import Emulator
from pulsewright.hls_model.reference.fixed_point import FixedPoint, Rounding
from pulsewright.hls_model.reference.input_map import InputMap
from pulsewright.hls_model.reference.integer_mlp import IntegerMlp
from pulsewright.hls_model.reference.reloadable import reloadable_formats, with_parameters
from pulsewright.hls_model.reference.requantiser import Requantiser
from tests.hls_model.hls_cpp.kernels import Case, cases, emulators
from tests.models import (
    changed,
    fold_model,
    plain_input_map,
    random_codes,
    random_model,
    slowly_changing_codes,
)

# An example is a whole list, whose failing case is named: nothing is gained by shrinking it.
BATCHES = {
    "database": None,
    "phases": [Phase.generate],
    "suppress_health_check": list(HealthCheck),
}


def assert_equal(case: Case, emulator: Emulator) -> None:
    np.testing.assert_array_equal(
        emulator.infer(case.codes),
        case.model.infer(case.codes),
        f"{case.engine}, {case.model.to_json()}",
    )


def in_one_library(some: list[Case]) -> None:
    with TemporaryDirectory() as folder:
        for case, emulator in zip(some, emulators(Path(folder), some), strict=True):
            assert_equal(case, emulator)


@settings(max_examples=2, **BATCHES)
@given(st.lists(cases(), min_size=20, max_size=20))
def test_random_networks(some: list[Case]) -> None:
    in_one_library(some)


@pytest.mark.regression
@settings(max_examples=30, **BATCHES)
@given(st.lists(cases(rows=200), min_size=50, max_size=50))
def test_many_random_networks(some: list[Case]) -> None:
    in_one_library(some)


def test_every_shift_and_rounding_on_every_accumulator(tmp_path: Path) -> None:
    # One neuron that passes its 9-bit input on, requantised, and a bare output behind it.
    base = random_model((1, 2, 1), input_width=9, activation_width=5)
    first, last = base.layers
    ones = {"weights": np.array([[1], [-1]]), "bias": np.array([0, 3])}
    some = []
    for rounding, shift in product(Rounding, range(-3, 14)):
        output = FixedPoint(width=5, frac=first.accumulator_frac - shift, signed=False)
        hidden = changed(first, output_format=output, rounding=rounding, **ones)
        behind = changed(last, input_format=output, weights=np.array([[1, 64]]))
        model = changed(base, layers=(hidden, behind))
        codes = np.arange(-256, 256)[:, None]
        some.append(Case(model, fold_model(model, [(2, 1), (1, 2)]), codes))
    for case, emulator in zip(some, emulators(tmp_path, some), strict=True):
        assert_equal(case, emulator)


def test_every_shift_and_rounding_behind_a_multiplier(tmp_path: Path) -> None:
    """Codes of both signs of every 9-bit accumulator; shifts past the width of what is shifted."""
    base = random_model((1, 2), input_width=9, output="code")
    some = []
    for rounding, shift in product(Rounding, [*range(14), 30, 62]):
        layer = changed(
            base.layers[0],
            weights=[[1], [-1]],
            bias=[0, 3],
            rounding=rounding,
            output_format=FixedPoint(width=5, frac=0, signed=True),
            requantiser=Requantiser(multiplier=[3, 1], offset=[1, -2], shift=shift),
        )
        model = changed(base, layers=(layer,))
        some.append(Case(model, fold_model(model, [(2, 1)]), np.arange(-256, 256)[:, None]))
    for case, emulator in zip(some, emulators(tmp_path, some), strict=True):
        assert_equal(case, emulator)


def test_an_incremental_kernel_gives_the_same_bits_for_any_sequence(tmp_path: Path) -> None:
    model = random_model((6, 9, 2), input_width=16, per_channel=True)
    engine = fold_model(model, [(4, 4), (1, 5)], incremental=True)
    emulator = Emulator.build("net", model, engine, tmp_path)
    for seed in range(5):
        codes = slowly_changing_codes(model, 500, seed)
        np.testing.assert_array_equal(emulator.infer(codes), model.infer(codes))
        # Another first vector than the last of the call before: it must be fresh.
        np.testing.assert_array_equal(emulator.infer(codes[::-1]), model.infer(codes[::-1]))


@pytest.mark.parametrize("incremental", [False, True])
def test_loaded_weights_are_those_of_the_other_model(tmp_path: Path, incremental: bool) -> None:
    model = random_model((5, 7, 3), seed=1, per_channel=True)
    engine = fold_model(model, [(3, 2), (2, 3)], incremental=incremental, reloadable=True)
    emulator = Emulator.build("net", model, engine, tmp_path)
    codes = slowly_changing_codes(model, 200)
    outputs = []
    extremes = reloadable_formats(model)
    for seed in range(4):
        parameters = [
            (np.random.default_rng(seed).permuted(layer.weights), layer.bias - seed)
            for layer in (extremes if seed == 3 else model).layers
        ]
        other = with_parameters(model, parameters)
        outputs.append(emulator.loaded(other).infer(codes))
        np.testing.assert_array_equal(outputs[-1], other.infer(codes))
    assert (outputs[0] != outputs[1]).any()
    np.testing.assert_array_equal(emulator.infer(codes), model.infer(codes))


def test_constant_weights_and_other_structures_are_not_loaded(tmp_path: Path) -> None:
    model = random_model((3, 4, 1))
    foldings = [(2, 2), (1, 2)]
    constant = Emulator.build("net", model, fold_model(model, foldings), tmp_path)
    with pytest.raises(PulsewrightError, match="constants; fold with reloadable weights"):
        constant.loaded(model)
    reloadable = Emulator.build(
        "net", model, fold_model(model, foldings, reloadable=True), tmp_path
    )
    other = random_model((3, 4, 1), rounding=Rounding.FLOOR)
    with pytest.raises(PulsewrightError, match=r"another structure than the kernel \(sizes"):
        reloadable.loaded(other)


def test_unsigned_input_codes(tmp_path: Path) -> None:
    unsigned = FixedPoint(width=8, frac=7, signed=False)
    signed_map = plain_input_map(4, 8)
    base = random_model((4, 5, 2))
    first, second = base.layers
    model = IntegerMlp(
        name="unsigned",
        input_map=InputMap(features=signed_map.features, code_format=unsigned),
        layers=(changed(first, input_format=unsigned), second),
    )
    codes = random_codes(model, 500)
    for incremental in (False, True):
        engine = fold_model(model, [(2, 3), (2, 2)], incremental=incremental)
        emulator = Emulator.build("net", model, engine, tmp_path)
        np.testing.assert_array_equal(emulator.infer(codes), model.infer(codes))


def test_a_library_is_compiled_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    model = random_model((2, 3, 1))
    Emulator.build("net", model, fold_model(model, [(1, 1), (1, 1)]), tmp_path)
    (library,) = tmp_path.iterdir()
    before = library.stat().st_mtime_ns
    Emulator.build("net", model, fold_model(model, [(1, 1), (1, 1)]), tmp_path)
    assert library.stat().st_mtime_ns == before
    Emulator.build("net", model, fold_model(model, [(1, 2), (1, 1)]), tmp_path)
    assert len(list(tmp_path.iterdir())) == 2


def planted_library(folder: Path, name: str, mark: Path) -> bytes:
    """A shared object that leaves a mark as soon as it is loaded, and answers zeros."""
    source = (
        "#include <cstdint>\n#include <cstdio>\n"
        '__attribute__((constructor)) static void planted() { std::fopen("%s", "w"); }\n'
        'extern "C" void %s_batch(const std::int64_t *, std::int64_t, std::int64_t *);\n'
        "void %s_batch(const std::int64_t *, std::int64_t, std::int64_t *) {}\n"
    )
    text = (source % (mark, name, name)).encode()
    return shared_library(folder, "planted", {"planted.cpp": text}, "planted.cpp").read_bytes()


@pytest.mark.parametrize("whose", ["the same user", "another user"])
def test_a_planted_library_of_the_right_name_is_not_loaded(
    whose: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = random_model((2, 3, 1))
    engine = fold_model(model, [(1, 1), (1, 1)])
    library = Emulator.build("net", model, engine, tmp_path / "build").shared_object
    right = library.read_bytes()
    mark = tmp_path / "mark"
    library.unlink()
    library.write_bytes(planted_library(tmp_path / "theirs", "net", mark))
    if whose == "another user":
        monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    emulator = Emulator.build("net", model, engine, tmp_path / "build")
    assert emulator.shared_object == library
    assert not mark.exists()
    assert library.read_bytes() == right
    codes = random_codes(model, 10)
    np.testing.assert_array_equal(emulator.infer(codes), model.infer(codes))


def test_a_damaged_library_is_named(tmp_path: Path) -> None:
    model = random_model((2, 3, 1))
    engine = fold_model(model, [(1, 1), (1, 1)])
    library = tmp_path / "net.so"
    library.write_bytes(b"not a library")
    with pytest.raises(PulsewrightError, match=r"net\.so is no emulator of net .* delete it"):
        Emulator(library, "net", model, engine)


@pytest.mark.parametrize(
    ("codes", "message"),
    [
        (np.zeros((3, 5), dtype=int), r"must be \(rows, 2\), got \(3, 5\)"),
        (np.zeros(2, dtype=int), r"must be \(rows, 2\), got \(2,\)"),
        (np.zeros((3, 2)), "must be integers, got float64"),
        (np.full((1, 2), 128), r"reach 128\.\.128, outside -128\.\.127"),
        (np.full((1, 2), 2**64 - 1, dtype=np.uint64), "reach 18446744073709551615"),
    ],
)
def test_bad_codes_are_refused_as_by_the_reference(
    codes: np.ndarray, message: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    model = random_model((2, 3, 1))
    engine = fold_model(model, [(1, 1), (1, 1)])
    emulator = Emulator.build("net", model, engine, tmp_path_factory.mktemp("emulator"))
    infer: Callable[[np.ndarray], np.ndarray]
    for infer in (emulator.infer, model.infer):
        with pytest.raises(PulsewrightError, match=message):
            infer(codes)


def test_no_rows_and_other_layouts(tmp_path: Path) -> None:
    model = random_model((2, 3, 1))
    emulator = Emulator.build("net", model, fold_model(model, [(1, 1), (1, 1)]), tmp_path)
    assert emulator.infer(np.zeros((0, 2), dtype=np.int8)).shape == (0, 1)
    codes = random_codes(model, 64).astype(np.int8)
    for layout in (codes[::2], np.asfortranarray(codes), codes[:, ::-1]):
        result = emulator.infer(layout)
        assert result.dtype == np.int64
        np.testing.assert_array_equal(result, model.infer(layout))
